// Shows or takes anew the pictures of snapshots.spec.js, from a demo of its own: `node snapshots.js review|accept`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium as engine } from "@playwright/test";
import { chromium } from "./support/chromium.js";

const HERE = fileURLToPath(new URL("./", import.meta.url));
const PICTURES = `${HERE}snapshots/`;
const RESULTS = `${HERE}results/`;
const REVIEW = `${RESULTS}snapshots-review.html`;

const [what] = process.argv.slice(2);
if (!["review", "accept"].includes(what)) {
  console.error("node snapshots.js review|accept");
  process.exit(2);
}
if (what === "accept") await noteBrowser();
const run = ["node_modules/@playwright/test/cli.js", "test", "--grep", "@snapshot"];
if (what === "accept") run.push("--update-snapshots=all");
const { status } = spawnSync(process.execPath, run, { cwd: HERE, stdio: "inherit" });
if (what === "review") review();
process.exitCode = status ?? 1;

// The pictures hold for one browser, which stands beside them.
async function noteBrowser() {
  const browser = await engine.launch(chromium());
  mkdirSync(PICTURES, { recursive: true });
  writeFileSync(`${PICTURES}chromium.txt`, `${browser.version().split(".")[0]}\n`);
  await browser.close();
}

// A page with what was expected, what came and what differs beside each other, for each picture that differs.
function review() {
  const rows = existsSync(RESULTS) ? readdirSync(RESULTS, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name }) => differing(name)) : [];
  if (!rows.length) {
    rmSync(REVIEW, { force: true });
    console.log("Nothing differs.");
    return;
  }
  const style = "body{font:16px/1.5 system-ui;margin:2rem}section{margin-block:2rem}div{display:grid;grid-template-columns:repeat(3,1fr);gap:1rem}img{width:100%;border:1px solid #888}";
  writeFileSync(REVIEW, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures that differ</title><style>${style}</style><h1>Pictures that differ</h1>${rows.join("")}`);
  console.log(`${rows.length} differ: open ${REVIEW}`);
}

function differing(folder) {
  return readdirSync(`${RESULTS}${folder}`).filter((file) => file.endsWith("-actual.png")).map((file) => {
    const name = file.slice(0, -"-actual.png".length);
    const cells = ["expected", "actual", "diff"].map((kind) => `<figure><figcaption>${kind}</figcaption><a href="${folder}/${name}-${kind}.png"><img src="${folder}/${name}-${kind}.png" alt="${name}, ${kind}"></a></figure>`);
    return `<section><h2>${name}</h2><div>${cells.join("")}</div></section>`;
  });
}
