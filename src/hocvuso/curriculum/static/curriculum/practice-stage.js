/** The phone inside the practice editor: plays the definition the editor hands over, from the screen being edited. */
import "./practice-phone.js";

const stage = document.querySelector("[data-stage]");
const failed = document.querySelector("[data-failed]");
const phone = document.querySelector("template[data-phone]");

/** What a half-written practice still lacks, so that the rest can be played: unfinished blocks and moves stay away. */
function playable(definition, start, skin) {
  const screens = {};
  for (const [name, screen] of Object.entries(definition.screens)) {
    const blocks = (screen.blocks || []).filter((block) => (block.type !== "choice" || Array.isArray(block.options)) &&
      (block.type !== "receipt" || Array.isArray(block.rows)) && (block.type !== "keypad" || block.length > 0));
    const moves = (screen.moves || []).map((move) => {
      if (!move.go || definition.screens[move.go]) return move;
      const rest = Object.assign({}, move);
      delete rest.go;
      return rest;
    });
    screens[name] = Object.assign({}, screen, { blocks, moves });
  }
  return Object.assign({}, definition, { skins: skin ? [skin] : ["android", "iphone"], start, screens });
}

window.addEventListener("message", (event) => {
  if (event.origin !== location.origin || event.source !== window.parent || !event.data || !event.data.definition) return;
  const { definition, screen, skin } = event.data;
  try {
    const next = phone.content.querySelector("hvs-practice").cloneNode(true);
    const inline = document.createElement("script");
    inline.type = "application/json";
    inline.textContent = JSON.stringify(playable(definition, screen, skin));
    next.removeAttribute("src");
    next.prepend(inline);
    stage.replaceChildren(next);
    failed.hidden = !next.querySelector(".pr-failed");
    stage.hidden = !failed.hidden;
  } catch (error) {
    failed.hidden = false;
  }
});

window.parent.postMessage("stage-ready", location.origin);
