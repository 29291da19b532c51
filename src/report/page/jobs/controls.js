import { element } from '../dom.js';
import { quoted } from './filter.js';

// What stands above the jobs' table.

const mostSuggestions = 200;

// Builds a clause of the filter from a column, an operator and a value.
export function conditionForm(columns, add) {
  const list = element('datalist', { id: 'condition-values' });
  const column = element('select', { 'aria-label': 'Column' }, columns.map((each, index) => element('option', { value: index }, each.title)));
  const operator = element('select', { 'aria-label': 'Condition' }, ['=', '!=', '<', '<=', '>', '>=', '~'].map((sign) =>
    element('option', { value: sign }, sign === '~' ? 'contains' : sign)));
  const value = element('input', { type: 'text', 'aria-label': 'Value', list: list.id, size: '10', autocomplete: 'off' });
  const suggest = () => {
    const { levels } = columns[column.value];
    list.replaceChildren(...(levels.length <= mostSuggestions ? levels : []).map((level) => element('option', { value: level })));
  };
  column.addEventListener('change', suggest);
  suggest();
  return element('form', {
    class: 'condition',
    'aria-label': 'Add a condition',
    onsubmit: (event) => {
      event.preventDefault();
      const { field, title } = columns[column.value];
      const wanted = value.value.trim();
      add(`${quoted(field ?? title)} ${operator.value} ${wanted === 'none' ? wanted : quoted(wanted)}`);
      value.value = '';
    },
  }, column, operator, value, list, element('button', { type: 'submit' }, 'Add'));
}

// Which columns are shown: `visible` is changed in place.
export function columnPicker(columns, visible, changed) {
  const boxes = columns.map((column) => element('input', {
    type: 'checkbox', checked: visible.has(column),
    onchange: (event) => {
      if (event.target.checked) visible.add(column);
      else visible.delete(column);
      changed();
    },
  }));
  const show = (wanted) => {
    columns.forEach((column, index) => {
      boxes[index].checked = wanted(column);
      if (boxes[index].checked) visible.add(column);
      else visible.delete(column);
    });
    changed();
  };
  const choice = (name, wanted) => element('button', { type: 'button', onclick: () => show(wanted) }, name);
  return element('details', { class: 'picker' }, element('summary', {}, 'Columns'),
    element('div', { class: 'controls' }, choice('Usual', (column) => !column.hidden), choice('All', () => true), choice('None', () => false), choice('Those that differ', (column) => !column.isConstant)),
    element('ul', {}, columns.map((column, index) => element('li', {}, element('label', {}, boxes[index], ' ', column.title)))));
}
