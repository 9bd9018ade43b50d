// A CTO's ten minutes over one Director's dossier, with the keyboard alone, and what the Director reads of it.
import { another, expect, signIn, test, unique } from "./support/site.js";

// Presses Tab until the element has the focus.
async function tabTo(page, locator, most = 120) {
  for (let presses = 0; presses < most; presses += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${locator}`);
}

// The address of the dossier of the candidate whom the demo's visitor is.
async function dossier(browser) {
  const ada = await another(browser);
  await signIn(ada.page, "Candidate");
  await ada.page.goto("/readiness");
  const address = new URL(ada.page.url()).pathname.replace(/\/readiness$/, "");
  return { ada, address };
}

test("sits over a dossier by keyboard, releases it, and the candidate reads it", async ({ page, browser }) => {
  const { ada, address } = await dossier(browser);
  const sentence = unique("Carries what we decided");
  const promise = unique("Introduce two CTOs");
  await signIn(page, "CTO");
  await page.goto(`${address}/sitting`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Ten minutes");

  await tabTo(page, page.locator("#sentence-cto-partnership"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(sentence);
  // The draft saves itself.
  await expect(page.locator("[data-autosave-status]")).toContainText("Draft saved");
  // One stop for Tab in each question, arrows from answer to answer.
  const chosen = page.locator("input[name=answer-deputizing]:checked");
  const before = await chosen.getAttribute("id");
  await tabTo(page, chosen);
  await page.keyboard.press("ArrowRight");
  await expect(chosen).not.toHaveAttribute("id", before);
  await tabTo(page, page.locator("#feedback"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("What helps most: bring a view before it is asked for.");
  await tabTo(page, page.locator("#commitment"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(promise);
  await tabTo(page, page.getByRole("button", { name: "Save the draft" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nobody else sees it until you release it")).toBeVisible();

  // Private until then.
  await ada.page.goto(`${address}/sittings`);
  await expect(ada.page.getByText(sentence)).toHaveCount(0);

  await tabTo(page, page.getByRole("button", { name: /^Release to/ }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sittings#sitting-/);
  await expect(page.getByText(sentence)).toBeVisible();
  await ada.page.goto(`${address}/sittings`);
  for (const said of [sentence, promise]) await expect(ada.page.getByText(said)).toBeVisible();

  // Filled in and kept in view next time.
  await page.goto(`${address}/sitting`);
  await expect(page.locator("#sentence-cto-partnership")).toHaveValue(sentence);
  await expect(page.getByText(promise)).toBeVisible();
  expect(ada.faults).toEqual([]);
  await ada.context.close();
});

test("an opportunity is offered, and stands in the year's table", async ({ page, browser }) => {
  const { ada } = await dossier(browser);
  const name = (await ada.page.locator(".account a").first().innerText()).trim();
  await ada.context.close();
  const what = unique("Stage in spring");
  await signIn(page, "CTO");
  await page.goto("/opportunities");
  await page.getByLabel("Conference", { exact: true }).check();
  await page.getByLabel("What is it?").fill(what);
  await page.getByLabel("Day", { exact: true }).fill("2026-11-19");
  await page.getByLabel("Offered to").fill(name);
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByRole("link", { name: what })).toBeVisible();
  await expect(page.getByRole("row", { name: new RegExp(name) }).getByRole("link", { name: "19 Nov 2026" }).first()).toBeVisible();
});
