// Takes the README's screenshots, from a demo of its own, into docs/screenshots.
import { mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium as engine } from "@playwright/test";
import { chromium } from "./support/chromium.js";
import { startDemo } from "./support/demo.js";

const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const WIDE = { width: 1440, height: 1000 };
const LARGEST = 300_000;

const demo = await startDemo();
const browser = await engine.launch(chromium());

async function as(role, viewport) {
  const context = await browser.newContext({ baseURL: demo.url, viewport, deviceScaleFactor: 1, colorScheme: "light" });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByRole("main").getByRole("button", { name: role, exact: true }).click();
  await page.locator("form[action='/sign-out']").waitFor({ state: "attached" });
  return page;
}

async function take(page, name) {
  await page.evaluate(() => document.fonts.ready);
  const path = `${FOLDER}${name}.png`;
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > LARGEST) throw new Error(`${path} has ${size} bytes; at most ${LARGEST} are wanted.`);
  console.log(`${path}: ${size} bytes`);
}

try {
  mkdirSync(FOLDER, { recursive: true });
  const candidate = await as("Candidate", WIDE);
  await candidate.goto("/");
  await take(candidate, "home");
  const readiness = await candidate.locator("main a[href*='/readiness']").first().getAttribute("href");
  await candidate.goto(readiness);
  await take(candidate, "readiness");
  await candidate.goto("/evidence/new");
  await candidate.locator("#title").fill("Settled with Payments and Platform who owns the ledger's on-call");
  await candidate.locator("#from").fill("October");
  await candidate.locator("#from-year").fill("2026");
  await candidate.locator("#capability-cross-domain-leadership").check();
  await candidate.locator("#criterion-cross-domain-leadership-lasting-conflict-resolution").check();
  await candidate.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  await take(candidate, "log-evidence");
  const committee = await as("Committee", WIDE);
  await committee.goto("/committee?gap=external-presence&kind=lapsed,short");
  await take(committee, "board");
  const phone = await as("Candidate", { width: 390, height: 844 });
  await phone.goto(readiness);
  await take(phone, "readiness-phone");
} finally {
  await browser.close();
  await demo.stop();
}
