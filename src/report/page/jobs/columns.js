import { missing, real } from '../format.js';
import { compareText } from '../sorting.js';

// The jobs, a column at a time, as the content holds them: text columns as indices into their levels, others as numbers or
// null. What sorting and filtering need is made when it is first asked for: 100,000 jobs are millions of values.


export class Column {
  #keys = null;

  constructor({ field, title, kind = 'text', precision, levels = [], values = [], hidden }) {
    Object.assign(this, { field, title: title || field, kind, precision, levels, values, hidden });
    this.isText = kind === 'text';
  }

  get length() {
    return this.values.length;
  }

  // null where the job has no value.
  value(row) {
    const value = this.values[row] ?? null;
    return this.isText && value !== null ? this.levels[value] ?? null : value;
  }

  // A number, or a level, as it is shown.
  show(value) {
    if (value === null) return missing;
    return this.kind === 'real' ? real(value, this.precision) : String(value);
  }

  text(row) {
    return this.show(this.value(row));
  }

  // What orders the rows: the number, or the level's rank; NaN where there is none. Float64Array, one a row.
  get keys() {
    if (this.#keys) return this.#keys;
    const rank = this.isText ? this.#ranks() : null;
    this.#keys = Float64Array.from({ length: this.length }, (_, row) => {
      const value = this.values[row] ?? null;
      if (value === null) return NaN;
      return this.isText ? rank[value] ?? NaN : value;
    });
    return this.#keys;
  }

  #ranks() {
    const order = this.levels.map((_, index) => index).sort((a, b) => compareText(this.levels[a], this.levels[b]));
    const rank = new Float64Array(this.levels.length);
    order.forEach((level, place) => { rank[level] = place; });
    return rank;
  }

  // Whether all jobs have the same value here.
  get isConstant() {
    return this.values.every((value) => (value ?? null) === (this.values[0] ?? null));
  }
}

// `order` (row numbers) sorted by a column; rows that are equal there keep their order, those without a value come last.
export function sorted(order, column, descending) {
  const keys = column.keys;
  const sign = descending ? -1 : 1;
  return order.slice().sort((a, b) => {
    const [x, y] = [keys[a], keys[b]];
    if (x !== x || y !== y) return (x !== x) - (y !== y);
    return sign * (x - y);
  });
}
