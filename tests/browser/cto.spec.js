// A CTO, from what waits for them to the entry behind a state.
import { expect, signIn, test } from "./support/site.js";

test("opens a dossier, asks what it showed earlier and for what others confirmed, and reads an entry", async ({ page }) => {
  await signIn(page, "CTO");
  await page.goto("/dossiers");
  await expect(page.getByRole("heading", { name: "Waiting on you" })).toBeVisible();
  await page.getByRole("region", { name: "Candidates by name" }).getByRole("rowheader").getByRole("link", { name: "Beatriz Figueiredo" }).click();
  await expect(page).toHaveURL(/\/dossiers\/[0-9a-f-]+\/readiness/);
  await expect(page.getByRole("main").locator(".state").first()).toBeVisible();
  const now = await page.getByRole("main").innerText();

  await page.getByLabel("As of").fill("2025-06-30");
  await page.getByLabel("Evidence", { exact: true }).selectOption("confirmed");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/as_of=2025-06-30/);
  await expect(page).toHaveURL(/lens=confirmed/);
  expect(await page.getByRole("main").innerText()).not.toBe(now);

  const json = page.url().replace("/readiness", "/readiness.json");
  const answer = await page.request.get(json);
  expect(answer.ok()).toBe(true);
  expect((await answer.json()).as_of).toBe("2025-06-30");

  await page.locator("main a[href^='/evidence/']").first().evaluate((link) => {
    for (let at = link.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  });
  await page.locator("main a[href^='/evidence/']").first().click();
  await expect(page.getByRole("heading", { name: "What others say" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
});

test("names are in order of names, whatever the evidence says", async ({ page }) => {
  await signIn(page, "CTO");
  await page.goto("/dossiers");
  const names = await page.getByRole("region", { name: "Candidates by name" }).getByRole("rowheader").getByRole("link").allInnerTexts();
  expect(names.length).toBeGreaterThan(3);
  expect(names).toEqual([...names].sort());
});

for (const [width, height] of [[1440, 900], [390, 844]]) {
  test(`the sentence, four states and the one next thing are on the first screen at ${width} × ${height} @look`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await signIn(page, "CTO");
    await page.goto("/dossiers");
    const paths = await page.locator("main [role=rowheader] a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(paths.length, "dossiers").toBeGreaterThan(5);
    for (const path of paths) {
      await page.goto(path);
      const shown = await page.locator(".title .lead, .state-card .state, .state-card[data-first] .next").evaluateAll((all) =>
        all.map((one) => Math.round(one.getBoundingClientRect().bottom)));
      expect(shown.length, path).toBeGreaterThanOrEqual(5);
      for (const bottom of shown) expect.soft(bottom, path).toBeLessThanOrEqual(height);
    }
  });
}
