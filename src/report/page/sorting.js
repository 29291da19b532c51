import { element } from './dom.js';

// Tables that a click on a heading sorts: ascending, descending, and as they were.

const collator = new Intl.Collator('en', { numeric: true });
export const compareText = collator.compare;

export function nextDirection(direction) {
  if (direction === 'ascending') return 'descending';
  return direction === 'descending' ? null : 'ascending';
}

// Ascending by number, or by text; what is missing (null, NaN) comes last either way.
export function compareKeys(a, b, descending) {
  const isMissing = (key) => key === null || key !== key;
  if (isMissing(a) || isMissing(b)) return isMissing(a) - isMissing(b);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
  return descending ? -order : order;
}

const arrows = { ascending: '▲', descending: '▼' };

// A heading with a button; `show(direction)` says how the table is sorted by it now. A column without a title is called
// `otherwise`, for those who hear it.
export function sortHeading({ title, otherwise, isNumber, press }) {
  const arrow = element('span', { 'aria-hidden': 'true' });
  // The arrow stays beside the last word.
  const [, first, last] = /^(.*\s)?(\S*)$/s.exec(title || '');
  const text = title ? [first ?? '', element('span', { class: 'unbroken' }, last, arrow)] : [element('span', { class: 'unseen' }, otherwise ?? 'Column'), arrow];
  const button = element('button', { type: 'button', onclick: press }, text);
  const heading = element('th', { scope: 'col', class: isNumber ? 'number sortable' : 'sortable' }, button);
  const show = (direction) => {
    heading.setAttribute('aria-sort', direction ?? 'none');
    arrow.className = direction ? 'arrow' : 'arrow idle';
    arrow.textContent = arrows[direction] ?? '↕';
  };
  show(null);
  return { heading, button, show };
}
