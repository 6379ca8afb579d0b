// What every page needs: answers of htmx, toasts, menus, keys, confirmations, widths. No inline script anywhere (CSP).
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- toasts: from the server with the page, from htmx as HX-Trigger {"toast": {"tone": "pass", "text": "…"}} ---
  const shelf = () => find("#toasts");
  const fade = (toast) => { if (!toast.matches(".w-fail")) setTimeout(() => toast.remove(), 7000); };
  const tell = (tone, text) => {
    const template = find(`#toast-${tone}`) || find("#toast-run");
    const toast = template.content.firstElementChild.cloneNode(true);
    find("p", toast).textContent = text;
    shelf().append(toast);
    fade(toast);
  };
  const words = (name) => find("#words").dataset[name];
  document.addEventListener("toast", (event) => tell(event.detail.tone || "run", event.detail.text || event.detail.value));

  // --- htmx: forms answer 422, refusals 403 and 409; a refusal goes to #problem, a whole page (session over) replaces the page ---
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { status, responseText, responseURL } = detail.xhr;
    if (/^\s*<!doctype/i.test(responseText) && detail.target !== document.body) {
      detail.shouldSwap = false;
      if (status < 400) location.assign(responseURL); else tell("fail", words("broken"));
    } else if (responseText.includes("data-problem")) {
      const place = find("#problem");
      if (place) { detail.target = place; detail.swapOverride = "innerHTML show:#main:top"; }
      detail.shouldSwap = true;
      detail.isError = false;
    } else if ([403, 409, 422].includes(status)) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
  });
  document.addEventListener("htmx:beforeRequest", () => find("#problem")?.replaceChildren());
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.xhr?.status < 400) return;
    const wrong = find("[data-summary], [aria-invalid=true], [data-problem]", detail.target) || find("[data-problem]");
    wrong?.focus({ preventScroll: false });
  });
  document.addEventListener("htmx:sendError", () => tell("fail", words("unreachable")));
  document.addEventListener("htmx:timeout", () => tell("fail", words("unreachable")));
  document.addEventListener("htmx:responseError", () => tell("fail", words("broken")));

  // --- confirmation in our own words: hx-confirm, or data-confirm on a plain form ---
  const confirmed = (question) => new Promise((resolve) => {
    const dialog = find("#confirm");
    find("#confirm-text").textContent = question;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    if (await confirmed(event.detail.question)) event.detail.issueRequest(true);
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.dataset.sure) { delete form.dataset.sure; return; }
    if (form.dataset.sent && !form.hasAttribute("hx-post")) { event.preventDefault(); return; }
    if (form.dataset.confirm && !form.hasAttribute("hx-post")) {
      event.preventDefault();
      if (await confirmed(form.dataset.confirm)) { form.dataset.sure = "1"; form.requestSubmit(event.submitter); }
      return;
    }
    if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "1"; // one press, one request
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // --- menus, dialogs, theme ---
  const close = (menus) => menus.forEach((menu) => { menu.open = false; });
  document.addEventListener("click", ({ target }) => {
    close(all("details.w-menu[open]").filter((menu) => !menu.contains(target)));
    if (target.closest("[data-close=toast]")) target.closest("[data-toast]").remove();
    const opener = target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    if (target.closest("[data-close=dialog]")) target.closest("dialog").close();
    const theme = target.closest("[data-theme]");
    if (theme) { window.wuyouTheme.choose(theme.dataset.theme); showTheme(); }
  });
  const showTheme = () => all("[data-theme]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.theme === window.wuyouTheme.chosen())));

  // --- keys: a button with data-key is pressed by that key, unless somebody is typing; where a scanner types too, js/floor.js decides ---
  const typing = (element) => element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = all("details.w-menu[open]");
      open.forEach((menu) => find("summary", menu).focus());
      close(open);
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target) || find("dialog[open], [data-scan]")) return;
    const button = find(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not(:disabled)`);
    if (button) { event.preventDefault(); button.click(); }
  });

  // --- what CSP keeps out of the markup: widths and places in per cent ---
  const measure = (root) => {
    const share = (element, name, property) => { if (element.dataset[name]) element.style[property] = `${element.dataset[name]}%`; };
    [root, ...all("[data-share], [data-from]", root)].filter((element) => element.dataset).forEach((element) => {
      share(element, "share", "width");
      share(element, "from", "left");
    });
  };

  const network = () => {
    all("[data-online]").forEach((element) => { element.hidden = !navigator.onLine; });
    all("[data-offline]").forEach((element) => { element.hidden = navigator.onLine; });
  };
  addEventListener("online", network);
  addEventListener("offline", network);

  const ready = () => { measure(document.body); showTheme(); network(); all("[data-toast]", shelf()).forEach(fade); find("[data-summary]")?.focus(); };
  document.addEventListener("htmx:load", ({ detail }) => measure(detail.elt));
  ready();
})();
