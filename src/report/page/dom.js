// Elements. Text enters the page through here alone: as text nodes and attribute values, never as markup.

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name.replace(/^on/, ''), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return node;
}

// An id that a link can name, made from a name that may hold anything; distinct from those given out before.
const taken = new Set();
export function idFor(prefix, name) {
  const base = `${prefix}-${String(name ?? '').replace(/[^\p{L}\p{N}_-]+/gu, '-')}`;
  let id = base;
  for (let count = 2; taken.has(id); ++count) id = `${base}-${count}`;
  taken.add(id);
  return id;
}

// A box for what may be wider than the screen: it scrolls by itself, and by the keyboard.
export function scrollBox(label, ...children) {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, ...children);
}

// The class of a table with so many columns: on paper it is set smaller, so that it does not run off.
export function crowding(columns) {
  if (columns > 18) return 'crowded packed';
  return columns > 10 ? 'crowded' : '';
}

// Offers `text` as a file to save.
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
