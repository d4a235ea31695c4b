/**
 * The state machine of a practice, for the browser. The same machine as `curriculum/practice/engine.py`, function by
 * function; `tests/vectors/practice/` holds both to one behaviour. No DOM, no network, no clock.
 * Source: docs/reference/content-format.md, Practice.
 *
 * @typedef {Object<string, any>} Definition
 * @typedef {{on: string, t?: number, id?: string, option?: string, value?: string|null}} PracticeEvent
 * @typedef {{kind: string, text: string}} Said  kind: wrong, ok, idle, hint, moved, stayed or restart
 * @typedef {{definition: Definition, skin: string, screen: string, memory: Map<string, string|boolean>,
 *   switches: Map<string, boolean>, wrong: number, hints: number, idle: number, steps: number, said: Said|null}} State
 */

export const ACTED_ON_BY = new Map([
  ["app_icon", "tap"], ["list_item", "tap"], ["button", "tap"], ["link", "tap"], ["toggle", "tap"], ["file", "tap"],
  ["camera", "tap"], ["field", "type"], ["keypad", "type"], ["choice", "choose"],
]);
const DIGIT_INPUTS = ["tel", "digits", "money"];
export const MAX_EVENTS = 500;
const MAX_VALUE = 64;
const STAND_INS = 8;

