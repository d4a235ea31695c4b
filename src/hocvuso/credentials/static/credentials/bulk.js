// Officers' lists: tick everybody on the page, and say how many are ticked. Without scripts the boxes work one by one.

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form.bulk"))) {
  const all = /** @type {HTMLInputElement | null} */ (form.querySelector(".bulk__all"));
  const boxes = () => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[name="chon"]')]);
  const count = /** @type {HTMLElement | null} */ (form.querySelector(".bulk__count"));
  const show = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    if (count) count.textContent = ticked ? (count.dataset.some || "").replace("{count}", String(ticked)) : count.dataset.none || "";
    if (all) {
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
    }
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes()) box.checked = all.checked;
      show();
    });
  }
  form.addEventListener("change", show);
  show();
}
