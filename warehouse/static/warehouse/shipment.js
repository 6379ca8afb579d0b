// A new shipment notice: one more line without asking the server. Without script the same button posts the form.
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-more]");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    const total = form.querySelector("[name=lines-TOTAL_FORMS]");
    const most = form.querySelector("[name=lines-MAX_NUM_FORMS]");
    if (Number(total.value) >= Number(most.value)) return;
    const line = form.querySelector("template[data-line]").content.firstElementChild.cloneNode(true);
    line.innerHTML = line.innerHTML.replaceAll("__prefix__", total.value).replaceAll("__place__", String(Number(total.value) + 1));
    form.querySelector("[data-lines]").append(line);
    total.value = String(Number(total.value) + 1);
    line.querySelector("select, input").focus();
  });
})();
