// The committee's board: what is chosen is the address, and the address is enough to see the same again.
import { another, expect, signIn, test } from "./support/site.js";

const names = (page) => page.getByRole("region", { name: "Candidates by name" }).getByRole("rowheader").allInnerTexts();

test("filters by gap and kind, removes a filter by its link, and the count tells what a choice shows", async ({ page }) => {
  await signIn(page, "Committee");
  await page.goto("/committee");
  const all = await names(page);
  const choice = page.locator(".choice", { has: page.locator("#g-external-presence") });
  const count = Number.parseInt(await choice.locator(".count").innerText(), 10);
  await choice.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/gap=external-presence/);
  expect((await names(page)).length).toBe(count);

  await page.locator("#k-lapsed").check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/kind=lapsed/);
  const both = await names(page);
  expect(both.length).toBeLessThanOrEqual(count);

  await page.locator(".chosen a", { hasText: "External" }).click();
  await expect(page).not.toHaveURL(/gap=external-presence/);
  await expect(page).toHaveURL(/kind=lapsed/);
  await page.getByRole("link", { name: "Clear all" }).click();
  expect(await names(page)).toEqual(all);
});

test("a copied address gives the same page, and its .csv and .json the same people", async ({ browser, page }) => {
  await signIn(page, "Committee");
  await page.goto("/committee?gap=external-presence&kind=short,unheard&state=developing&lens=all&as_of=2026-06-30");
  const here = await names(page);
  const other = await another(browser);
  await signIn(other.page, "Committee");
  await other.page.goto(page.url());
  expect(await names(other.page)).toEqual(here);
  await expect(other.page.locator("#state")).toHaveValue("developing");
  expect(other.faults).toEqual([]);
  await other.context.close();

  const json = await (await page.request.get(page.url().replace("/committee?", "/committee.json?"))).json();
  expect(json.candidates.map((candidate) => candidate.name)).toEqual(here.map((name) => name.split("\n")[0]));
  const link = await page.getByRole("link", { name: "CSV", exact: true }).getAttribute("href");
  const csv = await (await page.request.get(link)).text();
  for (const { name } of json.candidates) expect(csv).toContain(name);
  expect(csv.trim().split(/\r?\n/).length).toBeGreaterThan(json.candidates.length);
});

test("compares two, and shows their differences only", async ({ page }) => {
  await signIn(page, "Committee");
  await page.goto("/committee");
  const boxes = page.getByRole("checkbox", { name: /^Compare / });
  await boxes.nth(0).check();
  await expect(page.locator("[data-compare-status]")).toHaveText("1 chosen; choose one more");
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  const table = page.getByRole("region", { name: "Comparison" });
  await expect(table.getByRole("columnheader")).toHaveCount(3);
  const rows = await table.locator("tbody tr").count();
  await page.getByLabel("Differences only").check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/differences=1/);
  await expect(table.locator("tr[data-same]")).toHaveCount(0);
  expect(await table.locator("tbody tr").count()).toBeLessThanOrEqual(rows);
});

test("reads no evidence", async ({ page }) => {
  await signIn(page, "Committee");
  const answer = await page.goto("/evidence");
  expect(answer.status()).toBe(403);
});
