/**
 * <hvs-save>: the lessons of one path on this phone. Says the size first, shows how far it is, takes away what was saved.
 * Attributes: `data-path`, `data-title`, `data-list` (address of what saving takes). The service worker fetches and keeps
 * (web/sw.js, "save"); what is saved is written down beside it, under BOOK.
 */

const SAVED = "hvs-saved";
const BOOK = "/may-nay/da-luu.json";

/** What is saved: path → {title, lessons, bytes, at}. @returns {Promise<Record<string, any>>} */
async function readBook() {
  if (!(await caches.has(SAVED))) return {};
  const answer = await (await caches.open(SAVED)).match(BOOK);
  return answer ? answer.json() : {};
}

/** @param {Record<string, any>} book */
async function writeBook(book) {
  await (await caches.open(SAVED)).put(BOOK, new Response(JSON.stringify(book), { headers: { "Content-Type": "application/json" } }));
}

/** `123 KB`, `1,4 MB`. @param {number} bytes */
function size(bytes) {
  if (bytes < 1000000) return `${Math.max(1, Math.round(bytes / 1000))} KB`;
  return `${(Math.round(bytes / 100000) / 10).toString().replace(".", ",")} MB`;
}

class HvsSave extends HTMLElement {
  connectedCallback() {
    if (this.path || !("caches" in window) || !("serviceWorker" in navigator)) return;
    this.path = this.dataset.path || "";
    this.addEventListener("click", this);
    this.hidden = false;
    this.draw();
  }

  /** @param {Event} event */
  handleEvent(event) {
    const button = event.target instanceof Element ? event.target.closest("button[data-does]") : null;
    if (!button || this.busy) return;
    if (button.getAttribute("data-does") === "save") this.save();
    else this.remove_();
  }

  /** What saving takes; none without a network. */
  async wanted() {
    try {
      const answer = await fetch(this.dataset.list || "", { headers: { Accept: "application/json" } });
      return answer.ok ? await answer.json() : null;
    } catch (error) { return null; }
  }

  async draw() {
    const book = await readBook().catch(() => ({}));
    const mine = book[this.path];
    this.list = this.list || (navigator.onLine ? await this.wanted() : null);
    this.button("remove", Boolean(mine));
    this.button("save", Boolean(this.list));
    const words = this.querySelector("[data-does=save] [data-words]");
    if (words) words.textContent = this.word(mine ? "again" : "save");
    if (mine && mine.done < mine.lessons.length) this.tell("partly", { done: mine.done, n: mine.lessons.length });
    else if (mine) this.tell("saved", { n: mine.lessons.length, size: size(mine.bytes) });
    else if (this.list) this.tell("size", { n: this.list.lessons.length, size: size(this.list.bytes) });
    else this.tell("away", {});
    this.show(mine);
  }

  /** The lessons that are saved, each a link. @param {any} mine */
  show(mine) {
    const place = document.querySelector(`[data-saved="${this.path}"]`);
    const rows = place && place.querySelector("ul");
    if (!place || !rows) return;
    place.toggleAttribute("hidden", !mine);
    while (rows.firstChild) rows.removeChild(rows.firstChild);
    for (const lesson of mine ? mine.lessons.slice(0, mine.done) : []) {
      const [line, link] = [document.createElement("li"), document.createElement("a")];
      link.href = lesson.urls[0];
      link.className = "row";
      link.textContent = lesson.title;
      line.appendChild(link);
      rows.appendChild(line);
    }
  }

  async save() {
    this.list = (await this.wanted()) || this.list;
    if (!this.list) return this.draw();
    this.busy = true;
    const { lessons, bytes } = this.list;
    const bar = /** @type {HTMLProgressElement | null} */ (this.querySelector("progress"));
    const step = (done) => {
      this.tell("saving", { done, n: lessons.length });
      if (bar) { bar.hidden = false; bar.max = lessons.length; bar.value = done; }
    };
    step(0);
    const result = await this.ask(lessons, step);
    if (bar) bar.hidden = true;
    this.busy = false;
    try {
      if (result.full) throw new Error("full");
      const book = await readBook();
      book[this.path] = { title: this.dataset.title, lessons, bytes, done: result.done, at: new Date().toISOString() };
      await writeBook(book);
      await this.draw();
    } catch (error) { this.tell("full", {}); }
  }

  /** Let the service worker fetch and keep. @param {any[]} lessons @param {(done: number) => void} step @returns {Promise<{done: number, full: boolean}>} */
  async ask(lessons, step) {
    const { active } = await navigator.serviceWorker.ready;
    return new Promise((resolve) => {
      const channel = new MessageChannel();
      let done = 0;
      let timer = setTimeout(() => resolve({ done, full: false }), 60000);
      channel.port1.onmessage = ({ data }) => {
        clearTimeout(timer);
        timer = setTimeout(() => resolve({ done, full: false }), 60000);
        done = data.done;
        step(done);
        if (data.over) { clearTimeout(timer); resolve({ done, full: Boolean(data.full) }); }
      };
      if (active) active.postMessage({ save: lessons.map((one) => one.urls) }, [channel.port2]);
    });
  }

  async remove_() {
    const book = await readBook();
    const mine = book[this.path];
    delete book[this.path];
    const still = {};
    for (const path of Object.keys(book)) for (const lesson of book[path].lessons) for (const url of lesson.urls) still[url] = true;
    if (!Object.keys(book).length) await caches.delete(SAVED);
    else {
      const cache = await caches.open(SAVED);
      for (const lesson of mine ? mine.lessons : []) for (const url of lesson.urls) if (!still[url]) await cache.delete(url);
      await writeBook(book);
    }
    await this.draw();
  }

  /** @param {string} does @param {boolean} there */
  button(does, there) {
    const button = this.querySelector(`[data-does="${does}"]`);
    if (button) button.toggleAttribute("hidden", !there);
  }

  /** @param {string} key @returns {string} */
  word(key) {
    const template = /** @type {HTMLTemplateElement | null} */ (this.querySelector("template[data-strings]"));
    const place = template ? template.content.querySelector(`[data-key="${key}"]`) : null;
    return place ? place.textContent || "" : "";
  }

  /** @param {string} key @param {Record<string, string | number>} values */
  tell(key, values) {
    const place = this.querySelector("[data-state]");
    if (place) place.textContent = Object.keys(values).reduce((text, name) => text.replace(`{${name}}`, String(values[name])), this.word(key));
  }
}

if (!customElements.get("hvs-save")) customElements.define("hvs-save", HvsSave);
