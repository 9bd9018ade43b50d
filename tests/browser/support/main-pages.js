// The ten pages that people spend their time on: what each is called, who opens it, and how its address is found.

const href = async (page, path, selector) => {
  await page.goto(path);
  return page.locator(selector).first().getAttribute("href");
};

// Four people beside each other, as a CTO compares them.
const comparison = async (page) => {
  await page.goto("/dossiers");
  const boxes = page.locator("input[name=dossier]");
  const chosen = await boxes.evaluateAll((all) => all.slice(0, 4).map((box) => box.value));
  return `/compare?${chosen.map((dossier) => `dossier=${dossier}`).join("&")}`;
};

export const MAIN_PAGES = [
  { name: "home", role: "Candidate", find: () => "/" },
  { name: "log-evidence", role: "Candidate", find: () => "/evidence/new" },
  { name: "evidence", role: "Candidate", find: () => "/evidence" },
  { name: "entry", role: "Candidate", find: (page) => href(page, "/evidence?status=final", "ul.list h2 a") },
  { name: "readiness", role: "Candidate", find: (page) => href(page, "/", "main a[href*='/readiness']") },
  { name: "readiness-cto", role: "CTO", find: (page) => href(page, "/dossiers", "main [role=rowheader] a") },
  { name: "overview", role: "CTO", find: () => "/dossiers" },
  { name: "compare", role: "CTO", find: comparison },
  { name: "board", role: "Committee", find: () => "/committee" },
  { name: "framework", role: "Candidate", find: () => "/framework" },
];
