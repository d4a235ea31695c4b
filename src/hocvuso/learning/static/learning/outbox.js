/**
 * The outbox of this device: what was learnt here, until the server has it; and how far the person in front of it is.
 *
 * An activity enters with an id made here (UUIDv7) and leaves only when the server answers `stored` or `duplicate`; what the
 * server refuses is put aside with its reason. Sending again is harmless, so nothing here needs to happen exactly once.
 *
 * Whose it is: an activity carries the owner mark (`/api/v1/me`) of whoever was signed in, or none. Signing in claims what
 * carries none; on a device that knew somebody else, and for activities of another account, the person is asked first.
 * The bookmark is where that person stopped, and what they want to learn: `{who, goal, chosen_at, lesson, screen, opened_at}`.
 * Progress is kept apart by owner, so that the next person at this device does not see it.
 */
import { openStore } from "./store.js";

/**
 * @typedef {{id: string, kind: string, lesson: string, at: string, trace?: object, steps?: string[], answers?: object, release?: string}} Activity
 * @typedef {{activity: Activity, owner: string, notOf: string[], title: string, practice: string}} Kept
 * @typedef {{understood: boolean, practised: string[], used: boolean, known: boolean, done: boolean, steps: string[], title: string,
 *   minutes: number, practices: number, at: number}} Progress
 * @typedef {{waiting: Kept[], asking: Kept[], others: Kept[], aside: (Kept & {reason: string})[], sentAt: string, signedIn: boolean,
 *   trouble: string, lasting: boolean, sending: boolean}} Summary
 *   trouble: "", "offline", "signed-out", "consent" or "server"
 */

const MOST_ITEMS = 50;
const MOST_BYTES = 900000;
const FIRST_WAIT = 5000;
const LONGEST_WAIT = 300000;
const ANSWER_WITHIN = 20000;
const STATE_GOOD_FOR = 15 * 60000;
const LOCK = "hvs-outbox";
const LOCK_FOR = 30000;
const LESSON_KEY = "hvs-lesson:";

