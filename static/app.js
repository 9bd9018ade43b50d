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

  // What is typed stays in this tab until it is saved, so that a session that has run out or a server that is away loses
  // nothing. It is offered again to the same person alone, and forgotten at sign-out.
  const store = (work) => { try { return work(sessionStorage); } catch { return null; /* storage is refused: nothing is kept */ } };
  // What a form is about: its thing's id once it has one, where it is sent before.
  const typedKey = (form, who = document.documentElement.dataset.who) => `typed ${who} ${form.elements.id?.value || form.getAttribute("action")}`;
  function keepTyped(forms) {
    const who = document.documentElement.dataset.who;
    if (!who) return;
    const arrived = performance.getEntriesByType("navigation")[0];
    const sent = store((kept) => kept.getItem("sent"));
    if (sent && !location.pathname.startsWith("/sign-in")) {
      if (arrived?.type === "navigate" && arrived.responseStatus < 400) store((kept) => kept.removeItem(sent));
      store((kept) => kept.removeItem("sent"));
    }
    one("form[action='/sign-out']")?.addEventListener("submit", () => store((kept) => kept.clear()));
    for (const form of forms) {
      const key = () => typedKey(form, who);
      const fields = () => [...new FormData(form)].filter(([, value]) => typeof value === "string");
      const keep = () => store((kept) => kept.setItem(key(), JSON.stringify({ at: new Date().toTimeString().slice(0, 5), fields: fields() })));
      const say = (text, ...buttons) => {
        one(":scope > [data-kept]", form)?.remove();
        const notice = document.createElement("div");
        notice.className = "notice";
        notice.dataset.kept = "";
        notice.setAttribute("role", "status");
        notice.innerHTML = "<p></p><div class=actions></div>";
        notice.firstChild.textContent = text;
        for (const [label, act] of buttons) {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "button secondary small";
          button.textContent = label;
          button.addEventListener("click", () => { notice.remove(); act(); });
          notice.lastChild.append(button);
        }
        return notice;
      };
      const bringBack = (typed) => {
        for (const rows of all("[data-rows]", form)) {
          const name = one("[name]", one("template", rows).content)?.name;
          const wanted = typed.filter(([of]) => of === name).length;
          while (all(".row > .field:first-child > [name]", rows).filter((it) => it.name === name).length < wanted) one("[data-add-row]", rows).click();
        }
        for (const name of new Set([...form.elements].map((it) => it.name).filter(Boolean))) {
          const values = typed.filter(([of]) => of === name).map(([, value]) => value);
          let place = 0;
          for (const control of form.querySelectorAll(`[name="${name}"]`)) {
            if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
            else if (control.type !== "submit" && place < values.length) control.value = values[place++];
          }
        }
        for (const part of all("details", form)) if (all("input:not([type=hidden], [type=radio]), textarea", part).some((it) => it.type === "checkbox" ? it.checked : it.value)) part.open = true;
        form.dispatchEvent(new Event("input", { bubbles: true }));
      };
      const found = JSON.parse(store((kept) => kept.getItem(key())) ?? "null");
      if (found && JSON.stringify(found.fields) !== JSON.stringify(fields())) {
        form.prepend(say(`What you typed here until ${found.at} was not saved.`,
          ["Bring it back", () => bringBack(found.fields)],
          ["Forget it", () => store((kept) => kept.removeItem(key()))]));
      }
      let timer;
      form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 300); });
      addEventListener("pageshow", (event) => { if (event.persisted) store((kept) => kept.removeItem("sent")); });
      // Whether the server is there is found out before the page is left.
      let reached = false;
      form.addEventListener("submit", (event) => {
        clearTimeout(timer);
        keep();
        if (reached) { reached = false; return store((kept) => kept.setItem("sent", key())); }
        event.preventDefault();
        event.stopImmediatePropagation();
        const submitter = event.submitter;
        fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5000) }).then(
          () => { reached = true; form.requestSubmit(submitter); },
          () => { const notice = say("The server can’t be reached, and nothing was sent. What you typed is kept in this tab: try again in a moment."); notice.dataset.kind = "warn"; form.append(notice); notice.scrollIntoView({ block: "nearest" }); },
        );
      });
    }
  }

  // Unsaved text, and drafts that save themselves.
  const dirty = new Set();
  keepTyped(all("form[data-unsaved], form[data-autosave]"));
  addEventListener("beforeunload", (event) => { if (dirty.size) event.preventDefault(); });
  for (const form of all("form[data-unsaved], form[data-autosave]")) {
    form.addEventListener("input", () => dirty.add(form));
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) dirty.delete(form); });
  }
  for (const form of all("form[data-autosave]")) {
    const status = one("[data-autosave-status]", form);
    let timer, running = null, again = false;
    const say = (text) => { if (status && status.textContent !== text) status.textContent = text; };
    const later = (delay) => { clearTimeout(timer); timer = setTimeout(save, delay); };
    async function send(leaving) {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      dirty.delete(form);
      try {
        const reply = await fetch(form.dataset.autosave, { method: "POST", body, keepalive: leaving && String(body).length < 60000, headers: { Accept: "application/json" } });
        if (reply.ok) {
          const saved = await reply.json();
          const keptUnder = typedKey(form);
          for (const name of ["id", "revision"]) if (form.elements[name] && saved[name] != null) form.elements[name].value = saved[name];
          if (!dirty.has(form) || keptUnder !== typedKey(form)) store((kept) => kept.removeItem(keptUnder));
          // From now on a reload and the way back lead to the draft.
          if (form.dataset.draftPage && saved.id) history.replaceState(null, "", form.dataset.draftPage.replace("__id__", saved.id));
          return say(`Draft saved ${saved.saved_at}`);
        }
        dirty.add(form);
        if (reply.status === 409) return say("Not saved: this draft was changed elsewhere. Reload to see it.");
        if (reply.status === 422) return say("Not saved yet: some answers can’t be read. Save to see which.");
        if (reply.status === 401 || reply.status === 403) return say("Not saved: you are signed out. Sign in in another tab, then go on here.");
      } catch { dirty.add(form); }
      say("Not saved yet; trying again.");
      later(10000);
    }
    function save(leaving = false) {
      clearTimeout(timer);
      if (!dirty.has(form) || form.elements.title?.value.trim() === "") return running;
      if (running) { again = true; return running; }
      return running = send(leaving === true).finally(() => {
        running = null;
        if (again) { again = false; later(0); }
      });
    }
    form.addEventListener("input", () => later(3000));
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
    addEventListener("pagehide", () => save(true));
    // A save under way ends first, so that one draft does not become two.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      again = false;
      if (!running) return;
      event.preventDefault();
      const submitter = event.submitter;
      running.then(() => { clearTimeout(timer); form.requestSubmit(submitter); });
    });
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
