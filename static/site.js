// What makes the pages nicer. Every page works without it; all words come from the page.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const alertRegion = one("#alert");
const words = alertRegion ? alertRegion.dataset : {};
const language = `${document.documentElement.lang}-u-nu-latn`; // digits 0-9 in every language
const say = (text) => { const region = one("#status"); if (region) region.textContent = text; };
const store = { // Storage may be full or forbidden; then nothing is kept, and nothing breaks.
  get(key) { try { return sessionStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { sessionStorage.setItem(key, value); } catch { /* not kept */ } },
  drop(key) { try { sessionStorage.removeItem(key); } catch { /* not kept */ } },
  keys() { try { return Object.keys(sessionStorage); } catch { return []; } },
};

// ---- The alert region: what failed, and a way to try again ----

const warn = (text, label, action) => {
  if (!alertRegion) return;
  const said = document.createElement("p");
  said.textContent = text;
  alertRegion.replaceChildren(said);
  if (!label) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-second";
  button.textContent = label;
  button.addEventListener("click", () => { alertRegion.replaceChildren(); action(); });
  alertRegion.append(button);
};

// ---- Counters: code points after normalising, as the server counts ----

const countOf = (text) => [...text.replace(/\r\n?/g, "\n").normalize("NFC").trim()].length;
const spoken = new WeakMap();
const count = (field) => {
  const counter = one(`[data-counts="${CSS.escape(field.id)}"]`);
  if (!counter) return;
  const limit = Number(field.dataset.limit);
  const left = limit - countOf(field.value);
  const number = Math.abs(left).toLocaleString(language);
  const text = (left < 0 ? counter.dataset.over : counter.dataset.left).replace("{n}", number);
  counter.textContent = text;
  counter.classList.toggle("counter-over", left < 0);
  clearTimeout(spoken.get(field));
  if (left < limit / 10 && field === document.activeElement) spoken.set(field, setTimeout(say, 1000, text));
};

// ---- Unsent text is kept in this tab until it was saved ----

const placeOf = (field) => `text:${location.pathname}:${field.name}`;
const kept = (form) => all("textarea, input[type=text]", form).filter((field) => field.name && field.type !== "hidden");
const keep = (field) => store.set(placeOf(field), JSON.stringify([field.defaultValue, field.value]));
const forget = (form) => kept(form).forEach((field) => store.drop(placeOf(field)));
const restore = (form) => {
  let restored = false;
  for (const field of kept(form)) {
    const [before, text] = JSON.parse(store.get(placeOf(field)) || "[null]");
    // Only where the page still shows what it showed then: what the server has since then is newer.
    if (before === null || field.value !== before || text === before) continue;
    field.value = text;
    restored = true;
  }
  if (restored) { state(form, words.restored); later(form); }
};

// ---- Autosave: two seconds after the last key, and on leaving a field ----

const timers = new WeakMap();
const saving = new WeakMap();
const state = (form, text) => { const line = one("[data-saved]", form); if (line) line.textContent = text; else say(text); };
const later = (form, wait = 2000) => {
  if (!form.dataset.autosave) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(save, wait, form));
};
const save = (form) => {
  timers.delete(form);
  if (busy.has(form) || !form.isConnected) return; // it is being sent, or was sent and replaced
  if (saving.has(form)) return later(form);
  saving.set(form, post(form).finally(() => saving.delete(form)));
};
const post = async (form) => {
  const body = new URLSearchParams(new FormData(form));
  body.delete("once"); // the one-time key belongs to the real sending
  const sent = kept(form).map((field) => [field, field.value]);
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "HX-Request": "true", "X-Autosave": "yes" } });
    if (!answer.ok) {
      const why = one("[data-why]", new DOMParser().parseFromString(await answer.text(), "text/html"));
      return state(form, why ? why.textContent : words.notSaved);
    }
    const version = answer.headers.get("X-Version");
    const field = form.elements.version;
    if (version && field) field.value = version;
    for (const [typed, value] of sent) if (typed.value === value) store.drop(placeOf(typed));
    const time = new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    state(form, words.saved.replace("{time}", time));
  } catch {
    state(form, words.notSaved);
  }
};

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.dataset.limit) count(field);
  const form = field.form;
  if (form && (form.dataset.autosave || "keep" in form.dataset) && kept(form).includes(field)) keep(field);
  if (form && form.dataset.autosave) { state(form, words.unsaved); later(form); }
  if (field.name === "theme" && field.checked) document.documentElement.dataset.theme = field.value;
});
document.addEventListener("focusout", (event) => { const form = event.target.form; if (form && timers.has(form)) later(form, 0); });

// ---- "None of these" and the others exclude one another ----

document.addEventListener("change", (event) => {
  const group = event.target.closest("[data-none]");
  if (!group || !event.target.checked) return;
  const isNone = event.target.value === group.dataset.none;
  all("input", group).forEach((box) => { if ((box.value === group.dataset.none) !== isNone) box.checked = false; });
});

// ---- One sending at a time ----

