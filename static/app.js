// Evident: what saves a person time on pages that all work without it.
// Each part looks for its own data attribute (docs/components.md) and does nothing where there is none.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const stored = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* storage is refused: the choice lasts for this page */ } },
  };

  // Theme. The server reads the cookie and writes <html data-theme>, so that no page flashes.
  for (const form of all("form.theme")) {
    const show = (theme) => {
      for (const button of all("button[name=theme]", form)) button.setAttribute("aria-pressed", String(button.value === theme));
    };
    form.addEventListener("submit", (event) => {
      const theme = event.submitter?.value;
      if (!["system", "light", "dark"].includes(theme)) return;
      event.preventDefault();
      const secure = location.protocol === "https:" ? "; Secure" : "";
      const age = theme === "system" ? 0 : 31536000;
      document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
      if (theme === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      show(theme);
    });
    show(document.documentElement.dataset.theme ?? "system");
  }

  // Error summary: focused on load; its links focus the field, opening whatever hides it.
  const reveal = (target) => {
    for (let at = target.parentElement; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
    const field = target.matches("input, select, textarea, button, a") ? target : one("input, select, textarea", target) ?? target;
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  };
  const summary = one(".error-summary");
  if (summary) {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const hash = event.target.closest("a")?.hash;
      const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
      if (!target) return;
      event.preventDefault();
      reveal(target);
    });
  }

  // An address that points into something folded opens it.
  const unfold = () => {
    const folded = one("main details:not([open]) :target")?.closest("details:not([open])");
    if (!folded) return;
    for (let at = folded; at; at = at.parentElement.closest("details")) at.open = true;
    one(":target").scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();

  // In which time zone people are is asked of the browser once; the settings change it.
  if (document.documentElement.dataset.zone === "ask") {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    let told;
    const tell = () => { try { sessionStorage.setItem("zone", "told"); } catch { /* storage is refused: told again with the next page */ } };
    try { told = sessionStorage.getItem("zone"); } catch { told = null; }
    // Also when the page is left meanwhile; and with the next page, when nothing came of it.
    if (zone && !told) fetch("/settings/zone", { method: "POST", body: new URLSearchParams({ zone }), headers: { Accept: "application/json" }, redirect: "manual", keepalive: true }).then(tell, () => {});
  }

  // Rows that can be added and removed: the template's __n__ becomes the next number.
  for (const rows of all("[data-rows]")) {
    const template = one("template", rows), add = one("[data-add-row]", rows);
    if (!template || !add) continue;
    let next = all(".row", rows).length;
    const show = () => { for (const button of all("[data-remove-row]", rows)) button.hidden = false; };
    add.addEventListener("click", (event) => {
      event.preventDefault();
      const holder = document.createElement("template");
      holder.innerHTML = template.innerHTML.replaceAll("__n__", String(next++));
      const row = holder.content.firstElementChild;
      template.before(row);
      show();
      one("input, select", row)?.focus();
    });
    rows.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove-row]");
      if (!button) return;
      const row = button.closest(".row");
      row.dispatchEvent(new Event("input", { bubbles: true }));
      row.remove();
      add.focus();
    });
    show();
  }

  // Comparing: two to four.
  for (const form of all("form[data-compare]")) {
    const button = one("button:not([type=button])", form), status = one("[data-compare-status]", form);
    const count = () => all("input[name=dossier]:checked", form).length;
    const update = () => {
      const n = count(), fits = n >= 2 && n <= 4;
      button?.setAttribute("aria-disabled", String(!fits));
      if (status) status.textContent = n > 4 ? `${n} chosen; four at most` : n >= 2 ? `${n} chosen` : n === 1 ? "1 chosen; choose one more" : "Choose two to four";
    };
    form.addEventListener("change", update);
    form.addEventListener("submit", (event) => { if (button?.getAttribute("aria-disabled") === "true") event.preventDefault(); });
    addEventListener("pageshow", update);
    update();
  }

  // A tick that only changes what is shown, kept in the address.
  for (const box of all("input[data-url-state]")) {
    const url = new URL(location.href);
    if (url.searchParams.get(box.name) === box.value) box.checked = true;
    box.addEventListener("change", () => {
      const now = new URL(location.href);
      if (box.checked) now.searchParams.set(box.name, box.value);
      else now.searchParams.delete(box.name);
      history.replaceState(null, "", now);
    });
  }

  // Heatmaps: one stop for Tab, arrows from cell to cell.
  for (const table of all("table[data-grid]")) {
    const rows = all("tbody tr", table).map((row) => all("td", row).map((cell) => one("a", cell)));
    const links = rows.flat().filter(Boolean);
    if (links.length < 2) continue;
    let current = links[0];
    for (const link of links) link.tabIndex = link === current ? 0 : -1;
    if (table.caption) {
      const hint = document.createElement("span");
      hint.className = "no-print";
      hint.textContent = " (arrow keys move)";
      table.caption.append(hint);
    }
    const move = (link) => { current.tabIndex = -1; current = link; link.tabIndex = 0; };
    table.addEventListener("focusin", (event) => { if (links.includes(event.target)) move(event.target); });
    table.addEventListener("keydown", (event) => {
      const y = rows.findIndex((row) => row.includes(event.target));
      if (y < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      const x = rows[y].indexOf(event.target);
      const nearest = (row) => row.map((link, i) => [link, Math.abs(i - x)]).filter(([link]) => link).sort((a, b) => a[1] - b[1])[0]?.[0];
      const found = {
        ArrowRight: () => rows[y].slice(x + 1).find(Boolean),
        ArrowLeft: () => rows[y].slice(0, x).findLast(Boolean),
        ArrowDown: () => rows.slice(y + 1).map(nearest).find(Boolean),
        ArrowUp: () => rows.slice(0, y).map(nearest).findLast(Boolean),
        Home: () => rows[y].find(Boolean),
        End: () => rows[y].findLast(Boolean),
      }[event.key];
      if (!found) return;
      event.preventDefault();
      found()?.focus();
    });
  }

  // Shortcuts: single keys, which can be switched off.
  let dialog;
  const help = () => {
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.className = "dialog";
      dialog.setAttribute("aria-labelledby", "shortcuts-title");
      dialog.innerHTML = `<h2 id="shortcuts-title">Keyboard shortcuts</h2>
        <dl class="facts"><dt>Log evidence</dt><dd><kbd>n</kbd></dd><dt>Search</dt><dd><kbd>/</kbd></dd><dt>This list</dt><dd><kbd>?</kbd></dd></dl>
        <div class="choice mt-16"><input type="checkbox" id="shortcuts-on"><label for="shortcuts-on">Single keys do this</label></div>
        <form method="dialog" class="mt-16"><button class="button secondary">Close</button></form>`;
      document.body.append(dialog);
      const box = one("#shortcuts-on", dialog);
      box.checked = stored.get("shortcuts") !== "off";
      box.addEventListener("change", () => stored.set("shortcuts", box.checked ? "on" : "off"));
    }
    dialog.showModal();
  };
  for (const button of all("[data-shortcuts]")) { button.hidden = false; button.addEventListener("click", help); }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || stored.get("shortcuts") === "off") return;
    if (event.target.closest?.("input, select, textarea, [contenteditable], dialog")) return;
    const target = one(`[data-shortcut="${event.key === "n" || event.key === "/" ? event.key : ""}"]`);
    if (event.key === "?") { event.preventDefault(); help(); }
    else if (target && event.key === "n") { event.preventDefault(); target.click(); }
    else if (target) {
      event.preventDefault();
      const sheet = target.closest(".sheet[popover]");
      if (sheet && getComputedStyle(sheet).display === "none") sheet.showPopover();
      target.focus();
    }
  });

  // Paper shows what was folded.
  let unfolded = [];
  addEventListener("beforeprint", () => { unfolded = all("main details.more:not([open])"); for (const it of unfolded) it.open = true; });
  addEventListener("afterprint", () => { for (const it of unfolded) it.open = false; unfolded = []; });
})();
