/**
 * <hvs-sitting>: a sitting on the assessor's phone, with or without a network. Screens: list, room, door, person, ask, practice.
 *
 * A practice is played here by <hvs-practice> from the definition in the pack; its trace is sealed like an answer.
 * Everything recorded is a line in the notebook (notebook.js), written before the screen moves on, and sent by itself when there
 * is a network. Answers are sealed; questions come without keys and leave the phone when the sitting is over.
 */
import { Notebook, newId } from "./notebook.js";

const BATCH = 200;
const BATCH_SIGNS = 1000000; // a recorded practice is longer than an answer; the server takes two million bytes at once
const EVERY = 30000;
const PATIENCE = 20000;
/** Kinds of questions that are answered like another one. */
const LIKE = { situation: "one", spot: "many" };
/** Screens on which somebody is in the middle of something: nothing redraws them. */
const IN_THE_MIDDLE = new Set(["ask", "practice", "door"]);
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const AFTER_END = 12 * 3600000;

/** @param {string} text @param {Record<string, string | number>} values */
const filled = (text, values) => Object.entries(values).reduce((words, [name, value]) => words.replace(`{${name}}`, String(value)), text || "");
const two = (number) => String(number).padStart(2, "0");
const clock = (iso) => {
  const at = new Date(iso);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
};

/** The first lines, as many as one upload may hold. @param {{line: string}[]} lines */
const batch = (lines) => {
  let signs = 0;
  return lines.slice(0, BATCH).filter((one, place) => {
    signs += one.line.length;
    return place === 0 || signs <= BATCH_SIGNS;
  });
};

class HvsSitting extends HTMLElement {
  async connectedCallback() {
    this.stage = this.querySelector("[data-stage]");
    const strings = /** @type {HTMLTemplateElement} */ (this.querySelector("template[data-strings]"));
    this.words = {};
    for (const one of strings.content.querySelectorAll("[data-key]")) this.words[one.getAttribute("data-key") || ""] = (one.textContent || "").trim();
    this.addEventListener("click", (event) => this.act(event));
    this.addEventListener("submit", (event) => this.answer(event));
    this.addEventListener("change", (event) => this.paired(event));
    this.addEventListener("practice-finished", (event) => this.practised(event));
    if (!window.isSecureContext || !crypto.subtle) return this.say("insecure");
    try {
      this.notebook = await Notebook.open();
    } catch (error) {
      return this.say("closed_place");
    }
    this.owner = (await this.notebook.meta("owner")) || "";
    this.sentAt = await this.notebook.meta("sent_at");
    await this.clearOld();
    const [, sitting, person] = location.hash.split("/");
    await this.go(sitting ? (person ? "person" : "room") : "list", { sitting, person });
    addEventListener("online", () => this.refresh());
    this.timer = setInterval(() => this.send(), EVERY);
    return this.refresh();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  // --- screens ---------------------------------------------------------------------------------------------------------

  /** @param {string} screen @param {{sitting?: string, person?: string, position?: number}} where */
  async go(screen, where = {}) {
    this.where = Object.assign({}, where, { screen });
    this.finishAsked = false;
    this.kept = where.sitting ? await this.notebook.pack(where.sitting) : null;
    if (where.sitting && (!this.kept || this.kept.owner !== this.owner)) return this.go("list");
    history.replaceState(null, "", screen === "list" ? "#" : `#/${where.sitting}${where.person ? `/${where.person}` : ""}`);
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector(`template[data-screen="${screen}"]`));
    this.stage.replaceChildren(template.content.cloneNode(true));
    await this[`draw_${screen}`]();
    (this.stage.querySelector("h1") && this.stage.querySelector("h1").focus({ preventScroll: true }));
    scrollTo(0, 0);
    return this.tell();
  }

  /** Draw the same screen afresh, unless somebody is in the middle of an answer. */
  async again() {
    if (this.where && !IN_THE_MIDDLE.has(this.where.screen)) await this.go(this.where.screen, this.where);
  }

