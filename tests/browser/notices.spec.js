// The inbox, what somebody hears of by mail, and the development plan.
import { expect, newcomer, signIn, test, unique } from "./support/site.js";

test("opens what is new from the inbox, and puts it away", async ({ page }) => {
  await signIn(page, "Candidate");
  const inbox = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Inbox/ });
  await expect(inbox).toContainText("open");
  await inbox.click();
  const news = page.getByRole("region", { name: "New for you" });
  const released = news.getByRole("listitem").filter({ hasText: "released what they say of your evidence" });
  await released.getByRole("link").click();
  await expect(page).toHaveURL(/\/evidence\//);
  await page.goto("/inbox");
  await released.getByRole("button", { name: /^Put away/ }).click();
  await expect(page.getByRole("status")).toHaveText("That is put away.");
  await expect(released).toHaveCount(0);
});

test("chooses what to hear of by mail", async ({ browser, page }) => {
  await newcomer(browser, page, unique("Vera Holt"), "Candidate");
  await page.goto("/inbox");
  // That a link was made to their account, a newcomer is told by whom.
  await page.getByRole("listitem").filter({ hasText: "link to choose" }).getByRole("button", { name: /^Put away/ }).click();
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await page.getByRole("link", { name: "Choose what you hear of by mail" }).click();
  await page.getByRole("group", { name: "When somebody asks you something" }).getByLabel("At once").check();
  await page.getByRole("group", { name: "When a check-in is due" }).getByLabel("Not at all").check();
  await page.getByRole("button", { name: "Save what you hear of" }).click();
  await expect(page.getByRole("status")).toHaveText("Your choice is saved.");
  await expect(page.getByRole("group", { name: "When a check-in is due" }).getByLabel("Not at all")).toBeChecked();
});

test("plans an action, writes a conversation down and answers a question", async ({ browser, page }) => {
  const words = unique("Read the last four board papers");
  await newcomer(browser, page, unique("Otto Lind"), "Candidate");
  await page.goto("/development");
  await page.getByLabel(/^My own words/).fill(words);
  await page.getByLabel("By when").fill("soon");
  await page.getByRole("button", { name: "Add to the plan" }).click();
  await expect(page.locator(".error-summary")).toBeFocused();
  await expect(page.getByLabel(/^My own words/)).toHaveValue(words);
  await page.getByLabel("By when").fill("2027-03-01");
  await page.getByRole("button", { name: "Add to the plan" }).click();
  await expect(page.getByRole("link", { name: words })).toBeVisible();
  await page.getByRole("button", { name: /^Plan this/ }).first().click();
  await expect(page.locator("#plan .tag")).toHaveText(["Planned", "Planned"]);

  await page.getByRole("link", { name: words }).click();
  await page.getByLabel("Done").check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(/^Closed/).click();
  await expect(page.locator("details").getByRole("link", { name: words })).toBeVisible();

  await page.getByLabel("With", { exact: false }).last().fill("The CTO");
  await page.getByLabel("What was said").fill("We went through the four capabilities.");
  await page.getByRole("button", { name: "Save the notes" }).click();
  await expect(page.getByRole("link", { name: /^With The CTO/ })).toBeVisible();

  const form = page.locator("#signal-neglected-external-presence");
  await form.getByRole("textbox").fill("I look for a talk in spring.");
  await form.getByRole("button", { name: /^Save the answer/ }).click();
  await expect(page.getByRole("status")).toHaveText("Your answer is saved.");
  await page.goto("/readiness");
  await expect(page.getByRole("main")).toContainText("I look for a talk in spring.");
});

test("an admin sees what the program does by itself", async ({ page }) => {
  await signIn(page, "Admin");
  await page.goto("/admin");
  await page.getByRole("navigation", { name: "Administration" }).getByRole("link", { name: "Jobs" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Jobs");
  await expect(page.getByText("No mail server is set")).toBeVisible();
});