// Written out because "white space" means different characters to different languages.
const SPACES = /[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
const ENDS = /^ +| +$/g;
const NAMES = /\{([a-z][a-z0-9_]*)\}/g;

/** An event that cannot have happened; `code` is `impossible_event` or `after_end`. */
export class Refused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const own = (thing, name) => Object.prototype.hasOwnProperty.call(thing, name);
const said = (kind, text = "") => ({ kind, text });

/** The screen the phone shows. @param {State} state */
export const current = (state) => state.definition.screens[state.screen];

/** `pass`, `fail`, or null while the run goes on. @param {State} state */
export const ended = (state) => current(state).end || null;

/** Open a practice on its first screen. @param {Definition} definition @param {string} skin @returns {State} */
export function start(definition, skin) {
  const switches = new Map();
  for (const name of Object.keys(definition.screens)) {
    for (const block of definition.screens[name].blocks || []) {
      if (block.type === "toggle" && own(block, "id")) switches.set(block.id, block.on === true);
    }
  }
  return {
    definition, skin, screen: definition.start, memory: new Map(), switches,
    wrong: 0, hints: 0, idle: 0, steps: 0, said: null,
  };
}

/** The state after one event. Throws Refused. @param {State} state @param {PracticeEvent} event @returns {State} */
export function step(state, event) {
  if (event.on === "restart") {
    return Object.assign({}, state, { screen: state.definition.start, memory: new Map(), said: said("restart") });
  }
  if (ended(state) !== null) throw new Refused("after_end");
  if (event.on === "hint") {
    return Object.assign({}, state, { hints: state.hints + 1, said: said("hint", shown(state, current(state).hint)) });
  }
  const acted = Object.assign({}, state, { steps: state.steps + 1 });
  if (event.on === "back") return take(acted, choose(acted, event, null));
  const block = actedBlock(state, event);
  if (block.type === "toggle") return flip(acted, event, block);
  return take(acted, choose(acted, event, block));
}

/**
 * Rewrite a typing event so that nothing the person typed is in it, yet it takes the same move.
 * @param {State} state @param {PracticeEvent} event @returns {PracticeEvent}
 */
export function veil(state, event) {
  if (event.on !== "type" || event.value === null) return event;
  const block = actedBlock(state, event);
  const move = choose(state, event, block);
  for (const value of standIns(move, block, event.value)) {
    if (choose(state, Object.assign({}, event, { value }), block) === move) return Object.assign({}, event, { value });
  }
  return event;
}

/** The blocks on the phone now. @param {State} state @returns {Definition[]} */
export const visibleBlocks = (state) => (current(state).blocks || []).filter((block) => applies(state, block));

/** Whether a block or move exists on this skin (`only`) and in this situation (`if`). */
export function applies(state, thing) {
  if (own(thing, "only") && thing.only !== state.skin) return false;
  const wanted = thing.if || {};
  return Object.keys(wanted).every((name) => recall(state, name) === wanted[name]);
}

/** A remembered value; an untouched switch has its start state, anything else missing is false. */
export function recall(state, name) {
  if (state.memory.has(name)) return state.memory.get(name);
  return state.switches.has(name) ? state.switches.get(name) : false;
}

/** A text for this skin with the remembered values put in. @returns {string} */
export function shown(state, text) {
  const chosen = text && typeof text === "object" ? text[state.skin] : text;
  if (!chosen) return "";
  return chosen.replace(NAMES, (_, name) => {
    const value = recall(state, name);
    return typeof value === "string" ? value : "";
  });
}

/** What counts of a typed text: digits alone where digits are asked for, else NFC with single spaces. */
export function tidy(block, value) {
  if (block.type === "keypad" || DIGIT_INPUTS.includes(block.input)) return value.replace(/[^0-9]+/g, "");
  return value.normalize("NFC").replace(SPACES, " ").replace(ENDS, "");
}

/** Lower case one code point at a time, because whole-string rules differ between languages. */
export const fold = (text) => Array.from(text, (sign) => sign.toLowerCase()).join("").normalize("NFC");

function actedBlock(state, event) {
  const block = visibleBlocks(state).find((one) => own(one, "id") && one.id === event.id);
  if (!block || !fits(block, event)) throw new Refused("impossible_event");
  return block;
}

function fits(block, event) {
  if (ACTED_ON_BY.get(block.type) !== event.on) return false;
  if (event.on === "choose") return block.options.some((option) => option.id === event.option);
  if (event.on === "type" && event.value !== null) {
    const typed = tidy(block, event.value);
    return block.type === "keypad" ? typed.length === block.length : typed !== "";
  }
  return true;
}

function choose(state, event, block) {
  return (current(state).moves || []).find(
    (move) => move.on === event.on && applies(state, move) && moveMatches(move, event, block)) || null;
}

function moveMatches(move, event, block) {
  if (block === null) return true;
  if (move.id !== block.id) return false;
  if (event.on === "choose") return !own(move, "option") || move.option === event.option;
  if (event.on === "type") return textMatches(move, event.value, block);
  return true;
}

function textMatches(move, value, block) {
  if (!own(move, "is") && !own(move, "like")) return true;
  if (value === null) return false;
  const typed = tidy(block, value);
  if (own(move, "is") && move.is.some((answer) => fold(tidy(block, answer)) === fold(typed))) return true;
  return own(move, "like") && matches(move.like, typed);
}

function flip(state, event, block) {
  const turned = Object.assign({}, state, { memory: new Map(state.memory).set(block.id, !recall(state, block.id)) });
  const move = choose(turned, event, block);
  if (move === null) return Object.assign({}, turned, { said: said("stayed") });
  return take(own(move, "wrong") && !own(move, "go") ? state : turned, move);
}

function take(before, move) {
  if (move === null) return Object.assign({}, before, { idle: before.idle + 1, said: said("idle") });
  const memory = new Map(before.memory);
  for (const name of Object.keys(move.set || {})) memory.set(name, move.set[name]);
  const state = Object.assign({}, before, { memory });
  const went = own(move, "go");
  let answer = said(went ? "moved" : "stayed");
  if (own(move, "wrong")) answer = said("wrong", shown(state, move.wrong));
  else if (own(move, "ok")) answer = said("ok", shown(state, move.ok));
  return Object.assign({}, state, { screen: went ? move.go : state.screen, wrong: state.wrong + (own(move, "wrong") ? 1 : 0), said: answer });
}

function standIns(move, block, value) {
  if (move === null || (!own(move, "is") && !own(move, "like"))) return [null];
  const typed = fold(tidy(block, value));
  const values = (move.is || []).filter((answer) => fold(tidy(block, answer)) === typed);
  for (let variant = 0; own(move, "like") && variant < STAND_INS; variant += 1) {
    const madeUp = example(move.like, variant);
    if (madeUp && Array.from(madeUp).length <= MAX_VALUE && tidy(block, madeUp) === madeUp) values.push(madeUp);
  }
  return values;
}

// --- the trace -------------------------------------------------------------------------------------------------

/** The `result` of a trace that stops in this state. */
export const outcome = (state) => ({
  end: ended(state), wrong: state.wrong, hints: state.hints, idle: state.idle, steps: state.steps,
});

const EVENT_KEYS = {
  tap: ["id", "on", "t"], type: ["id", "on", "t", "value"], choose: ["id", "on", "option", "t"],
  back: ["on", "t"], hint: ["on", "t"], restart: ["on", "t"],
};
const isObject = (thing) => typeof thing === "object" && thing !== null && !Array.isArray(thing);
const hasKeys = (thing, keys) => isObject(thing) && Object.keys(thing).sort().join() === keys.join();
const isWhole = (number) => Number.isSafeInteger(number) && number >= 0;
const isText = (text) => typeof text === "string" && !/[\ud800-\udfff]/u.test(text);

function isEvent(event) {
  if (!isObject(event) || typeof event.on !== "string" || !own(EVENT_KEYS, event.on)) return false;
  if (!hasKeys(event, EVENT_KEYS[event.on]) || !isWhole(event.t)) return false;
  if ((own(event, "id") && !isText(event.id)) || (own(event, "option") && !isText(event.option))) return false;
  return !own(event, "value") || event.value === null || (isText(event.value) && Array.from(event.value).length <= MAX_VALUE);
}

function wellFormed(trace) {
  const { result } = trace;
  return trace.v === 1 && [trace.practice, trace.release, trace.skin].every(isText) &&
    hasKeys(result, ["end", "hints", "idle", "steps", "wrong"]) && (result.end === "pass" || result.end === "fail") &&
    [result.wrong, result.hints, result.idle, result.steps].every(isWhole) && trace.events.every(isEvent);
}

/**
 * What really happened in a trace: `{reason, at, end, wrong, hints, idle, steps, duration_ms, events}`, reason null when valid.
 * The server's judgement is made by replay.py; this twin serves the previews and the vectors.
 * @param {Definition} definition @param {any} trace @param {string} release
 */
export function replay(definition, trace, release) {
  const refuse = (reason, at = null) =>
    ({ reason, at, end: null, wrong: 0, hints: 0, idle: 0, steps: 0, duration_ms: 0, events: null });
  if (!hasKeys(trace, ["events", "practice", "release", "result", "skin", "v"]) || !Array.isArray(trace.events)) {
    return refuse("malformed");
  }
  if (trace.events.length > MAX_EVENTS) return refuse("too_long");
  if (!wellFormed(trace)) return refuse("malformed");
  if (trace.practice !== definition.slug || trace.release !== release) return refuse("wrong_release");
  if (!definition.skins.includes(trace.skin)) return refuse("unknown_skin");
  let state = start(definition, trace.skin);
  let clock = 0;
  const events = [];
  for (let at = 0; at < trace.events.length; at += 1) {
    const event = trace.events[at];
    if (event.t < clock) return refuse("time_backwards", at);
    clock = event.t;
    try {
      const following = step(state, event);
      events.push(veil(state, event));
      state = following;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return refuse(error.code, at);
    }
  }
  if (ended(state) === null) return refuse("truncated");
  const result = outcome(state);
  if (Object.keys(result).some((name) => trace.result[name] !== result[name])) return refuse("result_mismatch");
  return Object.assign({ reason: null, at: null }, result, { duration_ms: clock, events });
}

// --- the pattern language of `like` (patterns.py) ----------------------------------------------------------------
// Trees: {ranges, negated} · {parts} · {options} · {part, low, high}

const SHORTHANDS = { d: [[48, 57]], w: [[48, 57], [65, 90], [95, 95], [97, 122]], s: [[32, 32]] };
const SIGNS = "\\.[](){}*+?|^$-/";
const SPECIAL = "\\.[](){}*+?|^$";
const trees = new Map();

class PatternError extends Error {}

function parse(pattern) {
  const points = Array.from(pattern);
  let at = 0;
  let depth = 0;
  const fail = () => { throw new PatternError(pattern); };
  const peek = () => (at < points.length ? points[at] : "");
  const next = () => { if (at >= points.length) fail(); at += 1; return points[at - 1]; };
  const among = (sign, signs) => sign !== "" && signs.includes(sign);
  const only = (sign) => [[sign.codePointAt(0), sign.codePointAt(0)]];

  const either = () => {
    const options = [sequence()];
    while (peek() === "|") { at += 1; options.push(sequence()); }
    return options.length === 1 ? options[0] : { options };
  };
  const sequence = () => {
    const parts = [];
    while (!["", "|", ")"].includes(peek())) parts.push(repeated(atom()));
    return parts.length === 1 ? parts[0] : { parts };
  };
  const repeated = (part) => {
    const sign = peek();
    if (!among(sign, "*+?{")) return part;
    at += 1;
    const [low, high] = { "*": [0, null], "+": [1, null], "?": [0, 1] }[sign] || counts();
    if (among(peek(), "*+?{")) fail();
    return { part, low, high };
  };
  const counts = () => {
    const low = number();
    let high = low;
    if (peek() === ",") { at += 1; high = peek() === "}" ? null : number(); }
    if (next() !== "}" || (high !== null && high < low)) fail();
    return [low, high];
  };
  const number = () => {
    let digits = "";
    while (among(peek(), "0123456789")) digits += next();
    if (!digits || Number(digits.slice(0, 9)) > 64) fail();
    return Number(digits);
  };
  const atom = () => {
    const sign = next();
    if (sign === "(") return group();
    if (sign === "[") return charClass();
    if (sign === ".") return { ranges: [], negated: true };
    if (sign === "\\") return { ranges: escaped(), negated: false };
    return among(sign, SPECIAL) ? fail() : { ranges: only(sign), negated: false };
  };
  const group = () => {
    if (peek() === "?") { at += 1; if (next() !== ":") fail(); }
    depth += 1;
    if (depth > 3) fail();
    const inside = either();
    if (next() !== ")") fail();
    depth -= 1;
    return inside;
  };
  const escaped = () => {
    const sign = next();
    if (own(SHORTHANDS, sign)) return SHORTHANDS[sign];
    return among(sign, SIGNS) ? only(sign) : fail();
  };
  const charClass = () => {
    const negated = peek() === "^";
    if (negated) at += 1;
    const ranges = [];
    while (peek() !== "]") ranges.push(...classPart());
    at += 1;
    return ranges.length ? { ranges, negated } : fail();
  };
  const classSign = () => {
    const sign = next();
    return sign === "\\" ? escaped() : only(sign);
  };
  const classPart = () => {
    if (peek() === "[") fail();
    const first = classSign();
    if (peek() !== "-" || at + 1 >= points.length || points[at + 1] === "]") return first;
    at += 1;
    const last = classSign();
    if (first.length > 1 || last.length > 1 || first[0][0] !== first[0][1] || last[0][0] !== last[0][1]) fail();
    if (last[0][0] < first[0][0]) fail();
    return [[first[0][0], last[0][0]]];
  };

  if (points.length > 120) fail();
  const tree = either();
  return at < points.length ? fail() : tree;
}

function treeOf(pattern) {
  if (!trees.has(pattern)) {
    let tree = null;
    try {
      tree = parse(pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
    }
    trees.set(pattern, tree);
  }
  return trees.get(pattern);
}

/** Whether the whole text fits the pattern; a pattern outside the language fits nothing. Never backtracks. */
export function matches(pattern, text) {
  const tree = treeOf(pattern);
  if (tree === null) return false;
  const points = Array.from(text, (sign) => sign.codePointAt(0));
  return walk(tree, points, new Set([0])).has(points.length);
}

const holds = (node, point) => node.ranges.some(([low, high]) => low <= point && point <= high) !== node.negated;

function walk(node, points, starts) {
  if (node.ranges) {
    const found = new Set();
    starts.forEach((at) => { if (at < points.length && holds(node, points[at])) found.add(at + 1); });
    return found;
  }
  if (node.parts) return node.parts.reduce((from, part) => (from.size ? walk(part, points, from) : from), starts);
  if (node.options) {
    const found = new Set();
    node.options.forEach((option) => walk(option, points, starts).forEach((at) => found.add(at)));
    return found;
  }
  return walkRepeat(node, points, starts);
}

function walkRepeat(node, points, starts) {
  let from = starts;
  for (let round = 0; round < node.low; round += 1) {
    const following = walk(node.part, points, from);
    if (following.size === from.size && [...following].every((at) => from.has(at))) break;
    from = following;
  }
  const found = new Set(from);
  let fresh = from;
  for (let round = node.low; fresh.size && (node.high === null || round < node.high); round += 1) {
    fresh = new Set([...walk(node.part, points, fresh)].filter((at) => !found.has(at)));
    fresh.forEach((at) => found.add(at));
  }
  return found;
}

/** Make up a text that fits the pattern; never what a person typed. */
export function example(pattern, variant) {
  const tree = treeOf(pattern);
  return tree === null ? "" : exampleOf(tree, variant);
}

function exampleOf(node, variant) {
  if (node.ranges) return exampleChar(node, variant);
  if (node.parts) return node.parts.map((part) => exampleOf(part, variant)).join("");
  if (node.options) return exampleOf(node.options[variant % node.options.length], variant);
  const count = node.high !== null && node.low + variant > node.high ? node.high : node.low + variant;
  const one = Array.from(exampleOf(node.part, variant)).slice(0, 65).join("");
  return Array.from(one.repeat(count)).slice(0, 65).join("");
}

function exampleChar(node, variant) {
  if (!node.negated) {
    const [low, high] = node.ranges[variant % node.ranges.length];
    return String.fromCodePoint(low + (variant % (high - low + 1)));
  }
  const fitting = Array.from("abcde12345ABCDE-").filter((sign) => holds(node, sign.codePointAt(0)));
  return fitting.length ? fitting[variant % fitting.length] : "";
}
