// The gate and the bench: Enter goes on to the next field, the last one sends; what the server refuses is heard; labels print themselves.
(() => {
  const open = (form) => [...form.querySelectorAll("input:not([type=hidden])")];
  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (event.key !== "Enter" || !form?.matches("[data-steps]") || !event.target.matches("input")) return;
    const fields = open(form);
    const next = fields[fields.indexOf(event.target) + 1];
    if (!next || (event.target.dataset.sends === "scanned" && "burst" in event.target.dataset)) return; // a scanner presses Enter once
    event.preventDefault();
    next.focus();
    next.select();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.xhr.status >= 400 && !detail.xhr.getResponseHeader("HX-Trigger")) {
      document.dispatchEvent(new CustomEvent("scanned", { detail: { ok: false } }));
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    const label = document.querySelector("[data-print-now]:not([data-printed])");
    if (!label) return;
    label.dataset.printed = "";
    window.print();
  });
})();
