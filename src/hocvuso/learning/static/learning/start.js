/**
 * <hvs-start>: who are you, what do you want to be able to do; then a path made of the lessons on this page.
 *
 * Lessons are the rows `li[data-lesson]` inside `[data-all-lessons]`, with `data-goals`, `data-groups` and `data-minutes`. The choice
 * is kept by the outbox, for whoever is at this device, and travels with the account (bookmark). Works without a network.
 */
import { outbox } from "./here.js";
import { lit } from "./outbox.js";

class HvsStart extends HTMLElement {
  connectedCallback() {
    if (this.words) return;
    const template = /** @type {HTMLTemplateElement | null} */ (this.querySelector("template[data-strings]"));
    /** @type {Record<string, string>} */
    this.words = {};
    if (template) {
      for (const one of template.content.querySelectorAll("[data-key]")) this.words[one.getAttribute("data-key") || ""] = one.textContent || "";
    }
    this.show = () => this.draw();
    for (const name of ["owner", "progress", "bookmark"]) outbox.addEventListener(name, this.show);
    this.addEventListener("click", this);
    this.stage = "";
    outbox.ready.then(() => { this.draw(); this.hidden = false; });
  }

  disconnectedCallback() {
    for (const name of ["owner", "progress", "bookmark"]) outbox.removeEventListener(name, this.show);
  }

  /** @param {Event} event */
  handleEvent(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const who = button.getAttribute("data-who");
    const goal = button.getAttribute("data-goal");
    const does = button.getAttribute("data-does");
    if (who) this.choose({ who, goal: "" }, "goal");
    else if (goal) this.choose({ who: this.who(), goal }, "path");
    else if (does === "skip") this.choose({ who: "", goal: "" }, "goal");
    else if (does === "back") this.open("who");
    else if (does === "goals") this.open("goal");
  }

  /** @param {{who: string, goal: string}} choice @param {string} part */
  choose(choice, part) {
    outbox.mark({ who: choice.who, goal: choice.goal, chosen_at: Date.now() });
    this.open(part);
  }

  /** Show a part because the person asked for it: it is drawn, and the focus goes to its name. @param {string} part */
  open(part) {
    this.stage = part;
    this.draw();
    const name = /** @type {HTMLElement | null} */ (this.querySelector(`[data-part="${part}"] h2`));
    if (!name) return;
    name.focus({ preventScroll: true });
    const top = name.getBoundingClientRect().top;
    if (top < 0 || top > innerHeight / 2) name.scrollIntoView();
  }

  /** Who they said they are; before they said anything, what their account is known for. */
  who() {
    const { who, chosen_at: chosen } = outbox.bookmark;
    return who || (!chosen && outbox.likely && this.querySelector(`button[data-who="${outbox.likely}"]`) ? outbox.likely : "");
  }

  draw() {
    const { goal } = outbox.bookmark;
    const who = this.who();
    const chosen = goal && this.querySelector(`[data-goal="${goal}"]`);
    const part = this.stage || (chosen ? "path" : who ? "goal" : "who");
    for (const one of this.querySelectorAll("[data-part]")) one.toggleAttribute("hidden", one.getAttribute("data-part") !== part);
    for (const tile of this.querySelectorAll("button[data-who], button[data-goal]")) {
      const mine = tile.getAttribute("data-who") === who || tile.getAttribute("data-goal") === goal;
      tile.setAttribute("aria-pressed", String(mine));
    }
    const person = who ? this.querySelector(`button[data-who="${who}"]`) : null;
    this.order(person ? (person.getAttribute("data-first") || "").split(" ") : []);
    const back = this.querySelector("[data-who-words]");
    if (back) {
      this.asked = this.asked || back.textContent || "";
      back.textContent = person ? this.wordsOf(person) : this.asked;
    }
    if (chosen) this.drawPath(chosen, person);
    for (const one of document.querySelectorAll("[data-until-chosen]")) one.toggleAttribute("hidden", Boolean(chosen) && part === "path");
  }

  /** @param {Element} tile */
  wordsOf(tile) {
    const words = tile.querySelector("[data-words]");
    return words ? words.textContent || "" : "";
  }

  /** Goals that matter most to this person come first. @param {string[]} first */
  order(first) {
    const list = this.querySelector("[data-goals]");
    if (!list) return;
    const tiles = Array.from(list.querySelectorAll("button[data-goal]"));
    const place = (tile) => { const at = first.indexOf(tile.getAttribute("data-goal") || ""); return at < 0 ? first.length : at; };
    this.original = this.original || tiles.slice();
    const wanted = this.original.slice().sort((one, other) => place(one) - place(other) || this.original.indexOf(one) - this.original.indexOf(other));
    if (wanted.some((tile, at) => tile !== tiles[at])) for (const tile of wanted) if (tile.parentElement) list.appendChild(tile.parentElement);
  }

  /** @param {Element} goal @param {Element | null} person */
  drawPath(goal, person) {
    const code = goal.getAttribute("data-goal") || "";
    const group = person ? person.getAttribute("data-group") || "" : "";
    const holds = (line, name, value) => (line.getAttribute(name) || "").split(" ").indexOf(value) >= 0;
    const seen = {}; // a lesson stands under each goal it serves
    const once = (line) => { const slug = line.getAttribute("data-lesson") || ""; const first = !seen[slug]; seen[slug] = true; return first; };
    const all = Array.from(document.querySelectorAll("[data-all-lessons] li[data-lesson]")).filter((line) => holds(line, "data-goals", code) && once(line));
    const fitting = group ? all.filter((line) => holds(line, "data-groups", group)) : all;
    const lines = fitting.length ? fitting : all;
    const words = this.words || {};
    const title = this.querySelector("#start-path");
    if (title) title.textContent = person ? words.for.replace("{goal}", this.wordsOf(goal)).replace("{who}", this.wordsOf(person)) : this.wordsOf(goal);
    const done = lines.filter((line) => lit(outbox.of(line.getAttribute("data-lesson") || "")) === 3).length;
    const minutes = lines.reduce((sum, line) => sum + Number(line.getAttribute("data-minutes")), 0);
    const count = this.querySelector("[data-count]");
    if (count) count.textContent = (done ? words.left : words.count).replace("{n}", String(lines.length)).replace("{done}", String(done)).replace("{minutes}", String(minutes));
    const list = this.querySelector("[data-list]");
    if (list) {
      while (list.firstChild) list.removeChild(list.firstChild);
      for (const line of lines) list.appendChild(line.cloneNode(true));
    }
    const paths = this.querySelector("[data-paths]");
    if (paths) {
      paths.removeAttribute("hidden");
      for (const line of paths.querySelectorAll("li[data-group]")) line.toggleAttribute("hidden", line.getAttribute("data-group") !== (group || "ADULT"));
    }
    document.dispatchEvent(new Event("hvs:rows"));
  }
}

if (!customElements.get("hvs-start")) customElements.define("hvs-start", HvsStart);
