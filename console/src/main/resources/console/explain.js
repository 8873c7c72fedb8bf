// What is known of an address, in a dialog.

import { $, el, plain, clock, addressButton, span } from "./dom.js";

const dialog = $("explain");
let asked = 0;

/** @param act called with "ban", "unban" or "allow" and the address, from the dialog's buttons */
export function setUp(act) {
  $("e-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", event => {
    if (event.target === dialog) dialog.close();
    const what = event.target.dataset?.act;
    if (what) {
      dialog.close();
      act(what, event.target.dataset.target);
    }
  });
}

export async function explain(address) {
  const mine = ++asked;
  $("e-title").textContent = plain(address);
  $("e-body").replaceChildren(el("p", "quiet", "Looking it up, its attempts of late included ..."));
  if (!dialog.open) dialog.showModal();
  let answer;
  try {
    const response = await fetch("api/v1/explain/" + encodeURIComponent(address));
    answer = await response.json();
  } catch {
    answer = { error: "The console does not answer" };
  }
  if (mine === asked) $("e-body").replaceChildren(...(answer.error ? [el("p", "ban", answer.error)] : parts(answer)));
}

function parts(e) {
  const now = new Date();
  return [
    el("p", "summary " + (e.bans.length ? "ban" : e.allows.length ? "good" : ""), e.summary),
    acts(e),
    section("By jail", e.jails.map(j => [j.jail, j.state])),
    section("Allowed", e.allows.map(a => [a.target, "by " + a.who + (a.why ? ", " + a.why : "")])),
    section("Not applied", e.skipped.map(s => [s.host, s.jail + ": " + s.why])),
    ...e.bans.flatMap(b => ban("In force: ", b, now)),
    ...e.over.slice(0, 20).flatMap(b => ban("Over: ", b, now)),
    e.lastSuccess ? el("h3", "", "Last login that succeeded: " + success(e.lastSuccess, now)) : null,
    ...attempts(e, now),
  ].filter(Boolean);
}

function acts(e) {
  return el("div", "acts", ...(e.bans.length ? ["unban", "allow"] : ["ban", "unban", "allow"]).map(what => {
    const button = el("button", "", what[0].toUpperCase() + what.slice(1) + " ...");
    button.type = "button";
    button.dataset.act = what;
    button.dataset.target = e.address;
    return button;
  }));
}

function section(title, rows) {
  if (!rows.length) return null;
  const table = el("table", "", el("tbody", "", ...rows.map(r => el("tr", "", ...r.map(c => el("td", "", c))))));
  return el("div", "", el("h3", "", title), el("div", "scroll", table));
}

function ban(title, b, now) {
  const end = b.liftedAt ? "lifted " + clock(b.liftedAt, now) : b.until ? "until " + clock(b.until, now) : "for ever";
  const who = b.who ? ", said by " + b.who + (b.why ? ": " + b.why : "") : "";
  const limited = b.limited ? ", limited to " + b.reach + " by the guard" : "";
  const slow = b.longtime ? ", " + b.failures + " failures within " + span(b.longtime) : "";
  const network = b.network ? ", " + b.failures + (b.failures === 1 ? " address" : " addresses") + " banned" : "";
  const heading = el("h3", "", title + b.jail + ", " + clock(b.from, now) + " " + end + slow + network + limited + who);
  return b.evidence.length ? [heading, lines(b.evidence, now, () => [])] : [heading];
}

function success(s, now) {
  return clock(s.time, now) + " on " + s.host + (s.user ? ", " + s.user : "");
}

function attempts(e, now) {
  const many = e.attempts.length + (e.attemptsComplete ? "" : " newest");
  const heading = el("h3", "", many + " attempts since " + clock(e.attemptsSince, now));
  const network = e.address.includes("/");
  return e.attempts.length
    ? [heading, lines(e.attempts, now, a => [el("td", "", a.jail), ...(network ? [el("td", "", addressButton(a.address))] : [])])]
    : [heading];
}

function lines(failures, now, more) {
  const rows = failures.map(f => el("tr", "",
    el("td", "time", clock(f.time, now)), ...more(f),
    el("td", "", f.host), el("td", "", f.user ?? ""), el("td", "line", f.line)));
  return el("div", "scroll", el("table", "", el("tbody", "", ...rows)));
}
