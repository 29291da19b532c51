import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { estimateParts, fixed, real } from '../../src/report/page/format.js';

// tests/unit/base/decimal_test.cpp reads the same list.
const cases = JSON.parse(readFileSync(new URL('../rounded_numbers.json', import.meta.url), 'utf8'));

test('the page rounds numbers as the program does in its texts', () => {
  assert.equal(cases.length, 26);
  for (const { value, digits, text } of cases) assert.equal(fixed(value, digits), text, `${value} to ${digits} digits`);
  assert.equal(fixed(-0, 2), '0.00');
});

test('estimates and the list of jobs are rounded by that rule', () => {
  assert.deepEqual(estimateParts({ mean: 0.6325, std: 0.0285 }, 3), ['0.633', '± 0.029']);
  assert.equal(real(0.6325, 3), '0.633');
  assert.equal(real(0.00004, 3), '0.00004');
});
