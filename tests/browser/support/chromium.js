// Where Chromium is, and the flags that keep it quiet: no network of its own, no first-run pages.
import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function chromium() {
  const executablePath = process.env.EVIDENT_BROWSER ?? PLACES.find((place) => existsSync(place));
  if (!executablePath) throw new Error(`No Chromium in ${PLACES.join(", ")}; install it, or name it in EVIDENT_BROWSER.`);
  return {
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}
