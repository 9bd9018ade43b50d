// What is chosen is the address: a copied one shows somebody else's browser the same choices and the same rows.
import { another, expect, signIn, test } from "./support/site.js";

// Each page's filters, singly and together, as its form names them.
const PAGES = [
  { name: "the evidence list", role: "Candidate", path: "/evidence", rows: "ul.list > li h2", choices: [
    "q=board", "capability=external-presence", "capability=cto-partnership&capability=developing-e1s", "status=draft", "status=final",
    "from=2025-06-01", "to=2025-12-31", "q=the&capability=cross-domain-leadership&status=final&from=2025-01-01&to=2026-06-30&page=2",
  ] },
  { name: "the board", role: "Committee", path: "/committee", rows: "tbody [role=rowheader]", choices: [
    "q=e", "gap=external-presence", "gap=external-presence&gap=cto-partnership&match=all", "kind=short", "kind=lapsed&kind=short",
    "kind=short,unheard", "state=developing", "lens=all", "per_page=3&page=2",
    "q=a&gap=developing-e1s&gap=external-presence&match=any&kind=short&kind=unheard&state=sustained&lens=all",
  ] },
  { name: "the overview", role: "CTO", path: "/dossiers", rows: "tbody [role=rowheader]", choices: [
    "q=e", "gap=cross-domain-leadership", "gap=external-presence&gap=cto-partnership&match=all", "kind=unconfirmed", "state=emerging",
    "lens=confirmed", "as_of=2025-06-30", "gap=external-presence&kind=lapsed&kind=short&state=sustained&lens=all&as_of=2026-03-31&q=a",
  ] },
  { name: "readiness", role: "CTO", find: "main [role=rowheader] a", rows: "main .state, main .summary dd, td[data-heat], .rules > li", choices: [
    "as_of=2025-03-31", "lens=confirmed", "as_of=2026-01-31&lens=confirmed",
  ] },
  { name: "people", role: "CTO", path: "/people", rows: "tbody [role=rowheader]", choices: [
    "q=a", "organization=external", "organization=internal&page=2", "q=e&organization=internal",
  ] },
];

// Every control that has a name, with what it holds, as somebody sees it; hidden ones too, as they are sent along.
const controls = (page, path) => page.evaluate((action) => {
  const form = [...document.querySelectorAll("main form[method=get]")].find((one) => new URL(one.action).pathname === action);
  return [...form.elements].filter((element) => element.name).map((element) => {
    const ticked = ["checkbox", "radio"].includes(element.type);
    return `${element.name} ${ticked ? `${element.value} ${element.checked}` : element.value}`;
  });
}, path);

const shown = async (page, rows) => (await page.locator(rows).allInnerTexts()).map((text) => text.trim());

for (const { name, role, path: fixed, find, rows, choices } of PAGES) {
  test(`${name}: every filter survives a copied address`, async ({ browser, page }) => {
    await signIn(page, role);
    let path = fixed;
    if (find) path = new URL(await page.locator(find).first().getAttribute("href"), page.url()).pathname;
    const other = await another(browser);
    await signIn(other.page, role);
    await page.goto(path);
    const plain = { controls: await controls(page, path), rows: await shown(page, rows) };
    expect(plain.rows.length, "rows without a filter").toBeGreaterThan(2);

    for (const choice of choices) {
      // It is chosen by hand first: the form's own address has to hold what was chosen.
      await page.goto(path);
      await choose(page, path, choice);
      for (const [key, value] of new URLSearchParams(choice)) {
        const values = value.split(",");
        for (const one of values) expect.soft(new URL(page.url()).searchParams.getAll(key).join(","), choice).toContain(one);
      }
      // Other tests add people and entries meanwhile: the two are asked again until nothing came in between.
      await expect(async () => {
        await page.reload();
        await other.page.goto(page.url());
        const here = { controls: await controls(page, path), rows: await shown(page, rows) };
        expect(here, `${choice} changes what is seen`).not.toEqual(plain);
        expect({ controls: await controls(other.page, path), rows: await shown(other.page, rows) }, page.url()).toEqual(here);
      }).toPass({ timeout: 60_000 });
    }
    expect(other.faults).toEqual([]);
    await other.context.close();
  });
}

// Sets the form's controls to the choice and sends it; what no control stands for (pages, lists with commas) is asked for
// by its address.
async function choose(page, path, choice) {
  const wanted = new URLSearchParams(choice);
  const done = await page.evaluate(({ action, pairs }) => {
    const form = [...document.querySelectorAll("main form[method=get]")].find((one) => new URL(one.action).pathname === action);
    for (const [name, value] of pairs) {
      const named = [...form.elements].filter((element) => element.name === name);
      const ticked = named.find((element) => ["checkbox", "radio"].includes(element.type) && element.value === value);
      if (ticked) ticked.checked = true;
      else if (named.length === 1 && named[0].type !== "hidden") named[0].value = value;
      else return false;
    }
    form.requestSubmit();
    return true;
  }, { action: path, pairs: [...wanted] });
  if (done) await page.waitForURL((url) => [...wanted].every(([name]) => url.searchParams.has(name)));
  else await page.goto(`${path}?${choice}`);
  await page.waitForLoadState("load");
}