/** A fresh UUIDv7 (RFC 9562). @returns {string} */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let moment = Date.now();
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = moment % 256;
    moment = Math.floor(moment / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @returns {Progress} */
const untouched = () => ({ understood: false, practised: [], used: false, known: false, done: false, steps: [], title: "", minutes: 0, practices: 0, at: 0 });
const unmarked = () => ({ who: "", goal: "", chosen_at: 0, lesson: "", screen: "", opened_at: 0 });

/** Of two bookmarks the newer half of each. @param {any} one @param {any} other */
export function newer(one, other) {
  const [a, b] = [Object.assign(unmarked(), one), Object.assign(unmarked(), other)];
  const choice = b.chosen_at > a.chosen_at ? b : a;
  const place = b.opened_at > a.opened_at ? b : a;
  return { who: choice.who, goal: choice.goal, chosen_at: choice.chosen_at, lesson: place.lesson, screen: place.screen, opened_at: place.opened_at };
}

const union = (one = [], other = []) => [...new Set([...one, ...other])].sort();

/** Both together; the order does not matter. @param {Partial<Progress>} one @param {Partial<Progress>} other @returns {Progress} */
export function merged(one, other) {
  const [a, b] = [Object.assign({}, untouched(), one), Object.assign({}, untouched(), other)];
  return {
    understood: a.understood || b.understood, practised: union(a.practised, b.practised), used: a.used || b.used,
    known: a.known || b.known, done: a.done || b.done, steps: union(a.steps, b.steps), title: b.title || a.title, minutes: b.minutes || a.minutes,
    practices: b.practices || a.practices,
    at: Math.max(a.at, b.at),
  };
}

/** How many lamps are lit. @param {Progress} one @param {number} practices how many the lesson has; 0: not known here */
export function lit(one, practices = one.practices) {
  const practised = one.done || (practices ? one.practised.length >= practices : one.practised.length > 0);
  if (one.known && (practices ? practised : one.practices === 0)) return 3;
  return one.done ? 3 : Number(one.understood) + Number(practised) + Number(one.used);
}

export class Outbox extends EventTarget {
  constructor() {
    super();
    this.owner = "";
    /** @type {any} */
    this.timer = 0;
    this.signedIn = false;
    this.trouble = "";
    this.sending = false;
    this.most = MOST_ITEMS;
    this.wait = FIRST_WAIT;
    /** @type {Record<string, Progress>} */
    this.progress = {};
    this.bookmark = unmarked();
    this.likely = ""; // who this account's holder most likely is, for somebody who has not said
    this.ready = this.open();
  }

  async open() {
    this.store = await openStore();
    this.device = (await this.store.get("meta", "device")) || newId();
    await this.store.put("meta", "device", this.device);
    this.owner = (await this.store.get("meta", "owner")) || "";
    await this.loadProgress();
    if ("BroadcastChannel" in window) {
      this.channel = new BroadcastChannel("hvs-learning");
      this.channel.onmessage = () => this.loadProgress().then(() => this.dispatchEvent(new Event("change")));
    }
  }

  changed() {
    this.dispatchEvent(new Event("change"));
    if (this.channel) this.channel.postMessage("change");
  }

  // --- what was learnt ---------------------------------------------------------------------------------------------

  async loadProgress() {
    this.progress = (await this.store.get("meta", `progress:${this.owner}`)) || {};
    this.bookmark = newer(unmarked(), await this.store.get("meta", `bookmark:${this.owner}`));
    this.likely = (await this.store.get("meta", `likely:${this.owner}`)) || "";
  }

  /** @param {string} lesson @returns {Progress} */
  of(lesson) {
    return this.progress[lesson] || untouched();
  }

  /** Remember something of a lesson's progress. @param {string} lesson @param {Partial<Progress>} news */
  async learn(lesson, news) {
    this.progress[lesson] = merged(this.of(lesson), news);
    await this.store.put("meta", `progress:${this.owner}`, this.progress);
  }

  /** Remember where the person stopped, or what they chose; it travels with the next call. @param {object} news */
  async mark(news) {
    this.bookmark = Object.assign({}, this.bookmark, news);
    this.dispatchEvent(new Event("bookmark"));
    await this.ready;
    await this.store.put("meta", `bookmark:${this.owner}`, this.bookmark);
    await this.store.put("meta", `marked:${this.owner}`, newId());
    if (this.owner && !this.timer) this.soon(20000);
  }

  /**
   * Keep an activity. @param {Omit<Activity, "id" | "at">} what
   * @param {{title?: string, practice?: string, progress: Partial<Progress>}} words
   */
  async add(what, { title = "", practice = "", progress }) {
    await this.ready;
    const activity = Object.assign({ id: newId(), at: new Date().toISOString() }, what);
    await this.store.put("outbox", activity.id, { activity, owner: this.owner, notOf: [], title, practice });
    await this.learn(what.lesson, Object.assign({}, progress, { title, at: Date.now() }));
    if (what.kind === "USED") await this.dropSmaller(activity);
    this.changed();
    this.soon(1500);
  }

  /** A later tick list holds the earlier one. Two told in the same breath must not drop each other: ids rise with time. @param {Activity} larger */
  async dropSmaller(larger) {
    for (const one of Object.values(await this.store.all("outbox"))) {
      const { activity, owner } = one;
      const smaller = activity.kind === "USED" && activity.lesson === larger.lesson && activity.id < larger.id && owner === this.owner;
      if (smaller && activity.steps.every((step) => larger.steps.includes(step))) await this.store.remove("outbox", activity.id);
    }
  }

  // --- whose it is ---------------------------------------------------------------------------------------------------

  /** What `/api/v1/me` said. @param {{signed_in: boolean, owner?: string}} me */
  async meet(me) {
    await this.ready;
    const owner = me.signed_in ? me.owner || "" : "";
    this.signedIn = me.signed_in;
    if (this.trouble === "signed-out" || this.trouble === "offline") this.trouble = "";
    if (owner !== this.owner) await this.change(owner);
    if (owner) {
      const known = (await this.store.get("meta", "owners")) || [];
      await this.store.put("meta", "owners", union(known, [owner]));
    }
    this.changed();
    if (owner) this.soon(0);
  }

  /** Somebody else is at the device now, or nobody known. @param {string} owner */
  async change(owner) {
    const known = (await this.store.get("meta", "owners")) || [];
    const claims = owner && !this.owner && known.every((one) => one === owner);
    const before = this.progress;
    if (claims) {
      for (const [key, one] of Object.entries(await this.store.all("outbox"))) {
        if (!one.owner) await this.store.put("outbox", key, Object.assign({}, one, { owner }));
      }
    } else {
      await this.store.put("meta", `screens:${this.owner}`, takeScreens());
    }
    this.owner = owner;
    await this.store.put("meta", "owner", owner);
    const marked = this.bookmark;
    await this.loadProgress();
    if (claims) {
      this.bookmark = newer(this.bookmark, marked);
      await this.store.put("meta", `bookmark:${owner}`, this.bookmark);
      await this.store.put("meta", `marked:${owner}`, newId());
      await this.store.remove("meta", "bookmark:");
      for (const [lesson, one] of Object.entries(before)) this.progress[lesson] = merged(this.of(lesson), one);
      await this.store.put("meta", `progress:${owner}`, this.progress);
      await this.store.remove("meta", "progress:");
    }
    putScreens((await this.store.get("meta", `screens:${owner}`)) || {}, claims);
    this.dispatchEvent(new Event("owner"));
  }

  /** The person says whose the doubtful activities are. @param {boolean} mine */
  async settle(mine) {
    const { asking } = await this.summary();
    for (const one of asking) {
      const change = mine ? { owner: this.owner } : { notOf: union(one.notOf, [this.owner]) };
      await this.store.put("outbox", one.activity.id, Object.assign({}, one, change));
      if (mine) await this.learn(one.activity.lesson, Object.assign({}, progressOf(one.activity), { title: one.title }));
    }
    if (mine && asking.length) this.dispatchEvent(new Event("owner"));
    this.changed();
    this.soon(0);
  }

  /** @returns {Promise<Summary>} */
  async summary() {
    await this.ready;
    const all = Object.values(await this.store.all("outbox")).sort((one, other) => (one.activity.id < other.activity.id ? -1 : 1));
    const mine = all.filter((one) => one.owner === this.owner || (!this.owner && !one.owner));
    const rest = all.filter((one) => !mine.includes(one));
    const asking = this.owner ? rest.filter((one) => !one.notOf.includes(this.owner)) : [];
    return {
      waiting: mine, asking, others: rest.filter((one) => !asking.includes(one)),
      aside: Object.values(await this.store.all("aside")).filter((one) => one.owner === this.owner),
      sentAt: (await this.store.get("meta", `sent:${this.owner}`)) || "",
      signedIn: Boolean(this.owner), trouble: this.trouble, lasting: this.store.lasting, sending: this.sending,
    };
  }

  // --- sending -------------------------------------------------------------------------------------------------------

  /** Try before long. @param {number} after milliseconds */
  soon(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.timer = 0; this.send(); }, after);
  }

  /** Send what waits, unless another tab does. @param {{now?: boolean}} how now: somebody pressed the button */
  async send({ now = false } = {}) {
    await this.ready;
    if (this.sending || !this.owner) return;
    if (!navigator.onLine && !now) return;
    this.sending = true;
    if (now) this.changed();
    try {
      await alone(this.store, () => this.sendAll());
    } finally {
      this.sending = false;
      this.changed();
    }
  }

  async sendAll() {
    const owner = this.owner;
    for (;;) {
      const { waiting } = await this.summary();
      const batch = portion(waiting, this.most);
      const marked = await this.store.get("meta", `marked:${owner}`);
      if (!batch.length && !marked && !(await this.stateIsOld())) return;
      const answer = await this.post(batch.map((one) => one.activity), Boolean(marked));
      // Only an answer takes the mark off, and only the mark that was sent: a page left in between sends it again.
      const sent = marked && answer.status === 200 && marked === (await this.store.get("meta", `marked:${owner}`));
      if (sent) await this.store.put("meta", `marked:${owner}`, "");
      if (owner !== this.owner || !(await this.heed(answer, batch))) return;
      if (!batch.length) return;
    }
  }

  async stateIsOld() {
    const read = (await this.store.get("meta", `read:${this.owner}`)) || 0;
    return Math.abs(Date.now() - read) > STATE_GOOD_FOR;
  }

  /** @param {Activity[]} activities @param {boolean} marked whether the bookmark goes with them @returns {Promise<{status: number, body: any}>} status 0: no answer */
  async post(activities, marked) {
    const moment = (at) => new Date(at).toISOString();
    const { who, goal, lesson, screen, chosen_at: chosen, opened_at: opened } = this.bookmark;
    const bookmark = marked ? { who, goal, lesson, screen, chosen_at: chosen ? moment(chosen) : null, opened_at: opened ? moment(opened) : null } : undefined;
    const stop = "AbortController" in window ? new AbortController() : null; // not before Chrome 66
    const limit = setTimeout(() => { if (stop) stop.abort(); }, ANSWER_WITHIN);
    try {
      const answer = await fetch("/api/v1/sync", {
        method: "POST", credentials: "same-origin", signal: stop ? stop.signal : undefined,
        headers: { "Content-Type": "application/json", "X-Hocvuso": "1" },
        body: JSON.stringify({ v: 1, device: this.device, owner: this.owner, sent_at: moment(Date.now()), activities, bookmark }),
      });
      return { status: answer.status, body: await answer.json() };
    } catch (error) {
      return { status: 0, body: {} };
    } finally {
      clearTimeout(limit);
    }
  }

  /** What the answer means. @param {{status: number, body: any}} answer @param {Kept[]} batch @returns {Promise<boolean>} whether to go on */
  async heed({ status, body }, batch) {
    if (status === 200 && Array.isArray(body.results)) return this.acknowledge(body, batch);
    if (status === 413 || (status === 400 && batch.length)) return this.smaller(batch, status === 413 ? "too_large" : "malformed");
    if (status === 401) {
      this.trouble = "signed-out";
      this.signedIn = false;
    } else if (status === 409) {
      this.dispatchEvent(new Event("who")); // somebody else has signed in meanwhile
    } else if (status === 403) {
      this.trouble = body.error === "learning.consent_missing" ? "consent" : "server";
    } else {
      this.trouble = status ? "server" : "offline";
      // Everybody's phone finds the network again at the same moment: spread them out.
      this.soon(this.wait * (0.5 + Math.random()));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    }
    return false;
  }

  async acknowledge(body, batch) {
    const replies = new Map(body.results.map((one) => [one.id, one]));
    // Noted before the outbox empties: a page left in between would else show neither what waits nor that it was sent.
    if (batch.some((one) => replies.has(one.activity.id))) await this.store.put("meta", `sent:${this.owner}`, new Date().toISOString());
    let settled = 0;
    for (const one of batch) {
      const reply = replies.get(one.activity.id);
      if (!reply) continue;
      if (reply.status === "rejected") await this.store.put("aside", one.activity.id, Object.assign({}, one, { reason: String(reply.reason || "") }));
      else if (reply.status !== "stored" && reply.status !== "duplicate") continue;
      await this.store.remove("outbox", one.activity.id);
      settled += 1;
    }
    this.trouble = "";
    this.wait = FIRST_WAIT;
    this.most = MOST_ITEMS;
    await this.store.put("meta", `read:${this.owner}`, Date.now());
    await this.takeState(body.state || {});
    return settled > 0;
  }

  /** The server's state joins what is known here. @param {{lessons?: Record<string, any>, bookmark?: any, likely?: string}} state */
  async takeState(state) {
    this.bookmark = newer(this.bookmark, state.bookmark);
    await this.store.put("meta", `bookmark:${this.owner}`, this.bookmark);
    if (state.likely !== undefined) {
      this.likely = String(state.likely);
      await this.store.put("meta", `likely:${this.owner}`, this.likely);
    }
    for (const [lesson, one] of Object.entries(state.lessons || {})) this.progress[lesson] = merged(this.of(lesson), one);
    await this.store.put("meta", `progress:${this.owner}`, this.progress);
    this.dispatchEvent(new Event("progress"));
  }

  /** The batch was too much: half of it next time; a single one that is too much is put aside. */
  async smaller(batch, reason) {
    if (batch.length === 1) {
      await this.store.put("aside", batch[0].activity.id, Object.assign({}, batch[0], { reason }));
      await this.store.remove("outbox", batch[0].activity.id);
      this.most = MOST_ITEMS;
    } else {
      this.most = Math.max(1, Math.floor(batch.length / 2));
    }
    return batch.length > 0;
  }

  /** Put a refused activity back to be sent once more. @param {string} id */
  async again(id) {
    const one = Object.assign({}, await this.store.get("aside", id));
    delete one.reason;
    if (!one.activity) return;
    await this.store.put("outbox", id, one);
    await this.store.remove("aside", id);
    this.changed();
    this.send({ now: true });
  }

  /** The person has read why and lets it go. @param {string} id */
  async letGo(id) {
    await this.store.remove("aside", id);
    this.changed();
  }
}

