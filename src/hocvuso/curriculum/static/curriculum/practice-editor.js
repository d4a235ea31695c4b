/**
 * The visual editor of a practice: screens, the chosen screen as a form, the phone beside it.
 *
 * The definition is edited in place, so that what the form does not show stays as it is. The server checks every change
 * (`data-check`) and saves drafts with problems too (`data-save`); the phone stands in an iframe (practice-stage.js).
 */
const form = document.querySelector("[data-editor]");
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const definition = read("hvs-definition");
const vocabulary = read("hvs-vocabulary");
const words = {};
form.querySelector("template[data-strings]").content.querySelectorAll("[data-key]").forEach((one) => { words[one.dataset.key] = one.textContent; });
const place = (name) => form.querySelector(`[data-${name}]`);
const [screensList, formPlace, problemsPlace, yamlPlace, told, stage] = ["screens", "form", "problems", "yaml", "told", "stage"].map(place);
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

let revision = form.dataset.revision;
let problems = [];
let unsaved = false;
let round = 0;
let timer = 0;
let ids = 0;
if (!isMap(definition.screens)) definition.screens = {};
let chosen = definition.screens[definition.start] ? definition.start : Object.keys(definition.screens)[0] || "";
let shownAt = chosen;

function isMap(value) { return Boolean(value) && typeof value === "object" && !Array.isArray(value); }
function mapOf(entries) { const made = {}; for (const [name, value] of entries) made[name] = value; return made; }
function t(key, n) { return (words[key] || key).replace("{n}", n); }

function h(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") node.textContent = value;
    else if (name === "value") node.value = value;
    else if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...kids.filter(Boolean));
  return node;
}

// --- fields ----------------------------------------------------------------------------------------------------------

function put(thing, name, value) {
  if (value === "" || value === undefined || value === null) delete thing[name];
  else thing[name] = value;
  changed();
}

function labelled(label, control, name) {
  const id = `hvs-draw-${ids += 1}`;
  control.id = id;
  if (name) control.dataset.field = name;
  return h("div", { class: "hvs-draw__field" }, h("label", { for: id, text: label }), control);
}

function line(thing, name, label, options = {}) {
  const control = h(options.rows ? "textarea" : "input", { rows: options.rows, type: options.rows ? null : options.type || "text", max: options.max, min: options.max ? 1 : null, value: thing[name] === undefined || thing[name] === null ? "" : String(thing[name]) });
  control.addEventListener("input", () => put(thing, name, options.type === "number" && /^\d+$/.test(control.value) ? Number(control.value) : control.value));
  return labelled(label, control, name);
}

/** A text that may differ between the two phones. */
function text(thing, name, label, rows = 2) {
  const both = isMap(thing[name]);
  const tick = h("input", { type: "checkbox", checked: both, "data-both": name, on: { change: () => {
    const now = thing[name];
    if (tick.checked) thing[name] = { android: now || "", iphone: now || "" };
    else put(thing, name, now.android || now.iphone);
    redraw(`[data-both="${name}"]`);
  } } });
  const inside = both ? ["android", "iphone"].map((skin) => line(thing[name], skin, `${label}: ${skin === "android" ? "Android" : "iPhone"}`, { rows })) : [line(thing, name, label, { rows })];
  return h("div", { class: "hvs-draw__text" }, ...inside, h("label", { class: "hvs-draw__tick" }, tick, ` ${t("each_phone")}`));
}

function select(label, value, choices, take, name) {
  const control = h("select", { on: { change: () => take(control.value) } });
  const known = choices.some(([code]) => code === value);
  for (const [code, shown] of known || !value ? choices : [...choices, [value, `${value} (?)`]]) control.append(h("option", { value: code, text: shown }));
  control.value = value || "";
  return labelled(label, control, name);
}

function tick(label, on, take) {
  const control = h("input", { type: "checkbox", checked: on, on: { change: () => take(control.checked) } });
  return h("label", { class: "hvs-draw__tick" }, control, ` ${label}`);
}

/** Lines "name = value" for a list or a map; a line without "=" is kept until it is finished. */
function lines(label, rows, take, name) {
  const control = h("textarea", { rows: Math.max(2, rows.length), value: rows.join("\n"), spellcheck: "false" });
  control.addEventListener("input", () => { take(control.value.split("\n").filter((one) => one.trim())); changed(); });
  return labelled(label, control, name);
}

