// Evident: what somebody types is kept in the browser until the server says that it has this very content. It goes to the
// account that typed it or nowhere, and can be brought back after whatever happens in between. docs/components.md has the states.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const { who = "", typedKey: secret = "" } = document.documentElement.dataset;
  const PATIENCE = 10_000; // of each request, in milliseconds
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));
  const ours = (name) => name.startsWith("typed_") || ["id", "revision", "draft", "confirm_duplicate"].includes(name);

  // The states of a form, and what leads from any of them to which. Where a state has a line of its own, that goes first.
  const LEADS = { input: "typed", stored: "kept here", send: "sent", acknowledged: "acknowledged", refused: "refused", gone: "gone", conflict: "conflicting", out: "signed out", other: "other account", unreachable: "offline", silent: "unknown" };
  const stays = (state) => Object.fromEntries(["stored"].map((event) => [event, state]));
  const STATES = {
    "clean": {}, "typed": {}, "kept here": {}, "acknowledged": {},
    // What is typed while a save is under way is no part of it.
    "sent": { stored: "sent" },
    "refused": stays("refused"), "signed out": stays("signed out"), "other account": stays("other account"), "offline": stays("offline"), "unknown": stays("unknown"),
    // Only a look at what is there now, which comes with a save that is asked for, leads out.
    "conflicting": { input: "conflicting", stored: "conflicting" },
    "gone": { input: "gone", stored: "gone" },
  };
  const WORDS = {
    "clean": "", "typed": "Not saved yet", "kept here": "Not saved yet", "sent": "Saving…",
    "refused": "Not saved yet: some answers can’t be read. Save to see which.",
    "gone": "Not saved: this is not there any more. What you typed is kept in this browser.",
    "conflicting": "Not saved: this draft was changed elsewhere. Save to compare the two.",
    "signed out": "Not saved: you are signed out. Sign in in another tab, then go on here.",
    "other account": "Not saved: somebody else is signed in here now. What you typed is kept for you alone.",
    "offline": "Not saved yet: the server can’t be reached. Trying again.",
    "unknown": "Not saved yet: the server doesn’t answer. Trying again.",
  };
  const SAVED = ["clean", "acknowledged"];

  // ChaCha20 (RFC 8439): unlike the browser's own ciphers it is there without TLS, and done before a page is left.
  function cipher(key, nonce, bytes) {
    const state = new Uint32Array(16), block = new Uint32Array(16), stream = new Uint8Array(block.buffer), out = new Uint8Array(bytes.length);
    state.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
    state.set(key, 4);
    state.set(nonce, 13);
    const mix = (to, by, from, turn) => { block[to] += block[by]; const it = block[from] ^ block[to]; block[from] = (it << turn) | (it >>> (32 - turn)); };
    const quarter = (a, b, c, d) => { mix(a, b, d, 16); mix(c, d, b, 12); mix(a, b, d, 8); mix(c, d, b, 7); };
    for (let at = 0; at < bytes.length; at += 64) {
      block.set(state);
      for (let round = 0; round < 10; round += 1) {
        for (let i = 0; i < 4; i += 1) quarter(i, 4 + i, 8 + i, 12 + i);
        for (let i = 0; i < 4; i += 1) quarter(i, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3));
      }
      for (let i = 0; i < 16; i += 1) block[i] += state[i];
      for (let i = 0; i < 64 && at + i < bytes.length; i += 1) out[at + i] = bytes[at + i] ^ stream[i];
      state[12] += 1;
    }
    return out;
  }
  const words32 = (bytes) => new Uint32Array(bytes.slice().buffer);
  const key = words32(Uint8Array.from(secret.match(/../g) ?? [], (pair) => parseInt(pair, 16)));
  const seal = (text) => {
    const nonce = random(12), sealed = cipher(key, words32(nonce), new TextEncoder().encode(text));
    let out = "";
    for (const part of [nonce, sealed]) for (let at = 0; at < part.length; at += 8192) out += String.fromCharCode(...part.subarray(at, at + 8192));
    return out;
  };
  const open = (sealed) => {
    const bytes = Uint8Array.from(sealed, (sign) => sign.charCodeAt(0));
    return new TextDecoder().decode(cipher(key, words32(bytes.subarray(0, 12)), bytes.subarray(12)));
  };

  // What is kept: a slot for each open page that has something unsaved. An account's lie in the browser, sealed with a key
  // that only its own pages bring; those of a link's page, which is nobody's, in its tab.
  const store = (work) => { try { return work(who ? localStorage : sessionStorage); } catch { return undefined; /* storage is refused or full */ } };
  const prefix = `typed ${who || "-"} `;
  const kept = {
    read(slot) {
      const found = store((storage) => storage.getItem(prefix + slot));
      try { return found ? JSON.parse(who ? open(found) : found) : null; } catch { return null; /* sealed by an older key */ }
    },
    write: (slot, record) => store((storage) => { const text = JSON.stringify(record); storage.setItem(prefix + slot, who ? seal(text) : text); return true; }) === true,
    forget: (slot) => store((storage) => storage.removeItem(prefix + slot)),
    slots: () => (store((storage) => Object.keys(storage)) ?? []).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
    records: () => kept.slots().map((slot) => ({ slot, record: kept.read(slot) })).filter(({ record }) => record?.fields).sort((a, b) => b.record.time - a.record.time),
  };

  // What a page shows again is what was typed, whatever spaces at ends and rows to spare the server left out.
  function gist(fields) {
    const lists = new Map();
    for (const [name, value] of fields) lists.set(name, [...(lists.get(name) ?? []), value.replace(/\r\n?/g, "\n").trim()]);
    for (const values of lists.values()) while (values.at(-1) === "") values.pop();
    return JSON.stringify([...lists].filter(([, values]) => values.length).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  // As src/web/typed.rs reckons it: two sums over names and values.
  function digest(fields) {
    const sums = [0x811c9dc5, 0x9747b28c], coder = new TextEncoder();
    for (const [name, value] of fields) {
      if (typeof value !== "string" || name.startsWith("typed_")) continue;
      for (const text of [name, value.replace(/\r\n?/g, "\n")]) {
        for (const byte of [...coder.encode(text), 0]) for (const i of [0, 1]) sums[i] = Math.imul(sums[i] ^ byte, 0x01000193);
      }
    }
    return sums.map((sum) => (sum >>> 0).toString(16).padStart(8, "0")).join("");
  }

  // The server's word on what a page sent comes as a cookie: the page's slot, and the digest of what it kept. Who has left the
  // page meanwhile hears it with the next one.
  const unsay = (slot) => { document.cookie = `kept-${slot}=; Path=/; Max-Age=0; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`; };
  const FORMS = "form[data-unsaved], form[data-autosave]";
  function hear() {
    for (const [, slot, word] of document.cookie.matchAll(/kept-([0-9a-f]{32})=([0-9a-f]{16})/g)) {
      const record = kept.read(slot);
      // A form may have been drawn before a draft saved itself as its page was left: there it is offered, and heard elsewhere.
      if (!record || (record.underWay && one(FORMS))) continue;
      if (record.sent === word) kept.forget(slot);
      unsay(slot);
    }
  }
  hear();
  // A draft that saved itself as its page was left: nothing is said of it before it is known what became of it.
  const underWay = ({ record }) => record.underWay && Date.now() - record.time < PATIENCE;

  const clock = (time) => { const at = new Date(time), today = new Date(); return (at.toDateString() === today.toDateString() ? "" : `${at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, `) + at.toTimeString().slice(0, 5); };
  function notice(text, ...buttons) {
    const box = document.createElement("div");
    box.className = "notice";
    box.dataset.kept = "";
    box.setAttribute("role", "status");
    box.innerHTML = "<p></p><div class=actions></div>";
    box.firstChild.textContent = text;
    for (const [label, act] of buttons) {
      const button = document.createElement(typeof act === "string" ? "a" : "button");
      button.className = "button secondary small";
      button.textContent = label;
      if (typeof act === "string") button.href = act;
      else { button.type = "button"; button.addEventListener("click", () => { box.remove(); act(); }); }
      box.lastChild.append(button);
    }
    return box;
  }

  // Which of several it is: where it was typed, until when, and how it begins.
  const said = ({ time, text }, where) => `What you typed ${where} until ${clock(time)} was not saved.${text ? ` It begins “${text}”.` : ""}`;

  // A page whose form came back with something to be seen to shows what was typed, and not what is kept by the server.
  const returned = Boolean(one(".error-summary, form[data-returned]"));
  const machines = [];
  const again = ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);

  function machine(form) {
    const slot = hex(random(16));
    // What a browser itself puts back into fields would look like what the server has, or hide it.
    form.setAttribute("autocomplete", "off");
    if (again) form.reset();
    const status = one("[data-autosave-status]", form);
    const isNew = Boolean(form.elements.draft) && !form.elements.id.value;
    if (isNew && !form.elements.draft.value) form.elements.draft.value = hex(random(16));
    // What it is about: one thing has one name, from the first key on.
    const thing = () => form.elements.id?.value ? `entry ${form.elements.id.value}` : form.elements.draft?.value ? `draft ${form.elements.draft.value}` : form.getAttribute("action");
    let state = "clean", turn = 0, timer, running = null, more = false, leaving = false, cleared = false, written = "", sent = null, slow = 0;
    const hidden = Object.fromEntries(["typed_key", "typed_turn"].map((name) => {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.append(input);
      return [name, input];
    }));
    hidden.typed_key.value = slot;
    const say = (text) => { if (status && status.textContent !== text) status.textContent = text; };
    const go = (event, words) => { state = STATES[state][event] ?? LEADS[event]; form.dataset.state = state; say(words ?? WORDS[state] ?? ""); };
    const fields = (submitter) => [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
    const typed = () => fields().filter(([name]) => !ours(name));
    const first = gist(typed());
    const back = returned && one("[aria-invalid], .error, .notice", form);
    const mine = (record) => record.thing === thing() || Boolean(record.draft && record.draft === form.elements.draft?.value);
    // The address of a form that came back is where it was sent, and leads elsewhere: it is found where it was typed.
    const before = back ? kept.records().find(({ record }) => mine(record)) : null;
    const place = () => before?.record.page ?? location.pathname + location.search;
    function about() {
      const [page, part] = [one("h1"), form.closest("section")?.querySelector("h2")].map((it) => it?.textContent.trim());
      const label = form.elements.title?.value.trim() || [part, page].filter(Boolean).join(", ");
      const [text = ""] = all("textarea", form).map((it) => it.value.trim().replaceAll(/\s+/g, " ")).filter(Boolean).sort((a, b) => b.length - a.length);
      return { label, text: text.length > 60 ? `${text.slice(0, 60).trim()}…` : text };
    }

    // typed -> kept here
    function keep() {
      if (SAVED.includes(state)) return;
      const now = typed(), underWay = state === "sent" && !leaving, text = thing() + JSON.stringify(now) + (sent ?? "") + underWay;
      if (text === written) return;
      const began = performance.now();
      const stored = kept.write(slot, { thing: thing(), page: place(), ...about(), time: Date.now(), revision: form.elements.revision?.value, draft: form.elements.draft?.value, sent, underWay, fields: now });
      slow = performance.now() - began > 8 ? 300 : 0;
      if (stored) { written = text; go("stored"); } else say("Not saved yet, and this browser keeps nothing: stay on this page until it is saved.");
    }
    const later = (delay) => { clearTimeout(timer); timer = setTimeout(save, delay); };
    let keeping;
    form.addEventListener("input", () => {
      sent = null;
      go("input");
      clearTimeout(keeping);
      if (slow) keeping = setTimeout(keep, slow); else keep();
      if (form.dataset.autosave && state !== "conflicting" && state !== "gone") later(3000);
    });
    function acknowledged(words) { kept.forget(slot); unsay(slot); written = ""; sent = null; go("acknowledged", words); }

    // kept here -> sent -> acknowledged, or whatever else became of it
    async function send() {
      hidden.typed_turn.value = turn += 1;
      const body = new URLSearchParams(fields()), before = JSON.stringify(typed()), word = digest(body);
      sent = word;
      go("send");
      keep();
      try {
        const reply = await fetch(form.dataset.autosave, { method: "POST", body, keepalive: String(body).length < 60000, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
        if (reply.ok) {
          const saved = await reply.json();
          for (const name of ["id", "revision"]) if (form.elements[name] && saved[name] != null) form.elements[name].value = saved[name];
          // From now on a reload and the way back lead to the draft.
          if (form.dataset.draftPage && saved.id) history.replaceState(null, "", form.dataset.draftPage.replace("__id__", saved.id));
          if (saved.kept === word && JSON.stringify(typed()) === before) return acknowledged(`Draft saved ${saved.saved_at}`);
          // Typed on meanwhile: the rest is still to be saved.
          if (saved.kept === word) { go("input"); keep(); return later(3000); }
          go("silent");
        } else go({ 401: "out", 403: "other", 404: "gone", 409: "conflict", 412: "other", 422: "refused" }[reply.status] ?? "silent");
      } catch (error) { go(error.name === "TimeoutError" ? "silent" : "unreachable"); }
      keep();
      if (state === "offline" || state === "unknown") later(PATIENCE);
    }
    function save() {
      clearTimeout(timer);
      if (leaving || SAVED.includes(state) || state === "conflicting" || state === "gone" || form.elements.title?.value.trim() === "") return running;
      if (running) { more = true; return running; }
      return running = send().finally(() => {
        running = null;
        if (more) { more = false; later(0); }
      });
    }

    // A save that somebody asks for. One under way ends first, whether the server is there is found out before the page is
    // left, and a second click while it goes is none.
    function trouble(text) {
      leaving = false;
      one(":scope > [data-trouble]", form)?.remove();
      const box = notice(text);
      Object.assign(box.dataset, { kind: "warn", trouble: "" });
      form.append(box);
      box.scrollIntoView({ block: "nearest" });
      keep();
    }
    form.addEventListener("submit", async (event) => {
      const { submitter } = event;
      clearTimeout(timer);
      if (cleared) { cleared = false; return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (leaving) return;
      leaving = true;
      more = false;
      if (SAVED.includes(state)) go("input");
      keep();
      await running;
      clearTimeout(timer);
      try { await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }); } catch {
        go("unreachable");
        return trouble("The server can’t be reached, and nothing was sent. What you typed is kept in this browser: try again in a moment.");
      }
      one(":scope > [data-trouble]", form)?.remove();
      hidden.typed_turn.value = turn += 1;
      sent = digest(fields(submitter));
      go("send");
      keep();
      cleared = true;
      form.requestSubmit(submitter);
      if (cleared) { cleared = leaving = false; go("input"); return keep(); }
      setTimeout(() => {
        if (!leaving) return;
        window.stop();
        go("silent");
        trouble("The server doesn’t answer, and nobody knows whether it has this. What you typed is kept in this browser: try again, and nothing is made twice.");
      // Twice as long as a draft waits: somebody looks on, and the next page is on its way as well.
      }, 2 * PATIENCE);
    });
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      leaving = false;
      hear();
      if (!SAVED.includes(state) && !kept.read(slot)) acknowledged("");
    });
    addEventListener("pagehide", keep);
    if (form.dataset.autosave) {
      document.addEventListener("visibilitychange", () => { keep(); save(); });
      addEventListener("pagehide", save);
      for (const sign of ["online", "focus"]) addEventListener(sign, () => { if (!["typed", "kept here", "sent"].includes(state)) save(); });
    }

    // Bringing back: onto what the server has now, with the ids and the revision of this page.
    function bringBack({ slot: from, record }, here) {
      // What stands here and is not saved makes room, and can be brought back itself.
      // On a slow machine the last keys may wait to be kept yet.
      clearTimeout(keeping);
      keep();
      const present = SAVED.includes(state) ? null : kept.read(slot);
      if (present) kept.write(hex(random(16)), present);
      for (const rows of all("[data-rows]", form)) {
        const name = one("[name]", one("template", rows).content)?.name;
        const wanted = record.fields.filter(([of]) => of === name).length;
        while (all(".row > .field:first-child > [name]", rows).filter((it) => it.name === name).length < wanted) one("[data-add-row]", rows).click();
      }
      for (const name of new Set([...form.elements].map((it) => it.name).filter((name) => name && !ours(name)))) {
        const values = record.fields.filter(([of]) => of === name).map(([, value]) => value);
        let place = 0;
        for (const control of form.querySelectorAll(`[name="${name}"]`)) {
          if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
          else if (control.type !== "submit") control.value = values[place++] ?? "";
        }
      }
      if (here && record.draft && isNew) form.elements.draft.value = record.draft;
      for (const part of all("details", form)) if (all("input:not([type=hidden], [type=radio]), textarea", part).some((it) => it.type === "checkbox" ? it.checked : it.value)) part.open = true;
      form.dispatchEvent(new Event("input", { bubbles: true }));
      keep();
      if (kept.read(slot)) kept.forget(from);
    }
    const others = document.createElement("details");
    others.className = "more";
    others.innerHTML = "<summary>Typed elsewhere and not saved</summary>";
    function offer() {
      const found = kept.records().filter((it) => it.slot !== slot);
      for (const it of found) {
        const { record } = it;
        const here = mine(record) || (isNew && record.thing.startsWith("draft "));
        if (!here && !(isNew && record.thing.startsWith("entry "))) continue;
        if (here && !back && gist(record.fields) === first) { kept.forget(it.slot); continue; }
        const changed = here && !isNew && record.revision !== form.elements.revision?.value;
        const since = changed ? " This was saved elsewhere since: compare the two before you save." : "";
        const text = said(record, here ? "here" : `in “${record.label}”`) + since;
        const box = notice(text, ...(here ? [] : [["Open it", record.page]]), [here ? "Bring it back" : "Bring it back here", () => bringBack(it, here)], ["Forget it", () => kept.forget(it.slot)]);
        box.dataset.slot = it.slot;
        if (here) form.prepend(box);
        else { others.append(box); form.prepend(others); }
      }
    }
    // What came back is typed, and kept as such; the slot that it came from is this one's now.
    if (back) {
      go("input");
      keep();
      for (const it of kept.records()) if (it.slot !== slot && mine(it.record) && gist(it.record.fields) === first && kept.read(slot)) kept.forget(it.slot);
    }
    offer();
    machines.push({ form, thing, dirty: () => !leaving && !SAVED.includes(state) });
  }

  for (const form of all(FORMS)) machine(form);
  addEventListener("beforeunload", (event) => { if (machines.some((it) => it.dirty())) event.preventDefault(); });

  // Where people arrive, whatever waits on other pages is named, each thing once.
  function arrive() {
    hear();
    const found = kept.records().filter(({ record }) => !machines.some((it) => it.thing() === record.thing));
    if (found.some(underWay)) setTimeout(arrive, 500);
    for (const box of all("main > [data-kept]")) box.remove();
    const things = new Map();
    for (const { slot, record } of found.filter((it) => !underWay(it))) things.set(record.thing, [...(things.get(record.thing) ?? []), { slot, record }]);
    for (const [{ record }, ...earlier] of [...things.values()].slice(0, 5).reverse()) {
      const slots = things.get(record.thing).map(({ slot }) => slot);
      const more = earlier.length ? ` ${earlier.length === 1 ? "An earlier text of it waits" : `${earlier.length} earlier texts of it wait`} there as well.` : "";
      const box = notice(said(record, `in “${record.label}”`) + more, ["Open it", record.page], ["Forget it", () => slots.forEach(kept.forget)]);
      one("main").prepend(box);
    }
  }
  if (who && !returned && ["/", "/dossiers", "/evidence"].includes(location.pathname)) arrive();
})();
