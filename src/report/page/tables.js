import { element, idFor, scrollBox } from './dom.js';
import { estimate, missing } from './format.js';

// The report's tables.

const isNumeric = (column) => column.kind === 'integer' || column.kind === 'estimate';

function cellText(value, column) {
  if (value === null || value === undefined) return missing;
  if (typeof value !== 'object') return String(value);
  if (typeof value.mean === 'number') return estimate(value, column.precision);
  return value.text === null || value.text === undefined ? missing : String(value.text);
}

function cell(value, column, isHeading) {
  const marks = value !== null && typeof value === 'object' ? value : {};
  const text = cellText(value, column);
  const content = marks.best ? element('strong', {}, text) : text;
  const tied = marks.tied ? [element('span', { 'aria-hidden': 'true' }, '†'), element('span', { class: 'unseen' }, ' (tied)')] : [];
  const attributes = { class: isNumeric(column) ? 'number' : undefined };
  if (isHeading) return element('th', { ...attributes, scope: 'row' }, content, tied);
  return element('td', attributes, content, tied);
}

// What was tested and found, in full: there when it is wanted.
const details = (sentences) =>
  element('details', { class: 'note' }, element('summary', {}, 'Details'),
    element('ul', {}, sentences.map((sentence) => element('li', {}, sentence))));

export function reportTable(table) {
  const columns = table.columns ?? [];
  const rows = table.rows ?? [];
  const id = idFor('table', table.name);
  const head = columns.map((column) =>
    element(column.title ? 'th' : 'td', { scope: column.title ? 'col' : undefined, class: isNumeric(column) ? 'number' : undefined }, column.title ?? ''));
  const body = rows.map((row) =>
    element('tr', {}, columns.map((column, index) => cell(row[index], column, index === 0 && column.kind === 'text'))));
  const section = element('section', { id, class: 'block' },
    element('h3', {}, table.title || table.name || 'Table'),
    table.caption ? element('p', {}, table.caption) : [],
    rows.length
      ? scrollBox(table.title || table.name || 'Table', element('table', {}, element('thead', {}, element('tr', {}, head)), element('tbody', {}, body)))
      : element('p', { class: 'note' }, 'This table has no rows.'),
    table.foot?.length ? element('p', { class: 'note' }, table.foot.join(' ')) : [],
    table.details?.length ? details(table.details) : []);
  return { id, title: table.title || table.name, section };
}
