// Making elements and text. Whatever comes from a log goes in as text, never as markup.

export const $ = id => document.getElementById(id);

/** Control and direction characters made visible: a line must not rearrange what stands beside it. */
export const plain = text =>
  String(text ?? "").replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD");

/** An element with a class, and children that are elements or text. */
export function el(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  for (const child of children) node.append(child instanceof Node ? child : plain(child));
  return node;
}

export function setText(node, text) {
  const safe = plain(text);
  if (node.textContent !== safe) node.textContent = safe;
}

export function setClass(node, className) {
  if (node.className !== className) node.className = className;
}

/** Makes the children of a list those of the items, keeping each item's element: focus stays. */
export function list(parent, items, key, create, update) {
  const present = parent.rows_ ?? (parent.rows_ = new Map());
  const wanted = new Set(items.map(key));
  for (const [k, node] of present) {
    if (!wanted.has(k)) {
      node.remove();
      present.delete(k);
    }
  }
  items.forEach((item, i) => {
    const k = key(item);
    let node = present.get(k);
    if (!node) present.set(k, node = create(item));
    update(node, item);
    if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
  });
}

/** A table row of as many cells as there are classes. */
export function row(...classes) {
  return el("tr", "", ...classes.map(c => el("td", c)));
}

/** A button that explains its address. */
export function addressButton(address) {
  const button = el("button", "address", address);
  button.type = "button";
  button.dataset.address = address;
  button.title = "Explain " + plain(address);
  return button;
}

export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min";
  if (s < 86400) return Math.floor(s / 3600) + " h " + Math.floor(s % 3600 / 60) + " min";
  return Math.floor(s / 86400) + " d " + Math.floor(s % 86400 / 3600) + " h";
}

/** Local time; with the day where that is not today. */
export function clock(iso, now) {
  const at = new Date(iso);
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  return at.toDateString() === now.toDateString()
    ? time
    : at.toLocaleDateString([], { month: "short", day: "numeric" }) + " " + time.slice(0, 5);
}

export function bytes(n) {
  if (n < 1000) return n + " B";
  if (n < 1e6) return (n / 1e3).toFixed(1) + " kB";
  return n < 1e9 ? (n / 1e6).toFixed(1) + " MB" : (n / 1e9).toFixed(1) + " GB";
}

export const number = n => Number(n).toLocaleString("en");
