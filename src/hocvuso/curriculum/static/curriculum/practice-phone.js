/**
 * <hvs-practice>: plays a practice on a drawn phone and records what happens.
 *
 * Attributes: `src` (definition JSON) or a child `<script type="application/json">`; `practice`, `release` (what the trace
 * names); `skin` (`android` | `iphone`, else remembered, else guessed); `drawings` (address of practice-drawings.svg).
 * Its sentences stand in a child `<template data-strings>`, so that the page's language is the server's business.
 * A child `[data-practice-next]` is shown once the practice is passed.
 * Events: `practice-finished` {trace, practice, release, skin} at every end screen.
 * Nothing a person types leaves the element: the trace carries the author's own texts (engine: veil).
 */
import { MAX_EVENTS, applies, current, ended, outcome, shown, start, step, tidy, veil, visibleBlocks } from "./practice-engine.js";

const SKIN_KEY = "hvs-practice-skin";
const SVG = "http://www.w3.org/2000/svg";
const VOICE_KEY = "hvs-practice-voice";
const NO_BAR = ["home", "lock", "call", "done"];

/** Make an element. Properties: `class`, `text`, `on` {event: listener}, the rest are attributes; falsy ones are left out. */
function h(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined && value !== "") node.setAttribute(name, value);
  }
  node.append(...kids.filter(Boolean));
  return node;
}

function svg(tag, props = {}, ...kids) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...kids);
  return node;
}

/** Storage may be closed to us; then a wish is only forgotten. */
function read(key) {
  try { return localStorage.getItem(key); } catch (error) { return null; }
}

function keep(key, value) {
  try { localStorage.setItem(key, value); } catch (error) { /* forgotten */ }
}

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A short first sentence ("Khoan đã.", "Đúng rồi.") stands out. */
function spoken(text) {
  const found = /^([^.!?…]{2,24}[.!?])(\s[^]+)$/u.exec(text);
  return found ? [h("b", { text: found[1] }), found[2]] : [text];
}

/** A pattern that looks like a QR code and can be read by no scanner: no timing lines, a label across the middle. */
function fakeQr(seedText, label) {
  const size = 21;
  let seed = 7;
  for (const sign of seedText) seed = (seed * 31 + sign.codePointAt(0)) % 2147483647;
  const drawing = svg("svg", { class: "pr-qr__code", viewBox: "-1 -1 23 23", "aria-hidden": "true" });
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      seed = (seed * 48271) % 2147483647;
      const corner = (x < 8 && y < 8) || (x > 12 && y < 8) || (x < 8 && y > 12);
      if (!corner && (y < 8 || y > 12) && seed % 100 < 46) path += `M${x} ${y}h1v1h-1z`;
    }
  }
  for (const [x, y] of [[0, 0], [14, 0], [0, 14]]) {
    path += `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`;
  }
  drawing.append(svg("path", { d: path, "fill-rule": "evenodd", fill: "currentColor" }));
  const word = svg("text", { x: "10.5", y: "11.9", "text-anchor": "middle", "font-size": "4", "font-weight": "600", fill: "currentColor" });
  word.textContent = label;
  drawing.append(word);
  return drawing;
}

class HvsPractice extends HTMLElement {
  connectedCallback() {
    if (this.strings) return;
    this.strings = {};
    // The lesson turned a page: the coach comes to the top, so that the whole phone is within reach.
    this.turned = () => { if (this.root && this.offsetParent && this.phone.getBoundingClientRect().bottom > window.innerHeight) this.scrollIntoView({ block: "start" }); };
    document.addEventListener("lesson-screen", this.turned);
    const template = this.querySelector("template[data-strings]");
    if (!template) return;
    template.content.querySelectorAll("[data-key]").forEach((one) => { this.strings[one.dataset.key] = one.textContent.trim(); });
    this.load();
  }

  disconnectedCallback() {
    document.removeEventListener("lesson-screen", this.turned);
    if (this.aloud) window.speechSynthesis.cancel();
  }

