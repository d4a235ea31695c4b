// <hvs-listen>: reads the main content aloud in Vietnamese, sentence by sentence, and shows where it is.

const SKIPPED = "script, style, nav, form, dialog, [hidden], [aria-hidden='true'], [data-silent], hvs-practice, hvs-listen, .visually-hidden";
const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, figcaption, figure img, blockquote, th, td, .row__title, .row__note, .continue__title, .continue__note, summary";

/** Sentences of the main content with the element each stands in. @returns {{text: string, place: Element}[]} */
function sentences() {
  const main = document.getElementById("main");
  if (!main) return [];
  /** @type {{text: string, place: Element}[]} */
  const found = [];
  for (const place of main.querySelectorAll(BLOCKS)) {
    if (place.closest(SKIPPED) || place.querySelector(BLOCKS)) continue;
    const text = (place.getAttribute("alt") || place.textContent || "").replace(/\s+/g, " ").trim();
    for (const part of text.match(/[^.!?…]+[.!?…”"]*\s*/g) || []) {
      if (/[0-9A-Za-z\u00c0-\u1ef9]/.test(part)) found.push({ text: part.trim(), place });
    }
  }
  return found;
}

/** The device's voice for this page's language, waiting a moment for those that load late. @returns {Promise<SpeechSynthesisVoice | null>} */
function voice() {
  const language = document.documentElement.lang.slice(0, 2);
  const pick = () => speechSynthesis.getVoices().find((one) => one.lang.toLowerCase().replace("_", "-").startsWith(language)) || null;
  const now = pick();
  if (now) return Promise.resolve(now);
  return new Promise((resolve) => {
    const end = () => { speechSynthesis.removeEventListener("voiceschanged", end); clearTimeout(timer); resolve(pick()); };
    const timer = setTimeout(end, 1200);
    speechSynthesis.addEventListener("voiceschanged", end);
  });
}

class Listen extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button) return;
    this.button = button;
    this.words = button.querySelector("span");
    this.quiet = this.words ? this.words.textContent : "";
    this.reading = 0;
    this.hidden = false;
    button.addEventListener("click", () => (this.reading ? this.stop() : this.start()));
    this.leave = () => this.stop();
    addEventListener("pagehide", this.leave);
  }

  disconnectedCallback() {
    this.stop();
    if (this.leave) removeEventListener("pagehide", this.leave);
  }

  async start() {
    const turn = (this.reading = Date.now());
    this.show(true);
    if (await this.playRecorded(turn)) return;
    if (this.reading !== turn) return;
    if (!("speechSynthesis" in window)) {
      this.stop();
      return this.say(this.dataset.none || "");
    }
    const chosen = await voice();
    if (this.reading !== turn) return;
    if (!chosen) {
      this.stop();
      return this.say(this.dataset.none || "");
    }
    this.say("");
    speechSynthesis.cancel();
    this.next(sentences(), 0, chosen, turn);
  }

  /** Play what somebody recorded of this screen, of the very text that stands here; false where there is none. @param {number} turn */
  async playRecorded(turn) {
    const lesson = document.querySelector("hvs-lesson[release]:not([release=''])");
    const screen = lesson && lesson.querySelector(".screen:not([hidden])");
    if (!lesson || !screen) return false;
    try {
      const answer = await fetch(`/am-thanh/bai/${lesson.getAttribute("lesson")}.json`, { headers: { Accept: "application/json" } });
      const known = answer.ok ? await answer.json() : { parts: {} };
      const part = known.parts[screen.id];
      if (!part || known.release !== lesson.getAttribute("release") || this.reading !== turn) return false;
      const sound = await fetch(`/am-thanh/${part.sound}`); // fetched whole, so that the phone keeps it
      if (!sound.ok || this.reading !== turn) return false;
      this.audio = new Audio(URL.createObjectURL(await sound.blob()));
      this.audio.onended = () => this.stop();
      await this.audio.play();
      return true;
    } catch (error) { return false; }
  }

  /** @param {{text: string, place: Element}[]} list @param {number} index @param {SpeechSynthesisVoice} chosen @param {number} turn */
  next(list, index, chosen, turn) {
    this.mark(null);
    if (this.reading !== turn) return;
    const sentence = list[index];
    if (!sentence) return this.stop();
    const speech = new SpeechSynthesisUtterance(sentence.text);
    speech.voice = chosen;
    speech.lang = chosen.lang;
    speech.rate = 0.95;
    speech.onend = () => this.next(list, index + 1, chosen, turn);
    speech.onerror = () => { if (this.reading === turn) this.stop(); };
    this.speech = speech; // Chrome forgets a sentence nobody holds
    this.mark(sentence.place);
    speechSynthesis.speak(speech);
  }

  stop() {
    this.reading = 0;
    if (this.audio) {
      this.audio.onended = null;
      this.audio.pause();
      URL.revokeObjectURL(this.audio.src);
      this.audio = null;
    }
    if ("speechSynthesis" in window) speechSynthesis.cancel();
    this.mark(null);
    this.show(false);
  }

  /** @param {Element | null} place */
  mark(place) {
    if (this.place) this.place.classList.remove("being-read");
    this.place = place;
    if (!place) return;
    place.classList.add("being-read");
    const box = place.getBoundingClientRect();
    if (box.top < 0 || box.bottom > innerHeight) place.scrollIntoView({ block: "center" });
  }

  /** @param {boolean} on */
  show(on) {
    if (!this.button) return;
    this.button.setAttribute("aria-pressed", String(on));
    if (this.words) this.words.textContent = on ? this.dataset.stop || "" : this.quiet;
  }

  /** A plain message at the top of the page. @param {string} message empty takes it away */
  say(message) {
    const main = document.getElementById("main");
    let box = document.getElementById("listen-message");
    if (!box && message && main) {
      box = document.createElement("div");
      box.id = "listen-message";
      box.className = "notice";
      box.setAttribute("role", "status");
      box.setAttribute("data-silent", "");
      main.prepend(box);
    }
    if (box) {
      box.textContent = message;
      box.hidden = !message;
    }
  }
}

if (!customElements.get("hvs-listen")) customElements.define("hvs-listen", Listen);