const halves = (row) => { const at = row.indexOf("="); return at < 0 ? [row.trim(), ""] : [row.slice(0, at).trim(), row.slice(at + 1).trim()]; };
const remembered = (value) => (value === "true" ? true : value === "false" ? false : value);

function mapLines(thing, name, label) {
  const rows = isMap(thing[name]) ? Object.entries(thing[name]).map(([key, value]) => `${key} = ${value}`) : [];
  return lines(label, rows, (all) => {
    if (!all.length) delete thing[name];
    else thing[name] = mapOf(all.map(halves).map(([key, value]) => [key, remembered(value)]));
  }, name);
}

/** Words for both phones cannot stand in one line: such rows are edited in the YAML. */
const plainRows = (rows) => !rows || rows.every((row) => Object.values(row).every((cell) => typeof cell === "string"));

function blockField(block, field) {
  const { name, label } = field;
  if (field.as === "select") return select(label, block[name] || "", [["", t("none")], ...field.values], (value) => put(block, name, value), name);
  if (field.as === "number") return line(block, name, label, { type: "number", max: field.most });
  if (field.as === "on") return tick(label, block.on === true, (on) => { if (on) block.on = true; else delete block.on; changed(); });
  if (field.as === "id") return idField(block, label);
  if (field.as === "options" || field.as === "rows") {
    if (!plainRows(block[name])) return h("p", { text: label });
    const rows = (block[name] || []).map((row) => (field.as === "options" ? `${row.id} = ${row.label}` : row.join(" = ")));
    return lines(label, rows, (all) => {
      const parted = all.map(halves);
      block[name] = field.as === "options" ? parted.map(([id, shown]) => ({ id, label: shown })) : parted;
    }, name);
  }
  return text(block, name, label, field.as === "text" ? 3 : 1);
}

/** The moves that name the block follow its new code. */
function idField(block, label) {
  const control = h("input", { type: "text", value: block.id || "", spellcheck: "false" });
  control.addEventListener("change", () => {
    const before = block.id;
    const after = control.value.trim();
    put(block, "id", after);
    if (before && after) (definition.screens[chosen].moves || []).forEach((move) => { if (move.id === before) move.id = after; });
    redraw();
  });
  return labelled(label, control, "id");
}

// --- lists -----------------------------------------------------------------------------------------------------------

/** Up, down and remove for one of a list. */
function handles(list, at, name, after) {
  const make = (what, label, disabled, go) => h("button", { type: "button", class: "button button-small button-secondary", "data-handle": `${what}-${at}`, "aria-label": `${t(label)}: ${name}`, title: t(label), disabled, text: { up: "↑", down: "↓", remove: "✕" }[what], on: { click: go } });
  const swap = (to) => { [list[at], list[to]] = [list[to], list[at]]; after(to, to < at ? "up" : "down"); };
  return h("span", { class: "hvs-draw__handles" }, make("up", "up", at === 0, () => swap(at - 1)), make("down", "down", at === list.length - 1, () => swap(at + 1)),
    make("remove", "remove", false, () => { list.splice(at, 1); after(Math.max(0, at - 1), "remove"); }));
}

function listPart(kind, list, drawOne) {
  const part = h("div", { class: "hvs-draw__list", "data-list": kind });
  list.forEach((one, at) => {
    const { name, fields } = drawOne(one, at);
    part.append(h("fieldset", { class: "hvs-draw__one", "data-id": one.id || "" }, h("legend", { text: name }),
      handles(list, at, name, (to, what) => redraw(`[data-list="${kind}"] [data-handle="${what}-${to}"]:not([disabled]), [data-list="${kind}"] [data-handle="remove-${to}"], [data-add="${kind}"]`)), h("div", { class: "hvs-draw__fields" }, ...fields)));
  });
  return part;
}

function freshId(stem) {
  const used = new Set(((definition.screens[chosen] || {}).blocks || []).map((block) => block.id));
  let n = 1;
  while (used.has(`${stem}_${n}`)) n += 1;
  return `${stem}_${n}`;
}

function addBlock(screen, type) {
  const block = { type };
  const spec = vocabulary.blocks[type];
  if (spec.fields.some((field) => field.name === "id" && field.required)) block.id = freshId(type);
  if (type === "choice") block.options = [{ id: "a", label: "A" }, { id: "b", label: "B" }];
  if (type === "receipt") block.rows = [["A", "B"]];
  if (type === "keypad") block.length = 6;
  if (type === "image") block.name = "image";
  screen.blocks = [...(screen.blocks || []), block];
  redraw(`[data-list="blocks"] > fieldset:last-child :is(input, textarea, select)`);
}