  /** Fetch the definition and begin; when that fails, say so and offer to try again. */
  async load() {
    try {
      const inline = this.querySelector('script[type="application/json"]');
      if (inline) return this.play(JSON.parse(inline.textContent));
      const answer = await fetch(this.getAttribute("src"), { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      return this.play(await answer.json());
    } catch (error) {
      const box = h("div", { class: "pr-failed", role: "alert" }, h("p", { text: this.t("load_failed") }),
        h("button", { type: "button", class: "pr-act pr-act--main", text: this.t("reload"), on: { click: () => { box.remove(); this.load(); } } }));
      this.append(box);
      return undefined;
    }
  }

  /** Begin a practice from its definition. Also used by previews. @param {Object} definition */
  play(definition) {
    this.definition = definition;
    this.skin = this.firstSkin();
    this.build();
    this.begin();
  }

  t(key, values = {}) {
    return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), this.strings[key] || "");
  }

  firstSkin() {
    const guess = /iPhone|iPad|iPod/.test(navigator.userAgent) ? "iphone" : "android";
    const wishes = [read(SKIN_KEY), this.getAttribute("skin"), guess, this.definition.skins[0]];
    return wishes.find((skin) => this.definition.skins.includes(skin));
  }

  // --- the frame ---------------------------------------------------------------------------------------------------

  build() {
    if (this.root) this.root.remove();
    this.setAttribute("data-playing", "");
    this.say = h("p", { class: "pr-say", "aria-live": "polite", "data-listen": true });
    this.screen = h("div", { class: "pr-glass", role: "group", tabindex: "-1" });
    this.nav = h("div", { class: "pr-nav" });
    // At the phone's upper edge: that this is no real screen is read first, however long the screen is.
    this.label = h("p", { class: "pr-sim", text: this.t("simulated") });
    this.phone = h("div", { class: "pr-phone" }, this.label, this.screen, this.nav);
    this.answer = h("div", { class: "pr-answer", role: "status" });
    this.acts = h("div", { class: "pr-acts" });
    this.bar = h("div", { class: "pr-bar" }, this.answer, this.acts);
    const next = this.querySelector("[data-practice-next]");
    this.next = next;
    this.voice = h("button", { type: "button", class: "pr-voice", hidden: true, "aria-pressed": "false", "aria-label": this.t("read_aloud"), on: { click: () => this.setVoice(!this.aloud) } }, this.icon("volume"));
    this.root = h("div", { class: "pr" }, h("div", { class: "pr-coach" }, this.say, this.voice),
      h("div", { class: "pr-stage" }, this.phone), this.bar, this.footer());
    this.append(this.root);
    this.findVoice();
  }

  // --- reading aloud -----------------------------------------------------------------------------------------------

  /** Offer the device's Vietnamese voice; where there is none, offer nothing. */
  findVoice() {
    const voices = window.speechSynthesis;
    if (!voices) return;
    const look = () => {
      this.speaker = voices.getVoices().find((one) => one.lang.toLowerCase().startsWith("vi")) || null;
      this.voice.hidden = !this.speaker;
      if (this.speaker && read(VOICE_KEY) === "on" && !this.aloud) this.setVoice(true, true);
    };
    look();
    if (!this.speaker) voices.addEventListener("voiceschanged", look, { once: true });
  }

  /** Once on, the coach is heard at every step. A page may not speak before it was touched, hence `quietly`. */
  setVoice(aloud, quietly = false) {
    this.aloud = aloud;
    this.voice.setAttribute("aria-pressed", String(aloud));
    keep(VOICE_KEY, aloud ? "on" : "off");
    if (!aloud) window.speechSynthesis.cancel();
    else if (!quietly) this.speak();
  }

