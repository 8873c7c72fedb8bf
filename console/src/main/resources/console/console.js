// The live page: everything comes over one stream of events, and is drawn as it comes.

import { $, el, list, row, setText, setClass, addressButton, span, clock, bytes, number } from "./dom.js";
import { draw } from "./chart.js";
import * as explaining from "./explain.js";
import * as orders from "./orders.js";

const DECISIONS = 200;

let decisions = [];
let state = null;
let ahead = 0; // the console's clock before this browser's, in ms
let freshFrom = Infinity;

const id = d => d.address + " " + d.jail + " " + d.reach + " " + d.fromEpoch + " " + d.lifted;
const place = d => d.address + " " + d.jail + " " + d.reach;
const now = () => new Date(Date.now() + ahead);

function connect() {
  const events = new EventSource("api/v1/events");
  events.addEventListener("begin", e => {
    const all = JSON.parse(e.data);
    decisions = all.decisions;
    freshFrom = all.nowEpoch;
    show(all);
  });
  events.addEventListener("live", e => show(JSON.parse(e.data)));
  events.addEventListener("decision", e => {
    const d = JSON.parse(e.data);
    if (d.lifted) {
      // An unban ends what stood; the ban's own row tells it.
      decisions.filter(o => place(o) === place(d)).forEach(o => { o.inForce = false; });
    }
    decisions = [d, ...decisions.filter(o => id(o) !== id(d))].slice(0, DECISIONS);
    showDecisions();
  });
  events.addEventListener("busy", e => {
    events.close();
    link("waiting", JSON.parse(e.data).error);
  });
  events.onerror = () => link("waiting", "No connection, trying again");
}

function link(className, text) {
  setClass($("link"), "link " + className);
  setText($("link"), text);
}

function show(answer) {
  state = answer;
  ahead = Date.parse(answer.now) - Date.now();
  link("", "Live");
  $("trouble").hidden = !answer.trouble;
  setText($("trouble"), answer.trouble ?? "");
  showFigures();
  showAlerts();
  showDecisions();
  showJails();
  showHosts();
  showOffenders();
  showUsers();
  showAllows();
  orders.jails(answer.jails.map(j => j.jail));
}

const sum = (items, value) => items.reduce((total, item) => total + value(item), 0);

function showFigures() {
  const series = state.failuresPerSecond;
  const sick = state.hosts.filter(h => h.problems.length);
  const banned = sum(state.jails, j => j.currentlyBanned);
  setText($("f-banned"), number(banned));
  setText($("f-rate"), number(series[series.length - 1]));
  setText($("f-minute"), number(sum(series.slice(-60), n => n)));
  setText($("f-failing"), number(sum(state.jails, j => j.currentlyFailed)));
  setText($("f-hosts"), state.hosts.length - sick.length + " of " + state.hosts.length + " well");
  setClass($("f-hosts"), sick.length ? "bad" : "");
  setText($("f-dead"), number(state.deadLetters));
  setClass($("f-dead"), state.deadLetters ? "warn" : "");
  draw($("chart"), series);
  const peak = Math.max(...series);
  setText($("peak"), peak ? "at most " + number(peak) + " a second" : "no failures");
  document.title = (banned ? "(" + number(banned) + ") " : "") + "Banstream";
}

function because(d) {
  if (d.lifted) return "Lifted" + (d.why ? ": " + d.why : "");
  const again = d.nth > 1 ? ", ban no. " + d.nth : "";
  if (d.who || !d.failures) return "Said by " + (d.who ?? "an operator") + (d.why ? ", " + d.why : "") + again;
  if (d.network) return d.failures + (d.failures === 1 ? " address" : " addresses") + " banned" + again;
  const what = d.jail === "recidive" ? " bans" : d.failures === 1 ? " failure" : " failures";
  const limited = d.limited ? ", limited to " + d.reach + " by the guard" : "";
  const within = d.longtime ? " within " + span(d.longtime) : "";
  return d.failures + what + within + (d.hosts.length ? " on " + d.hosts.join(", ") : "") + again + limited;
}

function left(d) {
  if (d.lifted) return "";
  if (!d.inForce) return "over";
  if (!d.untilEpoch) return "for ever";
  const seconds = d.untilEpoch - now().getTime() / 1000;
  if (seconds <= 0) {
    d.inForce = false;
    return "over";
  }
  return span(seconds);
}

