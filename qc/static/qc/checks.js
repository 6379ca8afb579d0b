// Points are answered by figures: the marked one takes the key, then the next open one is marked. Z opens the last one again.
// What carries data-key is pressed by floor.js beside a scan field, and by the house's own script elsewhere.
(() => {
  const points = () => [...document.querySelectorAll("[data-points] [data-point]")];
  const isChoice = (point) => point.matches("[data-choice]");
  const typed = (point) => point.querySelector("input:not([type=file], [type=hidden])");
  const isOpen = (point) => (isChoice(point) ? !point.querySelector("input[type=radio]:checked") : !typed(point).value);
  const mark = () => {
    const open = points().find(isOpen);
    points().forEach((point) => {
      point.classList.toggle("c-current", point === open);
      point.querySelectorAll("label.c-option").forEach((label, place) => {
        if (point === open) label.dataset.key = String(place + 1); else delete label.dataset.key;
      });
    });
    return open;
  };
  const goOn = () => {
    const open = mark();
    if (!open) document.querySelector("[data-record]")?.focus();
    else if (!isChoice(open)) typed(open).focus();
    else open.scrollIntoView({ block: "nearest" });
  };
  const reopen = () => {
    const last = points().filter((point) => isChoice(point) && !isOpen(point)).at(-1);
    if (last) last.querySelector("input[type=radio]:checked").checked = false;
    document.activeElement?.blur();
    goOn();
  };
  document.addEventListener("change", ({ target }) => { if (target.matches("[data-point] input[type=radio]")) goOn(); else mark(); });
  document.addEventListener("click", ({ target }) => { if (target.closest("[data-reopen]")) reopen(); });
  document.addEventListener("keydown", (event) => {
    const form = document.querySelector("[data-points]");
    if (!form || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.matches("[data-point] input:not([type=radio], [type=file])")) {
      event.preventDefault(); // a figure, a day, a scanned text: on to the next open point, not the whole form
      event.target.blur();
      goOn();
      return;
    }
    if (event.target.matches("input:not([type=radio]), textarea, select, button, a, summary")) return;
    if (event.key === "Enter" && !points().some(isOpen)) {
      event.preventDefault();
      form.requestSubmit(document.querySelector("[data-record]"));
    }
  });
  document.addEventListener("htmx:afterSettle", goOn);
  goOn();
})();
