// A form that keeps itself: what the server found wrong stands beside the fields; what was typed last survives the end of a session.
(() => {
  const state = () => document.querySelector("[data-draft]");
  const key = () => `draft:${location.pathname}`;
  const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "file" && !["csrfmiddlewaretoken", "version"].includes(one.name));

  const show = () => {
    const form = state()?.closest("form");
    if (!form) return;
    form.querySelectorAll("[data-live]").forEach((one) => one.remove());
    form.querySelectorAll("[data-marked]").forEach((one) => { one.removeAttribute("aria-invalid"); one.removeAttribute("data-marked"); });
    state().querySelectorAll("[data-flaw]").forEach((flaw) => {
      const input = form.elements[flaw.dataset.flaw];
      const place = input?.closest?.(".w-field");
      if (!place || place.querySelector(".w-error")) return;
      const said = document.createElement("p");
      said.className = "w-error";
      said.dataset.live = "";
      said.id = `${input.id}_live`;
      said.textContent = flaw.textContent;
      place.append(said);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", said.id);
      input.dataset.marked = "";
    });
  };

  // Before the draft is sent its text is laid aside in this tab; an answer that it was kept takes it away again.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.elt.matches("[data-draft]")) return;
    const form = detail.elt.closest("form");
    sessionStorage.setItem(key(), JSON.stringify(fields(form).map((one) => [one.name, one.value])));
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target === state()) { sessionStorage.removeItem(key()); show(); }
  });
  document.addEventListener("submit", () => sessionStorage.removeItem(key()));

  const laid = sessionStorage.getItem(key());
  const form = state()?.closest("form");
  if (laid && form) {
    for (const [name, value] of JSON.parse(laid)) if (form.elements[name] && "value" in form.elements[name]) form.elements[name].value = value;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }
})();
