// Starts `evident demo` on a free port and reads the line that it prints once it serves.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BINARY = process.env.EVIDENT_BINARY ?? fileURLToPath(new URL("../../../target/debug/evident", import.meta.url));

// The demo's clock begins on this day, around which its company is made up, and at noon: so that a run depends neither on
// the day nor on the hour at which it takes place.
export const TODAY = "2026-11-20";

export async function startDemo() {
  const args = ["demo", "--json", "--listen", "127.0.0.1:0", "--seed", "7", "--today", TODAY, "--at", "12:00"];
  if (process.env.EVIDENT_BROWSER_DATABASE) args.push("--database", process.env.EVIDENT_BROWSER_DATABASE);
  const demo = spawn(BINARY, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, EVIDENT_LOG: "warn" } });
  const ended = new Promise((resolve) => demo.once("exit", resolve));
  const failed = new Promise((_, reject) => {
    demo.once("error", (error) => reject(new Error(`${BINARY} can't be started (${error.message}); cargo build makes it.`)));
    demo.once("exit", (code) => reject(new Error(`The demo ended with ${code} before it served.`)));
  });
  const line = new Promise((resolve) => createInterface({ input: demo.stdout }).once("line", resolve));
  const stop = async () => {
    demo.kill("SIGTERM");
    // It lets requests end for 20 seconds at most, and takes its folder with it.
    const late = setTimeout(() => demo.kill("SIGKILL"), 25_000);
    await ended;
    clearTimeout(late);
  };
  const serving = JSON.parse(await Promise.race([line, failed]));
  failed.catch(() => {});
  return { ...serving, stop };
}
