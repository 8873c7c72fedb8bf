// The operator's form. The token stays in this tab: sessionStorage, never a cookie.

import { $, plain, setText } from "./dom.js";

const TOKEN = "banstream.token";
const NAMES = { ban: "Ban", unban: "Unban", allow: "Allow", disallow: "Disallow" };
const form = $("order");

const what = () => form.elements.what.value;

export function setUp() {
  $("o-token").value = sessionStorage.getItem(TOKEN) ?? "";
  form.addEventListener("change", show);
  $("o-target").addEventListener("input", () => { $("l-sure").hidden = !wide(); });
  form.addEventListener("submit", event => {
    event.preventDefault();
    send();
  });
  show();
}

/** Fills the form in, to be sent by hand. */
export function prepare(order, target) {
  form.elements.what.value = order;
  $("o-target").value = target;
  show();
  form.scrollIntoView({ block: "nearest" });
  $("o-why").focus();
}

/** The jails that a ban may be of. */
export function jails(names) {
  const select = $("o-jail");
  const wanted = names.filter(n => n !== "manual").join("\n");
  if (select.names_ === wanted) return;
  select.names_ = wanted;
  const chosen = select.value;
  select.replaceChildren(new Option(what() === "unban" ? "every jail" : "manual", ""));
  wanted.split("\n").filter(Boolean).forEach(n => select.add(new Option(plain(n), n)));
  select.value = chosen;
  if (select.selectedIndex < 0) select.value = "";
}

function show() {
  const order = what();
  $("l-for").hidden = order !== "ban" && order !== "allow";
  $("l-jail").hidden = order !== "ban" && order !== "unban";
  $("o-jail").options[0].text = order === "unban" ? "every jail" : "manual";
  $("l-sure").hidden = !wide();
  $("o-send").textContent = NAMES[order];
}

function wide() {
  const [address, prefix] = $("o-target").value.split("/");
  return prefix !== undefined && Number(prefix) < (address.includes(":") ? 32 : 16)
    && (what() === "ban" || what() === "allow");
}

function body() {
  const order = what();
  const target = $("o-target").value.trim();
  const json = order === "ban" || order === "unban" ? { address: target } : { target };
  if (order === "ban" || order === "allow") {
    json.for = Number($("o-for").value);
    json.confirmed = !$("l-sure").hidden && $("o-sure").checked;
  }
  if ((order === "ban" || order === "unban") && $("o-jail").value) json.jail = $("o-jail").value;
  if ($("o-why").value.trim()) json.why = $("o-why").value.trim();
  return json;
}

async function send() {
  const token = $("o-token").value.trim();
  $("o-send").disabled = true;
  tell("", "Sending ...");
  try {
    const response = await fetch("api/v1/" + what(), {
      method: "POST",
      headers: { "Content-Type": "application/json", "Authorization": "Bearer " + token },
      body: JSON.stringify(body()),
    });
    const answer = await response.json();
    if (!response.ok) {
      tell("ban", answer.error);
      if (response.status === 401) $("o-token").focus();
      return;
    }
    sessionStorage.setItem(TOKEN, token);
    tell("good", said(answer));
    $("o-why").value = "";
    $("o-sure").checked = false;
  } catch {
    tell("ban", "The console does not answer, or the token has characters that none has");
  } finally {
    $("o-send").disabled = false;
  }
}

function said(answer) {
  const notes = (answer.notes ?? []).map(n => "; " + n).join("");
  const end = answer.until ? " until " + new Date(answer.until).toLocaleString() : " for ever";
  switch (what()) {
    case "ban": return "Ordered: ban " + answer.address + " in " + answer.jail + end + notes;
    case "unban": return answer.lifted.length ? "Ordered: unban " + answer.lifted.join(", ") + notes : notes.slice(2);
    case "allow": return "Allowed: " + answer.target + (answer.addresses[0] === answer.target ? "" : " (" + answer.addresses.join(", ") + ")") + end;
    default: return "No longer allowed: " + answer.target;
  }
}

function tell(className, text) {
  $("o-answer").className = "answer " + className;
  setText($("o-answer"), text);
}
