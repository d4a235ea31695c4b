/**
 * What every learner's page does with the outbox: listen to lessons, light lamps, say what waits, send it when it can.
 *
 * Hears `lesson-step`, `lesson-use`, `practice-finished` and links marked `[data-done]` (curriculum/lesson.js). Elements:
 * <hvs-outbox>, the line under the header; <hvs-continue>, the card of the first page; <hvs-outbox-list>, the page of the outbox; rows `li[data-lesson]` and the button in `[data-path-start]`.
 */
import { outbox } from "./here.js";
import { lit, merged } from "./outbox.js";
import { fromPairs } from "./store.js";

const OPENED = Date.now();
// Somebody signing in or looking after the account has other things to read.
const ASIDE = /^(\/en)?\/tai-khoan\//;

/** The sentences of an element: its template's `[data-key]`. @param {Element} place @returns {Record<string, string>} */
function sentences(place) {
  const template = /** @type {HTMLTemplateElement | null} */ (place.querySelector("template[data-strings]"));
  const found = template ? [...template.content.querySelectorAll("[data-key]")] : [];
  return fromPairs(found.map((one) => [one.getAttribute("data-key") || "", (one.textContent || "").trim()]));
}

/** @param {string} text @param {Record<string, string | number>} values */
const filled = (text, values) => Object.entries(values).reduce((words, [name, value]) => words.replace(`{${name}}`, String(value)), text || "");

/** 14:05 today, 14:05 20/11 on another day. @param {string} iso @returns {string} */
function moment(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const two = (number) => String(number).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === new Date().toDateString() ? time : `${time} ${two(at.getDate())}/${two(at.getMonth() + 1)}`;
}

// --- listening to lessons ---------------------------------------------------------------------------------------------

/** The lesson around an element; none for drafts. @param {EventTarget | null} target */
function lessonOf(target) {
  const place = target instanceof Element ? target.closest("hvs-lesson") : null;
  return place && place.getAttribute("release") ? place : null;
}

/** @param {Element} lesson */
function factsOf(lesson) {
  const minutes = /\d+/.exec((lesson.querySelector(".lesson__minutes") && lesson.querySelector(".lesson__minutes").textContent) || "");
  return { slug: lesson.getAttribute("lesson") || "", title: ((lesson.querySelector("h1") && lesson.querySelector("h1").textContent) || "").trim(), minutes: minutes ? Number(minutes[0]) : 0 };
}

/** Step 1 was read, or step 3 done: told once each, except when more of step 3 was done. @param {Element} lesson @param {string} step */
async function stepDone(lesson, step) {
  await outbox.ready;
  const { slug, title } = factsOf(lesson);
  const before = outbox.of(slug);
  if (step === "understand" && !before.understood) {
    await outbox.add({ kind: "UNDERSTOOD", lesson: slug }, { title, progress: { understood: true } });
  }
  if (step !== "use") return;
  const steps = [...lesson.querySelectorAll("input[data-use-step]:checked")].map((one) => one.getAttribute("data-use-step") || "");
  if (before.used && steps.every((one) => before.steps.includes(one))) return;
  await outbox.add({ kind: "USED", lesson: slug, steps }, { title, progress: { used: true, steps } });
}

/** A run came to its end; further runs of a practice that was passed tell nothing new. @param {Element} lesson @param {any} detail */
async function practised(lesson, detail) {
  await outbox.ready;
  const { slug, title } = factsOf(lesson);
  if (outbox.of(slug).practised.includes(detail.practice)) return;
  const words = [...lesson.querySelectorAll("hvs-practice")].find((one) => one.getAttribute("practice") === detail.practice);
  const practice = ((words && (words.querySelector(".practice__plain strong") && words.querySelector(".practice__plain strong").textContent)) || "").trim();
  const passed = detail.trace.result.end === "pass";
  await outbox.add({ kind: "PRACTISED", lesson: slug, trace: detail.trace }, { title, practice, progress: passed ? { practised: [detail.practice] } : {} });
}

function listen() {
  document.addEventListener("lesson-step", (event) => {
    const lesson = lessonOf(event.target);
    if (lesson && /** @type {CustomEvent} */ (event).detail.step === "understand") stepDone(lesson, "understand");
  });
  document.addEventListener("practice-finished", (event) => {
    const lesson = lessonOf(event.target);
    if (lesson) practised(lesson, /** @type {CustomEvent} */ (event).detail);
  });
  document.addEventListener("lesson-use", (event) => {
    const lesson = lessonOf(event.target);
    const { all } = /** @type {CustomEvent} */ (event).detail;
    if (lesson && (all || outbox.of(factsOf(lesson).slug).used)) stepDone(lesson, "use");
  });
  document.addEventListener("lesson-screen", (event) => {
    const lesson = lessonOf(event.target);
    const { screen } = /** @type {CustomEvent} */ (event).detail;
    if (lesson && !lesson.hasAttribute("data-aside")) outbox.mark({ lesson: factsOf(lesson).slug, screen: screen === "xong" ? "" : screen, opened_at: Date.now() });
  });
  // `lesson-step` of step 3 says that it was seen; that it was done is what this link says.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-done='use']") : null;
    const lesson = lessonOf(link);
    if (lesson) stepDone(lesson, "use");
  });
}