function addMove(screen, wrong) {
  const block = (screen.blocks || []).find((one) => one.id && vocabulary.blocks[one.type] && vocabulary.blocks[one.type].acted && !(screen.moves || []).some((move) => move.id === one.id)) ||
    (screen.blocks || []).find((one) => one.id && vocabulary.blocks[one.type] && vocabulary.blocks[one.type].acted);
  const move = block ? { on: vocabulary.blocks[block.type].acted, id: block.id } : { on: "back" };
  if (wrong) move.wrong = "";
  else move.go = Object.keys(definition.screens).find((name) => name !== chosen) || chosen;
  screen.moves = [...(screen.moves || []), move];
  redraw(`[data-list="moves"] > fieldset:last-child select`);
}

// --- the chosen screen -----------------------------------------------------------------------------------------------

const targets = () => Object.keys(definition.screens).map((name) => [name, name]);

function drawBlock(screen) {
  return (block, at) => {
    const spec = vocabulary.blocks[block.type];
    const name = `${at + 1}. ${spec ? spec.name : block.type}`;
    const only = select(t("only"), block.only || "", [["", t("both")], ["android", "Android"], ["iphone", "iPhone"]], (value) => put(block, "only", value), "only");
    const more = h("details", { open: Boolean(block.only || block.if) }, h("summary", { text: t("more") }), only, mapLines(block, "if", t("if")));
    return { name, fields: [...(spec ? spec.fields.map((field) => blockField(block, field)) : []), more] };
  };
}

function drawMove(screen) {
  return (move, at) => {
    const blocks = (screen.blocks || []).filter((block) => block.id);
    const fitting = blocks.filter((block) => vocabulary.blocks[block.type] && vocabulary.blocks[block.type].acted === move.on);
    const called = (block) => [block.id, `${typeof block.label === "string" ? block.label : block.id} (${block.id})`];
    const fields = [select(t("on"), move.on, ["tap", "type", "choose", "back"].map((one) => [one, t(one)]), (on) => {
      move.on = on;
      for (const name of ["is", "like", "option", ...(on === "back" ? ["id"] : [])]) delete move[name];
      const first = blocks.find((block) => vocabulary.blocks[block.type].acted === on);
      if (first) move.id = first.id;
      redraw(`[data-list="moves"] > fieldset:nth-child(${at + 1}) select`);
    }, "on")];
    if (move.on !== "back") fields.push(select(t("which"), move.id || "", [["", t("none")], ...fitting.map(called)], (id) => { put(move, "id", id); redraw(`[data-list="moves"] > fieldset:nth-child(${at + 1}) [data-field="id"]`); }, "id"));
    if (move.on === "choose") {
      const block = fitting.find((one) => one.id === move.id);
      fields.push(select(t("option"), move.option || "", [["", t("any")], ...((block && block.options) || []).map((one) => [one.id, isMap(one.label) ? one.id : one.label])], (value) => put(move, "option", value), "option"));
    }
    if (move.on === "type") {
      fields.push(lines(t("is"), Array.isArray(move.is) ? move.is : [], (all) => { if (all.length) move.is = all; else delete move.is; }, "is"), line(move, "like", t("like")));
    }
    const wrong = "wrong" in move;
    fields.push(select(t("what"), wrong ? "wrong" : "right", [["right", t("right")], ["wrong", t("wrong")]], (what) => {
      if (what === "wrong") { move.wrong = move.ok || ""; delete move.ok; } else { delete move.wrong; }
      redraw(`[data-list="moves"] > fieldset:nth-child(${at + 1}) [data-field="what"]`);
    }, "what"));
    fields.push(wrong ? text(move, "wrong", t("wrong_text"), 3) : text(move, "ok", t("ok_text"), 2));
    fields.push(select(t("go"), move.go || "", [["", t("stays")], ...targets()], (value) => put(move, "go", value), "go"));
    const only = select(t("only"), move.only || "", [["", t("both")], ["android", "Android"], ["iphone", "iPhone"]], (value) => put(move, "only", value), "only");
    fields.push(h("details", { open: Boolean(move.only || move.if || move.set) }, h("summary", { text: t("more") }), only, mapLines(move, "if", t("if")), mapLines(move, "set", t("set"))));
    return { name: t("move", at + 1), fields };
  };
}

