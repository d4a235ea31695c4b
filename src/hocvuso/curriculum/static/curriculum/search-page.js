/**
 * <hvs-search>: the page of the search. The server has answered already; this answers while somebody types, and without a network.
 * Attributes: `data-list` (address of titles and keywords), `data-words` (what the server answered), `data-lesson` (pattern, BAI).
 */
import { find } from "./search.js";

class HvsSearch extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = /** @type {HTMLInputElement} */ (this.querySelector("input[type=search]"));
    const form = this.querySelector("form");
    if (!this.input || !form) return;
    this.input.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.answer(), 250); });
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      this.answer();
    });
    // A page that the phone kept was made for no words: what was asked stands in the address.
    const asked = (/[?&]q=([^&#]*)/.exec(location.search) || ["", ""])[1];
    const words = decodeURIComponent(asked.replace(/\+/g, " ")).trim().slice(0, 100);
    if (words && words !== (this.dataset.words || "")) {
      this.input.value = words;
      this.answer();
    }
  }

  /** @returns {Promise<any[]>} */
  lessons() {
    if (!this.list) {
      this.list = fetch(this.dataset.list || "", { headers: { Accept: "application/json" } })
        .then((answer) => answer.json()).then((body) => body.lessons)
        .catch(() => { this.list = null; return []; });
    }
    return this.list;
  }

  async answer() {
    const words = this.input.value.trim();
    const lessons = await this.lessons();
    if (words !== this.input.value.trim() || !lessons.length) return;
    const found = find(words, lessons);
    this.part("found", found.length > 0);
    this.part("none", !found.length && Boolean(words));
    const title = this.querySelector("#found-name [role=status]");
    if (title) title.textContent = this.word("found").replace("{n}", String(found.length));
    const none = this.querySelector("[data-none]");
    if (none) none.textContent = this.word("none").replace("{words}", words);
    const rows = this.querySelector("[data-rows]");
    const template = /** @type {HTMLTemplateElement | null} */ (this.querySelector("template[data-row]"));
    if (!rows || !template) return;
    while (rows.firstChild) rows.removeChild(rows.firstChild);
    for (const lesson of found) {
      const row = /** @type {Element} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
      const set = (part, text) => { const place = row.querySelector(part); if (place) place.textContent = text; };
      row.setAttribute("data-lesson", lesson.s);
      set(".row__title", lesson.t);
      set("[data-summary]", lesson.d);
      set("[data-minutes]", this.word("minutes").replace("{n}", String(lesson.m)));
      const link = row.querySelector("a");
      if (link) link.setAttribute("href", (this.dataset.lesson || "").replace("BAI", lesson.s));
      rows.appendChild(row);
    }
    document.dispatchEvent(new Event("hvs:rows"));
  }

  /** @param {string} name @param {boolean} there */
  part(name, there) {
    const place = this.querySelector(`[data-part="${name}"]`);
    if (place) place.toggleAttribute("hidden", !there);
  }

  /** @param {string} key @returns {string} */
  word(key) {
    const template = /** @type {HTMLTemplateElement | null} */ (this.querySelector("template[data-strings]"));
    const place = template ? template.content.querySelector(`[data-key="${key}"]`) : null;
    return place ? place.textContent || "" : "";
  }
}

if (!customElements.get("hvs-search")) customElements.define("hvs-search", HvsSearch);
