/**
 * What the assessor's phone keeps: packs (one a sitting) and lines (what was recorded, append-only, each chained to the one
 * before). Lines are never changed but for `sent`, `problem` and `passed`, which say what the server answered.
 */

const NAME = "hvs-sitting";

/** @typedef {{id: string, owner: string, pack: any, device: string, n: number, mark: string}} Kept */
/** @typedef {{key: string, sitting: string, owner: string, n: number, id: string, kind: string, person: string, position: number, incident: string, line: string, mark: string, sent: boolean, problem: string, passed: boolean | null}} Line */

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("packs", { keyPath: "id" });
      asked.result.createObjectStore("lines", { keyPath: "key" });
      asked.result.createObjectStore("meta");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

export const newId = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const raw = crypto.getRandomValues(new Uint8Array(16));
  raw[6] = (raw[6] & 0x0f) | 0x40;
  raw[8] = (raw[8] & 0x3f) | 0x80;
  const hex = [...raw].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const bytes = (text) => new TextEncoder().encode(text);
const told = (raw) => btoa(String.fromCharCode(...new Uint8Array(raw)));
const read = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

/** @param {string} text @returns {Promise<string>} 64 hex digits */
export async function digest(text) {
  const raw = await crypto.subtle.digest("SHA-256", bytes(text));
  return [...new Uint8Array(raw)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** Seal an answer for the server: not even this phone can open it again. @param {string} lock @param {any} value */
export async function seal(lock, value) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirsRaw = read(lock);
  const theirs = await crypto.subtle.importKey("raw", theirsRaw, curve, false, []);
  const ours = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const oursRaw = new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey));
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256));
  const secret = await crypto.subtle.digest("SHA-256", joined(shared, oursRaw, theirsRaw));
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const body = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, bytes(JSON.stringify(value))));
  return told(joined(oursRaw, nonce, body));
}

/** @param {...Uint8Array} parts */
function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, one) => length + one.length, 0));
  let place = 0;
  for (const one of parts) {
    whole.set(one, place);
    place += one.length;
  }
  return whole;
}

export class Notebook {
  /** @returns {Promise<Notebook>} fails where the phone keeps nothing */
  static async open() {
    const notebook = new Notebook();
    notebook.database = await open();
    return notebook;
  }

  /** @param {string[]} stores @param {IDBTransactionMode} mode @param {(turn: IDBTransaction) => IDBRequest | void} work @returns {Promise<any>} */
  run(stores, mode, work) {
    return new Promise((resolve, reject) => {
      const turn = this.database.transaction(stores, mode);
      const asked = work(turn);
      turn.oncomplete = () => resolve(asked ? asked.result : undefined);
      turn.onabort = turn.onerror = () => reject(turn.error);
    });
  }

  /** @returns {Promise<Kept[]>} */
  packs() { return this.run(["packs"], "readonly", (turn) => turn.objectStore("packs").getAll()); }

  /** @returns {Promise<Kept | undefined>} */
  pack(id) { return this.run(["packs"], "readonly", (turn) => turn.objectStore("packs").get(id)); }

  /** @returns {Promise<Line[]>} in their order */
  lines(sitting) {
    const range = sitting ? IDBKeyRange.bound(`${sitting}:`, `${sitting};`) : undefined;
    return this.run(["lines"], "readonly", (turn) => turn.objectStore("lines").getAll(range));
  }

  meta(name) { return this.run(["meta"], "readonly", (turn) => turn.objectStore("meta").get(name)); }

  setMeta(name, value) { return this.run(["meta"], "readwrite", (turn) => turn.objectStore("meta").put(value, name)); }

  /** A pack as the server handed it out; the numbering of lines goes on. @param {string} owner @param {any} pack */
  async keepPack(owner, pack) {
    const old = await this.pack(pack.id);
    const kept = { id: pack.id, owner, pack, device: old ? old.device : newId(), n: old ? old.n : 0, mark: old ? old.mark : "" };
    await this.run(["packs"], "readwrite", (turn) => turn.objectStore("packs").put(kept));
  }

  /**
   * Write a line down; it is safely there when this resolves. `shown`: what this phone shows of it and does not send.
   * @param {string} sitting @param {any} facts @param {any} [secret] @param {any} [shown] @returns {Promise<void>}
   */
  async write(sitting, facts, secret, shown) {
    const first = await this.pack(sitting);
    if (!first) throw new Error("no pack");
    const sealed = secret === undefined ? undefined : await seal(first.pack.lock, secret);
    for (;;) {
      const kept = await this.pack(sitting);
      if (!kept) throw new Error("no pack");
      const body = Object.assign({ id: newId(), n: kept.n + 1, at: new Date().toISOString() }, facts, (sealed ? { sealed } : {}));
      const line = JSON.stringify(body);
      const mark = await digest(`${kept.mark}\n${line}`);
      if (await this.append(kept, body, line, mark, shown)) return;
    }
  }

  /** One transaction: the line and the counter together; false when another tab was quicker. */
  append(kept, body, line, mark, shown) {
    return new Promise((resolve, reject) => {
      const turn = this.database.transaction(["packs", "lines"], "readwrite");
      let written = false;
      const asked = turn.objectStore("packs").get(kept.id);
      asked.onsuccess = () => {
        if (!asked.result || asked.result.n !== kept.n) return;
        turn.objectStore("packs").put(Object.assign({}, asked.result, { n: body.n, mark }));
        turn.objectStore("lines").add({
          key: `${kept.id}:${String(body.n).padStart(7, "0")}`, sitting: kept.id, owner: kept.owner, n: body.n, id: body.id,
          kind: body.kind, person: body.person || "", position: body.position || 0, incident: body.incident || "", line, mark,
          sent: false, problem: "", passed: null, shown: shown || null,
        });
        written = true;
      };
      turn.oncomplete = () => resolve(written);
      turn.onabort = turn.onerror = () => reject(turn.error);
    });
  }

  /** What the server answered to lines. @param {Line[]} lines @param {Map<string, any>} replies */
  async settle(lines, replies) {
    await this.run(["lines"], "readwrite", (turn) => {
      for (const line of lines) {
        const reply = replies.get(line.id);
        if (!reply || reply.status === "gap") continue;
        turn.objectStore("lines").put(Object.assign({}, line, { sent: true, problem: reply.problem || "", passed: reply.passed }));
      }
    });
  }

  /** The server misses lines before: everything is sent again, nothing is stored twice. @param {string} sitting */
  async sendAllAgain(sitting) {
    const lines = await this.lines(sitting);
    await this.run(["lines"], "readwrite", (turn) => {
      for (const line of lines) turn.objectStore("lines").put(Object.assign({}, line, { sent: false }));
    });
  }

  /** Questions leave the phone when the sitting is over; lines stay until they are sent. @param {string} id */
  async forgetQuestions(id) {
    const kept = await this.pack(id);
    if (!kept) return;
    const seats = kept.pack.seats.map((seat) => (Object.assign({}, seat, { paper: [] })));
    await this.run(["packs"], "readwrite", (turn) => turn.objectStore("packs").put(Object.assign({}, kept, { pack: Object.assign({}, kept.pack, { seats, practices: {}, spares: [] }) })));
  }

  /** A closed sitting of which everything is sent. @param {string} id */
  async forget(id) {
    const lines = await this.lines(id);
    if (lines.some((line) => !line.sent)) return;
    await this.run(["packs", "lines"], "readwrite", (turn) => {
      turn.objectStore("packs").delete(id);
      for (const line of lines) turn.objectStore("lines").delete(line.key);
    });
  }
}
