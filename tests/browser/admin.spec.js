// An admin, who looks after accounts and reads nobody's evidence.
import { another, expect, invite, PASSWORD, signIn, test, unique } from "./support/site.js";

test("adds an account, which chooses a password by its link, signs in, and is disabled", async ({ browser, page }) => {
  const name = unique("Lena Brook");
  await signIn(page, "Admin");
  const link = await invite(page, name, "Candidate");

  const hers = await another(browser);
  await hers.page.goto(link);
  await hers.page.getByLabel("New password").fill("too short");
  await hers.page.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(hers.page).toHaveTitle(/^Error: /);
  await hers.page.getByLabel("New password").fill(PASSWORD);
  await hers.page.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(hers.page.getByRole("banner").getByRole("link", { name })).toBeVisible();

  // The link worked once; the password works from now on.
  const again = await another(browser);
  await again.page.goto(link);
  await expect(again.page.getByRole("heading", { level: 1 })).toHaveText("This link can’t be used");
  await again.page.goto("/sign-in");
  await again.page.getByLabel("Email address").fill(`${name.toLowerCase().replaceAll(" ", ".")}@example.com`);
  await again.page.getByLabel("Password").fill(PASSWORD);
  await again.page.getByRole("button", { name: "Sign in" }).click();
  await expect(again.page.getByRole("banner").getByRole("link", { name })).toBeVisible();

  await page.goto(`/admin/accounts?q=${encodeURIComponent(name)}`);
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: `Disable ${name}` }).click();
  await expect(page.getByRole("button", { name: `Enable ${name}` })).toBeVisible();
  await hers.page.goto("/evidence");
  await expect(hers.page).toHaveURL(/\/sign-in/);

  await page.goto("/admin/audit");
  await expect(page.getByRole("main")).toContainText(/disable/i);
  expect([...hers.faults, ...again.faults]).toEqual([]);
  await hers.context.close();
  await again.context.close();
});

test("reads no evidence", async ({ page }) => {
  await signIn(page, "Admin");
  for (const path of ["/evidence", "/dossiers", "/committee"]) {
    const answer = await page.goto(path);
    expect(answer.status(), path).toBe(403);
  }
});