  speak() {
    if (!this.aloud || !this.speaker) return;
    window.speechSynthesis.cancel();
    const text = this.answer.querySelector("p");
    const utterance = new SpeechSynthesisUtterance([text && text.textContent, this.said === this.say.textContent ? "" : this.say.textContent].filter(Boolean).join(" ") || this.say.textContent);
    this.said = this.say.textContent;
    utterance.voice = this.speaker;
    utterance.lang = this.speaker.lang;
    utterance.rate = 0.9;
    window.speechSynthesis.speak(utterance);
  }

  footer() {
    const name = `skin-${this.definition.slug}`;
    const choices = this.definition.skins.map((skin) => h("label", { class: "pr-skin" },
      h("input", { type: "radio", name, value: skin, checked: skin === this.skin, on: { change: () => this.changeSkin(skin) } }),
      h("span", { text: this.t(skin) })));
    return h("div", { class: "pr-foot" },
      h("fieldset", { class: "pr-skins" }, h("legend", { text: this.t("skin_label") }), h("div", { class: "pr-skins__row" }, ...choices)),
      h("button", { type: "button", class: "pr-quiet", text: this.t("restart"), on: { click: () => this.act({ on: "restart" }) } }));
  }

  changeSkin(skin) {
    keep(SKIN_KEY, skin);
    this.wear(skin);
    // The other practices of the page follow, unless somebody is in the middle of one.
    document.querySelectorAll("hvs-practice").forEach((other) => { if (other !== this && other.root && !other.events.length) other.wear(skin); });
  }

  wear(skin) {
    if (!this.definition.skins.includes(skin)) return;
    this.skin = skin;
    this.root.querySelector(`input[value="${skin}"]`).checked = true;
    this.begin();
  }

  /** Start a fresh run with a fresh trace. */
  begin() {
    this.state = start(this.definition, this.skin);
    this.events = [];
    this.startedAt = performance.now();
    this.typedDigits = "";
    this.draw();
    this.tell();
  }

  // --- one action --------------------------------------------------------------------------------------------------

  /** Do what the person did: move the machine, record it, show what came of it. */
  act(event) {
    if (this.events.length >= MAX_EVENTS - 1 || (event.on === "restart" && ended(this.state) === "pass")) {
      this.begin();
      this.settle();
      return;
    }
    const before = this.state;
    const last = this.events.length ? this.events[this.events.length - 1].t : 0;
    const timed = Object.assign({ t: Math.max(last, Math.round(performance.now() - this.startedAt)) }, event);
    this.state = step(before, timed);
    this.events.push(veil(before, timed));
    this.typedDigits = "";
    const moved = this.state.screen !== before.screen || event.on === "restart";
    if (moved || this.state.memory !== before.memory || event.on === "type") this.draw(moved);
    this.tell(moved);
    if (moved) this.settle();
    else this.reveal();
    if (moved && ended(this.state)) this.finish();
  }

  finish() {
    const trace = {
      v: 1, practice: this.definition.slug, release: this.getAttribute("release") || "", skin: this.skin,
      events: this.events.slice(), result: outcome(this.state),
    };
    const { practice, release, skin } = trace;
    this.dispatchEvent(new CustomEvent("practice-finished", { bubbles: true, composed: true, detail: { trace, practice, release, skin } }));
  }

  /** After the screen changed: the reading place moves with it, the coach's words come into view. */
  settle() {
    this.screen.focus({ preventScroll: true });
    if (this.say.getBoundingClientRect().top < 0 || this.phone.getBoundingClientRect().bottom > window.innerHeight) this.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  }

  /** The screen stayed: what was said stands below the phone, and the page moves just so far that it is seen under the choices. */
  reveal() {
    if (!this.answer.childElementCount) return;
    // With the keyboard up, only the visual viewport is seen.
    const room = window.visualViewport ? window.visualViewport.height : window.innerHeight;
    const below = this.acts.getBoundingClientRect().bottom + 12 - room;
    const by = Math.min(below, this.answer.getBoundingClientRect().top);
    if (by > 0) window.scrollBy({ top: by, behavior: calm() ? "auto" : "smooth" });
  }

