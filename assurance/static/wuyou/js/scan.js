// What happens to a code: sent once, one after the other, and answered so that nobody has to look.
// The server says what became of it: HX-Trigger {"scanned": {"ok": true}}, or {"ok": true, "again": true} for what it had counted before.
window.wuyouScan = (() => {
  const DOUBLE_MS = 700; // the same code sooner is one pull of the trigger that read twice; hands are slower
  const SEEN_MS = 1500; // the camera has to lose a code that long before the same code is another item
  const find = (selector) => document.querySelector(selector);
  const form = () => find("[data-scan]");
  const field = () => find("[data-scan] input:not([type=hidden])");
  const words = (name) => find("#scan-words").dataset[name];
  const waiting = [];
  let asking = false;
  let last = { code: "", at: -Infinity };

  // --- right, wrong, again: two rising tones, one long low tone, two equal short ones; shaken as differently; coloured and said ---
  const TONES = { ok: [[880, 0, 0.09], [1320, 0.09, 0.12]], wrong: [[196, 0, 0.5]], again: [[587, 0, 0.07], [587, 0.14, 0.07]] };
  const SHAKES = { ok: [60], wrong: [220, 90, 220], again: [40, 50, 40] };
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
  const signal = (kind) => {
    audio ||= new AudioContext();
    TONES[kind].forEach((one) => tone(...one));
    navigator.vibrate?.(SHAKES[kind]);
    find("#main").dataset.heard = kind;
  };
  const say = (tone_, text) => document.dispatchEvent(new CustomEvent("toast", { detail: { tone: tone_, text } }));

  // --- one code after the other: what is scanned while an answer is under way waits for it ---
  const next = () => {
    if (asking || !waiting.length || !field() || field().disabled) return;
    field().value = waiting.shift();
    form().requestSubmit();
  };
  const isDouble = (code, now) => {
    const same = code === last.code && now - last.at < DOUBLE_MS;
    last = { code, at: now };
    return same;
  };
  // What else is sent with a code was chosen anew: the same code means something else now.
  document.addEventListener("change", ({ target }) => { if (target.form === form() && target !== field()) last = { code: "", at: -Infinity }; });
  const take = (code) => {
    if (isDouble(code, performance.now())) {
      signal("again");
      say("hold", words("again"));
      document.dispatchEvent(new CustomEvent("scanned-twice", { detail: { code } }));
      return;
    }
    waiting.push(code);
    next();
  };
  // An answer that leads to another page takes what was scanned meanwhile along.
  addEventListener("pagehide", () => { if (waiting.length) sessionStorage.setItem("scanned", JSON.stringify([Date.now(), waiting])); });
  const [left, codes] = JSON.parse(sessionStorage.getItem("scanned") || "[0, []]");
  sessionStorage.removeItem("scanned");
  if (Date.now() - left < 5000) waiting.push(...codes);
  const isOurs = ({ target }) => target instanceof Element && find("#main")?.contains(target) && Boolean(form());
  document.addEventListener("htmx:beforeRequest", (event) => { if (isOurs(event)) asking = true; });
  document.addEventListener("htmx:afterSettle", () => { asking = false; next(); });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError", "htmx:swapError"].forEach((name) => document.addEventListener(name, () => {
    asking = false;
    waiting.length = 0; // nobody knows whether it arrived: what came after it is scanned again
    signal("wrong");
  }));
  document.addEventListener("scanned", ({ detail }) => {
    signal(detail.again ? "again" : detail.ok ? "ok" : "wrong");
    if (!detail.ok) waiting.length = 0; // whoever heard “wrong” looks first
    const input = field();
    if (input) { input.value = ""; input.focus(); }
  });

  // --- the camera: pictures go to a worker, which reads codes with WebAssembly under a policy of its own ---
  let stream;
  let reader;
  let seen = { code: "", at: -Infinity };
  const panel = () => find("#camera");
  const read = (text) => {
    const now = performance.now();
    const isNew = text !== seen.code || now - seen.at > SEEN_MS;
    seen = { code: text, at: now };
    if (isNew) take(text);
  };
  const look = () => {
    const video = find("#camera video");
    if (!stream || !video.videoWidth) { if (stream) setTimeout(look, 100); return; }
    const share = Math.min(1, 960 / video.videoWidth);
    const canvas = new OffscreenCanvas(Math.round(video.videoWidth * share), Math.round(video.videoHeight * share));
    const drawn = canvas.getContext("2d", { willReadFrequently: true });
    drawn.drawImage(video, 0, 0, canvas.width, canvas.height);
    const image = drawn.getImageData(0, 0, canvas.width, canvas.height);
    reader.postMessage({ image }, [image.data.buffer]);
  };
  const close = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
    panel().hidden = true;
    field()?.focus();
  };
  const open = async () => {
    if (stream) { close(); return; }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    } catch {
      say("fail", words("noCamera"));
      return;
    }
    if (!reader) {
      const { worker, reader: script, wasm } = panel().dataset;
      reader = new Worker(worker);
      reader.addEventListener("message", ({ data }) => { if (data.text) read(data.text.replaceAll("\u001d", "\u241d")); if (stream) setTimeout(look, 80); });
      reader.postMessage({ script, wasm });
    } else {
      look();
    }
    find("#camera video").srcObject = stream;
    panel().hidden = false;
  };
  const offer = () => {
    const template = find("#camera-button");
    if (!template || !form() || form().querySelector("[data-camera]") || !navigator.mediaDevices?.getUserMedia) return;
    form().append(template.content.cloneNode(true));
  };
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-camera]")) open();
    if (target.closest("[data-close=camera]")) close();
  });
  document.addEventListener("htmx:afterSettle", () => { offer(); if (field() === document.activeElement) field().select(); }); // the next scan replaces what was refused
  addEventListener("pagehide", () => stream?.getTracks().forEach((track) => track.stop()));
  offer();
  next();

  return { take };
})();
