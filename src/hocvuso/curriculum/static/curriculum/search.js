/**
 * Search over what the phone has kept: the same arithmetic as hocvuso/curriculum/search.py, and the same vectors
 * (tests/vectors/search.json) hold both to it. Plain functions, no page.
 */

const LITTLE = "qua cho la co cach cac cua va thi bi lam sao nao voi toi trong khi de bang tren nhu the em con minh muon duoc mot".split(" ");
const COMMON = ["dien", "thoai", "may", "mang", "so"];
/** @type {Record<string, string>} */
const SHORT = {
  cccd: "can cuoc", cmnd: "can cuoc", ck: "chuyen khoan", dt: "dien thoai", dtdd: "dien thoai", sdt: "so dien thoai", tk: "tai khoan",
  mk: "mat khau", pass: "mat khau", password: "mat khau", bhyt: "bao hiem y te", bhxh: "bao hiem xa hoi", dvc: "dich vu cong",
  fb: "mang xa hoi facebook", facebook: "mang xa hoi facebook", ytb: "video youtube", chatgpt: "tro ly ai", gpt: "tro ly ai",
  nh: "ngan hang", link: "duong dan", app: "ung dung", scam: "lua dao", k: "khong", ko: "khong",
};
/** @type {[RegExp, string][]} */
const SOUNDS = [
  [/^(?:qu|w)/, "w"], [/^(?:gi|r)/, "d"], [/^tr/, "ch"], [/^x/, "s"], [/^ngh/, "ng"], [/^gh/, "g"], [/^(?:ph|f)/, "f"],
  [/^(?:k(?!h)|q)/, "c"], [/^n(?![gh])/, "l"], [/^z|^j/, "d"], [/([^aeou]|^)y/, "$1i"],
];
const CLEAR = 3.6;
const MOST_WORDS = 8;
const MOST_FOUND = 50;

/** Lower case, no tone marks, đ as d, as a list of words. @param {string} text @returns {string[]} */
export function wordsOf(text) {
  const plain = text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  return plain.match(/[a-z0-9]+/g) || [];
}

/** @param {string} text @returns {string[]} */
export function askedWords(text) {
  let found = [];
  for (const word of wordsOf(text)) found = found.concat((SHORT.hasOwnProperty(word) ? SHORT[word] : word).split(" "));
  return found.slice(0, MOST_WORDS);
}

/** @param {string} word @returns {string} */
export function sound(word) {
  return SOUNDS.reduce((heard, [pattern, letter]) => heard.replace(pattern, letter), word);
}

const LITTLE_SOUNDS = LITTLE.map(sound);

/** How much an asked word says. @param {string} word @returns {number} */
function weightOf(word) {
  if (LITTLE_SOUNDS.indexOf(sound(word)) >= 0) return 0.25;
  return COMMON.indexOf(word) >= 0 ? 0.5 : 1;
}

/** Whether one slip (two in long words) leads from one word to the other. @param {string} one @param {string} other */
export function near(one, other) {
  const least = Math.min(one.length, other.length);
  const allowed = least < 4 ? 0 : least >= 8 ? 2 : 1;
  if (!allowed || Math.abs(one.length - other.length) > allowed || sound(one)[0] !== sound(other)[0]) return false;
  let last = [];
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    last = before;
    before = row;
    row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      let cost = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) cost = Math.min(cost, last[j - 2] + 1);
      row.push(cost);
    }
  }
  return row[other.length] <= allowed;
}

/** @param {string} asked @param {string} word @returns {number} 0 to 1 */
export function closeness(asked, word) {
  if (asked === word) return 1;
  if (sound(asked) === sound(word)) return 0.9;
  if (asked.length > 2 && word.indexOf(asked) === 0) return 0.8;
  return near(asked, word) ? 0.7 : 0;
}

/** @param {string[]} asked @param {[string[], number][]} fields words with what they weigh @returns {number} 0: does not fit */
export function score(asked, fields) {
  let [total, there, meant, clearest] = [0, 0, 0, 0];
  for (const one of asked) {
    const weighs = weightOf(one);
    const little = weighs < 0.5;
    const best = Math.max(...fields.map(([words, weight]) => weight * Math.max(0, ...words.map((word) => closeness(one, word)))));
    total += best * weighs;
    meant += little ? 0 : 1;
    there += best > 0 && !little ? 1 : 0;
    if (!little) clearest = Math.max(clearest, best);
  }
  if (!there || there * 2 < meant || (there === 1 && meant > 1 && clearest < CLEAR)) return 0;
  for (let at = 0; at + 1 < asked.length; at += 1) {
    total += Math.max(...fields.map(([words, weight]) => {
      const side = words.some((word, place) => place + 1 < words.length && closeness(asked[at], word) >= 0.7 && closeness(asked[at + 1], words[place + 1]) >= 0.7);
      return side ? weight / 2 * Math.min(weightOf(asked[at]), weightOf(asked[at + 1])) : 0;
    }));
  }
  return total * there / Math.max(meant, 1);
}

/**
 * Lessons that fit, the best first. @param {string} text
 * @param {{s: string, t: string, d: string, m: number, k: string[]}[]} lessons
 */
export function find(text, lessons) {
  const asked = askedWords(text);
  if (!asked.length) return [];
  const ranked = lessons.map((lesson) => ({
    lesson, rank: score(asked, [[wordsOf(lesson.t), 6], [wordsOf(lesson.k.join(" ")), 4], [wordsOf(lesson.d), 2]]),
  }));
  const fitting = ranked.filter((one) => one.rank > 0);
  fitting.sort((one, other) => other.rank - one.rank || (one.lesson.s < other.lesson.s ? -1 : 1));
  return fitting.slice(0, MOST_FOUND).map((one) => one.lesson);
}