/** The lesson on this page: remember that it was opened, and light what this account did elsewhere. */
async function openLesson() {
  await outbox.ready;
  for (const lesson of document.querySelectorAll("hvs-lesson[release]:not([release=''])")) {
    const { slug, title, minutes } = factsOf(lesson);
    const practices = new Set([...lesson.querySelectorAll("hvs-practice")].map((one) => one.getAttribute("practice"))).size;
    await outbox.learn(slug, { title, minutes, practices, at: Date.now() });
    // The place is kept when the lesson is gone on with: a screen already known is not taken back by opening the page, unless
    // the address names another (also one gone to before anything listened here).
    const at = lesson.getAttribute("data-at") || "";
    const moved = outbox.bookmark.lesson !== slug || (location.hash === `#${at}` && at !== "xong" && at !== outbox.bookmark.screen);
    if (moved && !lesson.hasAttribute("data-aside")) outbox.mark({ lesson: slug, screen: at, opened_at: Date.now() });
    light(lesson);
  }
}

/** @param {any} lesson */
function light(lesson) {
  const known = outbox.of(factsOf(lesson).slug);
  if (typeof lesson.merge === "function") lesson.merge({ understood: known.understood, passed: known.practised, used: known.used, done: known.done });
}

// --- lists of lessons -------------------------------------------------------------------------------------------------

/** Rows of lessons: a check on what is finished, lamps on what is begun. */
async function markRows() {
  await outbox.ready;
  const place = document.querySelector("hvs-outbox");
  if (!place) return;
  for (const line of document.querySelectorAll("li[data-lesson]")) {
    for (const old of line.querySelectorAll("[data-done-mark]")) old.remove();
    const row = line.querySelector("a.row");
    const lamps = lit(outbox.of(line.getAttribute("data-lesson") || ""));
    const template = /** @type {HTMLTemplateElement | null} */ (place.querySelector(`template[data-mark="${lamps === 3 ? "done" : "begun"}"]`));
    if (!row || !template || !lamps) continue;
    const mark = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    if (lamps === 3) {
      row.insertBefore(mark, row.lastElementChild);
      continue;
    }
    lightLamps(mark.querySelector(".lamps"), lamps);
    (row.querySelector(".row__text") && row.querySelector(".row__text").append(mark));
  }
  startOfPath(place);
}

/** The path's main button leads to the first lesson that is not finished; none when all are. @param {Element} words */
function startOfPath(words) {
  const start = document.querySelector("[data-path-start]");
  const link = (start && start.querySelector("a"));
  if (!start || !link) return;
  link.dataset.first = link.dataset.first || (link.textContent || "").trim();
  const lines = [...document.querySelectorAll("[data-path] li[data-lesson]")];
  const lamps = lines.map((line) => lit(outbox.of(line.getAttribute("data-lesson") || "")));
  const next = lines[lamps.findIndex((one) => one < 3)];
  // One next thing: where the card of the first page says what to go on with, this button does not say another.
  const said = lamps.some(Boolean) && document.querySelector("hvs-continue:not([hidden])");
  start.toggleAttribute("hidden", !next || Boolean(said));
  const row = /** @type {HTMLAnchorElement | null} */ (next ? next.querySelector("a.row") : null);
  if (!row) return;
  link.href = row.href;
  const title = (row.querySelector(".row__title") && row.querySelector(".row__title").textContent) || "";
  link.textContent = lamps.some(Boolean) ? filled(sentences(words).go_on, { title }) : link.dataset.first;
}

/** @param {Element | null} picture three small lamps, none lit @param {number} lamps */
function lightLamps(picture, lamps) {
  if (!picture) return;
  picture.setAttribute("aria-label", (picture.getAttribute("aria-label") || "").replace("0", String(lamps)));
  [...picture.children].forEach((lamp, place) => lamp.toggleAttribute("data-lit", place < lamps));
}

// --- elements ---------------------------------------------------------------------------------------------------------

class HvsOutbox extends HTMLElement {
  connectedCallback() {
    this.words = this.words || sentences(this);
    this.show = () => this.draw();
    outbox.addEventListener("change", this.show);
    this.draw();
  }

  disconnectedCallback() {
    outbox.removeEventListener("change", this.show);
  }

