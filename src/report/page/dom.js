// Elements. Text enters the page through here alone: as text nodes and attribute values, never as markup.

// Lines of prose break neither in front of a percent sign nor within 2-D. Tables and controls keep their texts as they are.
const prose = new Set(['p', 'li', 'dd', 'h3', 'h4']);
const kept = (text) => text.replace(/(\d) %/g, '$1\u00a0%').replace(/(\d)-D\b/g, '$1\u2011D');

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name.replace(/^on/, ''), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null)
    .map((child) => (typeof child === 'string' && prose.has(tag) ? kept(child) : child)));
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

const longestUnbroken = 18;  // letters: longer ones would make a column too wide for a phone

// The parts of `AE1 + t-SNE(dim = 2)`: lines break between them, not within.
export function unbroken(text) {
  if (!text.includes(' + ') && !/\p{L}-\p{L}/u.test(text)) return text;
  return text.split(/( \+ )/).map((part) => (part.length > longestUnbroken || part === ' + ' ? part : element('span', { class: 'unbroken' }, part)));
}

// A phone, or a window as narrow as one.
export const isNarrow = () => matchMedia('(max-width: 40rem)').matches;

// Scrolls a table's box so far that a heading is seen beside the first column, which stays in sight.
export function bringIntoView(heading) {
  const box = heading.closest('.scroll');
  if (!box) return;
  const first = heading.parentElement.firstElementChild;
  const kept = first !== heading && getComputedStyle(first).position === 'sticky' ? first.offsetWidth : 0;
  const [left, right] = [heading.offsetLeft - kept, heading.offsetLeft + heading.offsetWidth - box.clientWidth];
  if (box.scrollLeft > left) box.scrollLeft = left;
  else if (box.scrollLeft < right) box.scrollLeft = right;
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
