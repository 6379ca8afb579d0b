// Points are answered by figures: the marked one takes the key, then the next open one is marked. Z opens the last one again.
(() => {
  const BURST_MS = 50; // as in floor.js: faster than fingers is a scanner
  let lastKey = 0;
  const points = () => [...document.querySelectorAll("[data-points] [data-point]")];
  const isOpen = (point) =>
    point.matches("[data-choice]") ? !point.querySelector("input[type=radio]:checked") : !point.querySelector("input:not([type=file])").value;
  const mark = () => {
    const open = points().find(isOpen);
    points().forEach((point) => point.classList.toggle("c-current", point === open));
    return open;
  };
  const goTo = (point) => {
    if (!point) return document.querySelector("[data-record]")?.focus();
    point.scrollIntoView({ block: "nearest" });
    if (!point.matches("[data-choice]")) point.querySelector("input:not([type=file])").focus();
    return undefined;
  };
  const answer = (point, place) => {
    const radio = point.querySelectorAll("input[type=radio]")[place];
    if (!radio) return;
    radio.checked = true;
    goTo(mark());
  };
  const reopen = () => {
    const done = points().filter((point) => point.matches("[data-choice]") && !isOpen(point));
    const last = done.at(-1);
    if (last) last.querySelector("input[type=radio]:checked").checked = false;
    goTo(mark());
  };
  document.addEventListener("keydown", (event) => {
    const isBurst = event.timeStamp - lastKey < BURST_MS;
    lastKey = event.timeStamp;
    const typing = event.target.matches("input:not([type=radio]), textarea, select");
    if (!document.querySelector("[data-points]") || typing || isBurst || event.ctrlKey || event.metaKey || event.altKey) return;
    const open = mark();
    if (/^[1-9]$/.test(event.key) && open?.matches("[data-choice]")) {
      event.preventDefault();
      answer(open, Number(event.key) - 1);
    } else if (event.key.toLowerCase() === "z") {
      event.preventDefault();
      reopen();
    } else if (event.key === "Enter" && !open && !event.target.closest("a, button")) {
      event.preventDefault();
      document.querySelector("[data-points]").requestSubmit(document.querySelector("[data-record]"));
    }
  });
  document.addEventListener("change", mark);
  document.addEventListener("htmx:afterSettle", () => goTo(mark()));
  document.addEventListener("DOMContentLoaded", () => goTo(mark()));
  if (document.readyState !== "loading") goTo(mark());
})();