function showDecisions() {
  const wanted = $("filter").value.trim().toLowerCase();
  const shown = wanted
    ? decisions.filter(d => [d.address, d.jail, d.reach, ...d.hosts].some(t => t.toLowerCase().includes(wanted)))
    : decisions;
  list($("t-bans"), shown, id,
    d => {
      const tr = row("time", "", "", "left", "why");
      tr.cells[0].title = d.from;
      tr.cells[1].append(addressButton(d.address));
      setText(tr.cells[2], d.jail + (d.reach === "*" ? "" : " on " + d.reach));
      tr.fresh = d.fromEpoch > freshFrom - 60;
      return tr;
    },
    (tr, d) => {
      setText(tr.cells[0], clock(d.from, now()));
      setText(tr.cells[3], left(d));
      setText(tr.cells[4], because(d));
      setClass(tr, d.inForce ? (tr.fresh ? "fresh" : "") : "over");
    });
  $("no-bans").hidden = shown.length > 0;
  setText($("no-bans"), wanted ? "No ban here matches." : "No ban so far. Failures are counted; the first ban shows here.");
}

function showAlerts() {
  $("alerts").hidden = !state.alerts.length;
  list($("alerts"), state.alerts, a => a.host + " " + a.guard + " " + a.address + " " + a.since,
    () => el("li", ""),
    (li, a) => setText(li, "Guard, " + clock(a.latest, now()) + ": " + a.words));
}

function showJails() {
  list($("t-jails"), state.jails, j => j.jail,
    j => {
      const tr = row("", "n", "n", "n", "n");
      setText(tr.cells[0], j.jail);
      return tr;
    },
    (tr, j) => [j.currentlyBanned, j.totalBanned, j.currentlyFailed, j.totalFailed]
      .forEach((n, i) => setText(tr.cells[i + 1], number(n))));
}

function showHosts() {
  list($("t-hosts"), state.hosts, h => h.host,
    h => {
      const tr = row("", "", "n", "n", "n");
      setText(tr.cells[0], h.host);
      return tr;
    },
    (tr, h) => {
      tr.title = h.group ? "group " + h.group : "";
      setText(tr.cells[1], h.problems.length ? h.problems.join("; ") : "well");
      setClass(tr.cells[1], h.problems.length ? "ban why" : "good");
      const ago = h.agents.map(a => a.secondsAgo);
      setText(tr.cells[2], ago.length ? span(Math.max(...ago)) + " ago" : "never");
      setText(tr.cells[3], bytes(sum(h.agents, a => sum(a.sources, s => Math.max(0, s.lag)))));
      setText(tr.cells[4], number(sum(h.enforcement, e => e.entries)));
    });
}

function showOffenders() {
  list($("t-offenders"), state.offenders, o => o.address,
    o => {
      const tr = row("", "n", "", "");
      tr.cells[0].append(addressButton(o.address));
      return tr;
    },
    (tr, o) => {
      setText(tr.cells[1], o.bans);
      setText(tr.cells[2], o.jails.join(", "));
      setText(tr.cells[3], o.banned ? "banned" : "free");
      setClass(tr.cells[3], o.banned ? "ban" : "quiet");
    });
  $("no-offenders").hidden = state.offenders.length > 0;
}

// Names are whatever somebody typed: text, and nothing but.
function showUsers() {
  const u = state.users;
  const rows = [
    ...u.addresses.map(a => ({ id: "a " + a.address, address: a.address, tried: a.names + " names", some: a.someNames })),
    ...u.names.map(n => ({ id: "n " + n.name, name: n.name, tried: n.addresses + " addresses", some: n.someAddresses })),
  ];
  list($("t-users"), rows, r => r.id,
    r => {
      const tr = row("", "n", "");
      if (r.address) tr.cells[0].append(addressButton(r.address));
      else setText(tr.cells[0], r.name);
      return tr;
    },
    (tr, r) => {
      setText(tr.cells[1], r.tried);
      setText(tr.cells[2], r.some.join(", "));
    });
  setText($("no-users"), (rows.length ? "" : "Within the last hour no address tried " + u.leastNames
    + " names, and no name was tried from " + u.leastAddresses + " addresses. ")
    + (u.whole ? "" : "There were more failures than are looked at here."));
  $("no-users").hidden = !$("no-users").textContent;
}

function showAllows() {
  list($("allows"), state.allows.length ? state.allows : [{ target: "" }], a => a.target,
    () => el("li", ""),
    (li, a) => setText(li, a.target
      ? a.target + (a.until ? " until " + clock(a.until, now()) : "") + ", by " + a.who + (a.why ? ": " + a.why : "")
      : "Nobody."));
}

document.addEventListener("click", event => {
  const address = event.target.closest?.("button.address")?.dataset.address;
  if (address) explaining.explain(address);
});
$("ask").addEventListener("submit", event => {
  event.preventDefault();
  const address = $("ask-address").value.trim();
  if (address) explaining.explain(address);
});
$("filter").addEventListener("input", showDecisions);
explaining.setUp(orders.prepare);
orders.setUp();
connect();
