import { bringIntoView, crowding, element, idFor, isNarrow, scrollBox, unbroken } from './dom.js';
import { estimateParts, missing } from './format.js';
import { compareKeys, nextDirection, sortHeading } from './sorting.js';

// The report's tables.

const isNumeric = (column) => column.kind === 'integer' || column.kind === 'estimate';

// A mean and its spread may stand on two lines, neither broken.
function cellContent(value, column) {
  if (value === null || value === undefined) return missing;
  if (typeof value !== 'object') return unbroken(String(value));
  if (typeof value.mean === 'number') {
    const [mean, spread] = estimateParts(value, value.precision ?? column.precision);
    return spread ? [`${mean} `, element('span', { class: 'unbroken' }, spread)] : mean;
  }
  return value.text === null || value.text === undefined ? missing : unbroken(String(value.text));
}

// The places of the columns in the order in which a screen shows them. A narrow one has the column of the best right behind the
// first, so that it is seen without scrolling.
export function columnOrder(columns, narrow) {
  const places = columns.map((_, place) => place);
  const best = places.filter((place) => columns[place].best);
  if (!narrow || best.length !== 1 || best[0] < 2) return places;
  return [0, best[0], ...places.filter((place) => place !== 0 && place !== best[0])];
}

// What orders the rows: an estimate's mean, a number, a text; null where there is none.
export function sortKey(value) {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value !== 'object') return value;
  return typeof value.mean === 'number' ? value.mean : value.text || null;
}

// The rows' places in the order of a column; equal rows stay as they are.
export function sortedPlaces(rows, column, descending) {
  const keys = rows.map((row) => sortKey(row[column]));
  return rows.map((_, place) => place).sort((a, b) => compareKeys(keys[a], keys[b], descending) || a - b);
}

function cell(value, column, isHeading) {
  const marks = value !== null && typeof value === 'object' ? value : {};
  const text = cellContent(value, column);
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

function plainHeading(column) {
  return element(column.title ? 'th' : 'td', { scope: column.title ? 'col' : undefined, class: isNumeric(column) ? 'number' : undefined }, column.title ?? '');
}

function sortableTable(columns, rows, lines) {
  const body = element('tbody', {}, lines);
  let [by, direction] = [null, null];
  const press = (place) => {
    direction = by === place ? nextDirection(direction) : 'ascending';
    by = direction ? place : null;
    headings.forEach((heading, index) => heading.show(index === by ? direction : null));
    bringIntoView(headings[place].heading);
    const order = by === null ? rows.map((_, row) => row) : sortedPlaces(rows, by, direction === 'descending');
    body.append(...order.map((row) => lines[row]));
  };
  const headings = columns.map((column, place) =>
    sortHeading({ title: column.title, otherwise: `column ${place + 1}`, isNumber: isNumeric(column), press: () => press(place) }));
  return [element('thead', {}, element('tr', {}, headings.map(({ heading }) => heading))), body];
}

export function reportTable(table) {
  const order = columnOrder(table.columns ?? [], isNarrow());
  const columns = order.map((place) => table.columns[place]);
  const rows = (table.rows ?? []).map((row) => order.map((place) => row[place]));
  const title = table.title || table.name || 'Table';
  const id = idFor('table', table.name);
  const lines = rows.map((row) =>
    element('tr', {}, columns.map((column, index) => cell(row[index], column, index === 0 && column.kind === 'text'))));
  const parts = rows.length > 1 ? sortableTable(columns, rows, lines)
    : [element('thead', {}, element('tr', {}, columns.map(plainHeading))), element('tbody', {}, lines)];
  const section = element('section', { id, class: 'block' },
    element('h3', {}, title),
    table.caption ? element('p', {}, table.caption) : null,
    rows.length ? scrollBox(title, element('table', { class: crowding(columns.length) }, parts))
      : element('p', { class: 'note' }, 'This table has no rows.'),
    table.foot?.length ? element('p', { class: 'note' }, table.foot.join(' ')) : null,
    table.details?.length ? details(table.details) : null);
  return { id, title: table.title || table.name, section };
}
