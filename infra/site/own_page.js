// The page of a site that has no web interface: its own address in what it shows, and the form that letters lead to.
"use strict";

for (const place of document.querySelectorAll("[data-origin]")) place.textContent = location.origin;

const given = new URLSearchParams(location.search);
const path = location.pathname.replace(/\/$/, "");
document.getElementById("absent").hidden = path === "";
if (path === "/reset-change-password") {
  document.title = "Choose a password";
  document.getElementById("start").hidden = true;
  document.getElementById("choose").hidden = false;
  const form = document.querySelector("form");
  form.email.value = given.get("email") ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose(form);
  });
  form.password.focus();
}

async function choose(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  const [password, password2] = [form.password.value, form.password2.value];
  const body = JSON.stringify({ email: form.email.value, token: given.get("token") ?? "", password, password2 });
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/api/auth/reset-password", { method: "PUT", headers, body });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.message);
    form.hidden = true;
    // The token is used up: it need not stay in the history.
    history.replaceState(null, "", location.pathname);
    tell(`The password of ${form.email.value} is set. Sign in with it in the programs that you use.`);
  } catch (problem) {
    tell(`That did not work: ${problem.message}`, "bad");
  } finally {
    button.disabled = false;
  }
}

function tell(text, kind = "") {
  const told = document.getElementById("told");
  told.textContent = text;
  told.className = kind;
}