function drawApp(screen) {
  const app = isMap(screen.app) ? screen.app : null;
  const kind = select(t("app_kind"), app ? app.kind : "", [["", t("no_app")], ...vocabulary.kinds], (value) => {
    if (!value) delete screen.app;
    else screen.app = Object.assign({}, screen.app, { kind: value });
    redraw('[data-field="kind"]');
  }, "kind");
  return app ? [text(app, "title", t("app_title"), 1), kind] : [kind];
}

function rename(control) {
  const after = control.value.trim();
  if (after === chosen) return;
  control.setCustomValidity(after && !definition.screens[after] ? "" : t("name_taken"));
  if (!control.checkValidity()) { control.reportValidity(); return; }
  const before = chosen;
  definition.screens = mapOf(Object.entries(definition.screens).map(([name, screen]) => [name === before ? after : name, screen]));
  for (const screen of Object.values(definition.screens)) for (const move of (screen && screen.moves) || []) if (move.go === before) move.go = after;
  if (definition.start === before) definition.start = after;
  chosen = after;
  redraw('[data-field="screen_name"]');
}

function drawScreen() {
  const screen = definition.screens[chosen];
  const name = h("input", { type: "text", value: chosen, spellcheck: "false", on: { change: () => rename(name) } });
  const types = h("select", { "aria-label": t("block_type") }, ...Object.entries(vocabulary.blocks).map(([code, spec]) => h("option", { value: code, text: spec.name })));
  types.dataset.field = "new_block";
  const button = (key, add, go) => h("button", { type: "button", class: "button button-small button-secondary", "data-add": add, text: t(key), on: { click: go } });
  return [
    h("h2", { text: chosen }),
    text(screen, "say", t("say"), 3),
    ...drawApp(screen),
    text(screen, "hint", t("hint"), 2),
    h("h3", { text: t("blocks") }),
    listPart("blocks", screen.blocks || [], drawBlock(screen)),
    h("p", { class: "hvs-draw__add" }, types, button("add_block", "blocks", () => addBlock(screen, types.value))),
    h("h3", { text: t("moves") }),
    listPart("moves", screen.moves || [], drawMove(screen)),
    h("p", { class: "hvs-draw__add" }, button("add_right", "moves", () => addMove(screen, false)), button("add_wrong", "wrong", () => addMove(screen, true))),
    h("h3", { text: t("more") }),
    labelled(t("screen_name"), name, "screen_name"),
    select(t("end"), screen.end || "", [["", t("end_no")], ["pass", t("end_pass")], ["fail", t("end_fail")]], (value) => { put(screen, "end", value); redraw('[data-field="end"]'); }, "end"),
  ];
}

function drawWhole() {
  return [h("h2", { text: t("whole") }), line(definition, "title", t("title")), line(definition, "goal", t("goal"), { rows: 3 }),
    select(t("start"), definition.start || "", targets(), (value) => put(definition, "start", value), "start"),
    tick(t("scam"), definition.scam === true, (on) => { if (on) definition.scam = true; else delete definition.scam; changed(); })];
}

// --- drawing ---------------------------------------------------------------------------------------------------------

function drawList() {
  const entries = Object.entries(definition.screens);
  const count = (name) => problems.filter((one) => one.screen === name).length;
  const item = (name, label) => {
    const wrong = name ? count(name) : problems.filter((one) => !definition.screens[one.screen]).length;
    return h("button", { type: "button", class: "hvs-draw__screen", "aria-current": name === chosen ? "true" : null, "data-screen": name, on: { click: () => { choose(name); } } }, h("span", { text: label }), wrong ? h("b", { text: ` ${t("mend", wrong)}` }) : null);
  };
  screensList.replaceChildren(h("li", {}, item("", t("whole"))), ...entries.map((entry, at) => h("li", {}, item(entry[0], entry[0]),
    entry[0] === chosen ? handles(entries, at, entry[0], (to, what) => {
      definition.screens = mapOf(entries);
      if (!definition.screens[chosen]) { chosen = (entries[to] || [""])[0]; if (!definition.screens[definition.start] && entries.length) definition.start = entries[0][0]; }
      redraw(null, `[data-handle="${what}-${to}"]:not([disabled]), [aria-current]`);
    }) : null)));
}

function choose(name) {
  chosen = name;
  if (name) shownAt = name;
  drawList();
  drawForm();
  drawProblems();
  play();
  screensList.querySelector("[aria-current]").focus();
}

