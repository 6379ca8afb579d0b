// The floor: a wedge scanner types like a keyboard, only faster. What comes in a burst is a code, what comes alone is a key.
// Right and wrong can be heard: HX-Trigger {"scanned": {"ok": true}}.
(() => {
  const BURST_MS = 50; // scanners leave 1 to 30 ms between characters, fingers more than 60
  const field = () => document.querySelector("[data-scan] input:not([type=hidden])");
  let burst = "";
  let timer = 0;
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

  document.addEventListener("pointerdown", ({ target }) => { byHand = target === field(); });
  document.addEventListener("keydown", (event) => {
    const input = field();
    if (!input || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (elsewhere(event.target) || (event.target === input && (byHand || input.value))) return;
    if (event.key === "Enter" && burst.length > 1) {
      event.preventDefault();
      flush();
      input.form.requestSubmit();
    } else if (event.key.length === 1 && event.key !== " ") {
      event.preventDefault();
      if (event.repeat) return;
      burst += event.key;
      clearTimeout(timer);
      timer = setTimeout(flush, BURST_MS);
    } else if (event.key === "Escape") {
      press("escape");
    }
  });

  let audio;
  const tone = (pitch, start, length) => {
    const voice = audio.createOscillator();
    const volume = audio.createGain();
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, audio.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + length);
    voice.connect(volume).connect(audio.destination);
    voice.start(audio.currentTime + start);
    voice.stop(audio.currentTime + start + length);
  };
  // Two short rising tones for right, one long low tone for wrong: told apart without looking.
  const sound = (ok) => {
    audio ||= new AudioContext();
    if (ok) { tone(880, 0, 0.09); tone(1320, 0.09, 0.12); } else { tone(196, 0, 0.5); }
  };
  document.addEventListener("scanned", (event) => {
    sound(event.detail.ok);
    byHand = false;
    const input = field();
    if (input) { input.value = ""; input.focus(); }
  });
})();
