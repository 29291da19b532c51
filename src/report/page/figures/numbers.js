import { element, scrollBox } from '../dom.js';

// The numbers behind a chart as a table, for who can't see it or wants them exactly; made when first opened.
// make() returns {head: [text], rows: [[text]]}, the first of a row being its heading.
export function numbers(title, make) {
  const details = element('details', { class: 'numbers' }, element('summary', {}, 'Numbers'));
  details.addEventListener('toggle', () => {
    const { head, rows } = make();
    details.append(scrollBox(`Numbers: ${title}`, element('table', {},
      element('thead', {}, element('tr', {}, head.map((text) => element(text ? 'th' : 'td', { scope: text ? 'col' : undefined }, text)))),
      element('tbody', {}, rows.map(([heading, ...values]) => element('tr', {}, element('th', { scope: 'row' }, heading), values.map((value) => element('td', { class: 'number' }, value))))))));
  }, { once: true });
  return details;
}
