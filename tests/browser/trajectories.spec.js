// Leaders and where they went, as a candidate, a CTO and an admin see to them.
import { another, expect, signIn, test, unique } from "./support/site.js";

test("a candidate sees whom they developed, and where a level is only claimed", async ({ page }) => {
  await signIn(page, "Candidate");
  await page.getByRole("link", { name: "The leaders whom you developed, and where they went" }).click();
  await expect(page).toHaveURL(/\/dossiers\/[^/]+\/trajectories$/);
  const leader = page.getByRole("article").first();
  await expect(leader.locator("svg.chart title")).toHaveText(/’s levels: /);
  await expect(leader.getByRole("table").last()).toContainText(/a Director or above|below E1|No level/);
  // The latest entries stand first, and all others wait behind a line.
  await expect(leader.getByRole("table").last().getByRole("rowheader")).toHaveCount(5);
  await leader.getByText(/^\d+ earlier entries/).click();
  await expect(leader.getByRole("table")).toHaveCount(3);
  // An entry leads to the leader's part of the page, and the page to the entry.
  await leader.getByRole("table").last().getByRole("link").first().click();
  await expect(page).toHaveURL(/\/evidence\//);
  await page.getByRole("link", { name: "Developed", exact: true }).first().click();
  await expect(page).toHaveURL(/\/trajectories#leader-/);
  await page.getByLabel("As of").fill("1990-01-01");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("heading", { level: 2 })).toHaveText("No leader stands here yet");
});

test("a CTO sees a leader whom two candidates claim, and confirms a level", async ({ page }) => {
  await signIn(page, "CTO");
  await page.getByRole("link", { name: "Leaders whom several developed" }).click();
  const claim = page.getByRole("region", { name: /what each candidate says$/ }).first();
  const candidates = await claim.getByRole("rowheader").allInnerTexts();
  expect(new Set(candidates).size).toBeGreaterThan(1);
  await claim.getByRole("rowheader").first().getByRole("link").click();
  await expect(page).toHaveURL(/\/trajectories#leader-/);

  // Somewhere a candidate's own word about a leader waits to be confirmed.
  await page.goto("/dossiers");
  const dossiers = await page.locator("main [role=rowheader] a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const dossier of dossiers) {
    await page.goto(dossier.replace(/readiness.*$/, "trajectories"));
    const confirm = page.getByRole("button", { name: /^Confirm/ });
    if (await confirm.count()) {
      const before = await confirm.count();
      await confirm.first().click();
      await expect(page).toHaveURL(/\/people\//);
      await expect(page.getByRole("main")).toContainText("confirmed later");
      await page.goto(dossier.replace(/readiness.*$/, "trajectories"));
      await expect(confirm).toHaveCount(before - 1);
      return;
    }
  }
  throw new Error("The demo has no level that waits to be confirmed.");
});

test("a milestone is recorded by its kind and corrected by another", async ({ page }) => {
  await signIn(page, "CTO");
  const name = unique("Nora Vance");
  await page.goto("/people/new");
  await page.getByLabel("Full name").fill(name);
  await page.getByLabel("Where they belong").selectOption("In the company");
  await page.getByLabel("Level (optional)").selectOption("E1");
  await page.getByLabel("First day of that level").fill("2024-01-08");
  await page.getByRole("button", { name: "Add the person" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await page.locator("#on").fill("2026-03-14");
  await page.getByLabel("Kind").selectOption("Board exposure");
  await page.getByRole("button", { name: "Record the milestone" }).click();
  await expect(page.locator(".timeline")).toContainText("Board exposure");
  await page.getByRole("link", { name: /^Correct it/ }).click();
  await page.getByLabel("It did not happen at all").check();
  await page.getByRole("button", { name: "Record the correction" }).click();
  await expect(page.locator(".timeline del")).toHaveCount(2);
  await expect(page.locator(".timeline")).toContainText("It did not happen.");
});

test("an admin merges two who are one, and undoes it", async ({ browser, page }) => {
  await signIn(page, "Admin");
  const name = unique("Ida Holm");
  const other = `${name.split(" ").slice(1).join(" ")}, Ida`;
  const addresses = [];
  for (const [called, level] of [[name, "E1"], [other, "M3"]]) {
    await page.goto("/people/new");
    await page.getByLabel("Full name").fill(called);
    await page.getByLabel("Where they belong").selectOption("In the company");
    await page.getByLabel("Level (optional)").selectOption(level);
    await page.getByLabel("First day of that level").fill(level === "E1" ? "2024-01-08" : "2021-01-08");
    await page.getByRole("button", { name: "Add the person" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(called);
    addresses.push(new URL(page.url()).pathname);
  }
  await page.goto("/admin/people");
  await page.getByRole("link", { name: new RegExp(`^Compare the two called .*${name.split(" ").pop()}`) }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Are they one person?");
  const merge = page.getByRole("button", { name: `Merge ${other} into ${name}` });
  if (!(await merge.isVisible())) await page.getByRole("link", { name: "Keep the other one" }).click();
  await merge.click();
  await expect(page.getByRole("heading", { name: `${other} turned out to be ${name}` })).toBeVisible();

  // The old address leads to who is left, with both histories.
  await page.goto(addresses[1]);
  await expect(page).toHaveURL(new RegExp(`${addresses[0]}$`));
  await expect(page.locator("td[data-label=Level]")).toHaveText([/E1/, /M3/]);
  const somebody = await another(browser);
  await signIn(somebody.page, "Candidate");
  await somebody.page.goto(`/people?q=${encodeURIComponent(name.split(" ").pop())}`);
  await expect(somebody.page.getByRole("rowheader")).toHaveText([name]);

  await page.goto("/admin/people");
  await page.getByRole("button", { name: new RegExp(`^Undo ?: ${other} is not ${name}`) }).click();
  await expect(page.getByRole("heading", { name: `${other} turned out to be ${name}` })).toHaveCount(0);
  await page.goto(addresses[1]);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(other);
  await expect(page.locator("td[data-label=Level]")).toHaveText([/M3/]);
  expect(somebody.faults).toEqual([]);
  await somebody.context.close();
});