  // --- the coach ---------------------------------------------------------------------------------------------------

  tell(moved = true) {
    const { said } = this.state;
    const end = ended(this.state);
    const kind = end ? "end" : (said && said.kind) || "";
    const text = this.shown(current(this.state).say);
    if (this.say.textContent !== text) this.say.textContent = text;
    this.setAttribute("data-end", end || "");
    this.answer.textContent = "";
    const box = this.answerBox(kind, end);
    if (box) this.answer.append(box);
    this.acts.textContent = "";
    this.acts.append(...this.buttons(kind, end, moved));
    if (this.next) {
      this.next.hidden = end !== "pass";
      if (end === "pass") this.acts.append(this.next);
      // Whoever stands around the practice may take its own way on back while this one shows.
      const section = this.closest("section");
      if (section) section.toggleAttribute("data-practice-passed", end === "pass");
    }
    // What belongs to a new screen is read before it, what belongs to a choice after the choices.
    this.root.dataset.answer = end ? "end" : box && moved ? "above" : "below";
    // Nothing is said before the person has done something.
    if ((box || moved) && this.events.length) this.speak();
  }

  answerBox(kind, end) {
    const { said } = this.state;
    const note = (tone, icon, ...words) => h("div", { class: `pr-note pr-note--${tone}` }, this.icon(icon), h("p", {}, ...words));
    const words = said && said.text ? spoken(said.text) : null;
    if (end === "pass") return note("leaf", "check", ...(said.kind === "ok" ? words : [h("b", { text: this.t("passed") })]), " ", this.tally());
    if (end === "fail") return note("lamp", "lamp", ...(said.kind === "wrong" ? words : [this.t("failed")]));
    if (kind === "wrong") return note("lamp", "lamp", h("span", { class: "pr-aside", text: `${this.t("wrong_aside")} ` }), ...words);
    if (kind === "ok") return note("leaf", "check", ...words);
    if (kind === "hint") return note("sky", "lamp", h("b", { text: `${this.t("hint")}: ` }), said.text || this.t("no_hint"));
    if (kind === "idle") return note("quiet", "phone", this.t("idle"));
    return null;
  }

  /** "Không rẽ sai lần nào." or "Rẽ sai 2 lần, lần sau sẽ ít hơn." */
  tally() {
    const { wrong } = this.state;
    return h("span", { text: wrong ? this.t("tally_wrong", { n: wrong }) : this.t("tally_clean") });
  }

  buttons(kind, end, moved) {
    const make = (key, main, click) => h("button", { type: "button", class: main ? "pr-act pr-act--main" : "pr-act", text: this.t(key), on: { click } });
    const restart = () => this.act({ on: "restart" });
    if (end === "pass") return [make("again", !this.next, restart)];
    if (end === "fail") return [make("restart", true, restart)];
    const list = [];
    if (kind !== "hint") list.push(make("hint", false, () => { this.act({ on: "hint" }); this.acts.querySelector("button").focus({ preventScroll: true }); }));
    if ((kind === "wrong" && !moved) || kind === "hint") {
      list.push(make(kind === "wrong" ? "retry" : "understood", true, () => {
        this.state = Object.assign({}, this.state, { said: null });
        this.clearMarks();
        this.tell();
        this.screen.focus({ preventScroll: true });
      }));
    }
    return list;
  }

  clearMarks() {
    this.screen.querySelectorAll(".is-wrong").forEach((one) => one.classList.remove("is-wrong"));
  }

  // --- the phone ---------------------------------------------------------------------------------------------------

  shown(text) {
    return shown(this.state, text);
  }

  icon(name) {
    const drawing = svg("svg", { class: "pr-icon", "aria-hidden": "true", focusable: "false" });
    drawing.append(svg("use", { href: `${this.getAttribute("drawings") || ""}#${name}` }));
    return drawing;
  }

