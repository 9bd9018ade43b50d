// What every spec uses: pages that are watched for faults, signing in, and accounts of one's own.
import { test as base, expect } from "@playwright/test";

export { expect };

export const test = base.extend({
  baseURL: async ({}, use) => use(process.env.EVIDENT_BROWSER_URL),
  // A page that writes an error to the console, breaks the content security policy, asks another host for something
  // or misses a file fails whichever test opened it.
  context: async ({ context }, use) => {
    const faults = watch(context);
    await use(context);
    expect(faults, "faults seen while the pages were used").toEqual([]);
  },
});

// Gathers the faults of all pages of a context.
export function watch(context) {
  const faults = [];
  const home = process.env.EVIDENT_BROWSER_URL;
  context.on("weberror", (error) => faults.push(`exception: ${error.error().message}`));
  context.on("console", (message) => {
    // A page with status 404 or 422 is what some tests ask for; other files are watched below.
    const status = message.text().startsWith("Failed to load resource");
    if (!status && ["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  context.on("request", (request) => {
    if (!request.url().startsWith(home)) faults.push(`another host was asked: ${request.url()}`);
  });
  context.on("response", (response) => {
    const page = response.request().resourceType() === "document" || unfinished(response);
    if (response.status() >= 500 || (response.status() >= 400 && !page)) {
      faults.push(`${response.status()} for ${response.url()}`);
    }
  });
  return faults;
}

// A draft that saves itself while a date is half typed is refused, and the page says so.
const unfinished = (response) => response.status() === 422 && new URL(response.url()).pathname.endsWith("/draft");

// Signs in by the demo's buttons; the home of the role is shown afterwards.
export async function signIn(page, role) {
  await page.goto("/sign-in");
  await page.getByRole("main").getByRole("button", { name: role, exact: true }).click();
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
}

// Somebody else's browser.
export async function another(browser, options = {}) {
  const context = await browser.newContext({ baseURL: process.env.EVIDENT_BROWSER_URL, ...options });
  return { context, page: await context.newPage(), faults: watch(context) };
}

export const PASSWORD = "four unrelated words of mine";

// Adds an account as the admin who is signed in on the page; gives the address of its invitation.
export async function invite(page, name, role) {
  await page.goto("/admin/accounts");
  await page.getByLabel("Full name").fill(name);
  await page.getByLabel("Email address").fill(`${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@example.com`);
  await page.getByRole("checkbox", { name: role, exact: true }).check();
  await page.getByRole("button", { name: "Add the account" }).click();
  const link = await page.getByRole("status").locator("code").innerText();
  return link.trim();
}

// A new account of a role, signed in on the page. Tests that change settings use one of their own.
export async function newcomer(browser, page, name, role) {
  const admin = await another(browser);
  await signIn(admin.page, "Admin");
  const link = await invite(admin.page, name, role);
  await admin.context.close();
  await page.goto(link);
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).not.toHaveText("Set a password");
}

// A name that no earlier test used.
export const unique = (words) => `${words} ${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;

// Leaves the rest of a test out where it can't hold, and says why, once.
const said = new Set();
export function leaveOut(when, why) {
  if (when && !said.has(why)) console.log(`Left out: ${why}`);
  if (when) said.add(why);
  base.skip(when, why);
}
