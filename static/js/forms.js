// Every form: characters left, focus on what is wrong, no double sending.

// The server counts Unicode code points, a line end (CRLF, CR or LF) being one.
export const textLength = (text) => Array.from(text.replace(/\r\n?/g, "\n")).length;

export function countWords(length, limit) {
  const number = (count) => count.toLocaleString("en-US");
  if (length <= limit) return `${number(limit - length)} of ${number(limit)} characters left`;
  const over = length - limit;
  return `${number(over)} ${over === 1 ? "character" : "characters"} too many`;
}

function showCount(field) {
  const shown = document.querySelector(`[data-count-for="${field.id}"]`);
  if (!shown) return;
  const limit = Number(field.dataset.limit);
  const length = textLength(field.value);
  shown.textContent = countWords(length, limit);
  shown.classList.toggle("over", length > limit);
}

// Said only when typing pauses: a count after every key would drown the typing.
const speaking = new WeakMap();
function speakCount(field) {
  clearTimeout(speaking.get(field));
  speaking.set(field, setTimeout(() => {
    const spoken = document.querySelector(`[data-count-spoken="${field.id}"]`);
    const shown = document.querySelector(`[data-count-for="${field.id}"]`);
    if (spoken && shown) spoken.textContent = shown.textContent;
  }, 1500));
}

export const showCounts = (root) => root.querySelectorAll("[data-limit]").forEach(showCount);

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-limit]")) return;
  showCount(event.target);
  speakCount(event.target);
});
document.addEventListener("dpmap:text-set", (event) => showCount(event.target));

// A second click while the first is on its way is ignored; the button stays reachable by keyboard.
const sending = new WeakMap();
const SECONDS = 1000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (Date.now() - (sending.get(form) ?? 0) < 10 * SECONDS) {
    event.preventDefault();
    return;
  }
  sending.set(form, Date.now());
  event.submitter?.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form").forEach((form) => sending.delete(form));
  document.querySelectorAll('[type="submit"][aria-disabled]').forEach((button) => button.removeAttribute("aria-disabled"));
});

// A menu that stays open over the page after Escape or a click elsewhere is in the way.
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

showCounts(document);
document.querySelector("[data-error-summary]")?.focus();