  one(name) { return this.stage.querySelector(`[data-${name}]`); }

  put(name, text) {
    const place = this.one(name);
    if (place) place.textContent = text;
  }

  part(name, shown) { (this.stage.querySelector(`[data-part="${name}"]`) && this.stage.querySelector(`[data-part="${name}"]`).toggleAttribute("hidden", !shown)); }

  row(name, texts, data) {
    const row = /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (this.querySelector(`template[data-row="${name}"]`)).content.cloneNode(true));
    for (const [key, text] of Object.entries(texts)) {
      const place = row.querySelector(`[data-${key}]`);
      if (place) place.textContent = text;
    }
    Object.assign(row.querySelector("[data-does]").dataset, data);
    return row;
  }

  async draw_list() {
    const packs = (await this.notebook.packs()).filter((kept) => kept.owner === this.owner);
    const list = this.one("list='packs'");
    for (const kept of packs) {
      const people = await this.people(kept);
      const note = filled(this.words.note_room, { place: kept.pack.place, people: people.length, done: people.filter((one) => one.finished).length });
      list.append(this.row("pack", { title: kept.pack.title, note }, { sitting: kept.id }));
    }
    this.one("empty").toggleAttribute("hidden", packs.length > 0);
    const known = new Set(packs.map((kept) => kept.id));
    const others = (this.server || []).filter((one) => !known.has(one.id));
    this.part("server", others.length > 0);
    for (const one of others) {
      this.one("list='server'").append(this.row("server", { title: one.title, note: filled(this.words.note_server, one) }, { sitting: one.id }));
    }
  }

  async draw_room() {
    const { pack } = this.kept;
    const people = await this.people(this.kept);
    this.put("title", pack.title);
    this.put("note", filled(this.words.note_room, { place: pack.place, people: people.length, done: people.filter((one) => one.finished).length }));
    this.one("empty").toggleAttribute("hidden", people.length > 0);
    for (const one of people) {
      const row = this.row("person", { title: one.name, note: one.born ? filled(this.words.born, { year: one.born }) : "", tag: this.tag(one) }, { person: one.person });
      row.querySelector("[data-tag]").classList.add(one.passed === false ? "tag--lamp" : one.finished ? "tag--leaf" : one.present ? "tag--blue" : "tag--lamp");
      this.one("list='people'").append(row);
    }
    if (pack.left_out.length) {
      const box = this.one("left-out");
      box.hidden = false;
      box.querySelector("[data-words]").textContent = filled(this.words.left_out, { names: pack.left_out.join(", ") });
    }
  }

  tag(one) {
    if (one.unknown) return this.words.tag_unknown;
    if (one.passed === true) return this.words.tag_passed;
    if (one.passed === false) return this.words.tag_failed;
    if (one.finished) return this.words.tag_finished;
    if (one.answered.size) return filled(this.words.tag_asked, { number: one.answered.size, total: one.paper.length });
    if (one.present) return this.words.tag_present;
    return one.door ? this.words.tag_door : this.words.tag_new;
  }

  draw_door() {
    const home = this.kept.pack.home;
    if (!home) return;
    const box = this.one("home");
    box.hidden = false;
    box.querySelector("[data-words]").textContent = filled(this.words.door_home, { unit: home });
  }

  async draw_person() {
    const one = await this.person();
    this.put("title", one.name);
    this.put("note", [one.born ? filled(this.words.born, { year: one.born }) : "", this.tag(one)].filter(Boolean).join(" · "));
    this.part("present", !one.present && !one.finished);
    this.part("absent", one.present);
    this.stage.querySelector("[data-does='absent']").hidden = one.finished;
    const next = this.next(one);
    const ask = this.stage.querySelector("[data-part='ask'] button");
    this.part("ask", one.present && !one.finished && next > 0);
    const begin = this.kept.pack.mode === "OBSERVED" ? this.words.begin_tasks : this.words.begin;
    ask.textContent = one.answered.size || (this.skipped && this.skipped.size) ? filled(this.words.go_on, { number: next }) : begin;
    this.part("finish", one.present && !one.finished && (one.answered.size > 0 || next === 0) && one.paper.length > 0);
    for (const incident of one.incidents) {
      const line = document.createElement("li");
      line.textContent = `${clock(incident.at)} ${(this.stage.querySelector(`[data-kind="${incident.kind}"]`) && this.stage.querySelector(`[data-kind="${incident.kind}"]`).textContent) || incident.kind}`;
      this.one("list='incidents'").append(line);
    }
  }

  async draw_ask() {
    const one = await this.person();
    const task = this.kept.pack.mode === "OBSERVED";
    const question = one.paper[this.where.position - 1];
    this.put("where", filled(task ? this.words.where_task : this.words.where, { number: this.where.position, total: one.paper.length }));
    this.put("title", one.name);
    this.put("text", question.text);
    const kind = LIKE[question.kind] || question.kind;
    const story = this.one("story");
    story.hidden = !question.story;
    story.textContent = question.story || "";
    const hint = task ? this.words.hint_task : { many: this.words.hint_many, order: this.words.hint_order, match: this.words.hint_match }[kind];
    const place = this.one("hint");
    place.hidden = !hint;
    place.textContent = hint || "";
    if (kind === "match") {
      this.drawPairs(question);
      return;
    }
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector(`template[data-option="${kind}"]`));
    for (const option of question.options) {
      const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      const field = /** @type {HTMLInputElement | HTMLSelectElement} */ (row.querySelector("input, select"));
      const words = row.querySelector("span, label:not(.option)");
      words.textContent = option.text;
      if (field instanceof HTMLSelectElement) {
        field.id = `o-${option.name}`;
        field.dataset.name = option.name;
        words.setAttribute("for", field.id);
        for (let rank = 1; rank <= question.options.length; rank += 1) field.append(new Option(String(rank), String(rank)));
      } else {
        field.value = option.name;
      }
      this.one("options").append(row);
    }
  }

  /** Lines by number, partners by letter: read aloud it is answered aloud (“one goes with B”), and one thumb does it. */
  drawPairs(question) {
    const copy = (name) => /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (this.querySelector(`template[data-option="${name}"]`)).content.cloneNode(true));
    const list = this.one("partners");
    list.hidden = false;
    question.partners.forEach((partner, place) => {
      const row = copy("partner");
      row.querySelector("b").textContent = LETTERS[place];
      row.querySelector("span").textContent = partner.text;
      list.append(row);
    });
    question.options.forEach((option, number) => {
      const row = copy("match");
      const line = row.querySelector("[data-line]");
      const words = row.querySelector("p");
      line.dataset.line = option.name;
      words.id = `o-${option.name}`;
      line.setAttribute("aria-labelledby", words.id);
      words.querySelector("b").textContent = `${number + 1}.`;
      words.querySelector("span").textContent = option.text;
      question.partners.forEach((partner, place) => {
        const letter = copy("letter");
        const field = letter.querySelector("input");
        field.name = `pair-${option.name}`;
        field.value = partner.name;
        letter.querySelector("b").textContent = LETTERS[place];
        letter.querySelector("span").textContent = partner.text;
        row.querySelector("[data-letters]").append(letter);
      });
      this.one("options").append(row);
    });
  }

  /** A letter belongs to one line: chosen for another, it leaves the one before. @param {Event} event */
  paired(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (!(field instanceof HTMLInputElement) || !field.closest("[data-line]")) return;
    for (const other of this.stage.querySelectorAll("[data-line] input:checked")) {
      if (other !== field && other.value === field.value) other.checked = false;
    }
    for (const line of this.stage.querySelectorAll("[data-line]")) {
      const chosen = line.querySelector("input:checked");
      line.querySelector("[data-chosen]").textContent = chosen ? [...chosen.closest("label").children].map((one) => one.textContent).join(" ").trim() : "";
    }
  }

  async draw_practice() {
    const one = await this.person();
    const question = one.paper[this.where.position - 1];
    const definition = (this.kept.pack.practices || {})[question.digest];
    this.trace = null;
    this.put("where", filled(this.words.where_task, { number: this.where.position, total: one.paper.length }));
    this.put("title", one.name);
    this.put("text", question.text);
    this.put("hand", filled(this.words.hand_over, { name: one.name }));
    if (!definition) return this.say("no_practice");
    const part = /** @type {HTMLTemplateElement} */ (this.querySelector("template[data-practice]")).content.cloneNode(true);
    const phone = part.querySelector("hvs-practice");
    const data = document.createElement("script");
    data.type = "application/json";
    data.textContent = JSON.stringify(definition);
    phone.setAttribute("practice", question.practice);
    phone.setAttribute("release", question.digest);
    phone.prepend(data);
    this.one("play").replaceChildren(part);
  }

  /** The practice came to an end: the assessor takes the phone back and records it. @param {Event} event */
  practised(event) {
    if (this.where.screen !== "practice") return;
    this.trace = /** @type {CustomEvent} */ (event).detail.trace;
    this.part("record", true);
    this.stage.querySelector("[data-does='record']").scrollIntoView({ block: "nearest" });
  }

  // --- what is known -----------------------------------------------------------------------------------------------------

  /** Everybody of a sitting, as the pack and the lines say. */
  async people(kept) {
    const fresh = { answered: new Set(), incidents: [], passed: null, mine: false };
    const people = new Map(kept.pack.seats.map((seat) => [seat.person, Object.assign({}, seat, fresh, { answered: new Set(), incidents: [] })]));
    const known = kept.pack.walk_ins || {};
    for (const line of await this.notebook.lines(kept.id)) {
      // Added at the door here; once the server knows who it is, the list has them under their own name.
      const name = people.has(known[line.person]) ? known[line.person] : line.person;
      if (line.kind === "WALK_IN" && line.shown && !people.has(name)) {
        const spare = (kept.pack.spares || []).find((paper) => paper.id === line.shown.spare);
        people.set(name, Object.assign({ person: name, name: line.shown.name, born: line.shown.born, present: false, finished: false, paper: spare ? spare.paper : [], door: true }, fresh, { answered: new Set(), incidents: [] }));
      }
      const one = people.get(name);
      if (!one) continue;
      if (line.problem === "walk_in_waits" && known[line.person] === undefined) one.unknown = true;
      one.mine = true;
      if (line.kind === "PRESENT") one.present = true;
      if (line.kind === "ABSENT") one.present = false;
      if (line.kind === "ANSWER") one.answered.add(line.position);
      if (line.kind === "INCIDENT") one.incidents.push({ kind: line.incident, at: JSON.parse(line.line).at });
      if (line.kind === "FINISH") {
        one.finished = true;
        if (typeof line.passed === "boolean") one.passed = line.passed;
      }
    }
    return [...people.values()];
  }

  async person() {
    const people = await this.people(this.kept);
    const known = (this.kept.pack.walk_ins || {})[this.where.person];
    return people.find((one) => one.person === this.where.person) || people.find((one) => one.person === known);
  }

  /** The next question without an answer after the present one, round the end; 0 when none is left. */
  next(one) {
    const total = one.paper.length;
    const from = this.where.position || 0;
    for (let step = 1; step <= total; step += 1) {
      const position = ((from + step - 1) % total) + 1;
      if (!one.answered.has(position) && !(this.skipped && this.skipped.has(position))) return position;
    }
    for (let position = 1; position <= total; position += 1) if (!one.answered.has(position)) return position;
    return 0;
  }

  // --- what the assessor does --------------------------------------------------------------------------------------------

  /** @param {Event} event */
  async act(event) {
    const button = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-does]")) : null;
    if (!button || this.busy) return;
    const { sitting, person } = this.where || {};
    this.busy = true;
    try {
      await this[`do_${button.dataset.does}`]({ sitting: button.dataset.sitting || sitting, person: button.dataset.person || person, kind: button.dataset.kind });
    } finally {
      this.busy = false;
    }
  }

  do_list() { return this.go("list").then(() => this.refresh()); }

  do_room({ sitting }) { return this.go("room", { sitting }); }

  do_person({ sitting, person }) {
    if (this.where.person !== person) this.skipped = new Set();
    return this.go("person", { sitting, person });
  }

  async do_door({ sitting }) {
    if (!(await this.spare())) return this.say("door_full");
    return this.go("door", { sitting });
  }

  do_agreed() {
    this.agreed = this.one("agreement").dataset.agreement;
    this.part("consent", false);
    const form = this.one("form");
    form.hidden = false;
    form.querySelector("input").focus();
  }

  /** A paper nobody on this phone was asked from. */
  async spare() {
    const used = new Set((await this.notebook.lines(this.where.sitting)).map((line) => line.shown && line.shown.spare));
    return (this.kept.pack.spares || []).find((one) => !used.has(one.id));
  }

  /** The details of somebody at the door, sealed; the name alone stays to be called by. @param {HTMLFormElement} form */
  async welcome(form) {
    const name = form.elements.namedItem("full_name").value.trim().replace(/\s+/g, " ");
    const born = form.elements.namedItem("birth_year").value.trim();
    const phone = form.elements.namedItem("phone").value.replace(/[\s.-]/g, "");
    const year = Number(born);
    const wrong = name.length < 2 ? "door_name" : born && !(year >= 1900 && year <= new Date().getFullYear()) ? "door_born" : phone && !/^(0\d{9}|(\+?84)\d{9})$/.test(phone) ? "door_phone" : "";
    const error = this.one("error");
    error.hidden = !wrong;
    error.textContent = wrong ? this.words[wrong] : "";
    if (wrong || !this.agreed) return;
    const spare = await this.spare();
    if (!spare) {
      this.say("door_full");
      return;
    }
    const { sitting } = this.where;
    const details = { full_name: name, birth_year: born ? year : null, phone, lives_here: form.elements.namedItem("lives_here").checked, agreed: this.agreed };
    const person = newId();
    this.agreed = "";
    await this.write({ kind: "WALK_IN", person, spare: spare.id }, details, { name, born: born ? year : null, spare: spare.id });
    this.skipped = new Set();
    await this.go("person", { sitting, person });
  }

  async do_present({ sitting, person }) { await this.write({ kind: "PRESENT", person }); await this.go("person", { sitting, person }); }

  async do_absent({ sitting, person }) { await this.write({ kind: "ABSENT", person }); await this.go("person", { sitting, person }); }

  async do_incident({ sitting, person, kind }) { await this.write({ kind: "INCIDENT", person, incident: kind }); await this.go("person", { sitting, person }); }

  async do_ask({ sitting, person }) {
    this.skipped = this.skipped || new Set();
    const one = await this.person();
    const position = this.next(one);
    if (position) await this.ask(one, { sitting, person, position });
  }

  /** The screen for a question: a practice has its own. */
  ask(one, where) { return this.go(one.paper[where.position - 1].kind === "practice" ? "practice" : "ask", where); }

  async do_record({ sitting, person }) {
    if (!this.trace) return;
    await this.write({ kind: "ANSWER", person, position: this.where.position }, this.trace);
    this.trace = null;
    await this.onward(sitting, person);
  }

  async do_skip({ sitting, person }) {
    this.skipped.add(this.where.position);
    await this.onward(sitting, person);
  }

  async do_finish({ sitting, person }) {
    const one = await this.person();
    const open = one.paper.length - one.answered.size;
    if (open && !this.finishAsked) {
      this.finishAsked = true;
      return this.say("finish_open", { count: open });
    }
    await this.write({ kind: "FINISH", person });
    this.quiet();
    return this.go("room", { sitting });
  }

  async do_send() {
    this.wait = false;
    await this.send(true);
  }

  async do_fetch({ sitting }) {
    const answer = await this.call(`/api/v1/sittings/${sitting}/pack`, {});
    if (!answer) return;
    await this.notebook.keepPack(answer.owner, answer.pack);
    this.keepPage();
    await this.go("room", { sitting });
  }

  /** @param {Event} event */
  async answer(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-form]")) return;
    event.preventDefault();
    if (this.busy) return;
    if (form.dataset.form === "door") {
      this.busy = true;
      try {
        await this.welcome(form);
      } finally {
        this.busy = false;
      }
      return;
    }
    const { sitting, person, position } = this.where;
    const ranks = [...form.querySelectorAll("select")];
    let chosen = [...form.querySelectorAll("input:checked")].map((one) => /** @type {HTMLInputElement} */ (one).value);
    if (ranks.length) {
      const numbers = ranks.map((one) => one.value).sort((a, b) => Number(a) - Number(b));
      const whole = numbers.every((number, place) => number === String(place + 1));
      chosen = whole ? [...ranks].sort((a, b) => Number(a.value) - Number(b.value)).map((one) => one.dataset.name || "") : [];
    }
    const lines = [...form.querySelectorAll("[data-line]")];
    if (lines.length) chosen = chosen.length === lines.length ? lines.map((line) => `${line.dataset.line}:${line.querySelector("input:checked").value}`) : [];
    if (!chosen.length) {
      const error = this.one("error");
      error.hidden = false;
      error.textContent = ranks.length ? this.words.choose_order : lines.length ? this.words.choose_pairs : this.words.choose;
      return;
    }
    this.busy = true;
    try {
      await this.write({ kind: "ANSWER", person, position }, chosen);
      await this.onward(sitting, person);
    } finally {
      this.busy = false;
    }
  }

  async onward(sitting, person) {
    const one = await this.person();
    const left = [...one.paper.keys()].map((place) => place + 1).filter((position) => !one.answered.has(position) && !this.skipped.has(position));
    if (left.length) await this.ask(one, { sitting, person, position: this.next(one) });
    else await this.go("person", { sitting, person });
  }

  async write(facts, secret, shown) {
    await this.notebook.write(this.where.sitting, facts, secret, shown);
    this.send();
  }

  // --- with the server ---------------------------------------------------------------------------------------------------

  /** @returns {Promise<any>} the answer; none when there was no use in it, and then the page says why */
  async call(address, body) {
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(address, {
        method: body === undefined ? "GET" : "POST", credentials: "same-origin", signal: stop.signal,
        headers: Object.assign({ Accept: "application/json", "X-Hocvuso": "1" }, (body === undefined ? {} : { "Content-Type": "application/json" })),
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const told = await answer.json();
      if (answer.ok) return told;
      if (answer.status === 401) this.say("signed_out", {}, this.words.sign_in, `${this.dataset.door}?next=${encodeURIComponent(location.pathname)}`);
      else this.speak(told.message || this.words.server);
    } catch (error) {
      this.say("offline");
    } finally {
      clearTimeout(limit);
    }
    return null;
  }

  /** Who is signed in and which sittings are open; then send what waits. */
  async refresh() {
    const told = await this.call("/api/v1/sittings");
    if (!told) return;
    this.quiet();
    if (told.owner !== this.owner) {
      this.owner = told.owner;
      await this.notebook.setMeta("owner", told.owner);
    }
    this.server = told.sittings;
    await this.again();
    await this.send();
    const others = (await this.notebook.lines()).filter((line) => !line.sent && line.owner !== this.owner).length;
    if (others) this.say("others", { count: others });
  }

  async send(byHand = false) {
    if (this.sending || !this.notebook) return;
    this.sending = true;
    try {
      for (const kept of await this.notebook.packs()) if (kept.owner === this.owner) await this.sendOne(kept, byHand);
    } finally {
      this.sending = false;
    }
    await this.tell();
  }

  async sendOne(kept, byHand) {
    for (;;) {
      const waiting = batch((await this.notebook.lines(kept.id)).filter((line) => !line.sent));
      if (!waiting.length && !(byHand && kept.n)) return;
      if (!waiting.length) return;
      const told = await this.call(`/api/v1/sittings/${kept.id}/records`, {
        device: kept.device, sent_at: new Date().toISOString(), records: waiting.map(({ line, mark }) => ({ line, mark })),
      });
      if (!told) return;
      const replies = new Map(told.results.map((one) => [one.id, one]));
      if (told.results.some((one) => one.status === "gap")) {
        if (this.resent === kept.id) return;
        this.resent = kept.id;
        await this.notebook.sendAllAgain(kept.id);
        continue;
      }
      await this.notebook.settle(waiting, replies);
      this.sentAt = new Date().toISOString();
      await this.notebook.setMeta("sent_at", this.sentAt);
      this.quiet();
      const problems = told.results.filter((one) => one.problem);
      if (told.clock_off_minutes) this.say("clock", { minutes: told.clock_off_minutes });
      if (problems.length) this.say("kept", { count: problems.length, why: this.words[`why_${problems[0].problem}`] || this.words.why });
      if (!told.open) await this.notebook.forget(kept.id);
      if (told.results.some((one) => typeof one.passed === "boolean") || !told.open) await this.again();
    }
  }

  /** Questions do not stay on a phone after the sitting. */
  async clearOld() {
    for (const kept of await this.notebook.packs()) {
      if (Date.now() > new Date(kept.pack.ends_at).getTime() + AFTER_END) await this.notebook.forgetQuestions(kept.id);
    }
  }

  /** This page opens without a network from now on. */
  keepPage() {
    if (!("serviceWorker" in navigator)) return;
    navigator.serviceWorker.ready.then((found) => (found.active && found.active.postMessage({ keep: [location.pathname] }))).catch(() => { /* no worker here */ });
  }

  // --- what the page says --------------------------------------------------------------------------------------------------

  async tell() {
    const state = this.querySelector("[data-state]");
    const waiting = (await this.notebook.lines()).filter((line) => !line.sent && line.owner === this.owner).length;
    const time = this.sentAt ? clock(this.sentAt) : "";
    const key = waiting ? (time ? "waiting" : "waiting_first") : time ? "all_sent" : "";
    const text = key ? filled(this.words[key], { count: waiting, time }) : "";
    if (state && state.textContent !== text) state.textContent = text;
    this.dataset.waiting = String(waiting);
    const send = this.stage.querySelector("[data-does='send']");
    if (send) send.closest("p").toggleAttribute("hidden", waiting === 0);
  }

  say(key, values = {}, link = "", address = "") { this.speak(filled(this.words[key], values), link, address); }

  speak(text, link = "", address = "") {
    const box = /** @type {HTMLElement} */ (this.querySelector("[data-trouble]"));
    box.hidden = false;
    box.querySelector("[data-words]").textContent = text;
    const place = /** @type {HTMLElement} */ (box.querySelector("[data-link]"));
    place.hidden = !link;
    const anchor = place.querySelector("a");
    if (anchor && link) {
      anchor.textContent = link;
      anchor.href = address;
    }
  }

  quiet() { /** @type {HTMLElement} */ (this.querySelector("[data-trouble]")).hidden = true; }
}

if (!customElements.get("hvs-sitting")) customElements.define("hvs-sitting", HvsSitting);
