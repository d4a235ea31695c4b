// The live board: asks the server again every ten seconds, but not while somebody is choosing an incident or has left the tab.

const EVERY = 10000;

setInterval(() => {
  const board = document.querySelector("#board[data-live='open']");
  if (!board || document.hidden || board.querySelector("details[open]")) return;
  board.dispatchEvent(new Event("board-due"));
}, EVERY);