  async draw() {
    const told = ASIDE.test(location.pathname) ? null : this.tell(await outbox.summary());
    const line = this.querySelector(".outbox");
    if (!line) return;
    line.toggleAttribute("hidden", !told);
    if (!told) return;
    const [key, values, link] = told;
    const text = filled(this.words[key], values);
    const words = line.querySelector("[data-words]");
    if (words && words.textContent !== text) words.textContent = text;
    const place = /** @type {HTMLAnchorElement | null} */ (line.querySelector(".outbox__link"));
    if (!place) return;
    place.textContent = this.words[link];
    const door = `${this.dataset.door}?next=${encodeURIComponent(location.pathname)}`;
    place.href = link === "door" || link === "door_again" ? door : this.dataset.page || "";
    line.toggleAttribute("data-warns", ["memory", "aside", "asking"].includes(key));
  }

  /** Which sentence, with which numbers, leading where; none when there is nothing to say. */
  tell({ waiting, asking, others, aside, sentAt, signedIn, trouble, lasting }) {
    const n = waiting.length;
    if (!lasting && n) return ["memory", { n }, "page"];
    if (asking.length) return ["asking", { n: asking.length }, "answer"];
    if (aside.length) return ["aside", { n: aside.length }, "page"];
    if (!signedIn) return n + others.length ? ["here", { n: n + others.length }, "door"] : null;
    if (n && trouble === "signed-out") return ["here", { n }, "door_again"];
    if (n) return sentAt ? ["waiting_since", { n, time: moment(sentAt) }, "page"] : ["waiting", { n }, "page"];
    // Said once, on the page that was open when it was sent.
    return sentAt && new Date(sentAt).getTime() >= OPENED ? ["sent", { time: moment(sentAt) }, "page"] : null;
  }
}

class HvsContinue extends HTMLElement {
  connectedCallback() {
    this.show = () => this.draw();
    for (const name of ["change", "progress", "owner"]) outbox.addEventListener(name, this.show);
    this.draw();
  }

  disconnectedCallback() {
    for (const name of ["change", "progress", "owner"]) outbox.removeEventListener(name, this.show);
  }

  async draw() {
    await outbox.ready;
    for (const old of this.querySelectorAll(".continue")) old.remove();
    this.hidden = true;
    const known = Object.assign({}, outbox.progress);
    const place = outbox.bookmark; // on another device it may only have been opened
    if (place.lesson) known[place.lesson] = merged(outbox.of(place.lesson), { at: place.opened_at });
    const begun = Object.entries(known).filter(([slug, one]) => lit(one) < 3 && this.rowOf(slug));
    const [slug, one] = begun.sort(([, a], [, b]) => b.at - a.at)[0] || [];
    const template = this.querySelector("template");
    if (!slug || !one || !template) return this.told();
    const row = /** @type {HTMLAnchorElement} */ (this.rowOf(slug));
    const card = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const lamps = lit(one);
    // Read and declared done: what is missing are practices, however many minutes those take.
    const open = one.understood && one.used && !one.done ? Math.max(0, one.practices - one.practised.length) : 0;
    const left = one.minutes ? Math.max(1, Math.ceil((one.minutes * (3 - lamps)) / 3)) : 0;
    const set = (name, text) => { const place = card.querySelector(`[data-${name}]`); if (place) place.textContent = text; };
    set("title", (row.querySelector(".row__title") && row.querySelector(".row__title").textContent) || one.title);
    set("note", open ? filled(this.dataset[open === 1 ? "practiceLeft" : "practicesLeft"] || "", { n: open }) : left ? filled(this.dataset.minutesLeft || "", { minutes: left }) : this.dataset.goOn || "");
    const link = card.querySelector("a");
    const { lesson, screen } = outbox.bookmark;
    if (link) link.href = open ? `${row.href}#lam-tiep` : lesson === slug && screen && screen !== "hieu" ? `${row.href}#${screen}` : row.href;
    lightLamps(card.querySelector(".lamps"), lamps);
    this.append(card);
    this.hidden = false;
    this.told();
  }

  /** The path's button may have to give way, or come back. */
  told() {
    const words = document.querySelector("hvs-outbox");
    if (words) startOfPath(words);
  }

  /** The lesson's row further down the page: only lessons that are still there can be gone on with. @param {string} slug */
  rowOf(slug) {
    return document.querySelector(`a.row[href$="/bai/${CSS.escape(slug)}/"]`);
  }
}

class HvsOutboxList extends HTMLElement {
  connectedCallback() {
    this.words = this.words || sentences(this);
    this.show = () => this.draw();
    outbox.addEventListener("change", this.show);
    this.addEventListener("click", this);
    this.draw();
  }

  disconnectedCallback() {
    outbox.removeEventListener("change", this.show);
  }

