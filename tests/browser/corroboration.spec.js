// Asking a colleague and somebody without an account, being named, and settling an account that differs.
import { findings } from "./support/axe.js";
import { another, expect, newcomer, signIn, test, unique } from "./support/site.js";

// Logs an entry that names somebody, and leaves its page open.
async function log(page, title, name) {
  await page.goto("/evidence/new");
  await page.getByLabel("What happened?").fill(title);
  const when = page.getByRole("group", { name: "When?" });
  await when.getByLabel("Month").fill("9");
  await when.getByLabel("Year").fill("2026");
  await page.getByRole("checkbox", { name: /^Cross-domain/ }).check();
  await page.getByLabel(/^What came of it/).fill("Nobody is paged for another domain's alarms.");
  await page.locator("summary", { hasText: /^People$/ }).click();
  await page.getByLabel("Name", { exact: true }).first().fill(name);
  await page.getByLabel("As what").first().selectOption("peer");
  await page.getByText(/^Somebody new/).first().click();
  await page.getByLabel("Where they belong").first().selectOption("external");
  await page.getByRole("button", { name: "Save and publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  return page.url();
}

// Asks whom the entry names, and gives the link where there is one.
async function ask(page, entry, name) {
  await page.goto(entry);
  await page.getByRole("link", { name: "Ask somebody" }).click();
  await expect(page.getByRole("main")).toContainText("Asking takes them off the vote");
  await page.getByRole("radio", { name: new RegExp(`^${name}`) }).check();
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await expect(page.getByRole("status")).toContainText(`${name} is asked`);
  const link = page.getByRole("status").locator("code");
  return (await link.count()) > 0 ? link.innerText() : "";
}

test("a colleague answers differently, the candidate replies, and a CTO settles it", async ({ browser, page }) => {
  const [owner, colleague] = [unique("Ada Quill"), unique("Ben Quill")];
  await newcomer(browser, page, owner, "Candidate");
  const friend = await another(browser);
  await newcomer(browser, friend.page, colleague, "Candidate");
  await page.goto("/settings");
  await page.getByRole("radio", { name: "CTOs", exact: true }).check();
  await page.getByRole("button", { name: "Save the sharing" }).click();
  const title = unique("Settled who owns identity");
  const entry = await log(page, title, colleague);
  await ask(page, entry, colleague);

  // The colleague is told that they are named, and asked.
  await friend.page.goto("/inbox");
  await expect(friend.page.getByRole("main")).toContainText(`${owner} names you`);
  await friend.page.goto("/named");
  await expect(friend.page.getByRole("main")).toContainText(title);
  await friend.page.getByRole("radio", { name: "It is right to name me so" }).check();
  await friend.page.getByRole("button", { name: "Give this answer" }).click();
  await expect(friend.page.getByRole("status")).toContainText(`Your answer to “${title}” is kept`);
  await friend.page.goto("/inbox");
  await friend.page.getByRole("main").getByRole("link", { name: /asks whether something happened/ }).click();
  await expect(friend.page.getByRole("heading", { level: 1 })).toHaveText("Did it happen like this?");
  await expect(friend.page.getByRole("main")).toContainText("Who will see your answer");
  await friend.page.getByRole("radio", { name: "I remember it differently" }).check();
  await friend.page.getByRole("button", { name: "Give this answer" }).click();
  await expect(friend.page).toHaveTitle(/^Error: /);
  await friend.page.getByLabel("How you remember it").fill("It was the whole group.");
  await friend.page.getByRole("button", { name: "Give this answer" }).click();
  await expect(friend.page.getByRole("status")).toContainText("Thank you");

  await page.goto(entry);
  await expect(page.getByRole("main")).toContainText("agreed to be named so");
  await expect(page.getByRole("main")).toContainText("Account differs");
  await page.getByRole("link", { name: /^Their account/ }).click();
  await expect(page.getByRole("main")).toContainText("It was the whole group.");
  const answer = page.url();
  await page.getByLabel("How you see it").fill("We decided together, and I prepared it.");
  await page.getByRole("button", { name: "Save the reply" }).click();
  await expect(page.getByRole("status")).toHaveText("Saved.");

  const cto = await another(browser);
  await signIn(cto.page, "CTO");
  await cto.page.goto(answer);
  await expect(cto.page.getByRole("main")).toContainText("We decided together");
  await cto.page.getByLabel("Why it is settled").fill("Both took part.");
  await cto.page.getByRole("button", { name: "Settle this account" }).click();
  await expect(cto.page.getByRole("main")).toContainText("Both took part.");
  await page.goto(entry);
  await expect(page.getByRole("main")).toContainText("Differed, settled");
  for (const one of [friend, cto]) {
    expect(one.faults).toEqual([]);
    await one.context.close();
  }
});

test("somebody without an account answers by a link, once, and it counts once an admin vouches for it", async ({ browser, page }) => {
  const [owner, customer] = [unique("Cleo Quill"), unique("Pia Lund")];
  await newcomer(browser, page, owner, "Candidate");
  const title = unique("Settled how three domains share on-call");
  const entry = await log(page, title, customer);
  const link = await ask(page, entry, customer);

  // Whoever asked answers nothing, signed in or out, in their browser.
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This is for somebody else to answer");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This is for somebody else to answer");

  const pia = await another(browser, { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  for (let opened = 0; opened < 2; opened += 1) {
    await pia.page.goto(link);
    await expect(pia.page.getByRole("main")).toContainText("Nobody is paged for another domain");
  }
  await pia.page.getByRole("radio", { name: "Yes, it happened like this" }).check();
  await pia.page.getByLabel(/^A sentence that may be quoted/).fill("It has held since.");
  await pia.page.getByRole("button", { name: "Give this answer" }).click();
  await expect(pia.page.getByRole("heading", { level: 1 })).toHaveText("Thank you");
  await pia.page.goto(link);
  await expect(pia.page.getByRole("heading", { level: 1 })).toHaveText("This link was used");
  expect(pia.faults).toEqual([]);
  await pia.context.close();

  // The dossier is private, so that CTOs know neither of her nor of what waits; an admin does.
  const admin = await another(browser);
  await signIn(admin.page, "Admin");
  await admin.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Vouching" }).click();
  const item = admin.page.getByRole("main").getByRole("listitem").filter({ has: admin.page.getByRole("heading", { name: customer }) });
  await expect(item).toContainText("By a link handed over");
  for (const secret of [owner, title, "It has held since"]) {
    await expect(admin.page.getByRole("main")).not.toContainText(secret);
  }
  expect(await findings(admin.page)).toEqual([]);
  await item.getByRole("button", { name: /^It was really them/ }).click();
  await expect(admin.page.getByRole("status")).toHaveText("Kept. It counts from now on.");
  await expect(item).toHaveCount(0);
  expect(admin.faults).toEqual([]);
  await admin.context.close();
});
