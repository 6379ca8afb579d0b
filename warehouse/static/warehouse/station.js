// The gate and the bench: Enter goes on to the next field, the last one sends; what the server refuses is heard.
(() => {
  const open = (form) => [...form.querySelectorAll("input:not([type=hidden])")];
  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (event.key !== "Enter" || !form?.matches("[data-steps]") || !event.target.matches("input")) return;
    const fields = open(form);
    const next = fields[fields.indexOf(event.target) + 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.xhr.status >= 400 && !detail.xhr.getResponseHeader("HX-Trigger")) {
      document.dispatchEvent(new CustomEvent("scanned", { detail: { ok: false } }));
    }
  });
})();