  /** @param {Event} event */
  handleEvent(event) {
    const button = event.target instanceof Element ? event.target.closest("button[data-does]") : null;
    if (!button) return;
    const id = (button.closest("[data-id]") && button.closest("[data-id]").getAttribute("data-id")) || "";
    const acts = {
      send: () => outbox.send({ now: true }), mine: () => outbox.settle(true), "not-mine": () => outbox.settle(false),
      again: () => outbox.again(id), "let-go": () => outbox.letGo(id), save: () => this.save(),
    };
    (acts[button.getAttribute("data-does") || ""] && acts[button.getAttribute("data-does") || ""]());
  }

  async draw() {
    const summary = await outbox.summary();
    this.list("waiting", summary.waiting);
    this.list("asking", summary.asking);
    this.list("others", summary.others);
    this.list("aside", summary.aside);
    const total = summary.waiting.length + summary.asking.length + summary.others.length + summary.aside.length;
    this.part("none", !total);
    this.part("save", Boolean(total));
    this.part("send", summary.signedIn && Boolean(summary.waiting.length));
    this.part("door", (!summary.signedIn || summary.trouble === "signed-out") && Boolean(summary.waiting.length));
    this.part("memory", !summary.lasting);
    const state = this.querySelector("[data-state]");
    const key = summary.sending ? "sending" : summary.waiting.length ? summary.trouble : "";
    const text = this.words[key] || (summary.sentAt ? filled(this.words.sent_at, { time: moment(summary.sentAt) }) : "");
    if (state && state.textContent !== text) state.textContent = text;
  }

  /** @param {string} name @param {boolean} there */
  part(name, there) {
    for (const one of this.querySelectorAll(`[data-part="${name}"]`)) one.toggleAttribute("hidden", !there);
  }

  /** @param {string} name @param {any[]} items */
  list(name, items) {
    this.part(name, items.length > 0);
    const list = this.querySelector(`[data-list="${name}"]`);
    const template = /** @type {HTMLTemplateElement | null} */ (this.querySelector(`template[data-row="${name}"]`) || this.querySelector("template[data-row='waiting']"));
    if (!list || !template) return;
    list.replaceChildren(...items.map((one) => {
      const row = /** @type {Element} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
      row.setAttribute("data-id", one.activity.id);
      const set = (part, text) => { const place = row.querySelector(`[data-${part}]`); if (place) place.textContent = text; };
      set("what", this.words[this.kindOf(one)] || "");
      set("lesson", one.practice || one.title || one.activity.lesson);
      set("when", moment(one.activity.at));
      if (one.reason) set("reason", this.words[`reason_${one.reason}`] || this.words.reason);
      return row;
    }));
  }

  kindOf({ activity }) {
    if (activity.kind === "KNOWN") return "known";
    if (activity.kind !== "PRACTISED") return activity.kind === "USED" ? "used" : "understood";
    return (activity.trace && (activity.trace.result && activity.trace.result.end)) === "pass" ? "practised" : "tried";
  }

  /** Everything on this phone as a file, for whoever wants to keep or bring it. */
  async save() {
    const { waiting, asking, aside } = await outbox.summary();
    const text = JSON.stringify({ v: 1, device: outbox.device, saved_at: new Date().toISOString(), activities: [...waiting, ...asking, ...aside].map((one) => one.activity) }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "viec-cho-gui.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
}

// --- when to send -----------------------------------------------------------------------------------------------------

/** Ask who is signed in when the page could not at first. */
async function ask() {
  if (!navigator.onLine) return;
  try {
    const answer = await fetch("/api/v1/me", { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (answer.ok) await outbox.meet(await answer.json());
  } catch (error) { /* asked again when the phone is online */ }
}

function watch() {
  document.addEventListener("hvs:me", (event) => outbox.meet(/** @type {CustomEvent} */ (event).detail));
  outbox.addEventListener("who", ask);
  addEventListener("online", () => {
    outbox.wait = 5000;
    if (outbox.signedIn) outbox.soon(Math.random() * 3000);
    else ask();
  });
  addEventListener("offline", () => outbox.changed());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && outbox.signedIn) outbox.soon(500);
  });
  outbox.addEventListener("progress", () => document.querySelectorAll("hvs-lesson[release]:not([release=''])").forEach(light));
  outbox.addEventListener("owner", () => document.querySelectorAll("hvs-lesson[release]:not([release=''])").forEach(light));
}

listen();
watch();
openLesson();
markRows();
for (const name of ["change", "progress", "owner"]) outbox.addEventListener(name, markRows);
document.addEventListener("hvs:rows", markRows);
customElements.define("hvs-outbox", HvsOutbox);
customElements.define("hvs-continue", HvsContinue);
customElements.define("hvs-outbox-list", HvsOutboxList);