function drawForm() {
  formPlace.replaceChildren(...(chosen && isMap(definition.screens[chosen]) ? drawScreen() : drawWhole()));
  if (form.hasAttribute("data-locked")) formPlace.querySelectorAll("input, textarea, select, button").forEach((one) => { one.disabled = true; });
}

/** After the shape changed: draw again and put the reading place back. */
function redraw(focus, inList) {
  drawList();
  drawForm();
  drawProblems();
  const next = focus ? formPlace.querySelector(focus) : inList ? screensList.querySelector(inList) : null;
  if (next) next.focus();
  changed();
}

/** Sentences stand at the top of the form and at the block, move or field they are about. */
function drawProblems() {
  const here = problems.filter((one) => (chosen ? one.screen === chosen : !definition.screens[one.screen]));
  const list = (found) => h("ul", { class: "hvs-draw__wrong" }, ...found.map((one) => h("li", { text: one.text })));
  problemsPlace.replaceChildren(here.length ? list(here) : h("p", { class: "hvs-draw__fine", text: problems.length ? t("mend", problems.length) : t("sound") }));
  formPlace.querySelectorAll(".hvs-draw__near").forEach((one) => one.remove());
  formPlace.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  for (const one of here) {
    const things = one.id ? formPlace.querySelectorAll(`[data-id="${CSS.escape(one.id)}"]`) : [];
    things.forEach((thing) => thing.append(h("p", { class: "hvs-draw__near", text: one.text })));
    if (!things.length && one.field) {
      const empty = [...formPlace.querySelectorAll(`[data-field="${CSS.escape(one.field)}"]`)].find((field) => !field.value.trim());
      if (empty) { empty.setAttribute("aria-invalid", "true"); empty.after(h("p", { class: "hvs-draw__near", text: one.text })); }
    }
  }
}

function play() {
  const screen = definition.screens[shownAt] ? shownAt : Object.keys(definition.screens)[0];
  shownAt = screen || "";
  if (screen) stage.contentWindow.postMessage({ definition, screen }, location.origin);
}

// --- server ----------------------------------------------------------------------------------------------------------

function send(address, more = {}) {
  return fetch(address, { method: "POST", credentials: "same-origin", headers: Object.assign({ "Content-Type": "application/json", "X-CSRFToken": token }, more), body: JSON.stringify(definition) });
}

async function check() {
  const mine = round += 1;
  try {
    const answer = await send(form.dataset.check);
    if (!answer.ok || mine !== round) return;
    const found = await answer.json();
    problems = found.problems;
    yamlPlace.textContent = found.yaml;
    drawList();
    drawProblems();
  } catch (error) { /* the next change asks again; saving says when the server is away */ }
}

function changed() {
  unsaved = true;
  told.textContent = t("unsaved");
  if (chosen) shownAt = chosen;
  clearTimeout(timer);
  timer = setTimeout(() => { play(); check(); }, 400);
}

async function save(button) {
  button.disabled = true;
  const sent = JSON.stringify(definition);
  try {
    const answer = await send(form.dataset.save, { "X-Based-On": revision });
    const said = await answer.json();
    if (said.revision) {
      revision = String(said.revision);
      problems = said.problems;
      unsaved = sent !== JSON.stringify(definition);
      told.textContent = t(unsaved ? "unsaved" : problems.length ? "saved_problems" : "saved");
      drawList();
      drawProblems();
    } else {
      told.textContent = said.refused || t("lost");
    }
  } catch (error) {
    told.textContent = t("lost");
  }
  button.disabled = false;
  button.focus();
}

form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector('[data-do="save"]').addEventListener("click", (event) => save(event.currentTarget));
form.querySelector('[data-do="add-screen"]').addEventListener("click", () => {
  let n = Object.keys(definition.screens).length + 1;
  while (definition.screens[`man_hinh_${n}`]) n += 1;
  chosen = `man_hinh_${n}`;
  definition.screens[chosen] = { say: "", app: { title: "", kind: "form" }, hint: "", blocks: [], moves: [] };
  redraw('[data-field="say"]');
});
window.addEventListener("message", (event) => { if (event.origin === location.origin && event.data === "stage-ready") play(); });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

if (form.hasAttribute("data-locked")) form.querySelector('[data-do="add-screen"]').disabled = true;
drawList();
drawForm();
check();
play();
