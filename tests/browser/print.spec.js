// On paper: the PDFs that the browser makes of the pages that people print, read back sheet by sheet.
import { expect, signIn, test } from "./support/site.js";
import { MAIN_PAGES } from "./support/main-pages.js";
import { bare, sheets } from "./support/pdf.js";

// What has to stand on every sheet, so that one that lies alone on a table still says what it is. Whose dossier it is,
// is read from the page.
const TODAY = "20 Nov 2026";
const OWNER = "owner";
const PRINTED = {
  readiness: { on: [OWNER, TODAY], several: true },
  "readiness-cto": { on: [OWNER, TODAY], several: true },
  entry: { on: [OWNER, TODAY] },
  evidence: { on: [OWNER, TODAY], several: true },
  board: { on: ["Committee board", TODAY] },
  compare: { on: ["side by side", TODAY] },
  framework: { on: ["Senior Director", "version 1"], several: true },
};
// Half an A4 sheet, so that tables of a small company, too, go over several.
const HALF = { width: "210mm", height: "148mm", margin: { top: "12mm", bottom: "12mm", left: "16mm", right: "16mm" } };

// A page is printed once for all tests that a worker runs on it.
const kept = new Map();
async function printed(page, name) {
  if (!kept.has(name)) kept.set(name, await print(page, name));
  return kept.get(name);
}

async function print(page, name) {
  const { role, find } = MAIN_PAGES.find((one) => one.name === name);
  // Paper has no theme: what somebody with a dark screen prints is black on white as well.
  await page.emulateMedia({ colorScheme: "dark" });
  await signIn(page, role);
  const owner = name === "readiness-cto"
    ? await page.locator("main [role=rowheader] a").first().innerText()
    : await page.locator(".account a").innerText();
  await page.goto(await find(page));
  await page.evaluate(() => document.fonts.ready);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const shown = await page.evaluate(read);
  await page.emulateMedia({ media: null, colorScheme: "dark" });
  return {
    owner,
    ...shown,
    sheets: await sheets(await page.pdf({ preferCSSPageSize: true, printBackground: false })),
    halves: await sheets(await page.pdf({ ...HALF, preferCSSPageSize: false })),
  };
}

// In the page, as it is laid out for paper: the texts that belong together, the heads of tables, what nobody can press
// on paper, and how many characters may be in another colour than black.
function read() {
  for (const folded of document.querySelectorAll("main details:not([open])")) folded.open = true;
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const words = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let text = "";
    while (walker.nextNode()) {
      const holder = walker.currentNode.parentElement;
      if (seen(holder) && !holder.closest(".visually-hidden, template, option")) text += `${walker.currentNode.data} `;
    }
    return text;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  return {
    pieces: all("main :is(.list, .timeline, .rules) > li, main :is(.summary > div, .notice, .question, blockquote, .gap)").map(words),
    tables: all("main table").map((table) => ({
      head: table.tHead ? words(table.tHead) : "",
      rows: [...table.querySelectorAll("tbody tr")].filter(seen).map(words),
    })),
    controls: all("nav, button, input, select, textarea, .filters, .skip, .site, .site-foot, .demo")
      .filter((element) => !element.closest(".visually-hidden"))
      .map((element) => element.outerHTML.slice(0, 100)),
    coloured: all("main :is(.state, .tag, [data-heat], .error, .notice)").reduce((sum, element) => sum + words(element).length + 2, 0)
      + all("main :is(.cap, .rules > li)").length * 2,
  };
}

const on = (sheets, text) => sheets.flatMap((sheet, at) => (sheet.text.includes(text) ? [at] : []));

for (const [name, { on: repeated, several }] of Object.entries(PRINTED)) {
  test(`${name}, printed, has what is read and nothing to press, in black ink @look`, async ({ page }) => {
    const paper = await printed(page, name);
    expect.soft(paper.controls, "navigation, filters and buttons on paper").toEqual([]);
    for (const sheet of paper.sheets) {
      expect.soft(sheet.words, "the words of what is pressed").not.toMatch(/Sign out|Apply|Keyboard shortcuts|invented people|See it as/);
    }
    const other = paper.sheets.flatMap(({ inks }) => [...inks].filter(([ink]) => !isBlack(ink)).map(([, count]) => count));
    expect.soft(other.reduce((sum, count) => sum + count, 0), "characters in a colour").toBeLessThanOrEqual(paper.coloured);
  });

  test(`${name}, printed, splits no entry and no row, and leaves no sheet nearly empty @look`, async ({ page }) => {
    const paper = await printed(page, name);
    if (several) expect(paper.sheets.length, "sheets").toBeGreaterThan(1);
    for (const [format, all] of [["A4", paper.sheets], ["half a sheet", paper.halves]]) {
      const pieces = [...paper.pieces, ...paper.tables.flatMap(({ rows }) => rows)];
      const split = pieces.filter((piece) => fits(piece) && on(all, bare(piece)).length === 0);
      expect.soft(split.map((piece) => piece.replaceAll(/\s+/g, " ").trim().slice(0, 120)), `on no single sheet, ${format}`).toEqual([]);
    }
    const empty = paper.sheets.slice(0, -1).flatMap(({ lowest }, at) => (lowest < 0.4 ? [`sheet ${at + 1} of ${paper.sheets.length}`] : []));
    expect.soft(empty, "sheets of which less than 40 % are used").toEqual([]);
  });

  test(`${name}, printed, repeats the heads of its tables on every sheet @look`, async ({ page }) => {
    const paper = await printed(page, name);
    for (const { head, rows } of paper.tables.filter(({ head }) => bare(head))) {
      const needed = new Set(rows.filter((row) => bare(row).length > 30).flatMap((row) => on(paper.halves, bare(row))));
      const without = [...needed].filter((at) => !paper.halves[at].text.includes(bare(head))).map((at) => at + 1);
      expect.soft(without, `sheets without “${head.replaceAll(/\s+/g, " ").trim().slice(0, 80)}”`).toEqual([]);
    }
  });

  test(`${name}, printed, says on every sheet what it is, of when, and which sheet it is @look`, async ({ page }) => {
    const paper = await printed(page, name);
    const without = (missing) => paper.sheets.flatMap((sheet, at) => (missing(sheet, at) ? [at + 1] : []));
    const all = paper.sheets.length;
    expect.soft(without(({ words }, at) => !words.includes(`${at + 1} / ${all}`)), "sheets without their number").toEqual([]);
    for (const words of repeated.map((word) => (word === OWNER ? paper.owner : word))) {
      expect.soft(without(({ text }) => !text.includes(bare(words))), `sheets of ${all} without “${words}”`).toEqual([]);
    }
  });
}

// Grey as dark as #333 at least.
function isBlack(ink) {
  const parts = [1, 3, 5].map((at) => Number.parseInt(ink.slice(at, at + 2), 16));
  return Math.max(...parts) <= 0x33;
}

// What is longer than a sheet can't be on one: 1,200 characters fill half of one at least.
const fits = (piece) => bare(piece).length > 0 && bare(piece).length < 1_200;
