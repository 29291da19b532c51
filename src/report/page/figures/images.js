import { element, scrollBox } from '../dom.js';
import { isImage } from './sprite.js';

// Images in rows and columns: originals beside their reconstructions.

function imageCell(cell, row, column) {
  const caption = cell?.caption ? element('div', { class: 'caption' }, cell.caption) : null;
  if (!isImage(cell?.url)) return element('td', {}, element('div', { class: 'no-image' }, cell?.caption || 'no image'));
  return element('td', {}, element('img', { src: cell.url, alt: [row.title, column, cell.caption].filter(Boolean).join(', '), decoding: 'async' }), caption);
}

export function imagesFigure(figure) {
  const columns = figure.columns ?? [];
  const head = element('tr', {}, element('td'), columns.map((column) => element('th', { scope: 'col' }, column)));
  const rows = (figure.rows ?? []).map((row) => element('tr', {}, element('th', { scope: 'row' }, row.title),
    columns.map((column, index) => imageCell(row.cells?.[index], row, column))));
  return [scrollBox(figure.title, element('table', { class: 'images' }, element('thead', {}, head), element('tbody', {}, rows)))];
}
