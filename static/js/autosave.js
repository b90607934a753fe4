// Saves a form marked data-autosave while it is typed in. htmx sends it (hx-trigger="autosave") and puts the
// answer in place; this module decides when, says how it stands, tries again, and never sends two at once.

const SECOND = 1000;
const IDLE = 2 * SECOND; // of no typing before a save
const AT_MOST = 10 * SECOND; // between saves while typing goes on
const RETRIES = [5, 10, 20, 30].map((seconds) => seconds * SECOND);
const SIGNED_OUT = "Not saved: you were signed out. Sign in in another tab, then type on here.";

class Autosave {
  constructor(form) {
    this.form = form;
    this.typed = 0; // changes so far
    this.saved = 0; // changes the server has
    this.sent = null; // changes in the save that is on its way
    this.failures = 0;
    this.blocked = false; // by a conflict, until one text is chosen
    this.signedOut = false; // as the last answer had it
    this.timer = null;
    this.waitingSince = null;
    this.afterSave = null; // a submit button that was pressed during a save
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("htmx:beforeRequest", (event) => event.target === form && this.started());
    form.addEventListener("htmx:beforeSwap", (event) => this.beforeSwap(event));
    form.addEventListener("htmx:afterRequest", (event) => event.target === form && this.finished(event));
  }

  get unsaved() {
    return this.typed !== this.saved;
  }

  get state() {
    return document.getElementById(`${this.form.id}-save-state`);
  }

  say(state, words) {
    if (!this.state) return;
    this.state.dataset.state = state;
    if (words) this.state.textContent = words;
  }

  changed() {
    this.typed += 1;
    this.waitingSince ??= Date.now();
    if (this.blocked) return;
    const left = AT_MOST - (Date.now() - this.waitingSince);
    this.later(Math.max(0, Math.min(IDLE, left)));
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  save() {
    clearTimeout(this.timer);
    if (this.sent !== null || this.blocked || !this.unsaved) return;
    this.form.dispatchEvent(new CustomEvent("autosave"));
  }

  started() {
    this.sent = this.typed;
    this.waitingSince = null;
    this.signedOut = false;
  }

  // A redirect to the sign-in page arrives as a good answer from another address.
  beforeSwap(event) {
    const { xhr, pathInfo } = event.detail;
    const asked = new URL(pathInfo.requestPath, location.href).pathname;
    if (!xhr.responseURL || new URL(xhr.responseURL).pathname === asked) return;
    event.detail.shouldSwap = false;
    event.detail.isError = true;
    this.signedOut = true;
    this.say("failed", SIGNED_OUT);
  }

  finished(event) {
    const sent = this.sent;
    this.sent = null;
    const status = event.detail.xhr?.status ?? 0;
    if (this.signedOut) this.later(RETRIES.at(-1));
    else if (event.detail.successful) this.kept(sent);
    else if (status === 409) this.conflicted();
    else if (status === 422) this.say("failed");
    else this.failed(status);
    if (this.afterSave) this.submitNow();
  }

  kept(sent) {
    this.saved = sent;
    this.failures = 0;
    this.say("saved");
    if (this.unsaved) this.later(IDLE);
  }

  conflicted() {
    this.blocked = true;
    this.say("failed");
  }

  failed(status) {
    this.say("waiting", "Not saved yet - trying again");
    if (status === 403) this.renewToken();
    this.later(RETRIES[Math.min(this.failures, RETRIES.length - 1)]);
    this.failures += 1;
  }

  // Signing in again in another tab changes the token that a form must send.
  async renewToken() {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('[name="csrfmiddlewaretoken"]')?.value;
    const inputs = document.querySelectorAll('[name="csrfmiddlewaretoken"]');
    if (token) inputs.forEach((input) => { input.value = token; });
  }

  // Two saves of one form must not race: what was typed goes with the button, after the save on its way.
  submitted(event) {
    clearTimeout(this.timer);
    if (this.sent !== null) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.afterSave = { submitter: event.submitter };
      return;
    }
    this.saved = this.typed;
  }

  submitNow() {
    const { submitter } = this.afterSave;
    this.afterSave = null;
    if (!this.blocked) this.form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  }

  choose(button) {
    const version = document.getElementById(button.dataset.versionInput);
    if (version) version.value = button.dataset.version;
    if (button.dataset.conflict === "theirs") this.take(button);
    this.blocked = false;
    document.getElementById(`${this.form.id}-conflict`).replaceChildren();
    this.typed += 1;
    this.save();
    this.form.querySelector("textarea")?.focus();
  }

  take(button) {
    const field = document.getElementById(button.dataset.field);
    field.value = button.closest(".conflict").querySelector("[data-theirs]").textContent;
    field.dispatchEvent(new CustomEvent("dpmap:text-set", { bubbles: true }));
  }
}

// htmx keeps the address of the page there, with what was searched for. Nothing of ours stays in a browser.
sessionStorage.removeItem("htmx-current-path-for-history");

const all = new Map();
document.querySelectorAll("form[data-autosave]").forEach((form) => all.set(form.id, new Autosave(form)));

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-conflict]");
  if (button) all.get(button.dataset.form)?.choose(button);
});
addEventListener("online", () => all.forEach((autosave) => autosave.save()));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") all.forEach((autosave) => autosave.save());
});
addEventListener("beforeunload", (event) => {
  if ([...all.values()].some((autosave) => autosave.unsaved)) event.preventDefault();
});
