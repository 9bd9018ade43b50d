// What is typed is kept until the server says that it has this very content, goes to the account that typed it or nowhere,
// and can be brought back: after a session that ended, somebody else's sign-in, a conflict, a server that hangs.
import { another, expect, newcomer, PASSWORD, test, unique } from "./support/site.js";

const email = (name) => `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@example.com`;
const status = (page) => page.locator("[data-autosave-status]");
const offer = (page) => page.getByRole("button", { name: "Bring it back", exact: true });
const publish = (page) => page.getByRole("button", { name: "Save and publish" });
const readable = (page) => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));

// A candidate in a browser of their own, whose faults are not watched: refused saves are what these tests are about.
async function candidate(browser) {
  const { context, page } = await another(browser);
  const name = unique("Ada Typist");
  await newcomer(browser, page, name, "Candidate");
  const tab = async (path = "/evidence/new") => {
    const opened = await context.newPage();
    opened.on("dialog", (dialog) => dialog.accept());
    await opened.goto(path);
    return opened;
  };
  page.on("dialog", (dialog) => dialog.accept());
  return { context, page, name, tab };
}

async function signIn(page, name) {
  await page.goto("/sign-in");
  await page.getByLabel("Email address").fill(email(name));
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("banner").getByRole("link", { name })).toBeVisible();
}

async function fill(page, title) {
  await page.locator("#title").fill(title);
  await page.locator("#from").fill("10");
  await page.locator("#from-year").fill("2026");
  await page.locator("#capability-cto-partnership").check();
}

// Saves what is typed at once, as leaving the tab does.
const saveNow = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
async function saved(page) {
  await saveNow(page);
  await expect(status(page)).toHaveText(/^Draft saved \d\d:\d\d$/);
}

const entries = async (page, title) => {
  await page.goto(`/evidence?q=${encodeURIComponent(title)}`);
  return page.getByRole("heading", { level: 2, name: title }).count();
};

test("what is typed into a draft after its first save outlives a reload while the server is away", async ({ browser }) => {
  const title = unique("Saved once");
  const { context, page } = await candidate(browser);
  await page.goto("/evidence/new");
  await fill(page, title);
  await saved(page);
  await context.setOffline(true);
  await page.locator("#situation").fill("Typed on the train.");
  await saveNow(page);
  await expect(status(page)).toHaveText(/can’t be reached/);
  expect(await readable(page), "nobody else can read it in the browser").not.toContain("on the train");
  // Back on the net it would save itself; the server is away by then.
  await context.route("**/evidence/draft", (route) => route.abort());
  await context.setOffline(false);
  await page.reload();
  await offer(page).click();
  await expect(page.locator("#situation")).toHaveValue("Typed on the train.");
  await context.unroute("**/evidence/draft");
  await publish(page).click();
  await expect(page.getByRole("main")).toContainText("Typed on the train.");
  expect(await entries(page, title)).toBe(1);
  await context.close();
});

test("signed out in one tab and published in another: it is there after signing in, in any tab", async ({ browser }) => {
  const title = unique("Signed out elsewhere");
  const { context, page, name, tab } = await candidate(browser);
  const typing = await tab();
  // On a slow day it would else be a draft before the other tab has signed out, and be offered as one.
  await context.route("**/evidence/draft", (route) => route.abort());
  await typing.locator("#situation").fill("Nobody may lose this.");
  await fill(typing, title);
  await page.goto("/framework");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await publish(typing).click();
  await expect(typing).toHaveURL(/\/sign-in/);
  await expect(typing.getByRole("main")).toContainText("What you typed is kept on this page");
  expect(await typing.content(), "nor can anybody else read it in the page’s source").not.toContain("Nobody may lose this");
  await signIn(typing, name);
  await typing.goto("/evidence/new");
  await offer(typing).click();
  await expect(typing.locator("#title")).toHaveValue(title);
  await publish(typing).click();
  await expect(typing.getByRole("main")).toContainText("Nobody may lose this.");
  await typing.goto("/evidence/new");
  await expect(offer(typing)).toHaveCount(0);
  await context.close();
});

