import { compareText } from '../sorting.js';

// The language of the jobs' filter: clauses separated by commas, all of which must hold.
//   accuracy > 0.7          a column by its field or title, an operator (= != < <= > >= ~), a value
//   architecture = AE1|AE2  one of several
//   recon_mse = none        no value
//   tsne 30                 words, each in some column
// Text is compared without regard to case, names of methods without regard to hyphens; ~ is 'contains'. Double quotes keep commas, bars and operators as they are;
// a double quote within them is doubled.

// Splits at `separator` outside double quotes.
function split(text, separator) {
  const parts = [''];
  let inside = false;
  for (const character of text) {
    if (character === '"') inside = !inside;
    if (character === separator && !inside) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

const isQuoted = (text) => text.startsWith('"');
const unquoted = (text) => (isQuoted(text) ? text.replace(/^"|"$/g, '').replaceAll('""', '"') : text);
export const quoted = (text) => (/[,|=<>!~"≤≥≠]|^\s|\s$|^none$/i.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const synonyms = { '≤': '<=', '≥': '>=', '≠': '!=', '==': '=' };

// [column, operator, value] of a clause, or null for words.
function condition(clause) {
  const match = /^("(?:[^"]|"")*"|[^"=<>!~≤≥≠]+?)\s*(<=|>=|!=|==|[=<>~≤≥≠])\s*(.*)$/s.exec(clause);
  return match && { name: unquoted(match[1]), operator: synonyms[match[2]] ?? match[2], value: match[3] };
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; ++i) {
    const next = [i];
    for (let j = 1; j <= b.length; ++j) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
    }
    row = next;
  }
  return row[b.length];
}

const plain = (name) => name.trim().toLowerCase();

function findColumn(columns, name) {
  const wanted = plain(name);
  return columns.find((column) => plain(column.field ?? '') === wanted) ?? columns.find((column) => plain(column.title ?? '') === wanted);
}

function unknownColumn(columns, name) {
  const wanted = plain(name);
  const near = columns.flatMap((column) => [column.field, column.title]).filter(Boolean)
    .map((candidate) => ({ candidate, far: distance(wanted, plain(candidate)) })).sort((a, b) => a.far - b.far)[0];
  const hint = near && near.far <= Math.max(2, wanted.length / 3) ? ` Did you mean ${near.candidate}?` : '';
  return `There is no column “${name}”.${hint}`;
}

const ordered = { '<': (order) => order < 0, '<=': (order) => order <= 0, '>': (order) => order > 0, '>=': (order) => order >= 0 };

// Methods agree in any spelling: tsne is t-SNE.
const holdsMethods = (column) => ['label', 'reduction', 'clustering'].includes(column.field);
const spelling = (text) => plain(text).replace(/[-_\s]/g, '');

// Whether one level of a text column satisfies the condition.
function levelTest(column, operator, wanted) {
  const same = holdsMethods(column) ? spelling : plain;
  const names = wanted.map((part) => same(unquoted(part)));
  if (operator === '=') return (level) => names.includes(same(level));
  if (operator === '!=') return (level) => !names.includes(same(level));
  if (operator === '~') return (level) => names.some((name) => same(level).includes(name));
  return (level) => ordered[operator](compareText(same(level), names[0]));
}

// Whether a number does. Equal is what is shown as equal: 0.717 finds 0.71698 in a column of three digits.
function numberTest(column, operator, wanted) {
  if (operator === '~') return (value) => wanted.some((part) => column.show(value).includes(unquoted(part)));
  const numbers = wanted.map((part) => Number(unquoted(part)));
  const equal = (value) => numbers.some((number) => value === number || column.show(value) === column.show(number));
  if (operator === '=') return equal;
  if (operator === '!=') return (value) => !equal(value);
  return (value) => ordered[operator](value - numbers[0]);
}

// The rows' verdicts by a condition: a Uint8Array, or a message of what is wrong with it.
function verdicts(columns, { name, operator, value }) {
  const column = findColumn(columns, name);
  if (!column) return unknownColumn(columns, name);
  if (value === '') return `A value is missing after “${name} ${operator}”.`;
  const parts = operator === '=' || operator === '!=' || operator === '~' ? split(value, '|') : [value];
  const takesNone = parts.some((part) => plain(part) === 'none' && !isQuoted(part));
  const wanted = parts.filter((part) => column.isText || plain(part) !== 'none' || isQuoted(part));
  const bad = column.isText || operator === '~' ? undefined : wanted.find((part) => unquoted(part).trim() === '' || Number.isNaN(Number(unquoted(part))));
  if (bad !== undefined) return `${name} is compared with numbers, and “${unquoted(bad)}” is not one.`;
  if (!wanted.length && operator !== '=' && operator !== '!=') return `A value is missing after “${name} ${operator}”.`;
  const forNone = operator === '=' ? takesNone : operator === '!=' && !takesNone;
  const test = column.isText ? levelTest(column, operator, wanted) : numberTest(column, operator, wanted);
  const byLevel = column.isText ? column.levels.map(test) : null;
  return Uint8Array.from({ length: column.length }, (_, row) => {
    const raw = column.values[row] ?? null;
    if (raw === null) return forNone;
    return byLevel ? byLevel[raw] ?? forNone : test(raw);
  });
}

// The rows in some column of which the word stands.
function occurrences(columns, word) {
  const wanted = plain(word);
  const mayBeNumber = /^[-+.\de]+$/.test(wanted);
  const found = new Uint8Array(columns[0]?.length ?? 0);
  for (const column of columns) {
    if (column.isText) {
      const byLevel = column.levels.map((level) => plain(level).includes(wanted) || (holdsMethods(column) && spelling(level).includes(spelling(wanted))));
      column.values.forEach((level, row) => { if (byLevel[level]) found[row] = 1; });
    } else if (mayBeNumber) {
      column.values.forEach((value, row) => {
        if (!found[row] && value !== null && column.show(value).includes(wanted)) found[row] = 1;
      });
    }
  }
  return found;
}

const words = (clause) => (isQuoted(clause) ? [unquoted(clause)] : clause.split(/\s+/));

// What passes: a Uint8Array of 0 and 1, one a row, and what could not be understood, a sentence each.
export function filter(columns, text) {
  const passes = new Uint8Array(columns[0]?.length ?? 0).fill(1);
  const messages = [];
  for (const clause of split(text, ',')) {
    const asked = condition(clause);
    const masks = asked ? [verdicts(columns, asked)] : words(clause).map((word) => occurrences(columns, word));
    for (const mask of masks) {
      if (typeof mask === 'string') messages.push(mask);
      else for (let row = 0; row < passes.length; ++row) passes[row] &= mask[row];
    }
  }
  return { passes, messages };
}