/** What an activity means for the lamps. @param {any} activity @returns {Partial<Progress>} */
export function progressOf(activity) {
  if (activity.kind === "UNDERSTOOD") return { understood: true };
  if (activity.kind === "USED") return { used: true, steps: activity.steps };
  if (activity.kind === "KNOWN") return { known: true };
  return activity.trace.result.end === "pass" ? { practised: [activity.trace.practice] } : {};
}

/** As many as fit in one call; at least one. @param {Kept[]} waiting @param {number} most @returns {Kept[]} */
export function portion(waiting, most) {
  const batch = [];
  let bytes = 0;
  for (const one of waiting.slice(0, most)) {
    bytes += new Blob([JSON.stringify(one.activity)]).size + 1;
    if (batch.length && bytes > MOST_BYTES) break;
    batch.push(one);
  }
  return batch;
}

/** Do something while no other tab does it. @param {import("./store.js").Store} store @param {() => Promise<void>} work */
async function alone(store, work) {
  if (navigator.locks) {
    await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => { if (lock) await work(); });
    return;
  }
  const held = (await store.get("meta", "lock")) || 0;
  if (held > Date.now() && held < Date.now() + LOCK_FOR) return;
  await store.put("meta", "lock", Date.now() + LOCK_FOR);
  try {
    await work();
  } finally {
    await store.put("meta", "lock", 0);
  }
}

/** Take away what lesson pages remember for their lamps; answers it. @returns {Record<string, string>} */
function takeScreens() {
  /** @type {Record<string, string>} */
  const taken = {};
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(LESSON_KEY))) {
      taken[key] = localStorage.getItem(key) || "";
      localStorage.removeItem(key);
    }
  } catch (error) { /* storage is closed: lesson pages remember nothing */ }
  return taken;
}

/** @param {Record<string, string>} screens @param {boolean} keeping what is there stays */
function putScreens(screens, keeping) {
  try {
    for (const [key, value] of Object.entries(screens)) if (!keeping || !localStorage.getItem(key)) localStorage.setItem(key, value);
  } catch (error) { /* storage is closed */ }
}