  draw(fresh = true) {
    const screen = current(this.state);
    const app = this.look(screen);
    const held = !fresh && document.activeElement && this.screen.contains(document.activeElement) ? document.activeElement.dataset.block : null;
    this.phone.dataset.skin = this.skin;
    this.phone.dataset.kind = app.kind;
    this.phone.toggleAttribute("data-talking", app.kind === "call" && visibleBlocks(this.state).some((block) => block.type === "bubble"));
    const body = h("div", { class: fresh ? "pr-body pr-body--fresh" : "pr-body" });
    for (const group of this.groups(visibleBlocks(this.state))) {
      const drawn = group.map((block) => this.block(block)).filter(Boolean);
      body.append(...(drawn.length && GROUPED.has(group[0].type) ? [h("div", { class: `pr-run pr-run--${group[0].type}` }, ...drawn)] : drawn));
    }
    if (!body.childElementCount && ended(this.state)) body.append(h("div", { class: "pr-empty" }, this.icon(ended(this.state) === "pass" ? "shield" : "lamp")));
    const title = this.shown(app.title);
    this.screen.setAttribute("aria-label", `${this.t("simulated")}${title ? `: ${title}` : ""}`);
    this.screen.textContent = "";
    this.screen.append(...[this.statusBar(), this.appBar(app, title), app.kind === "lock" && h("p", { class: "pr-clock", "aria-hidden": "true", text: "9:41" }), body].filter(Boolean));
    this.drawNav();
    const again = held && this.screen.querySelector(`[data-block="${held}"]`);
    if (again) again.focus({ preventScroll: true });
  }

  /** How the screen looks: a call without anybody on the line is a phone book; an end without an app is a quiet picture. */
  look(screen) {
    if (!screen.app) return { kind: ended(this.state) === "pass" ? "done" : "lock" };
    const onTheLine = visibleBlocks(this.state).some((block) => block.type === "caller" || block.type === "bubble");
    return screen.app.kind === "call" && !onTheLine ? Object.assign({}, screen.app, { kind: "phonebook" }) : screen.app;
  }

  statusBar() {
    return h("div", { class: "pr-status", "aria-hidden": "true" }, h("span", { text: "9:41" }), h("i", { class: "pr-eye" }),
      h("span", { class: "pr-status__right" }, this.icon("signal"), this.icon("wifi"), this.icon("battery")));
  }

  appBar(app, title) {
    const moves = current(this.state).moves || [];
    const back = this.skin === "iphone" && !ended(this.state) &&
      (!NO_BAR.includes(app.kind) || moves.some((move) => move.on === "back" && applies(this.state, move)));
    if (NO_BAR.includes(app.kind) && !back) return null;
    return h("div", { class: "pr-appbar" }, back && this.backButton("back"),
      ["chat", "sms"].includes(app.kind) && h("span", { class: "pr-face", "aria-hidden": "true" }, this.icon("user")),
      app.kind === "ai" && h("span", { class: "pr-face pr-face--ai", "aria-hidden": "true" }, this.icon("sparkle")),
      h("p", { class: "pr-title", text: title }));
  }

  backButton(icon) {
    return h("button", { type: "button", class: "pr-back", "aria-label": this.t("back"), disabled: Boolean(ended(this.state)), on: { click: () => this.act({ on: "back" }) } }, this.icon(icon));
  }

  drawNav() {
    this.nav.textContent = "";
    if (this.skin === "android") {
      this.nav.append(this.backButton("nav-back"), h("span", { class: "pr-nav__rest", "aria-hidden": "true" }, this.icon("nav-home")), h("span", { class: "pr-nav__rest", "aria-hidden": "true" }, this.icon("nav-recent")));
    } else {
      this.nav.append(h("span", { class: "pr-homeline", "aria-hidden": "true" }));
    }
  }

