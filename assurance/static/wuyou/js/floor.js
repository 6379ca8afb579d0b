// The floor: a wedge scanner types like a keyboard, only faster. What comes in a burst is a code, what comes alone is a key.
// A code goes to the scan field wherever the cursor stands; what becomes of it there is js/scan.js's business.
(() => {
  const SEPARATOR = "\u241d"; // the printable sign for GS1's group separator: text fields keep it
  const BURST_MS = 50; // scanners leave 1 to 30 ms between characters, fingers more than 60
  const field = () => document.querySelector("[data-scan] input:not([type=hidden])");
  let burst = "";
  let last = 0; // when its last character came
  let timer = 0;
  let before = ""; // what stood in the field that the burst was typed into
  let byHand = false; // somebody put the cursor into the scan field himself: then he types

  const press = (key) => {
    const button = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]:not(:disabled)`);
    button?.click();
    return Boolean(button);
  };
  const flush = () => {
    const text = burst;
    burst = "";
    clearTimeout(timer);
    if (!text || (text.length === 1 && press(text))) return;
    const input = field();
    input.value += text;
    input.focus();
  };
  const elsewhere = (element) => element !== field() && element.matches("input:not([type=radio], [type=checkbox]), textarea, select");

  // --- codes that come while somebody types elsewhere: kept out of fields that are typed, left to fields that are scanned too ---
  const checks = (digits) => [...digits].reduceRight((sum, one, place) => sum + Number(one) * ((digits.length - 1 - place) % 2 ? 3 : 1), 0) % 10 === 0;
  const isCode = (text) => /^([A-Z]{2}-\d{6,}$|\]|\(01\)|https?:)/.test(text) || text.includes(SEPARATOR) || (/^(\d{12,14}|01\d{14}.+)$/.test(text) && (text.length > 14 || checks(text)));
  const isTyped = (element) => !element.matches("[data-scannable]") && (!element.form?.matches("[data-steps]") || isCode(burst));
  const takeOut = (event) => {
    const isBurst = burst.length > 3 && event.timeStamp - last <= BURST_MS;
    if (isBurst) event.target.dataset.burst = ""; else delete event.target.dataset.burst;
    if (!isBurst || !isTyped(event.target)) { burst = ""; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.value = before;
    const text = burst;
    burst = "";
    window.wuyouScan.take(text);
  };
  const follow = (event) => {
    if (event.key === "Enter") { takeOut(event); return; }
    const key = event.ctrlKey && event.key === "]" ? SEPARATOR : event.key; // how a wedge types the separator of GS1
    if (key.length !== 1 || (event.ctrlKey && key !== SEPARATOR)) return;
    if (event.timeStamp - last > BURST_MS) { burst = ""; before = event.target.value; }
    burst += key;
    last = event.timeStamp;
  };

  document.addEventListener("pointerdown", ({ target }) => { byHand = target === field(); });
  document.addEventListener("keydown", (event) => {
    const input = field();
    if (!input || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (elsewhere(event.target)) { follow(event); return; }
    const key = event.ctrlKey && event.key === "]" && burst ? SEPARATOR : event.key;
    if (event.ctrlKey && key !== SEPARATOR) return;
    if (event.target === input && (byHand || input.value)) return;
    if (event.key === "Enter" && burst.length > 1) {
      event.preventDefault();
      event.stopImmediatePropagation();
      clearTimeout(timer);
      const text = burst;
      burst = "";
      window.wuyouScan.take(text);
    } else if (key.length === 1 && key !== " ") {
      event.preventDefault();
      if (event.repeat) return;
      burst += key;
      clearTimeout(timer);
      timer = setTimeout(flush, BURST_MS);
    } else if (event.key === "Escape") {
      press("escape");
    }
  }, true);
  document.addEventListener("scanned", () => { byHand = false; });
})();
