// How a page's text lies on the screen: what is wider than it, what lies on something else, and what is cut off.
// Everything is measured in the page, by the boxes of its lines.

// Gives lists of what is wrong; empty ones if nothing is.
export const geometry = (page) => page.evaluate(() => {
  const root = document.documentElement;
  const about = (element) => `${element.outerHTML.slice(0, 110).replaceAll(/\s+/g, " ")}`;
  // Some heads of tables are for screen readers alone on a phone.
  const forReaders = [...document.querySelectorAll("thead")].filter((head) => getComputedStyle(head).clipPath !== "none");
  const hidden = (element) => forReaders.some((head) => head.contains(element)) || !element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) || element.closest(".visually-hidden, .skip, [popover]:not(:popover-open, .site-nav, .filters)");
  // What scrolls by itself (tables, long texts in fields) holds wide content rightly, as long as it is not wide itself.
  const scrolls = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };

  const wide = root.scrollWidth > root.clientWidth
    ? [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(element) && !hidden(element))
      .slice(0, 5).map(about)
    : [];
  if (root.scrollWidth > root.clientWidth && !wide.length) wide.push(`the page scrolls to ${root.scrollWidth} px`);

  // The lines of all texts. The middle half of a line's height is what has ink in every script; ascents and descents of
  // neighbouring lines may touch.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest("script, style, template, textarea, select, datalist, svg") || hidden(holder)) continue;
    range.selectNodeContents(node);
    for (const { left, right, top, bottom, width, height } of range.getClientRects()) {
      if (width > 1 && height > 1) lines.push({ node, left, right, top: top + height / 4, bottom: bottom - height / 4 });
    }
  }
  lines.sort((a, b) => a.top - b.top);
  const overlapping = [];
  for (let first = 0; first < lines.length && overlapping.length < 5; first += 1) {
    const a = lines[first];
    for (let second = first + 1; second < lines.length && lines[second].top < a.bottom - 1; second += 1) {
      const b = lines[second];
      if (a.node !== b.node && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && !scrolls(a.node.parentElement)) {
        overlapping.push(`“${a.node.data.trim().slice(0, 50)}” and “${b.node.data.trim().slice(0, 50)}”`);
      }
    }
  }

  const clipped = [...document.body.querySelectorAll("*")].filter((element) => {
    if (element.matches("input, textarea, select, svg *, .table-wrap") || hidden(element)) return false;
    const { overflowX, overflowY } = getComputedStyle(element);
    const cuts = (overflow) => ["hidden", "clip"].includes(overflow);
    return (cuts(overflowX) && element.scrollWidth > element.clientWidth + 1) || (cuts(overflowY) && element.scrollHeight > element.clientHeight + 1);
  }).slice(0, 5).map(about);

  return { wide, overlapping, clipped };
});
