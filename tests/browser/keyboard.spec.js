// Logging evidence with the keyboard alone.
import { expect, signIn, test, unique } from "./support/site.js";

// Presses Tab until the element has the focus, as somebody without a mouse does, and checks that the focus shows.
async function tabTo(page, locator, most = 80) {
  for (let presses = 0; presses < most; presses += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) {
      const outline = await locator.evaluate((element) => getComputedStyle(element).outlineStyle);
      expect(outline, "the focus is seen").not.toBe("none");
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${locator}`);
}

test("signs in, skips to the content, logs evidence and publishes it", async ({ page }) => {
  const title = unique("Spoke for engineering at the board");
  await page.goto("/sign-in");
  const role = page.getByRole("main").getByRole("button", { name: "Candidate", exact: true });
  await tabTo(page, role);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/sign-in");

  await page.keyboard.press("Tab");
  await expect(page.locator("a.skip")).toBeFocused();
  await page.keyboard.press("Enter");
  await page.goto("/evidence");
  await tabTo(page, page.getByRole("main").getByRole("link", { name: "Log evidence" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/evidence/new");

  await tabTo(page, page.locator("#title"));
  await page.keyboard.type(title);
  await tabTo(page, page.locator("#from-day"));
  await page.keyboard.type("12");
  await tabTo(page, page.locator("#from"));
  await page.keyboard.type("October");
  await tabTo(page, page.locator("#from-year"));
  await page.keyboard.type("2026");
  await tabTo(page, page.locator("#capability-cto-partnership"));
  await page.keyboard.press("Space");
  await expect(page.locator("#capability-cto-partnership")).toBeChecked();
  await tabTo(page, page.locator("#people > summary"));
  await page.keyboard.press("Enter");
  await tabTo(page, page.locator("#person-0"));
  await tabTo(page, page.getByRole("button", { name: "Save and publish" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
});

test("single keys open the form and the search, but not while typing", async ({ page }) => {
  await signIn(page, "Candidate");
  await page.goto("/evidence");
  await page.keyboard.press("/");
  await expect(page.locator("#q")).toBeFocused();
  await page.keyboard.type("n");
  await expect(page.locator("#q")).toHaveValue("n");
  await page.locator("#q").fill("");
  await page.locator("h1").click();
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/evidence\/new$/);
});
