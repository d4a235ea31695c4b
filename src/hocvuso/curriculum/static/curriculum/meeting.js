/**
 * <hvs-meeting>: leads a meeting one part at a time. Without it the same markup is one page with one form.
 *
 * Attribute: `pack` (code). Children: `.screen` sections in order; `[data-next]` and `[data-previous]` buttons.
 * What is typed is kept on this device under `hvs-meeting:<pack>` until the form is sent.
 */
class HvsMeeting extends HTMLElement {
  connectedCallback() {
    if (this.screens) return;
    /** @type {HTMLElement[]} */
    this.screens = [...this.querySelectorAll(".screen")];
    this.form = this.querySelector("form");
    if (!this.form || !this.screens.length) return;
    this.name = `hvs-meeting:${this.getAttribute("pack")}`;
    const wrong = this.querySelector("[role=alert]");
    this.recall(Boolean(wrong));
    this.setAttribute("data-playing", "");
    for (const one of this.querySelectorAll("[data-playing-only]")) one.removeAttribute("hidden");
    this.form.addEventListener("input", () => this.keep());
    this.form.addEventListener("submit", () => this.forget());
    this.addEventListener("click", this);
    this.open(wrong ? this.screens.length - 1 : this.at, true);
  }

  /** @param {MouseEvent} event */
  handleEvent(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-next]")) this.open(this.at + 1, false);
    else if (target.closest("[data-previous]")) this.open(this.at - 1, false);
  }

  /** @param {number} place @param {boolean} quietly */
  open(place, quietly) {
    this.at = Math.min(Math.max(place, 0), this.screens.length - 1);
    this.screens.forEach((one, number) => { one.hidden = number !== this.at; });
    this.keep();
    if (quietly) return;
    const name = /** @type {HTMLElement | null} */ (this.screens[this.at].querySelector(".screen__name"));
    if (name) name.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  fields() {
    return [...this.querySelectorAll("input:not([type=hidden]), select")].filter((one) => /** @type {HTMLInputElement} */ (one).name);
  }

  /** @param {boolean} sent the page came back with what was sent: that is newer than what is kept */
  recall(sent) {
    this.at = 0;
    try {
      const kept = JSON.parse(localStorage.getItem(this.name) || "null");
      if (!kept) return;
      this.at = kept.at || 0;
      if (sent) return;
      for (const field of this.fields()) if (field.name in kept.values && kept.values[field.name]) field.value = kept.values[field.name];
      const run = this.form.querySelector("input[name=run]");
      if (run && kept.run) run.value = kept.run;
    } catch (error) { /* begin anew */ }
  }

  keep() {
    const run = this.form.querySelector("input[name=run]");
    const values = {};
    for (const one of this.fields()) if (one.name !== "held_on") values[one.name] = one.value;
    try { localStorage.setItem(this.name, JSON.stringify({ at: this.at, run: run ? run.value : "", values })); } catch (error) { /* kept for this page only */ }
  }

  forget() {
    // Only when the network took it: the browser stays on this page otherwise, and input keeps it again.
    if (!navigator.onLine) return;
    try { localStorage.removeItem(this.name); } catch (error) { /* nothing was kept */ }
  }
}

if (!customElements.get("hvs-meeting")) customElements.define("hvs-meeting", HvsMeeting);
