/**
 * <hvs-lesson>: shows a lesson one screen at a time. Without it the same markup is one readable page.
 *
 * Attributes: `lesson` (code), `release` (digest; empty in previews), `service` (what doing all of step 3 declares, or empty).
 * Children: `.screen` sections with ids; `data-step` is `understand`, `practise` or `use`. The screen follows the address's `#id`,
 * so that the phone's back gesture goes one screen back; `#lam-tiep` is the first practice that was not passed yet. `[data-done]` on a link says that its step is done when followed.
 * Events, bubbling, for whoever keeps the learner's activities:
 *   `lesson-step` {lesson, release, step}: `understand` when step 1 was read, `practise` when every practice was passed,
 *     `use` when step 3 came on screen; once a page load each.
 *   `lesson-use` {lesson, release, service, done, of, all}: a tick of step 3 changed; done and of are counts of things to do.
 * What is done is remembered on this device under `hvs-lesson:<code>`, for the lamps only.
 */

/** @typedef {{release: string, at: string, done: string[], passed: string[], ticked: string[]}} Kept */

class HvsLesson extends HTMLElement {
  connectedCallback() {
    if (this.screens) return;
    /** @type {HTMLElement[]} */
    this.screens = [...this.querySelectorAll(".screen")].filter((one) => one.parentElement === this);
    if (!this.screens.length) return;
    this.code = this.getAttribute("lesson") || "";
    this.release = this.getAttribute("release") || "";
    this.kept = this.recall();
    /** @type {Set<string>} */
    this.told = new Set();
    this.setAttribute("data-playing", "");
    for (const one of this.querySelectorAll("[data-playing-only]")) one.removeAttribute("hidden");
    for (const one of this.querySelectorAll("details[data-fold]")) one.removeAttribute("open");
    this.addEventListener("click", this);
    this.addEventListener("change", this);
    this.addEventListener("practice-finished", this);
    addEventListener("hashchange", this);
    for (const box of this.ticks()) box.checked = this.kept.ticked.includes(box.dataset.useStep || "");
    const asked = this.named(location.hash.slice(1));
    // A page beside the lesson (test-out) begins at its own start.
    this.aside = this.hasAttribute("data-aside");
    this.open(asked || (this.aside ? null : this.named(this.kept.at)) || this.screens[0], { quietly: true });
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this);
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "hashchange") {
      const screen = this.named(location.hash.slice(1));
      if (screen) this.open(screen, {});
      else if (!location.hash) this.open(this.screens[0], {});
    } else if (event.type === "practice-finished") {
      this.practised(/** @type {CustomEvent} */ (event).detail);
    } else if (event.type === "change") {
      this.ticked(/** @type {HTMLInputElement} */ (event.target));
    } else {
      this.followed(/** @type {MouseEvent} */ (event));
    }
  }

  /** A link to another screen was followed. @param {MouseEvent} event */
  followed(event) {
    const link = /** @type {Element} */ (event.target).closest("a[href^='#']");
    if (!link) return;
    const step = link.getAttribute("data-done");
    if (step) this.finish(step);
    const screen = this.named((link.getAttribute("href") || "").slice(1));
    // The address already names it: no hashchange would come.
    if (screen && link.getAttribute("href") === location.hash) {
      event.preventDefault();
      this.open(screen, {});
    }
  }

  /** @param {HTMLElement} screen @param {{quietly?: boolean}} how quietly: the page has just come, nothing moves */
  open(screen, { quietly = false }) {
    for (const one of this.screens) one.hidden = one !== screen;
    this.setAttribute("data-at", screen.id);
    if (screen.id !== "xong" && !this.aside) this.keep({ at: screen.id });
    if (screen.dataset.step === "use") this.tell("use");
    if (screen.id === "xong" && !this.aside) this.close();
    this.lamps(screen.dataset.step || "");
    if (quietly) return;
    const name = /** @type {HTMLElement | null} */ (screen.querySelector(".screen__name"));
    if (name) name.focus({ preventScroll: true });
    scrollTo(0, 0);
    this.dispatchEvent(new CustomEvent("lesson-screen", { bubbles: true, detail: { lesson: this.code, screen: screen.id } }));
  }

  /** The last screen says what is done and what waits; the next visit begins at the start. */
  close() {
    const all = ["understand", "practise", "use"].every((step) => this.kept.done.includes(step));
    for (const one of this.querySelectorAll("[data-when]")) one.hidden = (one.getAttribute("data-when") === "all") !== all;
    this.keep({ at: "" });
  }

  /** @param {{practice: string, trace: {result: {end: string}}}} detail */
  practised(detail) {
    if (detail.trace.result.end !== "pass") return;
    if (!this.kept.passed.includes(detail.practice)) this.keep({ passed: [...this.kept.passed, detail.practice] });
    const needed = this.screens.map((one) => one.dataset.practice).filter(Boolean);
    if (needed.every((one) => this.kept.passed.includes(/** @type {string} */ (one)))) {
      this.finish("practise");
      this.lamps("practise");
    }
  }

  /** @param {HTMLInputElement} box */
  ticked(box) {
    if (!box.dataset || !box.dataset.useStep) return;
    const boxes = this.ticks();
    const done = boxes.filter((one) => one.checked);
    const all = done.length === boxes.length;
    this.keep({ ticked: done.map((one) => one.dataset.useStep || "") });
    if (all) this.finish("use");
    this.lamps("use");
    const detail = { lesson: this.code, release: this.release, service: this.getAttribute("service") || "", done: done.length, of: boxes.length, all };
    this.dispatchEvent(new CustomEvent("lesson-use", { bubbles: true, detail }));
  }

  /** @param {string} step */
  finish(step) {
    if (!this.kept.done.includes(step)) this.keep({ done: [...this.kept.done, step] });
    this.tell(step);
    // A lesson without a practice has nothing to practise: its second lamp is lit with the first.
    if (step === "understand" && !this.screens.some((one) => one.dataset.practice)) this.keep({ done: [...new Set([...this.kept.done, "practise"])] });
  }

  /** @param {string} step */
  tell(step) {
    if (this.told.has(step) || !this.release) return;
    this.told.add(step);
    this.dispatchEvent(new CustomEvent("lesson-step", { bubbles: true, detail: { lesson: this.code, release: this.release, step } }));
  }

  /** @param {string} step the step on screen */
  lamps(step) {
    const names = ["understand", "practise", "use"];
    this.querySelectorAll(".lesson__head .lamps > li").forEach((lamp, place) => {
      lamp.toggleAttribute("data-lit", this.kept.done.includes(names[place]));
      if (names[place] === step) lamp.setAttribute("aria-current", "step");
      else lamp.removeAttribute("aria-current");
    });
  }

  /**
   * Join what is known of the lesson elsewhere, from the account or another device; the lamps follow.
   * @param {{understood: boolean, passed: string[], used: boolean, done: boolean}} known
   */
  merge({ understood, passed, used, done }) {
    if (!this.screens || !this.screens.length) return;
    this.kept = this.recall();
    const all = [...new Set([...this.kept.passed, ...passed])];
    const needed = this.screens.map((one) => one.dataset.practice).filter(Boolean);
    const practised = done || needed.length > 0 && needed.every((one) => all.includes(/** @type {string} */ (one)));
    const lit = { understand: understood || done, practise: practised, use: used || done };
    const fresh = Object.entries(lit).filter(([step, on]) => on && !this.kept.done.includes(step)).map(([step]) => step);
    this.keep({ passed: all, done: [...this.kept.done, ...fresh] });
    const shown = this.screens.find((one) => !one.hidden);
    this.lamps((shown && shown.dataset.step) || "");
  }

  /** @param {string} id */
  named(id) {
    const still = (one) => one.dataset.practice && !this.kept.passed.includes(one.dataset.practice);
    return id === "lam-tiep" ? this.screens.find(still) : this.screens.find((one) => one.id === id);
  }

  /** @returns {HTMLInputElement[]} */
  ticks() {
    return [...this.querySelectorAll("input[data-use-step]")];
  }

  /** @returns {Kept} */
  recall() {
    const fresh = { release: this.release, at: "", done: [], passed: [], ticked: [] };
    if (!this.release) return fresh;
    try {
      return Object.assign({}, fresh, JSON.parse(localStorage.getItem(`hvs-lesson:${this.code}`) || "{}"));
    } catch (error) { return this.kept || fresh; }
  }

  /** @param {Partial<Kept>} change */
  keep(change) {
    this.kept = Object.assign({}, this.kept, change, { release: this.release });
    if (!this.release) return;
    try { localStorage.setItem(`hvs-lesson:${this.code}`, JSON.stringify(this.kept)); } catch (error) { /* remembered for this page only */ }
  }
}

if (!customElements.get("hvs-lesson")) customElements.define("hvs-lesson", HvsLesson);
