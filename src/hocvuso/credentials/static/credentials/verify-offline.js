// <hvs-verify>: checks the signed short form that a certificate's QR square carries, on the phone itself.
// Keys, titles and status lists are kept from the last time there was a network; what is shown says from when they are.
// Ed25519 and QR codes by the browser where it can, else by two vendored libraries, fetched only then.

const ISSUER = "/xac-minh/noi-cap.json";
const KEPT = "hvs-verify"; // a cache of its own: the service worker clears away others
const HELD_AT = "X-Held-At";
const MOST_LISTS = 8; // the newest are fetched ahead; an older one when it is asked for
const PATIENCE = 6000;
const WIDEST = 1600; // pictures are shrunk to this before they are read

/** @typedef {{issuer: string, address: string, keys: Record<string, string>, titles: Record<string, string>, list_size: number, lists: number}} Issuer */
/** @typedef {{v: number, c: string, n: string, p: string, w: string, d: string, i: number, s?: number}} Claims */

/** @param {string} text */
function bytesOf(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** The signed text in whatever was scanned or pasted: a whole address, or the text alone. @param {string} text */
export function signedPart(text) {
  const found = /(?:^|#|\s)(eyJ[\w-]+\.[\w-]+\.[\w-]+)\s*$/.exec(text.trim());
  return found ? found[1] : "";
}

/** From the network, keeping it; else from the last time, with when that was. @param {string} address */
async function remembered(address) {
  const store = "caches" in window ? await caches.open(KEPT).catch(() => null) : null;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { signal: stop.signal, cache: "no-cache", credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    const body = await answer.arrayBuffer();
    const date = Date.parse(answer.headers.get("Date") || "") || Date.now();
    if (store) await store.put(address, new Response(body, { headers: { [HELD_AT]: String(date) } })).catch(() => {});
    return { body, at: date };
  } catch {
    const kept = store && (await store.match(address));
    if (!kept) return null;
    return { body: await kept.arrayBuffer(), at: Number(kept.headers.get(HELD_AT)) };
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a signature holds; null where this browser cannot tell. @returns {Promise<boolean | null>} */
async function holds(/** @type {Uint8Array} */ key, /** @type {Uint8Array} */ signature, /** @type {Uint8Array} */ message, /** @type {string} */ library) {
  try {
    const own = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, own, signature, message);
  } catch { /* not in this browser: the library */ }
  try {
    const noble = await import(library);
    return await noble.verifyAsync(signature, message, key, { zip215: false }).catch(() => false);
  } catch {
    return null;
  }
}

/** @param {string} address */
function withScript(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

class Verify extends HTMLElement {
  connectedCallback() {
    this.libraries = Object.fromEntries((this.dataset.libraries || "").split(" ").map((pair) => [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1)]));
    for (const part of this.querySelectorAll("[data-needs-scripts]")) /** @type {HTMLElement} */ (part).hidden = false;
    this.video = /** @type {HTMLVideoElement} */ (this.querySelector("video"));
    const camera = /** @type {HTMLButtonElement} */ (this.querySelector("[data-camera]"));
    if ("BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
      camera.hidden = false;
      camera.addEventListener("click", () => { this.stream ? this.stop() : this.watch(); });
    }
    this.querySelector("#picture")?.addEventListener("change", (event) => this.picture(/** @type {HTMLInputElement} */ (event.target)));
    this.querySelector("[data-check]")?.addEventListener("click", () => this.check(/** @type {HTMLTextAreaElement} */ (this.querySelector("#text")).value));
    this.ready = this.prepare();
    if (location.hash.length > 1) this.check(decodeURIComponent(location.hash));
    this.onHash = () => this.check(decodeURIComponent(location.hash));
    addEventListener("hashchange", this.onHash);
  }

  disconnectedCallback() {
    this.stop();
    if (this.onHash) removeEventListener("hashchange", this.onHash);
  }

  /** Keys and the newest status lists, for when there is no network. */
  async prepare() {
    const found = await remembered(ISSUER);
    if (!found) return;
    this.issuer = /** @type {Issuer} */ (JSON.parse(new TextDecoder().decode(found.body)));
    this.say((this.dataset.ready || "").replace("{time}", this.time(found.at)));
    this.lists = (async () => {
      const last = this.issuer ? this.issuer.lists - 1 : -1;
      for (let number = last; number >= 0 && number > last - MOST_LISTS; number -= 1) await remembered(`/xac-minh/trang-thai/${number}.bin`);
    })();
    // Where the browser has no Ed25519, the library is needed later without a network: fetch it now.
    crypto.subtle?.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]).catch(() => import(this.libraries.ed25519).catch(() => {}));
  }

  /** @param {string} text */
  async check(text) {
    this.clear();
    const signed = signedPart(text);
    if (!signed) return this.show("unreadable");
    const [head, body, tail] = signed.split(".");
    let header, claims, signature;
    try {
      header = JSON.parse(new TextDecoder().decode(bytesOf(head)));
      claims = /** @type {Claims} */ (JSON.parse(new TextDecoder().decode(bytesOf(body))));
      signature = bytesOf(tail);
    } catch {
      return this.show("unreadable");
    }
    if (claims.v !== 1) return this.show("unreadable");
    await this.ready;
    const key = this.issuer && Object.hasOwn(this.issuer.keys, header.kid) ? this.issuer.keys[header.kid] : null;
    if (!key) return this.show("no-key");
    const genuine = await holds(bytesOf(key), signature, new TextEncoder().encode(`${head}.${body}`), this.libraries.ed25519);
    if (genuine === null) return this.show("too-old");
    if (!genuine || header.alg !== "Ed25519") return this.show("forged");
    this.facts(claims);
    const state = await this.state(claims.i);
    this.show(state.word, state.at);
  }

  /** What the status lists say, and from when they are. @param {number} serial */
  async state(serial) {
    await this.lists;
    const size = this.issuer ? this.issuer.list_size : 1;
    const found = await remembered(`/xac-minh/trang-thai/${Math.floor(serial / size)}.bin`);
    if (!found || found.body.byteLength !== size / 4) return { word: "unknown", at: 0 };
    const bits = new Uint8Array(found.body);
    const place = serial % size;
    const marked = (/** @type {number} */ start) => Boolean(bits[start + (place >> 3)] & (0x80 >> (place & 7)));
    if (marked(0)) return { word: "revoked", at: found.at };
    if (marked(size / 8)) return { word: "suspended", at: found.at };
    return { word: "valid", at: found.at };
  }

  /** @param {Claims} claims */
  facts(claims) {
    const [year, month, day] = claims.d.split("-");
    const words = {
      name: claims.n,
      title: this.issuer?.titles[`${claims.p}/${claims.w}`] || claims.p,
      score: claims.s === undefined ? "–" : `${claims.s}%`,
      day: `${day}/${month}/${year}`,
      issuer: this.issuer?.issuer || "",
      code: claims.c,
    };
    for (const [name, text] of Object.entries(words)) {
      const place = this.querySelector(`[data-fact="${name}"]`);
      if (place) place.textContent = text;
    }
    const link = /** @type {HTMLAnchorElement} */ (this.querySelector("[data-fact-link]"));
    link.href = `/xac-minh/${encodeURIComponent(claims.c)}/`;
    /** @type {HTMLElement} */ (this.querySelector("[data-online]")).hidden = !navigator.onLine;
    /** @type {HTMLElement} */ (this.querySelector("[data-facts]")).hidden = false;
  }

  clear() {
    for (const part of this.querySelectorAll("[data-verdict], [data-facts]")) /** @type {HTMLElement} */ (part).hidden = true;
  }

  /** @param {string} word @param {number} at */
  show(word, at = 0) {
    this.clearVerdicts();
    const part = /** @type {HTMLElement} */ (this.querySelector(`[data-verdict="${word}"]`));
    const asOf = part.querySelector("[data-as-of]");
    if (asOf) asOf.textContent = at ? (this.dataset.asOf || "").replace("{time}", this.time(at)) : this.dataset.never || "";
    part.hidden = false;
    this.dataset.state = word;
    /** @type {HTMLElement} */ (this.querySelector("[data-result]")).focus();
  }

  clearVerdicts() {
    for (const part of this.querySelectorAll("[data-verdict]")) /** @type {HTMLElement} */ (part).hidden = true;
  }

  /** @param {number} at */
  time(at) {
    const moment = new Date(at);
    const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
    return `${two(moment.getHours())}:${two(moment.getMinutes())} ${two(moment.getDate())}/${two(moment.getMonth() + 1)}/${moment.getFullYear()}`;
  }

  /** @param {string} text */
  say(text) {
    /** @type {HTMLElement} */ (this.querySelector("[data-status]")).textContent = text;
  }

  async watch() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch {
      return this.say(this.dataset.denied || "");
    }
    this.video.srcObject = this.stream;
    this.video.hidden = false;
    this.say(this.dataset.searching || "");
    await this.video.play();
    // @ts-ignore BarcodeDetector is not in the type library yet
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (this.stream) {
      try {
        const [code] = await detector.detect(this.video);
        if (code && code.rawValue) { this.stop(); this.check(code.rawValue); return; }
      } catch { /* a frame that cannot be read: the next one may */ }
      await new Promise((later) => { setTimeout(later, 200); });
    }
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    if (this.video) this.video.hidden = true;
    this.say("");
  }

  /** @param {HTMLInputElement} input */
  async picture(input) {
    const file = input.files?.[0];
    if (!file) return;
    this.say(this.dataset.reading || "");
    const text = await this.textIn(file).catch(() => "");
    input.value = "";
    this.say(text ? "" : this.dataset.noCode || "");
    if (text) await this.check(text);
  }

  /** The text of the QR square in a picture, empty when there is none. @param {File} file */
  async textIn(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    if ("BarcodeDetector" in window) {
      try {
        // @ts-ignore
        const [code] = await new BarcodeDetector({ formats: ["qr_code"] }).detect(canvas);
        if (code && code.rawValue) return code.rawValue;
      } catch { /* the library below */ }
    }
    // @ts-ignore made by the vendored library
    if (!window.jsQR) await withScript(this.libraries.qr);
    const points = brush.getImageData(0, 0, canvas.width, canvas.height);
    // @ts-ignore
    return window.jsQR(points.data, points.width, points.height)?.data || "";
  }
}

customElements.define("hvs-verify", Verify);
