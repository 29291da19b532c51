import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Column, sorted } from '../../src/report/page/jobs/columns.js';
import { toCsv } from '../../src/report/page/jobs/csv.js';
import { filter, quoted } from '../../src/report/page/jobs/filter.js';
import { brief, estimateParts, real } from '../../src/report/page/format.js';

const columns = [
  { field: 'architecture', title: 'Architecture', kind: 'text', levels: ['AE1', 'AE2', 'AE10', 'a, "b" | c > d', 'none'], values: [0, 1, 2, 3, 4, null] },
  { field: 'latent_dim', title: 'Latent dimension', kind: 'integer', values: [8, 16, 32, 64, 128, 256] },
  { field: 'accuracy_private', title: 'score, "private"', kind: 'real', precision: 3, values: [0.71698, 0.7, null, 0.5, -1, 0.70049] },
  { field: 'learning_rate', title: 'learning rate', kind: 'real', values: [0.001, 1e-5, 0.001, 0.0003, 0.001, 0.001] },
].map((column) => new Column(column));

const passing = (text) => {
  const { passes, messages } = filter(columns, text);
  assert.deepEqual(messages, []);
  return [...passes.keys()].filter((row) => passes[row]);
};
const message = (text) => filter(columns, text).messages.join(' ');

test('numbers are compared, and a job without the number passes no comparison', () => {
  assert.deepEqual(passing('accuracy_private > 0.7'), [0, 5]);
  assert.deepEqual(passing('accuracy_private >= 0.7'), [0, 1, 5]);
  assert.deepEqual(passing('accuracy_private<0.6'), [3, 4]);
  assert.deepEqual(passing('accuracy_private < -5e-1'), [4]);
  assert.deepEqual(passing('latent_dim ≤ 16'), [0, 1]);
});

test('a number equals what is shown as equal to it', () => {
  assert.deepEqual(passing('accuracy_private = 0.717'), [0]);
  assert.deepEqual(passing('accuracy_private = 0.70'), [1, 5]);
  assert.deepEqual(passing('learning_rate = 1e-5'), [1]);
  assert.deepEqual(passing('latent_dim != 16'), [0, 2, 3, 4, 5]);
  assert.deepEqual(passing('latent_dim = 16 | 64'), [1, 3]);
});

test('texts are compared whole, without regard to case, or by what they contain', () => {
  assert.deepEqual(passing('architecture = ae1'), [0]);
  assert.deepEqual(passing('architecture = AE1|AE10'), [0, 2]);
  assert.deepEqual(passing('architecture ~ AE1'), [0, 2]);
  assert.deepEqual(passing('architecture != AE1'), [1, 2, 3, 4, 5]);
  assert.deepEqual(passing('architecture < AE10 , architecture ~ AE'), [0, 1]);
});

test('columns go by their field or title, quoted where need be', () => {
  assert.deepEqual(passing('LATENT DIMENSION = 8'), [0]);
  assert.deepEqual(passing('"score, ""private""" > 0.71'), [0]);
  assert.deepEqual(passing(`architecture = ${quoted('a, "b" | c > d')}`), [3]);
});

test('none finds jobs without a value, and a level of that name only where it is quoted or the column has text', () => {
  assert.deepEqual(passing('accuracy_private = none'), [2]);
  assert.deepEqual(passing('accuracy_private != none'), [0, 1, 3, 4, 5]);
  assert.deepEqual(passing('architecture = none'), [4, 5]);
  assert.deepEqual(passing('architecture = "none"'), [4]);
});

test('words are looked for in every column, all clauses must hold', () => {
  assert.deepEqual(passing('ae1'), [0, 2]);
  assert.deepEqual(passing('AE1 32'), [2]);
  assert.deepEqual(passing('0.717'), [0]);
  assert.deepEqual(passing('ae, latent_dim > 8'), [1, 2]);
  assert.deepEqual(passing('"c > d"'), [3]);
  assert.deepEqual(passing(''), [0, 1, 2, 3, 4, 5]);
});

test('methods are found in any spelling', () => {
  const reduction = new Column({ field: 'reduction', title: 'reduction', kind: 'text', levels: ['PCA', 't-SNE', 'PCA 50 + t-SNE'], values: [0, 1, 2] });
  const rows = (text) => [...filter([reduction], text).passes.keys()].filter((row) => filter([reduction], text).passes[row]);
  assert.deepEqual(rows('reduction = tsne'), [1]);
  assert.deepEqual(rows('reduction = t-SNE'), [1]);
  assert.deepEqual(rows('reduction ~ pca50'), [2]);
  assert.deepEqual(rows('tsne'), [1, 2]);
});

test('what can not be understood is said and does not filter', () => {
  assert.equal(message('acuracy_private > 0.7'), 'There is no column “acuracy_private”. Did you mean accuracy_private?');
  assert.equal(message('something else = 1'), 'There is no column “something else”.');
  assert.equal(message('latent_dim >'), 'A value is missing after “latent_dim >”.');
  assert.equal(message('latent_dim = big'), 'latent_dim is compared with numbers, and “big” is not one.');
  assert.deepEqual([...filter(columns, 'nothing = 1').passes], [1, 1, 1, 1, 1, 1]);
});

test('sorting is by number or by natural text order, keeps the order of equal rows and puts missing values last', () => {
  const natural = Uint32Array.from([0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...sorted(natural, columns[0], false)], [3, 0, 1, 2, 4, 5]);
  assert.deepEqual([...sorted(natural, columns[2], true)], [0, 5, 1, 3, 4, 2]);
  assert.deepEqual([...sorted(natural, columns[2], false)], [4, 3, 1, 5, 0, 2]);
  assert.deepEqual([...sorted(natural, columns[3], false)], [1, 3, 0, 2, 4, 5]);
});

test('CSV has numbers in full and quotes what needs it', () => {
  assert.equal(toCsv([columns[0], columns[2]], [3, 5, 2]), 'architecture,accuracy_private\n"a, ""b"" | c > d",0.5\n,0.70049\nAE10,\n');
});

test('numbers are shown to their precision, small ones never as 0', () => {
  assert.equal(real(0.71698, 3), '0.717');
  assert.equal(real(0.00001234, 3), '0.000012');
  assert.equal(real(0, 3), '0.000');
  assert.equal(real(1e-5), '0.00001');
  assert.equal(real(NaN, 3), '–');
  assert.equal(brief(1234567.8), '1234570');
  assert.deepEqual(estimateParts({ mean: 0.717, std: 0.00312, n: 3 }, 4), ['0.7170', '± 0.0031 (3)']);
  assert.deepEqual(estimateParts({ mean: 0.717, n: 1 }, 3), ['0.717', '(1)']);
  assert.deepEqual(estimateParts({ mean: 0.717 }, 3), ['0.717', '']);
});
