// Checks a badge's bundle, or that one signed head of the log continues another. Asks no server for anything: only what is put in counts.
"use strict";
(() => {
  const root = document.getElementById("check");
  if (!root) return;
  const out = document.getElementById("check-result");
  const words = Object.fromEntries([...root.querySelectorAll("[data-word]")].map((e) => [e.dataset.word, e.textContent]));
  const NONE = new Uint8Array(32);
  class Bad extends Error { constructor(word, extra = "") { super(word); this.word = word; this.extra = extra; } }
  const need = (holds, word, extra) => { if (!holds) throw new Bad(word, extra); };

  // --- bytes
  const text = (s) => new TextEncoder().encode(s);
  const join = (...parts) => { const a = new Uint8Array(parts.reduce((n, p) => n + p.length, 0)); let i = 0; for (const p of parts) { a.set(p, i); i += p.length; } return a; };
  const sha = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
  const hex = (a) => [...a].map((b) => b.toString(16).padStart(2, "0")).join("");
  const unhex = (s) => { need(typeof s === "string" && /^[0-9a-f]{64}$/.test(s), "unreadable"); return Uint8Array.from(s.match(/../g), (x) => parseInt(x, 16)); };
  const unbase = (s) => { const raw = atob(s); need(btoa(raw) === s, "unreadable"); return Uint8Array.from(raw, (c) => c.charCodeAt(0)); };
  const same = (a, b) => a !== null && b !== null && hex(a) === hex(b);
  const whole = (n) => { need(Number.isSafeInteger(n) && n >= 0, "unreadable"); return n; };
  const eight = (n) => { const a = new Uint8Array(8); new DataView(a.buffer).setBigUint64(0, BigInt(whole(n))); return a; };
  const byte = (n) => Uint8Array.of(n);

  // --- the tree (RFC 9162, 2.1.3.2 and 2.1.4.2); numbers may pass 2^31, so no bit operators
  const odd = (n) => n % 2 === 1;
  const half = (n) => Math.floor(n / 2);
  async function leadsTo(leaf, index, size, path) {
    if (index >= size) return null;
    let first = index, last = size - 1, node = leaf;
    for (const sibling of path) {
      if (last === 0) return null;
      if (odd(first) || first === last) {
        node = await sha(byte(1), sibling, node);
        while (first && !odd(first)) { first = half(first); last = half(last); }
      } else node = await sha(byte(1), node, sibling);
      first = half(first); last = half(last);
    }
    return last === 0 ? node : null;
  }
  async function continues(old, size, oldRoot, newRoot, path) {
    if (!(old > 0 && old <= size)) return false;
    if (old === size) return path.length === 0 && same(oldRoot, newRoot);
    let power = old;
    while (!odd(power)) power = half(power);
    const steps = power === 1 ? [oldRoot, ...path] : path;
    if (!steps.length) return false;
    let first = old - 1, last = size - 1;
    while (odd(first)) { first = half(first); last = half(last); }
    let a = steps[0], b = steps[0];
    for (const sibling of steps.slice(1)) {
      if (last === 0) return false;
      if (odd(first) || first === last) {
        a = await sha(byte(1), sibling, a); b = await sha(byte(1), sibling, b);
        while (first && !odd(first)) { first = half(first); last = half(last); }
      } else b = await sha(byte(1), b, sibling);
      first = half(first); last = half(last);
    }
    return last === 0 && same(a, oldRoot) && same(b, newRoot);
  }

  // --- signatures
  let unsigned = false;
  async function readKey(line) {
    const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) || [];
    need(name, "unreadable");
    const data = unbase(encoded);
    need(data.length === 33 && data[0] === 1 && hex((await sha(text(`${name}\n`), data)).slice(0, 4)) === id, "key");
    return { name, id, raw: data.slice(1) };
  }
  async function opened(note, key) {
    const cut = note.lastIndexOf("\n\n");
    need(cut > 0 && note.endsWith("\n"), "signature");
    const body = note.slice(0, cut + 1);
    for (const line of note.slice(cut + 2, -1).split("\n")) {
      const [, name, encoded] = /^\u2014 (\S+) (\S+)$/.exec(line) || [];
      if (name !== key.name) continue;
      const value = unbase(encoded);
      if (hex(value.slice(0, 4)) !== key.id) continue;
      let imported = null;
      try { imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]); } catch { unsigned = true; return body; }
      need(await crypto.subtle.verify({ name: "Ed25519" }, imported, value.slice(4), text(body)), "signature");
      return body;
    }
    throw new Bad("signature");
  }
  async function head(note, key) {
    const [origin, size, encoded] = (await opened(note, key)).split("\n");
    need(origin === key.name && /^[1-9][0-9]*$/.test(size), "key");
    return { origin, size: whole(Number(size)), root: unbase(encoded) };
  }

  // --- what can be put in
  const entryHash = (log, place, link, digest) => sha(byte(0), log, eight(place.seq), unhex(place.previous), link, digest);
  const stands = async (leaf, place, top) => same(await leadsTo(leaf, whole(place.seq), top.size, place.path.map(unhex)), top.root);

  async function checkBundle(bundle, say) {
    const key = await readKey(bundle.key), top = await head(bundle.checkpoint, key), log = await sha(text(top.origin));
    say("pass", unsigned ? "no-ed25519" : "signed", `${top.size}`);
    const links = []; let last = NONE; const told = [];
    need(Array.isArray(bundle.chain) && bundle.chain.length, "unreadable");
    for (const [number, entry] of bundle.chain.entries()) {
      const digest = unhex(entry.digest);
      if (entry.body !== undefined) {
        need(same(await sha(text(entry.body)), digest), "body", `${number}`);
        const said = JSON.parse(entry.body);
        need(said.kind === entry.kind && said.product_id === bundle.product, "body", `${number}`);
        told.push(said);
      } else need(!entry.kind.startsWith("badge_"), "hidden", `${number}`);
      last = await sha(byte(2), log, eight(bundle.product), eight(number), last, digest, text(entry.kind));
      links.push(last);
    }
    const leaf = await entryHash(log, bundle.last, last, unhex(bundle.chain.at(-1).digest));
    need(await stands(leaf, bundle.last, top), "place");
    say("pass", "chain", `${links.length}`);
    if (bundle.anchor) {
      const body = text(bundle.anchor.body), said = JSON.parse(bundle.anchor.body), count = whole(bundle.anchor.count);
      need(said.kind === "chains_anchored" && await stands(await entryHash(log, bundle.anchor, NONE, await sha(body)), bundle.anchor, top), "place");
      need(count > 0 && count <= links.length, "short", `${count}`);
      const ours = await sha(byte(0), eight(bundle.product), eight(count), links[count - 1]);
      const found = await leadsTo(ours, whole(bundle.anchor.index), whole(said.says.products), bundle.anchor.heads.map(unhex));
      need(found !== null && hex(found) === said.says.root, "short", `${count}`);
      say("pass", "complete", said.recorded_at);
    } else say("hold", "no-anchor");
    if (bundle.status === undefined) return;
    const [first, line] = (await opened(bundle.status, key)).split("\n"), status = JSON.parse(line);
    need(first === `${key.name} badge` && status.product === bundle.product, "status");
    let code = status.code; // a newer code stands for the lot the old one was issued for
    for (const s of [...told].reverse()) if (s.kind === "badge_superseded" && s.says.by === code) code = s.says.badge;
    const issued = told.filter((s) => s.kind === "badge_issued" && s.says.badge === code);
    need(issued.length === 1 && issued[0].says.lot_number === status.lot_number, "status");
    need(!told.some((s) => s.kind === "badge_superseded" && s.says.badge === status.code), "not-valid", status.code);
    need(!told.some((s) => s.kind === "badge_revoked" && s.says.badge === status.code), "revoked", status.code);
    need(status.status === "valid", "not-valid", status.status);
    need(new Date(status.valid_until) > new Date(), "over", status.valid_until);
    say("pass", "badge", `${status.code} · ${status.lot_number} · ${status.checked_at}`);
  }

  async function checkConsistency(given, say) {
    const key = await readKey(given.key);
    need(given.old !== null, "unreadable");
    const before = await head(given.old, key), after = await head(given.new, key);
    say("pass", unsigned ? "no-ed25519" : "signed", `${before.size}, ${after.size}`);
    need(await continues(before.size, after.size, before.root, after.root, given.path.map(unhex)), "rewritten");
    say("pass", "continued", `${before.size} → ${after.size}`);
  }

  // --- the page
  function say(tone, word, extra = "") {
    const line = document.createElement("li"), what = document.createElement("b"), more = document.createElement("p");
    line.className = `w-${tone}`; line.dataset.said = word;
    what.textContent = words[word] || word; more.textContent = extra;
    line.append(what); if (extra) line.append(more);
    out.append(line);
  }
  async function run(source) {
    out.replaceChildren(); unsigned = false; root.dataset.verdict = "";
    let verdict = "fail";
    try {
      need(globalThis.crypto && crypto.subtle, "no-crypto");
      let given;
      try { given = JSON.parse(source); } catch { throw new Bad("unreadable"); }
      if (given && given.format === "wuyou-badge-bundle/1") await checkBundle(given, say);
      else if (given && given.format === "wuyou-consistency/1") await checkConsistency(given, say);
      else throw new Bad("unreadable");
      verdict = unsigned ? "hold" : "pass";
      say(verdict, unsigned ? "all-but-signature" : "all-right");
    } catch (problem) {
      if (problem instanceof Bad) say("fail", problem.word, problem.extra); else say("fail", "unreadable", String(problem.message || ""));
    }
    root.dataset.verdict = verdict;
    out.focus();
  }
  root.querySelector("input[type=file]").addEventListener("change", async (event) => { const [file] = event.target.files; if (file) run(await file.text()); });
  root.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); run(root.querySelector("textarea").value); });
})();
