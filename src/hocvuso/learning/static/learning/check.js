/**
 * <hvs-check>: the quick questions of a lesson, asked at once. All right: the lesson is known (with its practices passed), and the
 * next screen comes. Not all right: why, and the way to the lesson. The server looks at the answers again.
 * Attributes: `data-after` (the next screen), `data-practices` (how many the lesson has).
 */
import { outbox } from "./here.js";

class HvsCheck extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    this.form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.check(); });
    this.form.addEventListener("reset", () => this.begin());
  }

  begin() {
    this.tell("");
    this.show("asking");
    for (const one of this.querySelectorAll("[data-told]:not(p)")) one.removeAttribute("data-told");
    for (const one of this.querySelectorAll("[data-why]")) one.setAttribute("hidden", "");
    for (const one of this.querySelectorAll("input, select")) one.removeAttribute("disabled");
  }

  check() {
    /** @type {Record<string, string[]>} */
    const answers = {};
    let right = true;
    for (const question of this.querySelectorAll("[data-question]")) {
      const found = question.getAttribute("data-kind") === "order" || question.getAttribute("data-kind") === "match" ? this.placed(question) : this.ticked(question);
      if (!found) return this.tell("missing", question);
      answers[question.getAttribute("data-question") || ""] = found.answer;
      right = right && found.right;
    }
    if (right) this.known(answers);
    else this.wrong();
  }

  /** @param {Element} question */
  ticked(question) {
    const options = Array.from(question.querySelectorAll(".ask__option"));
    const chosen = options.filter((one) => /** @type {HTMLInputElement} */ (one.querySelector("input")).checked);
    if (!chosen.length) return null;
    const right = options.every((one) => one.hasAttribute("data-right") === (chosen.indexOf(one) >= 0));
    return { right, answer: chosen.map((one) => one.getAttribute("data-option") || "") };
  }

  /** Of a question in order, or with partners: the answer names the options in the order the person gave. @param {Element} question */
  placed(question) {
    const rows = Array.from(question.querySelectorAll(".ask__row"));
    const said = rows.map((one) => /** @type {HTMLSelectElement} */ (one.querySelector("select")).value);
    if (said.some((one) => !one)) return null;
    const right = rows.every((one, place) => one.getAttribute("data-answer") === said[place]);
    const order = question.getAttribute("data-kind") === "order";
    const byPlace = rows.map((one, place) => ({ code: one.getAttribute("data-option") || "", at: Number(said[place]) })).sort((one, other) => one.at - other.at);
    return { right, answer: order ? byPlace.map((one) => one.code) : said };
  }

  wrong() {
    for (const question of this.querySelectorAll("[data-question]")) {
      for (const option of question.querySelectorAll(".ask__option")) {
        const input = /** @type {HTMLInputElement} */ (option.querySelector("input"));
        if (!input.checked) continue; // what is right is for the lesson to say
        option.setAttribute("data-told", option.hasAttribute("data-right") ? "right" : "wrong");
        this.why(question, option);
      }
      for (const row of question.querySelectorAll(".ask__row")) {
        const right = /** @type {HTMLSelectElement} */ (row.querySelector("select")).value === row.getAttribute("data-answer");
        row.setAttribute("data-told", right ? "right" : "wrong");
        if (!right) this.why(question, row);
      }
    }
    for (const one of this.querySelectorAll("input, select")) one.setAttribute("disabled", "");
    this.tell("wrong");
    this.show("wrong");
  }

  /** @param {Element} question @param {Element} option */
  why(question, option) {
    const place = question.querySelector(`[data-why="${option.getAttribute("data-option")}"]`);
    if (place) place.removeAttribute("hidden");
  }

  /** @param {Record<string, string[]>} answers */
  async known(answers) {
    const lesson = this.closest("hvs-lesson");
    if (!lesson) return;
    const slug = lesson.getAttribute("lesson") || "";
    const title = ((lesson.querySelector("h1") || {}).textContent || "").trim();
    await outbox.ready;
    if (!outbox.of(slug).known) {
      const progress = { known: true, practices: Number(this.dataset.practices) };
      await outbox.add({ kind: "KNOWN", lesson: slug, answers, release: lesson.getAttribute("release") || "" }, { title, progress });
    }
    location.hash = this.dataset.after || "#xong";
  }

  /** @param {string} key @param {Element=} question */
  tell(key, question) {
    const place = this.querySelector("p[data-told]");
    const template = /** @type {HTMLTemplateElement | null} */ (this.querySelector("template[data-strings]"));
    const words = key && template ? template.content.querySelector(`[data-key="${key}"]`) : null;
    if (place) place.textContent = words ? words.textContent : "";
    const first = question && /** @type {HTMLElement | null} */ (question.querySelector("input, select"));
    if (first) first.focus();
  }

  /** @param {string} when */
  show(when) {
    for (const one of this.querySelectorAll("[data-when]")) one.toggleAttribute("hidden", one.getAttribute("data-when") !== when);
  }
}

if (!customElements.get("hvs-check")) customElements.define("hvs-check", HvsCheck);
