// Every page, in both themes and on a phone: axe finds nothing, nothing scrolls sideways at 320 px, targets are large
// enough, and what is sent is small.
import { gzipSync } from "node:zlib";
import { findings } from "./support/axe.js";
import { another, expect, invite, signIn, test, unique } from "./support/site.js";

const LARGEST = 60_000;

const first = (selector) => async (page) => page.locator(selector).first().getAttribute("href");
const entry = (status) => async (page) => {
  await page.goto(`/evidence?status=${status}`);
  return first("ul.list h2 a")(page);
};
const after = (path, find, suffix = "") => async (page) => {
  await page.goto(path);
  return (await find(page)) + suffix;
};
const one = "main [role=rowheader] a";
const readiness = "main a[href*='/readiness']";
const sitting = async (page) => (await first(one)(page)).replace(/readiness.*$/, "sitting");
const others = async (page) => {
  await page.goto(await after("/dossiers", first(one))(page));
  return first("main a[href^='/evidence/']")(page);
};

// Name, role (or none), and the address or how to find it; the last may act on the page once it is open.
const PAGES = [
  ["sign-in", null, "/sign-in"],
  ["sign-in refused", null, "/sign-in", async (page) => {
    await page.getByLabel("Email address").fill("nobody@example.com");
    await page.getByLabel("Password").fill("nothing of the kind");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
  }],
  ["a link that is too old", null, "/set-password/not-a-token"],
  ["home", "Candidate", "/"],
  ["evidence", "Candidate", "/evidence"],
  ["evidence filtered", "Candidate", "/evidence?capability=external-presence&status=final&from=2025-01-01"],
  ["no evidence found", "Candidate", "/evidence?q=zzzzzz"],
  ["log evidence", "Candidate", "/evidence/new", async (page) => {
    for (const part of await page.locator("details:not([open]) > summary").all()) if (await part.isVisible()) await part.click();
  }],
  ["log evidence with faults", "Candidate", "/evidence/new", async (page) => {
    await page.getByLabel("What happened?").fill("Without a date");
    await page.locator("#from").fill("14");
    await page.getByRole("button", { name: "Save and publish" }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
  }],
  ["an entry", "Candidate", entry("final")],
  ["a draft", "Candidate", entry("draft")],
  ["edit an entry", "Candidate", async (page) => `${await entry("final")(page)}/edit`],
  ["revisions", "Candidate", async (page) => `${await entry("final")(page)}/revisions`],
  ["ask somebody", "Candidate", async (page) => `${await entry("final")(page)}/requests`],
  ["those an entry names", "Candidate", async (page) => `${await entry("final")(page)}/named`],
  ["where one is named", "CTO", "/named"],
  ["a question to answer", "CTO", after("/inbox", first("main a[href^='/requests/']"))],
  ["a link with nothing to answer", null, "/answers/not-a-token"],
  ["own readiness", "Candidate", after("/", first(readiness))],
  ["check-ins", "Candidate", "/check-ins"],
  ["inbox", "Candidate", "/inbox"],
  ["development plan", "Candidate", "/development", async (page) => {
    for (const part of await page.locator("main details:not([open]) > summary").all()) if (await part.isVisible()) await part.click();
  }],
  ["an action of a plan", "Candidate", after("/development", first("main a[href^='/development/actions/']"))],
  ["a conversation", "Candidate", after("/development", first("main a[href^='/development/conversations/']"))],
  ["settings of a candidate", "Candidate", "/settings"],
  ["guide", "Candidate", "/framework"],
  ["refused", "Candidate", "/committee"],
  ["not there", "Candidate", "/nowhere"],
  ["bad filter", "Candidate", "/evidence?from=yesterday"],
  ["dossiers", "CTO", "/dossiers"],
  ["readiness", "CTO", after("/dossiers", first(one)), async (page) => {
    for (const part of await page.locator("main details:not([open]) > summary").all()) if (await part.isVisible()) await part.click();
  }],
  ["readiness as of", "CTO", after("/dossiers", first(one), "?as_of=2025-03-31&lens=confirmed")],
  ["an entry of somebody else", "CTO", others],
  ["a sitting", "CTO", after("/dossiers", sitting), async (page) => {
    for (const part of await page.locator("main details:not([open]) > summary").all()) if (await part.isVisible()) await part.click();
  }],
  ["a sitting with faults", "CTO", after("/dossiers", sitting), async (page) => {
    for (const text of await page.locator("main textarea").all()) await text.fill("");
    for (const choice of await page.getByLabel("No answer").all()) await choice.check();
    await page.locator("#broader_scope-yes").check();
    await page.getByRole("button", { name: /^Release to/ }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
  }],
  ["what was said at sittings", "CTO", after("/dossiers", sitting, "s")],
  ["deputizing log", "CTO", async (page) => (await after("/dossiers", sitting)(page)).replace(/sitting$/, "deputizing")],
  ["assess an entry", "CTO", async (page) => `${await others(page)}/assessment`],
  ["comment on an entry", "CTO", async (page) => `${await others(page)}/comment?field=impact`],
  ["opportunities", "CTO", "/opportunities"],
  ["an opportunity", "CTO", after("/opportunities", first("main a[href^='/opportunities/']"))],
  ["what the CTO said", "Candidate", async (page) => {
    await page.goto("/readiness");
    return new URL(page.url()).pathname.replace(/readiness$/, "sittings");
  }],
  ["people", "CTO", "/people"],
  ["a person", "CTO", after("/people", first(one))],
  ["add a person", "CTO", "/people/new", async (page) => {
    await page.getByLabel("Full name").fill("Somebody Else");
    await page.locator("#organization").evaluate((field) => { field.required = false; });
    await page.getByRole("button", { name: "Add the person" }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
  }],
  ["own trajectories", "Candidate", async (page) => {
    await page.goto("/trajectories");
    return new URL(page.url()).pathname;
  }],
  ["trajectories", "CTO", async (page) => (await after("/dossiers", first(one))(page)).replace(/readiness.*$/, "trajectories")],
  ["trajectories of nobody", "CTO", async (page) => (await after("/dossiers", first(one))(page)).replace(/readiness.*$/, "trajectories?as_of=1990-01-01")],
  ["claims", "CTO", "/dossiers/claims"],
  ["people who may be one", "Admin", "/admin/people"],
  ["two who may be one", "Admin", after("/admin/people", first("main a[href*='/admin/people/merge?']"))],
  ["compare", "CTO", async (page) => {
    await page.goto("/dossiers");
    const ids = await page.locator("input[name=dossier]").evaluateAll((boxes) => boxes.slice(0, 4).map((box) => box.value));
    return `/compare?${ids.map((id) => `dossier=${id}`).join("&")}`;
  }],
  ["compare nobody", "Committee", "/compare"],
  ["board", "Committee", "/committee"],
  ["board filtered", "Committee", "/committee?gap=external-presence&gap=cto-partnership&match=all&kind=short&lens=all"],
  ["board without anybody", "Committee", "/committee?q=zzzzzz"],
  ["settings of others", "Committee", "/settings"],
  ["administration", "Admin", "/admin"],
  ["accounts", "Admin", "/admin/accounts"],
  ["an account", "Admin", after("/admin/accounts", first("main a[href^='/admin/accounts/']:not([href$='/accounts/'])"))],
  ["audit log", "Admin", "/admin/audit"],
  ["jobs", "Admin", "/admin/jobs"],
  ["organizations", "Admin", "/admin/organizations"],
  ["vouching", "CTO", "/vouching"],
];

// What a first visit to the page receives, gzipped, without its fonts.
async function weight(page) {
  const files = await page.evaluate(() => [location.href, ...performance.getEntriesByType("resource").map((file) => file.name)]);
  let bytes = 0;
  for (const file of files) {
    if (file.endsWith(".woff2")) continue;
    const answer = await page.request.get(file);
    bytes += gzipSync(await answer.body()).length;
  }
  return bytes;
}

async function hold(page) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    expect(await findings(page), `axe, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    return [...document.querySelectorAll("main *, header *, footer *, aside *")]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !element.closest(".table-wrap"))
      .slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
  });
  expect(wide, "wider than 320 px").toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), "nothing scrolls sideways").toBeLessThanOrEqual(320);
  expect(await findings(page), "axe, 320 px").toEqual([]);
}

for (const [name, role, where, act] of PAGES) {
  test(`${name} @look`, async ({ page }) => {
    if (role) await signIn(page, role);
    const path = typeof where === "string" ? where : await where(page);
    expect(path, "the page's address").toBeTruthy();
    await page.goto(path, { waitUntil: "load" });
    const bytes = await weight(page);
    expect(bytes, "page, style and script").toBeGreaterThan(10_000);
    expect(bytes, "bytes, gzipped, without fonts").toBeLessThanOrEqual(LARGEST);
    if (act) await act(page);
    await hold(page);
  });
}

test("an invitation and its page @look", async ({ browser, page }) => {
  await signIn(page, "Admin");
  const link = await invite(page, unique("Mara Stone"), "Committee");
  await hold(page);
  const hers = await another(browser);
  await hers.page.goto(link);
  await hold(hers.page);
  expect(hers.faults).toEqual([]);
  await hers.context.close();
});

test("the chosen theme stands above the system's @look", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/sign-in");
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Dark" }).click();
  expect(await background()).not.toBe(light);
  await page.reload();
  expect(await background()).not.toBe(light);
  expect(await findings(page)).toEqual([]);
});
