// A candidate, from a thought to an entry that others can read, and what they decide about their own dossier.
import { expect, newcomer, signIn, test, unique } from "./support/site.js";

test("logs an entry with a new leader, finds it, edits it, reads the difference and withdraws it", async ({ page }) => {
  const title = unique("Settled how three domains share on-call");
  const leader = unique("Rowan Teal");
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.getByLabel("What happened?").fill(title);
  const when = page.getByRole("group", { name: "When?" });
  await when.getByLabel("Day").fill("3");
  await when.getByLabel("Month").fill("September");
  await when.getByLabel("Year").fill("2026");
  const until = page.getByRole("group", { name: "Until" });
  await until.getByLabel("Month").fill("10");
  await until.getByLabel("Year").fill("2026");
  await page.getByRole("checkbox", { name: /^Cross-domain/ }).check();
  const criterion = page.locator("#criterion-cross-domain-leadership-lasting-conflict-resolution");
  await criterion.check();
  await page.getByLabel(/^What came of it/).fill("Nobody is paged for another domain's alarms.");

  await page.locator("summary", { hasText: /^People$/ }).click();
  await page.getByLabel("Name", { exact: true }).first().fill(leader);
  await page.getByLabel("As what").first().selectOption("developed");
  await page.getByText(/^Somebody new/).first().click();
  await page.getByLabel("Where they belong").first().selectOption("internal");
  await page.getByLabel(/^Level/).first().selectOption("E1");
  await page.locator("summary", { hasText: /^Links$/ }).click();
  await page.getByLabel(/^Addresses of what shows it/).fill("https://example.com/rfc-41");
  await page.getByRole("button", { name: "Save and publish" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page.getByRole("main")).toContainText("Published");
  await expect(page.getByRole("link", { name: leader })).toBeVisible();
  await expect(page.getByRole("link", { name: "https://example.com/rfc-41" })).toBeVisible();
  const entry = page.url();

  await page.goto("/evidence");
  await page.getByLabel("Words").fill(title);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("heading", { level: 2, name: title })).toBeVisible();
  await expect(page).toHaveURL(/q=Settled/);

  await page.getByRole("link", { name: title, exact: true }).click();
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("What happened?").fill(`${title}, for good`);
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${title}, for good`);
  await page.getByRole("link", { name: /^All \d+ revisions/ }).click();
  await expect(page.getByRole("main").locator("ins").first()).toContainText("good");

  await page.goto(entry);
  await page.getByText("Withdraw it", { exact: true }).click();
  await page.getByRole("button", { name: "Withdraw this entry" }).click();
  await page.goto(entry);
  await expect(page.locator("header.title")).toContainText("Withdrawn");
});

test("a draft saves itself and stays private until it is published", async ({ page }) => {
  const title = unique("Half a thought");
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.getByLabel("What happened?").fill(title);
  await expect(page.locator("[data-autosave-status]")).toContainText("Draft saved");
  await page.goto(`/evidence?status=draft&q=${encodeURIComponent(title)}`);
  await expect(page.getByRole("heading", { level: 2, name: title })).toHaveCount(1);
});

test("what is missing is said beside its field, and nothing typed is lost", async ({ page }) => {
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.getByLabel("What happened?").fill("No date yet");
  await page.getByRole("group", { name: "When?" }).getByLabel("Month").fill("14");
  await page.getByRole("group", { name: "When?" }).getByLabel("Year").fill("2026");
  await page.getByRole("button", { name: "Save and publish" }).click();
  await expect(page).toHaveTitle(/^Error: /);
  await expect(page.locator(".error-summary")).toBeFocused();
  await expect(page.getByLabel("What happened?")).toHaveValue("No date yet");
  await page.locator(".error-summary a").first().click();
  await expect(page.locator("#from")).toBeFocused();
});

test("answers the six questions", async ({ browser, page }) => {
  await newcomer(browser, page, unique("Nora Quill"), "Candidate");
  await page.goto("/check-ins");
  const questions = page.locator("fieldset.question");
  await expect(questions).toHaveCount(6);
  for (const question of await questions.all()) await question.getByLabel("Partly").check();
  await questions.first().getByLabel("Yes").check();
  await page.getByRole("button", { name: "Save the check-in" }).click();
  await expect(page.getByRole("main")).not.toContainText("None yet. Two or three a year");
  await expect(page.getByRole("heading", { name: "Your earlier check-ins" })).toBeVisible();
});

test("notes a leave and takes it back", async ({ browser, page }) => {
  await newcomer(browser, page, unique("Ines Vale"), "Candidate");
  await page.goto("/settings");
  const leave = page.locator("#leave");
  await leave.getByLabel("First day").fill("2027-02-01");
  await leave.getByLabel("Last day").fill("2027-06-15");
  await leave.getByRole("button", { name: "Add leave" }).click();
  await expect(leave).toContainText("135 days");
  await leave.getByRole("button", { name: /^Remove/ }).click();
  await expect(leave).not.toContainText("135 days");
});

test("chooses E1, and the home becomes a journal without states", async ({ browser, page }) => {
  await newcomer(browser, page, unique("Tomas Reed"), "Candidate");
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Where the evidence stands" })).toBeVisible();
  await page.goto("/settings");
  await page.getByLabel("E1 by choice").check();
  await page.getByRole("button", { name: "Save the aim" }).click();
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your journal");
  await expect(page.locator("[data-state]")).toHaveCount(0);
});
