// Logging evidence in under a minute: what a practised person's hands do for the required fields, counted and not timed,
// so that a slow machine changes nothing.
import { expect, signIn, test, unique } from "./support/site.js";

// The keystroke-level model of Card, Moran and Newell (The Psychology of Human-Computer Interaction, 1983): a key takes
// the best typist 0.08 s, a good one 0.12 s and the average skilled one 0.2 s. Every key, Tab too, counts as the average
// one's here, and making up one's mind about a field counts as the model's 1.35 s.
const KEY = 0.2;
const MIND = 1.35;
const MOST_SECONDS = 25;
const MOST_REQUIRED = 4;

// A keyboard that counts.
function hands(page) {
  const spent = { keys: 0, fields: 0 };
  const press = async (key) => { spent.keys += 1; await page.keyboard.press(key); };
  return {
    press,
    type: async (text) => { for (const key of text) { spent.keys += 1; await page.keyboard.type(key); } },
    // Goes on with Tab to the next thing that a person would answer.
    reach: async (selector, most = 12) => {
      spent.fields += 1;
      for (let presses = 0; presses <= most; presses += 1) {
        if (await page.locator(selector).evaluate((element) => element === document.activeElement)) return;
        await press("Tab");
      }
      throw new Error(`${most} times Tab do not reach ${selector}`);
    },
    seconds: () => spent.keys * KEY + spent.fields * MIND,
    spent,
  };
}

const month = (page) => page.locator("#from").inputValue();

test("the required fields take a practised person 25 seconds at most, by keyboard alone", async ({ page }) => {
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  const person = hands(page);
  // As somebody begins who has just opened the form: the first Tab after the skip link's way into the content.
  await page.locator("#main").focus();
  await person.reach("#title");
  const title = `Settled on-call ${Date.now().toString(36).slice(-4)}`;
  await person.type(title);
  if (!(await month(page))) {
    await person.reach("#from");
    await person.type("10");
    await person.reach("#from-year");
    await person.type("2026");
  }
  await person.reach("#capability-cross-domain-leadership");
  await person.press("Space");
  // On the way to the button lies everything that can wait; it is passed over, never opened.
  await person.reach("#intent", 60);
  await person.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  const { seconds, spent } = person;
  expect(seconds(), `${spent.keys} keys and ${spent.fields} fields`).toBeLessThanOrEqual(MOST_SECONDS);
});

test("publishing an empty form asks for at most four things", async ({ page }) => {
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.locator("form[data-unsaved]").evaluate((form) => { form.noValidate = true; });
  await page.getByRole("button", { name: "Save and publish" }).click();
  const asked = page.locator(".error-summary li");
  await expect(asked.first()).toBeVisible();
  expect(await asked.count()).toBeLessThanOrEqual(MOST_REQUIRED);
  // What is asked for stands before what is not.
  const places = await asked.locator("a").evaluateAll((links) => links.map((link) => {
    const field = document.querySelector(link.hash);
    return Boolean(field.compareDocumentPosition(document.querySelector("details.more")) & Node.DOCUMENT_POSITION_FOLLOWING);
  }));
  expect(places).not.toContain(false);
});

test("a draft needs only a title", async ({ page }) => {
  const title = unique("Only a title");
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.locator("#title").fill(title);
  await page.getByRole("button", { name: "Keep as draft" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
});

test("a person is named by keyboard alone, and few letters tell them from others", async ({ page }) => {
  const title = unique("Handed over a domain");
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  // The list under the field is the browser's own, which no test can open; what it is given is ours.
  const known = await page.locator("#known-people option").evaluateAll((options) => options.map((option) => option.value));
  expect(known.length, "people who are offered").toBeGreaterThan(3);
  const wanted = known.find((name) => /^[a-z ]+$/i.test(name));
  const same = (letters) => known.filter((name) => name.toLowerCase().startsWith(wanted.slice(0, letters).toLowerCase()));
  expect(same(wanted.length), "each is offered once").toEqual([wanted]);
  expect(same(4).length, "after four letters").toBeLessThanOrEqual(5);

  const person = hands(page);
  await page.locator("#main").focus();
  await person.reach("#title");
  await person.type(title);
  await person.reach("#people > summary", 60);
  await person.press("Enter");
  await person.reach("#person-0");
  await person.type(wanted);
  await person.reach("#as-0");
  await person.type("Peer");
  await expect(page.locator("#as-0")).toHaveValue("peer");
  await person.reach("[data-autosave] button[value=draft]:not([aria-hidden])", 60);
  await person.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page.getByRole("main").getByRole("link", { name: wanted.split(" (")[0] }).first()).toBeVisible();
});

test("the criteria of a capability, and what each means, are at hand once it is ticked", async ({ page }) => {
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  const capabilities = page.locator(".capability-choice");
  await expect(capabilities).toHaveCount(4);
  for (const capability of await capabilities.all()) {
    await capability.getByRole("checkbox").first().focus();
    await page.keyboard.press("Space");
    const criteria = capability.locator(".criteria .choice > label");
    await expect(criteria).toHaveCount(5);
    for (const criterion of await criteria.all()) {
      await expect(criterion).toBeVisible();
      expect((await criterion.innerText()).length, "a sentence, and no keyword").toBeGreaterThan(25);
    }
  }
});

test("a draft says beside the buttons when it was saved", async ({ page }) => {
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.locator("#title").fill(unique("Half a sentence"));
  const status = page.locator("[data-autosave-status]");
  await expect(status).toHaveText(/^Draft saved \d\d:\d\d$/);
  await expect(status).toBeVisible();
});

test("the back button and a reload lose nothing", async ({ page }) => {
  const title = unique("Typed and left");
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.locator("#title").fill(title);
  await page.locator("#impact").fill("Two domains share one rota.");
  await page.locator("#capability-developing-e1s").check();
  await expect(page.locator("[data-autosave-status]")).toContainText("Draft saved");
  const kept = async () => {
    const back = page.getByRole("button", { name: "Bring it back" });
    if (await back.isVisible()) await back.click();
    await expect(page.locator("#title")).toHaveValue(title);
    await expect(page.locator("#impact")).toHaveValue("Two domains share one rota.");
    await expect(page.locator("#capability-developing-e1s")).toBeChecked();
  };
  await page.goto("/framework");
  await page.goBack();
  await kept();
  await page.reload();
  await kept();
  // Whatever the browser kept, the server has it too.
  await page.goto(`/evidence?status=draft&q=${encodeURIComponent(title)}`);
  await expect(page.getByRole("heading", { level: 2, name: title })).toHaveCount(1);
});

test("a refused form puts the focus on what is wrong, and its links into the fields", async ({ page }) => {
  await signIn(page, "Candidate");
  await page.goto("/evidence/new");
  await page.locator("#title").fill("Without a month");
  await page.getByRole("button", { name: "Save and publish" }).click();
  await expect(page.locator(".error-summary")).toBeFocused();
  for (const link of await page.locator(".error-summary a").all()) {
    await link.focus();
    await page.keyboard.press("Enter");
    const target = (await link.getAttribute("href")).slice(1);
    const inside = await page.evaluate((id) => document.getElementById(id).contains(document.activeElement), target);
    expect(inside, `the focus is in #${target}`).toBe(true);
    await expect(page.locator(`#${target}-error`)).toContainText(await link.innerText());
  }
});
