/**
 * <hvs-answer>: sends the form inside it without leaving the page, so that an answer survives a lost connection.
 *
 * The choice stays on screen and in this tab's storage until the server has it. A connection that fails is tried again by
 * itself (after 3, 6, 12 … 30 seconds, and as soon as the phone is online), and by hand with “send again”.
 * Attributes: `data-lost`, `data-retry`, `data-sending`: its sentences. Without scripts the form is an ordinary one.
 */

const PATIENCE = 12000;
const FIRST_WAIT = 3000;
const LONGEST_WAIT = 30000;

/** @param {Element} field @returns {field is HTMLInputElement} */
function isTick(field) {
  return field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");
}

class HvsAnswer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.place = this.querySelector("[data-answer-state]");
    this.button = this.form && this.form.querySelector("button[type='submit']");
    if (!this.form || !this.place || !this.button) return;
    this.label = this.button.textContent || "";
    this.key = `hvs-answer:${location.pathname}`;
    this.waits = FIRST_WAIT;
    this.restore();
    this.form.addEventListener("submit", this);
    this.form.addEventListener("change", this);
    this.trace = /** @type {HTMLInputElement | null} */ (this.form.querySelector("[data-trace]"));
    this.form.addEventListener("practice-finished", this);
    if (this.trace && !this.trace.value) this.button.hidden = true;
    addEventListener("online", this);
    addEventListener("pageshow", this);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    removeEventListener("online", this);
    removeEventListener("pageshow", this);
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "submit") {
      event.preventDefault();
      this.send();
    } else if (event.type === "practice-finished") {
      this.practised(/** @type {CustomEvent} */ (event).detail.trace);
    } else if (event.type === "change") {
      this.remember();
    } else if (event.type === "online") {
      if (this.lost) this.send();
    } else if (/** @type {PageTransitionEvent} */ (event).persisted) {
      this.rest();
    }
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.button.setAttribute("aria-disabled", "true");
    this.button.textContent = this.dataset.sending || this.label;
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), PATIENCE);
    let answer;
    try {
      answer = await fetch(this.form.action, {
        method: "POST", body: new FormData(this.form), credentials: "same-origin", redirect: "error",
        headers: { Accept: "application/json" }, signal: stop.signal,
      });
    } catch (error) {
      return this.wait();
    } finally {
      clearTimeout(limit);
      this.busy = false;
    }
    if (answer.status >= 500) return this.wait();
    this.lost = false;
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) return this.form.submit();
    const told = await answer.json();
    if (told.go) {
      if (answer.ok) this.forget();
      return location.assign(told.go);
    }
    this.rest();
    return this.say(told.message, "warning");
  }

  /** No network: say so, keep the choice, try again by and by. */
  wait() {
    this.lost = true;
    this.busy = false;
    this.button.removeAttribute("aria-disabled");
    this.button.textContent = this.dataset.retry || this.label;
    this.say(this.dataset.lost || "", "lamp");
    this.timer = setTimeout(() => this.send(), this.waits);
    this.waits = Math.min(this.waits * 2, LONGEST_WAIT);
  }

  rest() {
    this.lost = false;
    this.button.removeAttribute("aria-disabled");
    this.button.textContent = this.label;
  }

  /** @param {string} words @param {"lamp" | "warning"} tone */
  say(words, tone) {
    const text = document.createElement("p");
    text.textContent = words;
    const body = document.createElement("div");
    body.className = "notice__body";
    body.append(text);
    const box = document.createElement("div");
    box.className = tone === "lamp" ? "notice notice--lamp" : "notice notice--danger";
    box.append(body);
    this.place.replaceChildren(box);
  }

  /** A practice came to an end: its trace is the answer; the person sends it. @param {object} trace */
  practised(trace) {
    if (!this.trace) return;
    this.trace.value = JSON.stringify(trace);
    this.button.hidden = false;
    this.remember();
    this.button.scrollIntoView({ block: "nearest" });
  }

  /** The fields a person can set. @returns {(HTMLInputElement | HTMLSelectElement)[]} */
  fields() {
    return [...this.form.querySelectorAll("input[name='answer'], select[name], input[data-trace]")];
  }

  remember() {
    const kept = this.fields().map((one) => (isTick(one) ? one.checked : one.value));
    try { sessionStorage.setItem(this.key, JSON.stringify(kept)); } catch (error) { /* it stays on screen */ }
  }

  restore() {
    /** @type {(boolean | string)[]} */
    let kept = [];
    try { kept = JSON.parse(sessionStorage.getItem(this.key) || "[]"); } catch (error) { /* nothing kept */ }
    this.fields().forEach((one, place) => {
      if (kept[place] === undefined) return;
      if (isTick(one)) one.checked = Boolean(kept[place]);
      else one.value = String(kept[place]);
    });
  }

  forget() {
    try { sessionStorage.removeItem(this.key); } catch (error) { /* nothing kept */ }
  }
}

if (!customElements.get("hvs-answer")) customElements.define("hvs-answer", HvsAnswer);