const busy = new Set();
const free = (form) => { busy.delete(form); form.removeAttribute("aria-busy"); };
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (busy.has(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  // A save that is on its way brings the version that this sending must carry.
  if (saving.has(form)) {
    event.preventDefault(); event.stopImmediatePropagation();
    saving.get(form).then(() => form.requestSubmit(event.submitter));
    return;
  }
  busy.add(form);
  clearTimeout(timers.get(form));
  timers.delete(form);
  form.setAttribute("aria-busy", "true");
  if ("clears" in form.dataset) store.keys().forEach(store.drop);
  else if (!form.hasAttribute("hx-post")) store.set("sent", location.pathname);
  // A browser that stays on the page (a download, a lost line) gets its form back.
  setTimeout(free, 15000, form);
}, true);
window.addEventListener("pageshow", () => [...busy].forEach(free));

// ---- htmx: busy targets, failures in words, parts that arrive ----

document.addEventListener("htmx:before:request", (event) => event.detail.ctx.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:finally:request", (event) => {
  const { target, sourceElement, response } = event.detail.ctx;
  target?.removeAttribute?.("aria-busy");
  const form = sourceElement?.closest?.("form");
  if (form) { free(form); if (response && response.status < 300) forget(form); }
});
const failed = (event) => {
  const { ctx } = event.detail;
  if (!ctx || (ctx.response && ctx.response.status < 500)) return;
  const again = () => {
    const { sourceElement: source, sourceEvent } = ctx;
    if (source.matches("form")) source.requestSubmit();
    else source.dispatchEvent(new Event(sourceEvent ? sourceEvent.type : "click", { bubbles: true, cancelable: true }));
  };
  warn(navigator.onLine ? words.failed : words.offline, words.again, again);
};
document.addEventListener("htmx:error", failed);
document.addEventListener("htmx:response:error", failed);
document.addEventListener("htmx:before:request", () => alertRegion?.replaceChildren());
document.addEventListener("htmx:after:swap", () => {
  ready(document);
  const { calm, wrong } = one("title").dataset;
  if (wrong) document.title = one("#main .error-summary") ? wrong : calm;
});

// A page that came in place of the one asked for brings its title on its heading.
document.addEventListener("htmx:after:swap", () => {
  const heading = one("#main [data-title]");
  if (heading) document.title = heading.dataset.title;
  const part = one("#main [data-says]"); // what a part that came says of itself, once
  if (part) { say(part.dataset.says); delete part.dataset.says; }
});

// ---- Dialogs, toasts, keys ----

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens], [data-close]");
  if (!button) return;
  if (button.dataset.opens) document.getElementById(button.dataset.opens).showModal();
  else button.closest(".toast, .notice").remove();
});

const seen = (element) => element.getClientRects().length > 0;
const rows = () => all("[data-row], tbody tr").filter((row) => one("a[href]", row) && seen(row));
const step = (by) => {
  const list = rows();
  const here = list.findIndex((row) => row.contains(document.activeElement));
  const row = list[Math.min(Math.max(here + by, 0), list.length - 1)];
  if (row) one("th a[href], a[href]", row).focus();
};
const press = (key) => {
  const row = document.activeElement.closest("[data-row], tbody tr");
  const target = (row && all("[data-key]", row).find((element) => element.dataset.key === key))
    || all("[data-key]").find((element) => element.dataset.key.toLowerCase() === key.toLowerCase() && seen(element));
  if (target) { if (target.matches("input:not([type=checkbox])")) target.focus(); else target.click(); return true; }
  if (key === "j" || key === "k") { step(key === "j" ? 1 : -1); return true; }
  if (key === "o" && row) { one("th a[href], a[href]", row).click(); return true; }
  return false;
};
document.addEventListener("keydown", (event) => {
  const inField = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Enter" && event.ctrlKey && inField && inField.form) return inField.form.requestSubmit();
  if (!("keys" in document.body.dataset) || inField || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (one("dialog[open]")) return;
  if (/^[jkoxc/?123H]$/i.test(event.key) && press(event.key)) event.preventDefault();
});

// ---- The end of the session is said two minutes before ----

const watchSession = () => {
  const seconds = Number(document.body.dataset.sessionEndsIn);
  if (!seconds) return;
  const stay = () => fetch(location.href, { method: "HEAD" }).then(watchSession, () => warn(words.offline, words.again, stay));
  setTimeout(() => warn(words.ending, words.stay, stay), Math.max(seconds - 120, 1) * 1000);
};

const ready = (root) => {
  all("[data-limit]", root).forEach(count);
  all("[data-opens][hidden], [data-close][hidden]", root).forEach((button) => { button.hidden = false; });
};

all("[data-zone]").forEach((field) => { try { field.value = Intl.DateTimeFormat().resolvedOptions().timeZone; } catch { /* it stays unknown */ } });
ready(document);
if (store.get("sent")) { // the last sending came back; unless it failed, its text is safe on the server
  const from = `text:${store.get("sent")}:`;
  if (!one("[data-failed-page], .error-summary")) store.keys().filter((key) => key.startsWith(from)).forEach(store.drop);
  store.drop("sent");
}
all("form[data-autosave], form[data-keep]").forEach(restore);
const summary = one(".error-summary");
if (summary) summary.focus();
watchSession();
one("form[data-at-once]")?.requestSubmit();
