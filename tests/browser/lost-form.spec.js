// A form that fails after twenty minutes of typing: the session was ended, or the server is away. Nothing is lost, the
// page says what to do, and nobody else ever sees what was typed.
import { another, expect, newcomer, PASSWORD, test, unique } from "./support/site.js";

const STORY = "Twenty minutes of typing about who owns the ledger.";
const email = (name) => `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@example.com`;

// A candidate of one's own in a browser of its own. Refused saves are what these tests are about, so that its faults are
// not watched.
async function candidate(browser, options = {}) {
  const { context, page } = await another(browser, options);
  const name = unique("Ada Lost");
  await newcomer(browser, page, name, "Candidate");
  page.on("dialog", (dialog) => dialog.accept());
  return { context, page, name };
}

async function signInByPassword(page, name) {
  await page.getByLabel("Email address").fill(email(name));
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

// Ends every other session of the account from another browser, as somebody does who has lost a laptop.
async function endElsewhere(browser, name) {
  const { context, page } = await another(browser);
  await page.goto("/sign-in");
  await signInByPassword(page, name);
  await expect(page.getByRole("banner").getByRole("link", { name })).toBeVisible();
  await page.goto("/settings");
  await page.locator("#sessions").getByRole("button", { name: /^End/ }).first().click();
  await expect(page.locator("#sessions")).toContainText("That session is ended.");
  await context.close();
}

async function fill(page, title) {
  await page.goto("/evidence/new");
  await page.locator("#title").fill(title);
  await page.locator("#from").fill("10");
  await page.locator("#from-year").fill("2026");
  await page.locator("#capability-cto-partnership").check();
  await page.locator("#situation").fill(STORY);
}

const publish = (page) => page.getByRole("button", { name: "Save and publish" }).click();
// How much is kept in the browser; what it is, only pages of the same account can read.
const stored = (page) => page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("typed ")).length);
const readable = (page) => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
const offer = (page) => page.getByRole("button", { name: "Bring it back" });

async function published(page, title) {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page.getByRole("main")).toContainText(STORY);
  await page.goto(`/evidence?status=final&q=${encodeURIComponent(title)}`);
  await expect(page.getByRole("heading", { level: 2, name: title })).toHaveCount(1);
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with JavaScript" : "without JavaScript";

  test(`a session that was ended carries the form through sign-in, ${how}`, async ({ browser }) => {
    const title = unique("Typed for long");
    const { context, page, name } = await candidate(browser, { javaScriptEnabled });
    await fill(page, title);
    await endElsewhere(browser, name);
    await publish(page);
    await expect(page.getByRole("main")).toContainText("What you typed is kept");
    await expect(page.getByLabel("Password")).toBeVisible();

    // A password that is mistyped first changes nothing.
    await page.getByLabel("Email address").fill(email(name));
    await page.getByLabel("Password").fill("not the one that I chose");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
    await expect(page.getByRole("main")).toContainText("What you typed is kept");

    await signInByPassword(page, name);
    await expect(page.getByRole("main")).toContainText(title);
    await page.getByRole("button", { name: "Save what you typed" }).click();
    await published(page, title);
    await page.goto("/evidence/new");
    await expect(page.locator("#title")).toHaveValue("");
    await expect(offer(page)).toHaveCount(0);
    await context.close();
  });

  test(`somebody else who signs in never sees it, ${how}`, async ({ browser }) => {
    const title = unique("Not for other eyes");
    const { context, page, name } = await candidate(browser, { javaScriptEnabled });
    await fill(page, title);
    await endElsewhere(browser, name);
    await publish(page);
    await expect(page.getByRole("main")).toContainText("What you typed is kept");
    await page.getByRole("main").getByRole("button", { name: "Candidate", exact: true }).click();
    await expect(page.getByRole("banner").getByRole("link", { name })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Save what you typed" })).toHaveCount(0);
    for (const path of [null, "/evidence/new", "/evidence"]) {
      if (path) await page.goto(path);
      await expect(page.getByRole("main").getByText(title)).toHaveCount(0);
      await expect(page.getByRole("main").getByText(STORY)).toHaveCount(0);
    }
    await expect(offer(page)).toHaveCount(0);
    await context.close();
  });
}

test("a server that is away is named, and what was typed is kept, offered after a reload, and saved", async ({ browser }) => {
  const title = unique("Sent to nobody");
  const { context, page } = await candidate(browser);
  // On a slow day it would else be a draft before the server is away.
  await context.route("**/evidence/draft", (route) => route.abort("connectionrefused"));
  await fill(page, title);
  await context.route("**/*", (route) => route.abort("connectionrefused"));
  await publish(page);
  await expect(page.getByText("The server can’t be reached, and nothing was sent")).toBeVisible();
  await expect(page.locator("#situation")).toHaveValue(STORY);
  expect(await stored(page)).toBe(1);
  expect(await readable(page)).not.toContain(STORY);

  await context.unroute("**/*");
  await page.reload();
  await expect(page.getByText(/^What you typed here until \d\d:\d\d was not saved/)).toBeVisible();
  await offer(page).click();
  await expect(page.locator("#title")).toHaveValue(title);
  await expect(page.locator("#situation")).toHaveValue(STORY);
  await expect(page.locator("#from-year")).toHaveValue("2026");
  await expect(page.locator("#capability-cto-partnership")).toBeChecked();
  await publish(page);
  await published(page, title);
  expect(await stored(page), "forgotten once it is saved").toBe(0);
  await context.close();
});

test("once the server is back, the same button saves the same form", async ({ browser }) => {
  const title = unique("Sent twice");
  const { context, page } = await candidate(browser);
  await fill(page, title);
  await context.setOffline(true);
  await publish(page);
  await expect(page.getByText("The server can’t be reached, and nothing was sent")).toBeVisible();
  await context.setOffline(false);
  await publish(page);
  await published(page, title);
  await context.close();
});

test("what was typed is forgotten when it is told to be, and waits for the same person at sign-out", async ({ browser }) => {
  const { context, page, name } = await candidate(browser);
  // Without a title nothing saves itself, so that the tab alone has it.
  await page.goto("/evidence/new");
  await page.locator("#situation").fill(STORY);
  await expect.poll(() => stored(page)).toBe(1);
  await page.reload();
  await page.getByRole("button", { name: "Forget it" }).click();
  expect(await stored(page)).toBe(0);
  await page.reload();
  await expect(offer(page)).toHaveCount(0);

  await page.locator("#situation").fill(STORY);
  await expect.poll(() => stored(page)).toBe(1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect(await readable(page)).not.toContain(STORY);
  await signInByPassword(page, name);
  await expect(page.getByRole("banner").getByRole("link", { name })).toBeVisible();
  await page.goto("/evidence/new");
  await offer(page).click();
  await expect(page.locator("#situation")).toHaveValue(STORY);
  await context.close();
});