test("a page of one account saves nothing into another’s dossier, by itself or when asked", async ({ browser }) => {
  const title = unique("Not for Ben");
  const ben = await candidate(browser);
  await ben.context.close();
  const { context, page, name, tab } = await candidate(browser);
  const typing = await tab();
  await fill(typing, title);
  await saved(typing);
  await page.goto("/framework");
  await page.getByRole("button", { name: "Sign out" }).click();
  await signIn(page, ben.name);
  await typing.locator("#situation").fill("Ada’s own words.");
  await saveNow(typing);
  await expect(status(typing)).toHaveText(/somebody else is signed in/);
  // The way back leads to Ada alone.
  await publish(typing).click();
  await expect(typing.getByRole("main")).toContainText("Somebody else is signed in here now");
  const source = await typing.content();
  for (const words of ["own words", "own%20words", "own+words"]) expect(source).not.toContain(words);
  expect(await entries(page, title), "in Ben’s dossier").toBe(0);
  await page.goto("/evidence/new");
  await expect(offer(page)).toHaveCount(0);
  expect(await readable(page)).not.toContain("own words");
  await typing.getByLabel("Email address").fill(email(name));
  await typing.getByLabel("Password").fill(PASSWORD);
  await typing.getByRole("button", { name: "Sign in" }).click();
  await typing.getByRole("button", { name: "Save what you typed" }).click();
  await expect(typing.getByRole("main")).toContainText("Ada’s own words.");
  await context.close();
});

test("brought back on a conflict, it lies on what is stored now, and can be saved", async ({ browser }) => {
  const title = unique("Two windows");
  const { context, page, tab } = await candidate(browser);
  await page.goto("/evidence/new");
  await fill(page, title);
  await saved(page);
  const address = new URL(page.url()).pathname;
  const other = await tab(address);
  await other.locator("#impact").fill("From the other window.");
  await saved(other);
  await page.locator("#situation").fill("From this window.");
  await saveNow(page);
  await expect(status(page)).toHaveText(/changed elsewhere/);
  await page.reload();
  await expect(page.getByText("This was saved elsewhere since")).toBeVisible();
  await offer(page).click();
  await expect(page.locator("#situation")).toHaveValue("From this window.");
  await saved(page);
  await publish(page).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page.getByRole("main")).toContainText("From this window.");
  await context.close();
});

test("what came back with faults is not said to be unsaved, and is found where it was typed", async ({ browser }) => {
  const { context, page } = await candidate(browser);
  await page.goto("/evidence/new");
  // Without a title nothing saves itself.
  await page.locator("form[data-unsaved]").evaluate((form) => { form.noValidate = true; });
  await page.locator("#situation").fill("One of two that came back.");
  await publish(page).click();
  await expect(page.locator(".error-summary")).toBeVisible();
  await expect(page.locator("[data-kept]"), "it is on screen").toHaveCount(0);
  await page.goto("/development");
  const talk = page.locator("form[action='/development/conversations']");
  await page.evaluate(() => { for (const part of document.querySelectorAll("main details")) part.open = true; });
  await talk.getByLabel("What was said").fill("The other of the two.");
  await page.goto("/");
  const notices = page.locator("[data-kept]");
  await expect(notices).toHaveCount(2);
  await expect(notices.filter({ hasText: "The other of the two." })).toContainText("“Path conversations, ");
  const first = notices.filter({ hasText: "One of two that came back." });
  await expect(first).toContainText("in “Log evidence” until");
  // Not the list, to which the form was sent.
  await first.getByRole("link", { name: "Open it" }).click();
  await offer(page).first().click();
  await expect(page.locator("#situation")).toHaveValue("One of two that came back.");
  await context.close();
});

