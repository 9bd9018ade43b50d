// Every main flow with JavaScript off.
import { expect, newcomer, signIn, test, unique } from "./support/site.js";

test.use({ javaScriptEnabled: false });

test("a candidate logs evidence, adds a row of people and publishes", async ({ page }) => {
  const title = unique("Wrote the platform charter with two peers");
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.getByLabel("What happened?").fill(title);
  await page.locator("#from").fill("Oct");
  await page.locator("#from-year").fill("2026");
  await page.locator("#capability-cto-partnership").check();
  await page.locator("#people > summary").click();
  const rows = await page.locator("#people .row input[name=person]").count();
  for (let row = 0; row < rows; row += 1) {
    await page.locator(`#person-${row}`).fill(unique("Sam Ode"));
    await page.locator(`#as-${row}`).selectOption("peer");
    await page.locator("details.new-person > summary").nth(row).click();
    await page.locator(`#organization-${row}`).selectOption("internal");
  }
  await page.getByRole("button", { name: "Add more people" }).click();
  expect(await page.locator("#people .row input[name=person]").count()).toBeGreaterThan(rows);
  await expect(page.getByLabel("What happened?")).toHaveValue(title);
  await page.getByRole("button", { name: "Save and publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
});

test("a candidate answers a check-in, sets leave and aim, and moves the theme", async ({ browser, page }) => {
  await newcomer(browser, page, unique("Ada Birch"), "Candidate");
  await page.goto("/check-ins");
  await page.locator("#deputizing-yes").check();
  await page.getByRole("button", { name: "Save the check-in" }).click();
  await expect(page.getByRole("main")).not.toContainText("None yet. Two or three a year");
  await page.goto("/settings");
  await page.locator("#leave").getByLabel("First day").fill("2027-01-04");
  await page.locator("#leave").getByLabel("Last day").fill("2027-01-08");
  await page.getByRole("button", { name: "Add leave" }).click();
  await expect(page.locator("#leave")).toContainText("5 days");
  await page.getByLabel("Undecided").check();
  await page.getByRole("button", { name: "Save the aim" }).click();
  await expect(page.getByLabel("Undecided")).toBeChecked();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page).toHaveURL(/\/settings/);
});

test("a CTO opens a dossier and moves the as-of date", async ({ page }) => {
  await signIn(page, "CTO");
  await page.goto("/dossiers");
  await page.getByRole("rowheader").getByRole("link").first().click();
  await page.getByLabel("As of").fill("2025-12-31");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/as_of=2025-12-31/);
  await expect(page.getByRole("main").locator(".state").first()).toBeVisible();
});

test("a committee member filters and compares", async ({ page }) => {
  await signIn(page, "Committee");
  await page.goto("/committee");
  await page.locator("#k-short").check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/kind=short/);
  const boxes = page.getByRole("checkbox", { name: /^Compare / });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(page.getByRole("region", { name: "Comparison" }).getByRole("columnheader")).toHaveCount(3);
});

test("signs out", async ({ page }) => {
  await signIn(page, "Committee");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/committee");
  await expect(page).toHaveURL(/\/sign-in/);
});
