// What a first visit to each main page costs, as it goes over the wire: the page with all that it asks for, the
// style and the script that we write.
import { gzipSync } from "node:zlib";
import { expect, signIn, test } from "./support/site.js";
import { MAIN_PAGES } from "./support/main-pages.js";

// Bytes, gzipped, without fonts.
const PAGE = 60_000;
const STYLE = 14_000;
const SCRIPT = 11_500;

for (const { name, role, find } of MAIN_PAGES) {
  test(`${name} is light: page, style and script @look`, async ({ page }) => {
    await signIn(page, role);
    const asked = [];
    const path = await find(page);
    // What the page before still asks for is not this one's.
    await page.waitForLoadState("networkidle");
    page.on("response", (response) => asked.push(response));
    await page.goto(path, { waitUntil: "networkidle" });
    const bytes = { document: 0, stylesheet: 0, script: 0, other: 0 };
    for (const response of asked) {
      const type = response.request().resourceType();
      if (type === "font") continue;
      const squeezed = gzipSync(await response.body()).length;
      bytes[type in bytes ? type : "other"] += squeezed;
      if (squeezed > 1_000) expect.soft(response.headers()["content-encoding"], `${response.url()} is sent squeezed`).toMatch(/^(gzip|br|zstd)$/);
    }
    expect.soft(bytes.document, "the page came").toBeGreaterThan(1_000);
    expect.soft(bytes.script, "script").toBeLessThanOrEqual(SCRIPT);
    expect.soft(bytes.stylesheet, "style").toBeLessThanOrEqual(STYLE);
    const sum = Object.values(bytes).reduce((all, part) => all + part, 0);
    expect.soft(sum, `all: ${JSON.stringify(bytes)}`).toBeLessThanOrEqual(PAGE);
  });
}
