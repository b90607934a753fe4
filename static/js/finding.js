// The tree by arrow keys; the address follows what htmx brought, so that it can be kept and sent.
const tree = () => document.getElementById("tree");

document.addEventListener("htmx:afterSettle", () => {
  const shown = document.querySelector("[data-address]");
  if (shown) history.replaceState(null, "", shown.dataset.address);
  const said = document.querySelector("[data-says]");
  if (said) document.querySelector(said.dataset.says).textContent = said.textContent;
});

for (const hint of document.querySelectorAll(".tree-keys")) hint.hidden = false;

function step(row, key) {
  const rows = [...tree().querySelectorAll(".tree__row")];
  const toggle = row.querySelector(".tree__toggle");
  const open = toggle?.getAttribute("aria-expanded");
  const item = row.parentElement;
  switch (key) {
    case "ArrowDown": return rows[rows.indexOf(row) + 1];
    case "ArrowUp": return rows[rows.indexOf(row) - 1];
    case "Home": return rows[0];
    case "End": return rows.at(-1);
    case "ArrowRight":
      if (open === "false") toggle.click();
      return open === "true" ? item.querySelector(":scope > .tree__level .tree__row") : row;
    case "ArrowLeft":
      if (open === "true") toggle.click();
      return open === "true" ? row : item.parentElement.closest("li")?.querySelector(".tree__row");
  }
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.(".tree__row");
  if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === " " && event.target.matches(".tree__toggle")) {
    event.preventDefault();
    event.target.click();
  } else if (/^Arrow|^Home$|^End$/.test(event.key)) {
    event.preventDefault();
    step(row, event.key)?.querySelector(".tree__name").focus();
  }
});
