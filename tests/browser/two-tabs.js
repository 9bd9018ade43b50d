// Random walks of two tabs and two accounts through the form that keeps what is typed: reloads, back and forward, offline,
// slow, hung and lost answers, sessions that end, and somebody else who signs in. Afterwards everything that was typed is with
// the server or can be brought back by who typed it, and nothing is anywhere else. `tests/harness/run two-tabs COUNT` runs it.
import { readFileSync } from "node:fs";
import { chromium as engine } from "@playwright/test";
import { chromium } from "./support/chromium.js";
import { startDemo } from "./support/demo.js";

const [count, seed] = process.argv.slice(2).map(Number);
const STEPS = 18;
const AT_ONCE = 2;
const PASSWORD = "four unrelated words of mine";
// Time limits are shortened, so that a hung server takes a walk no longer than a person's pause; nothing else is changed.
const SCRIPT = readFileSync(new URL("../../static/typed.js", import.meta.url), "utf8").replace("PATIENCE = 10_000", "PATIENCE = 120");

const dice = (from) => {
  let state = from >>> 0;
  const next = () => { state = (state + 0x6d2b79f5) >>> 0; let t = Math.imul(state ^ (state >>> 15), state | 1); t ^= t + Math.imul(t ^ (t >>> 7), t | 61); return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
  return { next, one: (list) => list[Math.floor(next() * list.length)] };
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// An account of a candidate, with the cookie of its session.
async function account(browser, url, admin, name) {
  await admin.goto(`${url}/admin/accounts`);
  await admin.getByLabel("Full name").fill(name);
  await admin.getByLabel("Email address").fill(`${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@example.com`);
  await admin.getByRole("checkbox", { name: "Candidate", exact: true }).check();
  await admin.getByRole("button", { name: "Add the account" }).click();
  const link = (await admin.getByRole("status").locator("code").innerText()).trim();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password and sign in" }).click();
  await page.waitForURL(`${url}/`);
  const cookie = (await context.cookies()).find((it) => it.name === "evident");
  const who = await page.evaluate(() => document.documentElement.dataset.who);
  await context.close();
  return { name, cookie, who };
}

async function walk(browser, url, accounts, number) {
  const chance = dice(seed * 100_003 + number);
  const mark = `w${seed}x${number}x`;
  const steps = [], faults = [];
  const typed = new Map(); // token -> the account's who
  const acknowledged = new Set();
  let tokens = 0, mode = "well", offline = false;
  const context = await browser.newContext({ baseURL: url });
  context.setDefaultTimeout(4000);
  const signIn = (person) => context.addCookies([person.cookie]);
  const tokensIn = (text) => [...(text ?? "").matchAll(new RegExp(`${mark}\\d+e`, "g"))].map(([token]) => token);
  await context.route("**/static/typed*.js", (route) => route.fulfill({ body: SCRIPT, contentType: "text/javascript" }));
  await context.route(/\/static\/.*\.(css|woff2)$/, (route) => route.abort());
  await context.route("**/evidence**", async (route) => {
    const request = route.request();
    if (request.method() !== "POST" || !new URL(request.url()).pathname.startsWith("/evidence")) return route.fallback();
    const now = mode;
    mode = "well";
    try {
      if (now === "slow") await pause(60);
      if (now === "refused connection") return await route.abort("connectionrefused");
      if (now === "hung") return; // Never answered, and never there.
      if (now === "answer lost" || now === "answer hung") {
        await context.request.fetch(request, { maxRedirects: 0, failOnStatusCode: false });
        return now === "answer lost" ? await route.abort("connectionreset") : undefined;
      }
      return await route.fallback();
    } catch { /* the page is gone */ }
  });
  context.on("response", (response) => {
    const request = response.request();
    if (request.method() !== "POST" || (response.status() !== 200 && response.status() !== 303)) return;
    if (response.status() === 200 && !new URL(request.url()).pathname.endsWith("/draft")) return;
    for (const token of tokensIn(decodeURIComponent((request.postData() ?? "").replaceAll("+", " ")))) acknowledged.add(token);
  });
  const tabs = [];
  const newTab = async (place) => {
    const page = await context.newPage();
    page.on("dialog", (dialog) => dialog.accept().catch(() => {}));
    page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
    tabs[place] = page;
    await page.goto("/evidence/new").catch(() => {});
  };
  // What somebody sees on a page: never what another account typed.
  const look = async (page) => {
    const seen = await page.evaluate(() => ({ who: document.documentElement.dataset.who ?? "", text: document.body.innerText + [...document.querySelectorAll("input:not([type=hidden]), textarea")].map((it) => it.value).join(" ") })).catch(() => null);
    if (!seen) return;
    for (const token of tokensIn(seen.text)) if (typed.get(token) !== seen.who) faults.push(`misplaced: ${token} of ${typed.get(token)} is shown to ${seen.who || "nobody"}`);
  };
  const drafts = new Set();
  const deeds = {
    type: async (page) => {
      const token = `${mark}${tokens}e`;
      const who = await page.evaluate((word) => {
        const form = document.querySelector("form[data-unsaved]"), text = form?.elements.situation;
        if (!text) return null;
        if (!form.elements.title.value) form.elements.title.value = `Walk ${word}`;
        text.value += ` ${word}`;
        text.dispatchEvent(new Event("input", { bubbles: true }));
        return document.documentElement.dataset.who;
      }, token);
      if (who === null) return "no form";
      tokens += 1;
      typed.set(token, who);
      return token;
    },
    autosave: async (page) => {
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      if (chance.next() < 0.7) await pause(40);
      if (/\/evidence\/[0-9a-f-]{36}\/edit$/.test(page.url())) drafts.add(new URL(page.url()).pathname);
    },
    submit: async (page) => {
      const value = chance.one(["draft", "draft", "publish"]);
      await page.evaluate((wanted) => [...document.querySelectorAll("form[data-unsaved] button[name=intent]")].findLast((it) => it.value === wanted)?.click(), value);
      if (chance.next() < 0.2) await page.evaluate((wanted) => [...document.querySelectorAll("form[data-unsaved] button[name=intent]")].findLast((it) => it.value === wanted)?.click(), value).catch(() => {});
      await pause(chance.one([0, 80, 160]));
      return value;
    },
    reload: (page) => page.reload({ waitUntil: "domcontentloaded" }),
    back: (page) => page.goBack({ waitUntil: "domcontentloaded" }),
    forward: (page) => page.goForward({ waitUntil: "domcontentloaded" }),
    anew: (page) => page.goto("/evidence/new", { waitUntil: "domcontentloaded" }),
    draft: (page) => (drafts.size ? page.goto(chance.one([...drafts]), { waitUntil: "domcontentloaded" }) : "none yet"),
    "bring back": (page) => page.evaluate(() => {
      const button = [...document.querySelectorAll("[data-kept] button")].find((it) => it.textContent.startsWith("Bring it back"));
      button?.click();
      return button?.textContent ?? "nothing is offered";
    }),
    close: async (page, place) => { await page.close({ runBeforeUnload: false }); await newTab(place); },
    network: async () => { offline = !offline; await context.setOffline(offline); return offline ? "away" : "there"; },
    server: async () => { mode = chance.one(["slow", "hung", "answer lost", "answer hung", "refused connection"]); return mode; },
    session: async () => {
      const what = chance.one(["A", "A", "B", "ended", "signed out"]);
      if (what === "A" || what === "B") await signIn(accounts[what === "A" ? 0 : 1]);
      else if (what === "ended") await context.addCookies([{ ...accounts[0].cookie, value: "0".repeat(64) }]);
      else await context.clearCookies({ name: "evident" });
      return what;
    },
  };
  const often = ["type", "type", "type", "type", "type", "type", "type", "type", "autosave", "autosave", "submit", "reload", "back", "forward", "anew", "draft", "bring back", "bring back", "close", "network", "server", "server", "session"];
  try {
    await signIn(accounts[0]);
    await Promise.all([newTab(0), newTab(1)]);
    for (let step = 0; step < STEPS; step += 1) {
      const place = chance.one([0, 1]), name = chance.one(often), page = tabs[place];
      const came = await Promise.race([deeds[name](page, place), pause(3000).then(() => "took long")]).catch((error) => error.message.split("\n")[0]);
      steps.push(`tab ${place + 1}: ${name}${typeof came === "string" ? ` (${came})` : ""}`);
      await look(tabs[place]);
    }
    await pause(150);
    for (const page of tabs) await page.close({ runBeforeUnload: false });
    mode = "well";
    await context.setOffline(false);
    const there = new Map(); // token -> who can reach it
    for (const person of accounts) {
      await signIn(person);
      const page = await context.newPage();
      page.on("dialog", (dialog) => dialog.accept().catch(() => {}));
      const note = (texts, where) => {
        for (const token of texts.flatMap(tokensIn)) {
          if (typed.get(token) !== person.who) faults.push(`misplaced: ${token} of ${typed.get(token)} is ${where} ${person.name}`);
          else there.set(token, where);
        }
      };
      // What the server has: every entry with this walk's marks, drafts and published.
      const texts = [];
      for (const status of ["draft", "final"]) {
        const list = await (await context.request.get(`/evidence?status=${status}&q=Walk`)).text();
        const ids = [...new Set([...list.matchAll(/\/evidence\/([0-9a-f-]{36})"[^>]*>([^<]*)</g)].filter(([, , title]) => title.includes(mark)).map(([, id]) => id))];
        for (const id of ids) texts.push(await (await context.request.get(`/evidence/${id}/edit`)).text());
      }
      note(texts, "in the dossier of");
      await page.goto("/evidence/new");
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
      if (tokensIn(stored).length) faults.push(`readable in the browser: ${tokensIn(stored)}`);
      note(await page.evaluate(() => {
        const texts = [], form = document.querySelector("form[data-unsaved]");
        for (const box of document.querySelectorAll("[data-slot]")) {
          [...box.querySelectorAll("button")].find((it) => it.textContent.startsWith("Bring it back")).click();
          texts.push(form.elements.situation.value);
        }
        return texts;
      }), "brought back by");
      await page.close();
    }
    for (const [token, who] of typed) if (!there.has(token) && !acknowledged.has(token)) faults.push(`lost: ${token} of ${who}`);
  } catch (error) {
    faults.push(`the walk broke off: ${error.message.split("\n")[0]}`);
  }
  await context.close();
  if (faults.length) console.error(`walk ${number} of seed ${seed}:\n  ${[...steps, ...faults].join("\n  ")}`);
  const of = (kind) => faults.filter((fault) => fault.startsWith(kind)).length;
  return { typed: typed.size, lost: of("lost"), misplaced: of("misplaced") + of("readable"), broken: faults.length ? 1 : 0 };
}

const demo = await startDemo();
const browser = await engine.launch(chromium());
const sum = { walks: 0, typed: 0, lost: 0, misplaced: 0, broken: 0 };
try {
  const admin = await (await browser.newContext()).newPage();
  await admin.goto(`${demo.url}/sign-in`);
  await admin.getByRole("main").getByRole("button", { name: "Admin", exact: true }).click();
  await admin.waitForURL(/\/admin/);
  const rows = [];
  for (let row = 0; row < AT_ONCE; row += 1) rows.push([await account(browser, demo.url, admin, `Ada Walker ${row}`), await account(browser, demo.url, admin, `Ben Walker ${row}`)]);
  await admin.context().close();
  let next = 0;
  await Promise.all(rows.map(async (accounts) => {
    while (next < count) {
      const number = next++;
      const found = await walk(browser, demo.url, accounts, number);
      sum.walks += 1;
      for (const name of ["typed", "lost", "misplaced", "broken"]) sum[name] += found[name];
    }
  }));
} finally {
  await browser.close();
  await demo.stop();
}
console.log(JSON.stringify(sum));