  /** Neighbours of one kind stand together: icons in a grid, rows in a card. */
  groups(blocks) {
    const groups = [];
    for (const block of blocks) {
      const last = groups[groups.length - 1];
      if (last && last[0].type === block.type && GROUPED.has(block.type)) last.push(block);
      else groups.push([block]);
    }
    return groups;
  }

  block(block) {
    const make = BLOCKS[block.type];
    return make ? make.call(this, block, (name) => this.shown(block[name])) : null;
  }

  /** A tappable block; without an id, or after the end, it is scenery. */
  tappable(block, className, props, ...kids) {
    if (!block.id || ended(this.state)) return h("div", Object.assign({ class: className }, props), ...kids);
    return h("button", Object.assign({ type: "button", class: className, "data-block": block.id }, props, { on: { click: (event) => this.tapped(event.currentTarget, { on: "tap", id: block.id }) } }), ...kids);
  }

  tapped(target, event) {
    this.clearMarks();
    const screen = this.state.screen;
    this.act(event);
    if (this.state.said && this.state.said.kind === "wrong" && this.state.screen === screen) {
      const mark = this.screen.contains(target) ? target : this.screen.querySelector(`[data-block="${event.id}"]`);
      if (mark) mark.classList.add("is-wrong");
    }
  }

  typed(block, input, value) {
    if (tidy(block, value) === "") {
      input.setAttribute("aria-invalid", "true");
      this.answer.textContent = "";
      this.answer.append(h("div", { class: "pr-note pr-note--quiet" }, this.icon("phone"), h("p", { text: this.t("empty") })));
      input.focus();
      this.root.dataset.answer = "below";
      this.reveal();
      return;
    }
    this.tapped(input, { on: "type", id: block.id, value: Array.from(value).slice(0, 64).join("") });
  }
}

const GROUPED = new Set(["app_icon", "list_item", "toggle", "button", "link"]);

