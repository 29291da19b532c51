import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareKeys, nextDirection } from '../../src/report/page/sorting.js';
import { columnOrder, sortedPlaces, sortKey } from '../../src/report/page/tables.js';

test('a heading is pressed for ascending, descending, and the order of the file', () => {
  assert.deepEqual([null, 'ascending', 'descending'].map(nextDirection), ['ascending', 'descending', null]);
});

test('an estimate is ordered by its mean, a marked text as the text, nothing as missing', () => {
  assert.deepEqual([{ mean: 0.5, std: 0.1, n: 3 }, { text: 'AE1', best: true }, 32, 'x', '', null, undefined, { text: '' }].map(sortKey),
    [0.5, 'AE1', 32, 'x', null, null, null, null]);
});

test('numbers are compared as numbers, texts with their numbers, and what is missing comes last', () => {
  assert.ok(compareKeys(9, 10, false) < 0 && compareKeys(9, 10, true) > 0);
  assert.ok(compareKeys('AE9', 'AE10', false) < 0);
  assert.ok(compareKeys(null, 1, false) > 0 && compareKeys(null, 1, true) > 0 && compareKeys(1, NaN, true) < 0);
  assert.equal(compareKeys(null, null, false), 0);
});

test('equal rows stay as they are, either way', () => {
  const rows = [[{ mean: 1, n: 1 }], [null], [{ mean: 2, n: 1 }], [{ mean: 1, n: 1 }]];
  assert.deepEqual(sortedPlaces(rows, 0, false), [0, 3, 2, 1]);
  assert.deepEqual(sortedPlaces(rows, 0, true), [2, 0, 3, 1]);
});

test('a narrow screen has the column of the best behind the first, but a pivot stays as it is', () => {
  const columns = [{}, {}, {}, { best: true }, {}];
  assert.deepEqual(columnOrder(columns, false), [0, 1, 2, 3, 4]);
  assert.deepEqual(columnOrder(columns, true), [0, 3, 1, 2, 4]);
  assert.deepEqual(columnOrder([{}, {}, { best: true }, { best: true }], true), [0, 1, 2, 3]);
  assert.deepEqual(columnOrder([{}, {}, {}], true), [0, 1, 2]);
});