test("a draft that saved itself as its page was left is not said to be unsaved", async ({ browser }) => {
  const title = unique("Left at once");
  const { context, page } = await candidate(browser);
  await page.goto("/evidence/new");
  await page.locator("#title").fill(title);
  await page.goto("/framework");
  await expect.poll(() => entries(page, title)).toBe(1);
  await page.goto("/");
  await expect(page.locator("[data-kept]")).toHaveCount(0);
  await page.waitForTimeout(1000);
  await expect(page.locator("[data-kept]")).toHaveCount(0);
  await context.close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`a double click leads to what was made, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({ browser }) => {
    const { context, page } = await another(browser, { javaScriptEnabled });
    await newcomer(browser, page, unique("Ada Double"), "Candidate");
    const title = unique("Clicked twice");
    await page.goto("/evidence/new");
    await fill(page, title);
    await publish(page).dblclick({ delay: 20 });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    expect(await entries(page, title)).toBe(1);
    await context.close();
  });
}

test("a check-in that is sent twice is made once", async ({ browser }) => {
  const { context, page } = await candidate(browser);
  await page.goto("/check-ins");
  await page.locator("#deputizing-yes").check();
  await page.getByRole("button", { name: "Save the check-in" }).dblclick({ delay: 20 });
  await expect(page.getByText("Saved. Your answers stand on this page")).toBeVisible();
  await expect(page.locator("section[aria-labelledby=past-h] li")).toHaveCount(1);
  await context.close();
});

test("a server that hangs leaves no “Draft saved” standing, and its late save is no conflict", async ({ browser }) => {
  test.slow();
  const title = unique("Hung");
  const { context, page } = await candidate(browser);
  await page.goto("/evidence/new");
  await fill(page, title);
  await saved(page);
  // The server takes it in, and the answer never comes.
  let lost = 0;
  await context.route("**/evidence/draft", async (route) => { lost += 1; await context.request.fetch(route.request()); });
  // By itself, 3 seconds after the last key: what the page says on the way is short, and a slow day passes over it.
  await page.locator("#situation").fill("Kept, and never answered.");
  await expect(status(page)).not.toHaveText(/Draft saved/);
  await expect(status(page)).toHaveText("Saving…");
  await expect(status(page)).toHaveText(/doesn’t answer/);
  expect(lost).toBeGreaterThan(0);
  await context.unroute("**/evidence/draft");
  await page.locator("#impact").fill("Typed after it.");
  await saved(page);
  await publish(page).click();
  await expect(page.getByRole("main")).toContainText("Kept, and never answered.");
  expect(await entries(page, title)).toBe(1);
  await context.close();
});

test("a first save whose answer is lost makes one draft", async ({ browser }) => {
  const title = unique("Answer lost");
  const { context, page } = await candidate(browser);
  await page.goto("/evidence/new");
  await context.route("**/evidence/draft", async (route) => { await context.request.fetch(route.request()); await route.abort(); });
  await fill(page, title);
  await saveNow(page);
  await expect(status(page)).toHaveText(/can’t be reached/);
  await context.unroute("**/evidence/draft");
  await page.locator("#situation").fill("And on.");
  await saved(page);
  expect(await entries(page, title)).toBe(1);
  await context.close();
});

test("a save that is asked for and not answered says so, and sent again makes nothing twice", async ({ browser }) => {
  test.slow();
  const { context, page } = await candidate(browser);
  await page.goto("/development");
  await context.route("**/development/conversations", async (route) => { await context.request.fetch(route.request(), { maxRedirects: 0 }); });
  const form = page.locator("form[action='/development/conversations']");
  await page.evaluate(() => { for (const part of document.querySelectorAll("main details")) part.open = true; });
  const text = unique("We talked about the path.");
  for (const area of await form.locator("textarea").all()) await area.fill(text);
  await form.getByRole("button").last().click();
  await expect(page.getByText("The server doesn’t answer")).toBeVisible({ timeout: 45_000 });
  await context.unroute("**/development/conversations");
  await form.getByRole("button", { name: /save|keep|write/i }).last().click();
  // The page is left only once the server was found to be there: going on before that would take the save away.
  await expect(page.getByText("Your notes are saved.")).toBeVisible();
  await page.goto("/development");
  await expect(page.getByRole("main").locator("a[href^='/development/conversations/']")).toHaveCount(1);
  await context.close();
});

test("people are shown times where they are, and a day counts once it has begun there", async ({ browser }) => {
  const { context, page } = await another(browser, { timezoneId: "Pacific/Kiritimati" });
  await newcomer(browser, page, unique("Ada East"), "Candidate");
  // The browser tells its zone once a page is there, whenever that is.
  await expect(async () => {
    await page.goto("/settings");
    await expect(page.getByLabel("Time zone", { exact: true })).toHaveValue("Pacific/Kiritimati", { timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  // The demo's day is 20 November, and it begins there at twelve by Greenwich.
  await expect(page.locator("#sessions")).toContainText(/Since 21 Nov 2026, 0[2-3]:/);
  await page.getByLabel("Time zone", { exact: true }).fill("");
  await page.getByRole("button", { name: "Save the time zone" }).click();
  await expect(page.getByText("Your time zone is saved.")).toBeVisible();
  await context.close();
});
