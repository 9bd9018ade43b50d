// Reads a PDF as somebody with the sheets in their hands does: the words on each sheet, how far down they go, and the
// colours in which they are printed.
import { getDocumentProxy, getResolvedPDFJS } from "unpdf";

// Letters and digits alone: spaces and line breaks of a PDF are where its lines happen to end, and marks before words
// are drawn by the style. An apostrophe comes out of a PDF as the letter that looks like it.
export const bare = (text) => text.normalize("NFKC").replaceAll(/[^\p{L}\p{N}]+|\u02bc/gu, "");

// Each sheet: `text` as `bare` has it, `words` as they stand, `lowest` the share of the sheet's height above which all
// text of the page itself ends (the numbers in the margin are not counted), and `inks`, the characters by colour.
export async function sheets(bytes) {
  const { OPS } = await quietly(getResolvedPDFJS);
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  const read = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const [, , , height] = page.view;
    const lines = items.filter(({ str, transform }) => str.trim() && transform[5] > MARGIN);
    const words = items.map(({ str, hasEOL }) => (hasEOL ? `${str} ` : str)).join("");
    read.push({
      words: words.replaceAll(/\s+/g, " ").trim(),
      text: bare(words),
      lowest: lines.length ? 1 - Math.min(...lines.map(({ transform }) => transform[5])) / height : 0,
      inks: inks(await page.getOperatorList(), OPS),
    });
  }
  await pdf.destroy();
  return read;
}

// While it loads, the reader says on standard output that Node is not where it is at home.
async function quietly(load) {
  const { log } = console;
  console.log = () => {};
  try { return await load(); } finally { console.log = log; }
}

// Points of the lower margin, where the sheet's number stands.
const MARGIN = 50;

function inks({ fnArray, argsArray }, ops) {
  const found = new Map();
  const kept = [];
  let ink = "#000000";
  fnArray.forEach((operation, at) => {
    if (operation === ops.save) kept.push(ink);
    else if (operation === ops.restore) ink = kept.pop() ?? ink;
    else if (operation === ops.setFillRGBColor) {
      ink = `#${Array.from(argsArray[at], (part) => part.toString(16).padStart(2, "0")).join("")}`;
    } else if (operation === ops.showText) {
      const characters = argsArray[at][0].filter((glyph) => glyph.unicode?.trim()).length;
      found.set(ink, (found.get(ink) ?? 0) + characters);
    }
  });
  return found;
}
