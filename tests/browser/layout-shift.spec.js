// Nothing moves under somebody's eyes while a page arrives, even when its fonts come late.
import { expect, leaveOut, signIn, test } from "./support/site.js";
import { MAIN_PAGES } from "./support/main-pages.js";

// Google's measure of layout shift, for which 0.1 is still called good; here only what rounding leaves is.
const MOST = 0.01;
const FONTS_LATE_BY = 600;
const SCREENS = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];

for (const { name, role, find } of MAIN_PAGES) {
  test(`${name} stands still while late fonts arrive @look`, async ({ page }) => {
    await signIn(page, role);
    const replaced = await page.evaluate(() => Promise.all(["Arial", "Times New Roman"].map((font, at) => {
      const likes = [["Liberation Sans", "Arimo"], ["Liberation Serif", "Tinos"]][at];
      return new FontFace("probe", [font, ...likes].map((one) => `local("${one}")`).join()).load().then(() => true, () => false);
    })));
    // The style stretches these fonts to the measure of its own; what a system shows without them is not ours to say.
    leaveOut(replaced.includes(false), "No Arial or Times New Roman, nor Liberation or Croscore in their place: install fonts-liberation.");
    const path = await find(page);
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries()) {
          if (!hadRecentInput) window.shifts.push({ value, of: sources.map(({ node }) => node?.outerHTML?.slice(0, 100) ?? node?.data?.trim()) });
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    let fonts = 0;
    await page.route("**/*.woff2*", async (route) => {
      fonts += 1;
      await new Promise((resolve) => { setTimeout(resolve, FONTS_LATE_BY); });
      await route.continue();
    });
    for (const screen of SCREENS) {
      await page.setViewportSize(screen);
      await page.goto(path, { waitUntil: "load" });
      await page.evaluate(async () => {
        await document.fonts.ready;
        // Two frames, so that the last shift is reported.
        await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
      });
      const shifts = await page.evaluate(() => window.shifts);
      const sum = shifts.reduce((all, { value }) => all + value, 0);
      expect.soft(sum, `at ${screen.width} px, moved: ${JSON.stringify(shifts)}`).toBeLessThan(MOST);
    }
    expect(fonts, "fonts that came late").toBeGreaterThan(0);
  });
}