/** How each block looks. `this` is the element, `s(name)` the shown text of a field. */
const BLOCKS = {
  text(block, s) { return h("p", { class: `pr-text pr-text--${block.size || "m"}`, "data-tone": block.tone, text: s("text") }); },
  note(block, s) {
    const tone = block.tone || "info";
    return h("div", { class: "pr-sysnote", "data-tone": tone }, this.icon(tone === "info" ? "bell" : "warning"), h("p", { text: s("text") }));
  },
  caller(block, s) {
    return h("div", { class: "pr-caller" }, h("span", { class: "pr-caller__face", "aria-hidden": "true" }, this.icon("user")),
      h("p", { class: "pr-caller__name", text: s("name") }), block.number && h("p", { class: "pr-caller__number", text: s("number") }));
  },
  app_icon(block, s) {
    return this.tappable(block, "pr-app", {}, h("span", { class: "pr-app__tile", "data-tone": block.tone || TONES[block.icon] || "blue" },
      block.icon ? this.icon(block.icon) : h("b", { text: s("label").slice(0, 1) })), h("span", { class: "pr-app__name", text: s("label") }));
  },
  list_item(block, s) {
    return this.tappable(block, "pr-row", {}, block.icon && h("span", { class: "pr-row__icon" }, this.icon(block.icon)),
      h("span", { class: "pr-row__words" }, h("span", { class: "pr-row__label", text: s("label") }), block.detail && h("span", { class: "pr-row__detail", text: s("detail") }),
        block.badge && h("span", { class: "pr-badge", text: s("badge") })),
      block.id && h("span", { class: "pr-row__next" }, this.icon("next")));
  },
  button(block, s) {
    const tone = block.tone || "plain";
    const call = this.phone.dataset.kind === "call";
    const talking = this.phone.hasAttribute("data-talking");
    const round = call && (tone === "danger" || (tone === "primary" && !talking));
    return this.tappable(block, "pr-button", { "data-tone": tone, "data-round": round }, round && h("span", { class: "pr-round" }, this.icon(tone === "danger" ? "phone-end" : "phone-call")), h("span", { text: s("label") }));
  },
  link(block, s) { return this.tappable(block, "pr-link", {}, h("span", { text: s("label") })); },
  field(block, s) {
    const id = `pr-${this.definition.slug}-${block.id}`;
    const digits = ["tel", "digits", "money"].includes(block.input);
    const input = h("input", {
      id, class: "pr-field__input", type: block.input === "tel" ? "tel" : "text", inputmode: digits ? "numeric" : "text", "data-input": block.input || "text",
      maxlength: block.max || 64, placeholder: s("hint"), autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false",
      "data-block": block.id, disabled: Boolean(ended(this.state)), "aria-describedby": block.input === "password" ? `${id}-note` : null,
    });
    return h("form", { class: "pr-field", novalidate: true, on: { submit: (event) => { event.preventDefault(); this.typed(block, input, input.value); } } },
      h("label", { for: id, text: s("label") }), h("div", { class: "pr-field__row" }, input,
        h("button", { class: "pr-field__send", disabled: Boolean(ended(this.state)) }, h("span", { text: s("submit") || this.t("enter") }), this.icon("send"))),
      block.input === "password" && h("p", { class: "pr-field__note", id: `${id}-note`, text: this.t("made_up") }));
  },
  keypad(block, s) {
    const cells = Array.from({ length: block.length }, () => h("i"));
    const count = h("span", { class: "pr-aside", role: "status" });
    const show = () => {
      cells.forEach((cell, at) => { cell.textContent = this.typedDigits[at] || ""; cell.className = at === this.typedDigits.length ? "is-here" : ""; });
      count.textContent = this.typedDigits ? this.t("typed_of", { n: this.typedDigits.length, total: block.length }) : "";
    };
    const pad = h("div", { class: "pr-keypad", role: "group", "aria-label": s("label") }, h("p", { class: "pr-keypad__label", text: s("label") }),
      h("div", { class: "pr-cells", "aria-hidden": "true" }, ...cells), count);
    const press = (key) => {
      if (ended(this.state)) return;
      this.typedDigits = key === "erase" ? this.typedDigits.slice(0, -1) : this.typedDigits + key;
      show();
      if (this.typedDigits.length >= block.length) this.tapped(pad, { on: "type", id: block.id, value: this.typedDigits });
    };
    const key = (digit) => h("button", { type: "button", "data-block": `${block.id}-${digit}`, text: digit, on: { click: () => press(digit) } });
    pad.dataset.block = block.id;
    pad.append(h("div", { class: "pr-keys" }, ..."123456789".split("").map(key), h("span"), key("0"),
      h("button", { type: "button", class: "pr-keys__erase", "aria-label": this.t("erase"), on: { click: () => press("erase") } }, this.icon("erase"))));
    pad.addEventListener("keydown", (event) => {
      if (/^[0-9]$/.test(event.key)) press(event.key);
      else if (event.key === "Backspace") press("erase");
    });
    show();
    return pad;
  },
  choice(block, s) {
    return h("div", { class: "pr-choice", role: "group", "aria-label": s("label") }, h("p", { class: "pr-choice__label", text: s("label") }),
      ...block.options.map((option) => h("button", {
        type: "button", class: "pr-option", "data-block": `${block.id}-${option.id}`, disabled: Boolean(ended(this.state)),
        on: { click: (event) => this.tapped(event.currentTarget, { on: "choose", id: block.id, option: option.id }) },
      }, h("i", { "aria-hidden": "true" }), h("span", { text: this.shown(option.label) }))));
  },
  toggle(block, s) {
    const on = this.state.memory.has(block.id) ? this.state.memory.get(block.id) : block.on === true;
    return this.tappable(block, "pr-toggle", { role: "switch", "aria-checked": String(on === true) }, h("span", { text: s("label") }), h("i", { "aria-hidden": "true" }));
  },
  bubble(block, s) {
    return h("div", { class: "pr-bubble", "data-from": block.from || "them" }, block.name && h("p", { class: "pr-bubble__name", text: s("name") }), h("p", { class: "pr-bubble__text", text: s("text") }));
  },
  file(block, s) {
    const ending = /\.([a-z0-9]{1,4})$/i.exec(s("name"));
    return this.tappable(block, "pr-file", {}, h("span", { class: "pr-file__sheet", "aria-hidden": "true", text: ending ? ending[1].toUpperCase() : "…" }),
      h("span", { class: "pr-row__words" }, h("span", { class: "pr-row__label", text: s("name") }), block.detail && h("span", { class: "pr-row__detail", text: s("detail") })));
  },
  sms(block, s) {
    return h("div", { class: "pr-sms" }, h("span", { class: "pr-sms__icon", "aria-hidden": "true" }, this.icon("sms")),
      h("div", {}, h("p", { class: "pr-sms__sender", text: s("sender") }), h("p", { text: s("text") })));
  },
  browser_bar(block, s) { return h("div", { class: "pr-url" }, this.icon("globe"), h("span", { text: s("url") })); },
  qr(block, s) {
    return h("figure", { class: "pr-qr" }, fakeQr(s("label") + s("detail"), this.t("qr_sample")), (block.label || block.detail) && h("figcaption", {},
      block.label && h("b", { text: s("label") }), block.detail && h("span", { text: s("detail") })));
  },
  camera(block, s) {
    // A code that already stands on the screen is what the camera looks at; it is not drawn twice.
    const aimed = visibleBlocks(this.state).some((one) => one.type === "qr");
    return this.tappable(block, "pr-camera", {}, h("span", { class: aimed ? "pr-camera__view pr-camera__view--small" : "pr-camera__view" },
      aimed ? this.icon("qr") : fakeQr(s("label"), this.t("qr_sample")), h("i"), h("i"), h("i"), h("i")), h("span", { class: "pr-camera__label", text: s("label") }));
  },
  receipt(block) {
    return h("dl", { class: "pr-receipt" }, ...block.rows.map(([label, value]) => h("div", {}, h("dt", { text: this.shown(label) }), h("dd", { text: this.shown(value) }))));
  },
  image(block, s) {
    return h("div", { class: "pr-image", role: "img", "aria-label": s("alt") }, this.icon(block.name));
  },
  map(block, s) {
    const drawing = svg("svg", { viewBox: "0 0 120 70", "aria-hidden": "true", preserveAspectRatio: "xMidYMid slice" },
      svg("path", { class: "pr-map__water", d: "M0 52C20 44 34 60 56 54s40-16 64-8v24H0z" }),
      svg("path", { class: "pr-map__road", d: "M0 20h120M34 0v70M82 0v70M0 40l120-26" }),
      svg("path", { class: "pr-map__pin", d: "M60 38s-9-8-9-15a9 9 0 0 1 18 0c0 7-9 15-9 15z" }), svg("circle", { cx: "60", cy: "23", r: "3.2", fill: "#fff" }));
    return h("figure", { class: "pr-map" }, drawing, h("figcaption", { text: s("label") }));
  },
  ai_answer(block, s) {
    return h("div", { class: "pr-ai" }, h("span", { class: "pr-face pr-face--ai", "aria-hidden": "true" }, this.icon("sparkle")), h("div", { class: "pr-ai__text" }, ...s("text").split(/\n+/).map((line) => h("p", { text: line }))));
  },
  spacer() { return h("div", { class: "pr-spacer" }); },
};

/** The usual colour of an app by its drawing, where the author chose none. */
const TONES = {
  chat: "green", sms: "green", "phone-call": "green", globe: "blue", camera: "grey", gear: "grey", photo: "orange", image: "orange", bag: "teal", store: "teal",
  bank: "teal", wallet: "purple", heart: "red", shield: "blue", sparkle: "purple", folder: "orange", mail: "blue", qr: "grey", music: "red", news: "orange",
};

if (!customElements.get("hvs-practice")) customElements.define("hvs-practice", HvsPractice);
