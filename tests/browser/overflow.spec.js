// Bad input that is nobody's fault: titles without a space, narratives of 20,000 words, thirty people on one entry, four
// hundred entries in a month, names in any script. Nothing overflows, overlaps, is cut off or pushes a page sideways.
// It fills a demo of its own, so that no other test sees what it writes.
import { findings } from "./support/axe.js";
import { geometry } from "./support/geometry.js";
import { test } from "./support/own-demo.js";
import { another, expect, PASSWORD, signIn } from "./support/site.js";

test.describe.configure({ mode: "default" });

const WIDTHS = [320, 768, 1440];
const ENTRIES = 400;
const AT_ONCE = 8;
const SETUP = 600_000;
const OWNER = "عبد الرحمن بن محمد الفارسي 山田太郎 👩🏽‍💻🏳️‍🌈";
const NAMES = [
  "محمد بن عبد الله الخوارزمي", "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末", "אברהם בן־דוד", "👨‍👩‍👧‍👦 Familie Ünal 🧑🏿‍🚀",
  "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe", "Nguyễn Thị Ánh Tuyết", "สมชาย ใจดีมากที่สุดในโลก", "Z̷̢̛a̷̡l̶̨g̵o̶ ̸P̷é̴t̵e̵r̶",
];
const TITLE = "W".repeat(200);
const RTL = "أنجز الفريق الانتقال إلى المنصة الجديدة قبل الموعد (Q3 2026) ✅";
const STORY = Array.from({ length: 20_000 }, (_, at) => (at % 2_000 === 1_999 ? "x".repeat(300) : ["ledger", "domain", "台帳", "قرار", "on-call"][at % 5])).join(" ");

const world = {};

// Sends the form as the page itself would.
async function log(page, fields) {
  const body = new URLSearchParams();
  const whole = { from_month: "10", from_year: "2026", capability: "cross-domain-leadership", intent: "publish", confirm_duplicate: "true", ...fields };
  for (const [name, value] of Object.entries(whole)) for (const one of [value].flat()) body.append(name, one);
  const origin = process.env.EVIDENT_BROWSER_URL;
  const answer = await page.request.post("/evidence", {
    data: body.toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", origin },
    maxRedirects: 0,
  });
  expect(answer.status(), (await answer.text()).match(/<li><a href="#[^<]*/)?.[0] ?? "").toBe(303);
  return new URL(answer.headers().location, origin).pathname;
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(SETUP);
  const admin = await another(browser);
  await signIn(admin.page, "Admin");
  await admin.page.goto("/admin/accounts");
  await admin.page.getByLabel("Full name").fill(OWNER);
  await admin.page.getByLabel("Email address").fill("farsi@example.com");
  await admin.page.getByRole("checkbox", { name: "Candidate", exact: true }).check();
  await admin.page.getByRole("button", { name: "Add the account" }).click();
  const link = await admin.page.getByRole("status").locator("code").innerText();
  await admin.context.close();

  const { context, page } = await another(browser);
  await page.goto(link.trim());
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password and sign in" }).click();
  await page.goto("/settings");
  await page.getByLabel("CTOs and the committee").check();
  await page.getByRole("button", { name: "Save the sharing" }).click();
  await expect(page.locator("#sharing")).toContainText("Sharing is saved");
  const people = Array.from({ length: 30 }, (_, at) => `${NAMES[at % NAMES.length]} ${at + 1}`);
  world.long = await log(page, { title: TITLE, situation: STORY, impact: TITLE.toLowerCase(), links: `https://example.com/${"a".repeat(1_000)}` });
  world.crowd = await log(page, {
    title: RTL, capability: ["developing-e1s", "external-presence"], person: people, as: people.map(() => "developed"),
    organization: people.map(() => "internal"), works_at: people.map(() => "x".repeat(150)), level: people.map(() => "E1"), domain: people.map(() => "Zahlungsverkehrsinfrastruktur".repeat(4)),
  });
  const rest = Array.from({ length: ENTRIES - 2 }, (_, at) => at);
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
      await log(page, { title: `${at}: ${[RTL, "議事録をまとめた", `${"y".repeat(60)}`, "Settled a claim"][at % 4]}` });
    }
  }));
  world.storage = await context.storageState();
  await page.goto("/");
  world.readiness = await page.locator("main a[href*='/readiness']").first().getAttribute("href");
  await context.close();
});

const dossier = () => world.readiness.match(/\/dossiers\/([^/]+)\//)[1];
const person = async (page, name) => {
  await page.goto(`/people?q=${encodeURIComponent(name)}`);
  return page.locator("main a[href^='/people/']").first().getAttribute("href");
};
const PAGES = [
  ["home", "owner", () => "/"],
  ["the evidence list", "owner", () => "/evidence"],
  ["the list of a long search", "owner", () => `/evidence?q=${"w".repeat(200)}`],
  ["the form, with everybody who is known", "owner", () => "/evidence/new"],
  ["an entry of 20,000 words", "owner", () => world.long],
  ["its form", "owner", () => `${world.long}/edit`],
  ["its revisions", "owner", () => `${world.long}/revisions`],
  ["an entry with thirty people", "owner", () => world.crowd],
  ["its form with thirty rows", "owner", () => `${world.crowd}/edit`],
  ["readiness", "owner", () => world.readiness],
  ["readiness of somebody else", "CTO", () => world.readiness],
  ["an entry of somebody else", "CTO", () => world.crowd],
  ["dossiers", "CTO", () => "/dossiers"],
  ["people", "CTO", () => "/people?organization=internal&q=wolf"],
  ["a person", "CTO", (page) => person(page, "Wolfeschlegel")],
  ["a person in another script", "CTO", (page) => person(page, "محمد")],
  ["the board", "Committee", () => "/committee"],
  ["a comparison", "Committee", async (page) => {
    await page.goto("/committee");
    const others = await page.locator("input[name=dossier]").evaluateAll((boxes) => boxes.map((box) => box.value));
    return `/compare?${[dossier(), ...others.filter((id) => id !== dossier()).slice(0, 3)].map((id) => `dossier=${id}`).join("&")}`;
  }],
  ["accounts", "Admin", () => `/admin/accounts?q=${encodeURIComponent("عبد")}`],
  ["an account", "Admin", async (page) => {
    await page.goto(`/admin/accounts?q=${encodeURIComponent("عبد")}`);
    return page.locator("main a[href^='/admin/accounts/']:not([href$='/accounts/'])").first().getAttribute("href");
  }],
  ["the audit log", "Admin", () => "/admin/audit"],
];

for (const [name, role, find] of PAGES) {
  test(`${name}: whatever was typed, nothing overflows, overlaps or is cut off @look`, async ({ browser }) => {
    const { context, page, faults } = await another(browser, role === "owner" ? { storageState: world.storage } : {});
    if (role !== "owner") await signIn(page, role);
    const answer = await page.goto(await find(page));
    expect(answer.status()).toBe(200);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const { wide, overlapping, clipped } = await geometry(page);
      expect.soft(wide, `wider than the screen, ${width} px`).toEqual([]);
      expect.soft(overlapping, `text on text, ${width} px`).toEqual([]);
      expect.soft(clipped, `cut off, ${width} px`).toEqual([]);
    }
    await page.setViewportSize({ width: WIDTHS[0], height: 640 });
    expect.soft(await findings(page), "axe").toEqual([]);
    expect.soft(faults).toEqual([]);
    await context.close();
  });
}
