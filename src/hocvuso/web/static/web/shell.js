// What every page does: remember how it looks, show who is signed in, keep working without a network.
import "./listen.js";

const root = document.documentElement;

/** @param {string} key @returns {string} */
function kept(key) {
  try { return localStorage.getItem(key) || ""; } catch (error) { return ""; }
}

/** @param {string} key @param {string} value empty forgets */
function keep(key, value) {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch (error) { /* storage is closed: the choice holds for this page */ }
}

/** Buttons `data-set="theme|text"` with `data-value`; the one in force is pressed. */
function displayChoices() {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-set]"));
  const show = () => {
    for (const button of buttons) {
      const current = root.getAttribute(`data-${button.dataset.set}`) || "";
      button.setAttribute("aria-pressed", String(current === button.dataset.value));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const { set = "", value = "" } = button.dataset;
      keep(`hvs-${set}`, value);
      if (value) root.setAttribute(`data-${set}`, value);
      else root.removeAttribute(`data-${set}`);
      show();
    });
  }
  for (const block of document.querySelectorAll("[data-needs-scripts]")) block.removeAttribute("hidden");
  show();
}

/** The line under the header while there is no network. */
function networkLine() {
  const line = document.getElementById("offline-line");
  if (!line) return;
  const show = () => { line.hidden = navigator.onLine; };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}

/** Pages are the same for everybody; who is signed in comes apart from them, and only when someone may be. */
async function account() {
  const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-account]"));
  if (!link || !navigator.onLine) return;
  try {
    const answer = await fetch("/api/v1/me", { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const me = await answer.json();
    document.dispatchEvent(new CustomEvent("hvs:me", { detail: me }));
    if (!me.signed_in) return;
    link.setAttribute("data-signed-in", "");
    if (me.account_url) link.href = me.account_url;
    link.setAttribute("aria-label", `${link.dataset.account}: ${me.name}`);
    link.title = me.name;
    for (const place of document.querySelectorAll("[data-signed-in-only]")) place.removeAttribute("hidden");
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-reminder]"))) remind(place);
    for (const place of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-desk]"))) {
      if (!me.desk_url) continue;
      place.href = me.desk_url;
      place.hidden = false;
    }
  } catch (error) { /* no answer: the page stays as it is for everybody */ }
}

/** What a room has to say to this person now, as a finished piece of the page; nothing, and the place stays closed. @param {HTMLElement} place */
async function remind(place) {
  const answer = await fetch(place.dataset.reminder || "", { credentials: "same-origin" });
  const words = answer.ok ? (await answer.text()).trim() : "";
  if (!words) return;
  place.innerHTML = words;
  place.hidden = false;
}

/** `data-opens="id"` opens the dialog of that id; a form of method=dialog inside closes it. */
function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = /** @type {Element} */ (event.target).closest("[data-opens]");
    if (!opener) return;
    const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById(opener.getAttribute("data-opens") || ""));
    if (!dialog) return;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
  });
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const dialog = form.closest("dialog");
    if (dialog && form.getAttribute("method") === "dialog" && !dialog.close) {
      event.preventDefault();
      dialog.removeAttribute("open");
    }
  });
}

/** One menu open at a time; Escape and a click elsewhere close it. */
function menus() {
  const open = () => /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu[open]"));
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      (menu.querySelector("summary") && menu.querySelector("summary").focus());
    }
  });
}

/** On a phone the officers' bar is wider than the screen: show where one is. */
function whereAmI() {
  const here = /** @type {HTMLElement | null} */ (document.querySelector(".bar__nav [aria-current]"));
  const bar = /** @type {HTMLElement | null} */ (here && here.closest(".bar__nav"));
  if (!here || !bar) return;
  const [place, frame] = [here.getBoundingClientRect(), bar.getBoundingClientRect()];
  bar.scrollLeft += place.left - frame.left - (frame.width - place.width) / 2;
}

/** Keep the shell on the phone, and after a visit to the first page the lessons too (not where data is being saved). */
function worker() {
  if (!("serviceWorker" in navigator)) return;
  const first = !navigator.serviceWorker.controller;
  addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/sw.js");
      const ready = await navigator.serviceWorker.ready;
      const connection = /** @type {any} */ (navigator).connection;
      const saving = connection && connection.saveData;
      if (document.querySelector("[data-keeps-lessons]") && !saving && ready.active) ready.active.postMessage("keep-lessons");
      // A lesson works without a network after its first visit, also with pictures further down that were not looked at.
      const lesson = document.querySelector("hvs-lesson[release]:not([release=''])");
      if (!lesson || saving || !ready.active) return;
      const pictures = [...lesson.querySelectorAll("img")].map((one) => one.getAttribute("src"));
      ready.active.postMessage({ keep: first ? [location.pathname] : pictures });
    } catch (error) { /* works online all the same */ }
  });
}

displayChoices();
networkLine();
dialogs();
menus();
whereAmI();
if (root.classList.contains("learner")) {
  account();
  worker();
}
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", () => history.back());
for (const button of document.querySelectorAll("[data-reload]")) button.addEventListener("click", () => location.reload());
