/** <hvs-seat data-pulse="…">: every twenty seconds the phone of a test in a sitting says that it is there. */

const EVERY = 20000;

class HvsSeat extends HTMLElement {
  connectedCallback() {
    this.say();
    this.timer = setInterval(() => this.say(), EVERY);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  say() {
    if (document.hidden) return;
    fetch(this.dataset.pulse || "", { credentials: "same-origin", redirect: "error" }).catch(() => { /* the board sees the silence */ });
  }
}

if (!customElements.get("hvs-seat")) customElements.define("hvs-seat", HvsSeat);
