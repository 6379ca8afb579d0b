// Runs before the page is painted: light or dark as chosen here, else as the system says. Public pages always follow the system.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const follows = root.dataset.themeFollows === "system";

  const chosen = () => {
    try { return localStorage.getItem("theme") || "system"; } catch { return "system"; }
  };
  const apply = () => {
    const choice = follows ? "system" : chosen();
    root.dataset.bsTheme = choice === "dark" || (choice === "system" && system.matches) ? "dark" : "light";
  };
  const choose = (choice) => {
    try { localStorage.setItem("theme", choice); } catch { /* private window: the choice lasts for this page */ }
    apply();
  };

  window.wuyouTheme = { chosen, choose };
  system.addEventListener("change", apply);
  addEventListener("storage", (event) => { if (event.key === "theme") apply(); });
  apply();
})();
