// Pictures of the ten main pages, so that a change of style that nobody meant is seen. `npm run snapshots:review` shows
// what differs, `npm run snapshots:accept` takes the pictures anew.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MAIN_PAGES } from "./support/main-pages.js";
import { test } from "./support/own-demo.js";
import { expect, leaveOut, signIn } from "./support/site.js";

// Which browser took the pictures. Another one draws letters and corners a little differently all over the page.
const TAKEN_BY = fileURLToPath(new URL("snapshots/chromium.txt", import.meta.url));
const takenBy = () => { try { return readFileSync(TAKEN_BY, "utf8").trim(); } catch { return ""; } };
const major = (version) => version.split(".")[0];

for (const { name, role, find } of MAIN_PAGES) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name} looks as it did, ${colorScheme} @look @snapshot`, async ({ browser, page }, { config }) => {
      const running = major(browser.version());
      const taking = config.updateSnapshots === "all";
      leaveOut(!taking && takenBy() === "", "No pictures are taken yet: npm run snapshots:accept takes them.");
      leaveOut(!taking && takenBy() !== running, `The pictures are Chromium ${takenBy()}'s, and Chromium ${running} runs.`);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await signIn(page, role);
      await page.goto(await find(page));
      await page.evaluate(() => document.fonts.ready);
      await expect(page).toHaveScreenshot(`${name}-${colorScheme}.png`, { animations: "disabled", caret: "hide", maxDiffPixelRatio: 0.01 });
    });
  }
}
