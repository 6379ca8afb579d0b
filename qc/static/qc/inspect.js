// The bench: picked defects are counted ahead, so that an inspector sees what the unit will do before it is recorded.
(() => {
  const CLASSES = ["critical", "major", "minor"]; // the worst first, as on the page
  const BURST_MS = 50; // as in floor.js: faster than fingers is a scanner
  const picks = () => [...document.querySelectorAll("#defective [name=defects]:checked")];
  let lastKey = 0;

  const forget = (tallies) => {
    tallies.querySelectorAll(".w-cell-adding").forEach((cell) => cell.classList.remove("w-cell-adding"));
    tallies.querySelectorAll("small[data-adding]").forEach((small) => small.remove());
  };
  const count = (tallies, place, found) => {
    const tally = tallies.querySelectorAll(".w-tally")[place];
    tally.querySelectorAll(".w-cells > i")[found]?.classList.add("w-cell-adding");
    const adding = document.createElement("small");
    adding.dataset.adding = "";
    adding.textContent = "+1";
    tally.querySelector(".w-tally-count").append(adding);
  };
  const look = () => {
    const form = document.querySelector("#defective");
    const tallies = document.querySelector("[data-tallies]");
    if (!form || !tallies) return;
    forget(tallies);
    const found = picks();
    document.querySelector("#conforming .w-answer").disabled = found.length > 0;
    document.querySelector("#missing").hidden = true;
    let question = form.dataset.last;
    const place = CLASSES.findIndex((name) => found.some((box) => box.dataset.class === name));
    if (place >= 0) {
      const [before, reject] = tallies.dataset[CLASSES[place]].split(" ").map(Number);
      count(tallies, place, before);
      if (before + 1 >= reject) question = form.dataset.rejecting;
    }
    if (question) form.setAttribute("hx-confirm", question); else form.removeAttribute("hx-confirm");
  };

  document.addEventListener("change", ({ target }) => { if (target.name === "defects") look(); });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "defective" || picks().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const missing = document.querySelector("#missing");
    missing.textContent = event.target.dataset.missing;
    missing.hidden = false;
  }, true);
  // Enter records what was picked, unless a scanner just typed.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && picks().length && event.timeStamp - lastKey > BURST_MS && !event.target.closest("dialog, button, a")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      document.querySelector("#defective").requestSubmit();
    }
    if (event.key.length === 1) lastKey = event.timeStamp;
  }, true);
})();
