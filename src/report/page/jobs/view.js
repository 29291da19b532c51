import { bringIntoView, crowding, download, element, idFor, scrollBox, unbroken } from '../dom.js';
import { count } from '../format.js';
import { Column, sorted } from './columns.js';
import { toCsv } from './csv.js';
import { filter } from './filter.js';
import { nextDirection, sortHeading } from '../sorting.js';
import { columnPicker, conditionForm } from './controls.js';

// The table of all jobs: a page of it at a time.

const pageSizes = [25, 50, 100, 250];
const mostPrinted = 500;  // jobs on paper

// What all jobs have in common: their columns need not be shown.
function sameForAll(columns, jobs) {
  const parts = columns.filter((column) => column.hidden === 'same').map((column) => `${column.title} ${column.text(0)}`);
  return parts.length ? element('p', { class: 'note' }, `The same for all ${count(jobs)} jobs: ${parts.join(', ')}.`) : null;
}

class JobsTable {
  constructor({ columns }, sweep) {
    this.sweep = sweep;
    this.columns = columns.map((column) => new Column(column));
    this.visible = new Set(this.columns.filter((column) => !column.hidden));
    this.rows = Math.max(...this.columns.map((column) => column.length));
    this.natural = Uint32Array.from({ length: this.rows }, (_, row) => row);
    this.order = this.natural;
    this.passes = null;  // everything
    this.sortColumn = null;
    this.direction = null;
    this.page = 0;
    this.pageSize = pageSizes[0];
    this.printing = false;
    this.build();
    this.select();
    for (const [event, printing] of [['beforeprint', true], ['afterprint', false]]) {
      window.addEventListener(event, () => {
        this.printing = printing;
        this.drawBody();
      });
    }
  }

  build() {
    this.filterBox = element('input', {
      type: 'search', id: idFor('filter', 'jobs'), placeholder: 'accuracy > 0.7, architecture = AE2', autocomplete: 'off', spellcheck: 'false',
      oninput: () => {
        clearTimeout(this.pending);
        this.pending = setTimeout(() => this.applyFilter(), 150);
      },
    });
    this.messages = element('p', { class: 'problem', role: 'alert' });
    this.status = element('p', { class: 'status', role: 'status' });
    this.head = element('tr');
    this.body = element('tbody');
    this.table = element('table', {}, element('thead', {}, this.head), this.body);
    this.buttons = Object.fromEntries([['First', () => 0], ['Previous', () => this.page - 1], ['Next', () => this.page + 1], ['Last', () => this.pages - 1]]
      .map(([name, target]) => [name, element('button', { type: 'button', onclick: () => this.turnTo(target()) }, name)]));
    const size = element('select', { onchange: (event) => { this.pageSize = Number(event.target.value); this.turnTo(0); } },
      pageSizes.map((number) => element('option', { value: number }, number)));
    const save = element('button', { type: 'button', onclick: () => this.save() }, 'Save as CSV');
    this.picker = columnPicker(this.columns, this.visible, () => this.drawAll());
    this.element = element('div', { class: 'jobs' },
      element('div', { class: 'controls' },
        element('label', { for: this.filterBox.id }, 'Filter'), this.filterBox,
        conditionForm(this.columns, (clause) => this.addClause(clause))),
      this.messages,
      element('div', { class: 'controls' }, this.picker, save),
      sameForAll(this.columns, this.rows),
      scrollBox('Jobs', this.table),
      element('div', { class: 'controls pages' }, this.status, Object.values(this.buttons),
        element('label', {}, 'Rows ', size)));
  }

  addClause(clause) {
    const before = this.filterBox.value.trim().replace(/,$/, '');
    this.filterBox.value = before ? `${before}, ${clause}` : clause;
    this.applyFilter();
  }

  applyFilter() {
    clearTimeout(this.pending);
    this.pending = null;
    const text = this.filterBox.value.trim();
    const { passes, messages } = text ? filter(this.columns, text) : { passes: null, messages: [] };
    this.passes = passes;
    this.messages.textContent = messages.join(' ');
    this.page = 0;
    this.select();
  }

  sortBy(column) {
    const next = this.sortColumn !== column ? 'ascending' : nextDirection(this.direction);
    this.sortColumn = next ? column : null;
    this.direction = next;
    this.order = next ? sorted(this.order, column, next === 'descending') : this.natural;
    this.page = 0;
    this.select();
    bringIntoView(column.button.closest('th'));
  }

  // Which rows are shown, in which order.
  select() {
    this.shown = this.passes ? this.order.filter((row) => this.passes[row]) : this.order;
    this.drawAll();
  }

  get pages() {
    return Math.max(1, Math.ceil(this.shown.length / this.pageSize));
  }

  turnTo(page) {
    this.page = Math.min(Math.max(page, 0), this.pages - 1);
    this.drawBody();
  }

  drawAll() {
    // The button that was pressed is drawn anew, and keeps the focus.
    const focused = this.columns.find((column) => column.button && column.button === document.activeElement);
    this.head.replaceChildren(...this.columns.filter((column) => this.visible.has(column)).map((column) => this.heading(column)));
    if (focused && this.visible.has(focused)) focused.button.focus();
    this.drawBody();
  }

  heading(column) {
    const { heading, button, show } = sortHeading({ title: column.title, isNumber: !column.isText, press: () => this.sortBy(column) });
    show(column === this.sortColumn ? this.direction : null);
    column.button = button;
    return heading;
  }

  drawBody() {
    const columns = this.columns.filter((column) => this.visible.has(column));
    const [from, length] = this.printing ? [0, mostPrinted] : [this.page * this.pageSize, this.pageSize];
    const rows = this.shown.subarray(from, from + length);
    this.table.className = `jobs-table ${crowding(columns.length)}`;
    this.body.replaceChildren(...Array.from(rows, (row) => element('tr', {}, columns.map((column) =>
      element('td', { class: column.isText ? undefined : 'number' }, unbroken(column.text(row)))))));
    this.drawStatus(from, rows.length);
  }

  drawStatus(from, length) {
    const all = this.shown.length === this.rows ? '' : ` (${count(this.rows)} in all)`;
    this.status.textContent = length ? `${count(from + 1)}–${count(from + length)} of ${count(this.shown.length)} jobs${all}` : `No job passes the filter${all}`;
    if (this.printing && length < this.shown.length) this.status.textContent += '; the page on a screen has the others.';
    this.buttons.First.disabled = this.buttons.Previous.disabled = this.page === 0;
    this.buttons.Next.disabled = this.buttons.Last.disabled = this.page >= this.pages - 1;
  }

  save() {
    if (this.pending) this.applyFilter();
    const name = this.sweep.replace(/[^\p{L}\p{N}_.-]+/gu, '_');
    download(`${name}-jobs.csv`, 'text/csv', toCsv(this.columns.filter((column) => this.visible.has(column)), this.shown));
  }
}

export function jobsSection(jobs, sweep) {
  const table = new JobsTable(jobs, sweep);
  const id = idFor('jobs', 'all');
  return { id, title: 'All jobs', section: element('section', { id, class: 'block' }, element('h3', {}, 'All jobs'), table.element) };
}
