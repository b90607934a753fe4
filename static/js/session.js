// Warns two minutes before an idle session ends. What is typed in an autosaving form is activity: each save
// reaches the server and starts the count again. Tabs tell each other.

const WARNING = 120;
const seconds = Number(document.body.dataset.sessionSeconds);
const dialog = document.querySelector("[data-session-warning]");
const left = dialog.querySelector("[data-session-left]");
const spoken = dialog.querySelector("[data-session-spoken]");
const tabs = new BroadcastChannel("dpmap-session");
let endsAt = Date.now() + seconds * 1000;

function words(remaining) {
  if (remaining > 90) return "2 minutes";
  if (remaining > 59) return "1 minute";
  return `${remaining} ${remaining === 1 ? "second" : "seconds"}`;
}

function renew() {
  endsAt = Date.now() + seconds * 1000;
  if (dialog.open) dialog.close();
}

function renewEverywhere() {
  renew();
  tabs.postMessage("renewed");
}

function signedOut() {
  const back = encodeURIComponent(location.pathname + location.search);
  location.assign(`${dialog.dataset.signInUrl}?next=${back}`);
}

async function stay(event) {
  event.preventDefault();
  const answer = await fetch(dialog.dataset.extendUrl, {
    method: "POST",
    body: new FormData(event.target),
    redirect: "manual",
  });
  if (answer.ok) renewEverywhere();
  else signedOut();
}

function tick() {
  const remaining = Math.round((endsAt - Date.now()) / 1000);
  if (remaining <= 0) {
    clearInterval(ticking);
    signedOut();
    return;
  }
  if (remaining > WARNING) return;
  if (!dialog.open) dialog.showModal();
  left.textContent = words(remaining);
  if (remaining % 30 === 0) spoken.textContent = `You will be signed out in ${words(remaining)}.`;
}

tabs.addEventListener("message", renew);
document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && renewEverywhere());
dialog.querySelector("form").addEventListener("submit", stay);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault(); // Escape is an answer too: somebody is there
  dialog.querySelector("form").requestSubmit();
});
renewEverywhere();
const ticking = setInterval(tick, 1000);
