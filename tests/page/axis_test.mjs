import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extentOf, integerTicks, logarithmicTicks, logTicks, roundRange, shorten, wholeTicks, namesUnder } from '../../src/report/page/figures/axis.js';
import { PanelPoints } from '../../src/report/page/figures/points.js';

test('a logarithmic axis has round ticks that enclose the numbers', () => {
  assert.deepEqual(logTicks([0.018, 0.22]), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
  assert.deepEqual(logTicks([1, 2]), [1, 2]);
  assert.deepEqual(logTicks([3, 3]), [2, 5]);
  assert.deepEqual(logTicks([2, 2]), [2, 5]);
  assert.deepEqual(logTicks([1e-6, 20]), [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100]);
});

test('a short piece of a logarithmic axis has round ticks of its own', () => {
  const numbers = (from, to) => logarithmicTicks([Math.log10(from), Math.log10(to)]).axisLabel.customValues.map((place) => Number((10 ** place).toPrecision(6)));
  assert.deepEqual(numbers(0.0209, 0.0301), [0.022, 0.024, 0.026, 0.028, 0.03]);
  assert.deepEqual(numbers(99, 141), [100, 110, 120, 130, 140]);
  assert.deepEqual(numbers(1.5, 45), [1, 2, 5, 10, 20, 50]);
});

test('whole numbers have ticks at whole numbers, at each of them where they are few', () => {
  assert.deepEqual(integerTicks([3, 1, 2, 1]), [1, 2, 3]);
  assert.deepEqual(integerTicks([5, 15]), [5, 15]);
  assert.deepEqual(integerTicks([2, 8, 16]), [2, 8, 16]);
  assert.deepEqual(integerTicks(Array.from({ length: 15 }, (_, epoch) => epoch + 1)), [1, 5, 10, 15]);
  assert.deepEqual(integerTicks(Array.from({ length: 100 }, (_, epoch) => epoch + 1)), [1, 20, 40, 60, 80, 100]);
  assert.deepEqual(integerTicks([2, 4, 512]), [2, 100, 200, 300, 400, 500]);
  assert.deepEqual(integerTicks([7]), [7]);
  assert.equal(integerTicks([1, 1.5]), null);
  assert.equal(integerTicks([]), null);
});

test('a piece of an axis of whole numbers has whole ticks, or none', () => {
  assert.deepEqual(wholeTicks(2.4, 5.9), [3, 4, 5]);
  assert.deepEqual(wholeTicks(2.4, 2.6), []);
  assert.deepEqual(wholeTicks(9.5, 31.2), [10, 15, 20, 25, 30]);
});

test('an axis that panels share ends at round numbers', () => {
  assert.deepEqual(roundRange([0.51, 0.76]), { min: 0.5, max: 0.8, interval: 0.05 });
  assert.deepEqual(roundRange([-3, 41]), { min: -10, max: 50, interval: 10 });
  assert.deepEqual(roundRange([0.5, 0.5]), {});
});

test('an extent leaves out what is no number', () => {
  assert.deepEqual(extentOf([3, NaN, -1, undefined, 2]), [-1, 3]);
  assert.equal(extentOf([NaN]), null);
});

test('long names are cut between characters, not within', () => {
  assert.equal(shorten('convolutional', 5), 'conv…');
  assert.equal(shorten('🐍🐍🐍🐍', 3), '🐍🐍…');
  assert.equal(shorten('short', 5), 'short');
});

test('the nearest point is that of a brute-force search, among the series shown, within reach', () => {
  const panel = { x: { log: true }, y: {}, series: [
    { name: 'a', points: [[1, 0], [10, 1], [0, 5]], images: [7, 8, 9] },
    { name: 'b', points: [[100, 0], [null, 2]], images: [8, -1] },
  ] };
  const points = new PanelPoints(panel);
  // A chart of 200 by 100 pixels for 1 to 100 and 0 to 1.
  const instance = { convertToPixel: (finder, value) => ('xAxisIndex' in finder ? 100 * value : 100 - 100 * value) };
  const transform = points.transform(instance);
  assert.deepEqual(points.pixel(1, transform), [100, 0]);
  assert.equal(points.nearest(103, 4, transform, new Set(), 10), 1);
  assert.equal(points.nearest(190, 100, transform, new Set(), 24), 3);
  assert.equal(points.nearest(190, 100, transform, new Set(['b']), 24), -1);
  assert.equal(points.nearest(103, 4, transform, new Set(), 4), -1);
  assert.equal(points.nearest(103, 4, transform, new Set(), 10, (image) => image !== 8), -1);
  assert.deepEqual(points.ticks('y'), [0, 1, 2, 5]);
  assert.deepEqual([points.image(0), points.image(4)], [7, -1]);
  assert.equal(points.withImage(9), 2);
  assert.equal(points.withImage(1), -1);
});

test('names under columns are slanted where one would be cut short', () => {
  assert.deepEqual(namesUnder(['0', '1', '2'], 40), { letters: 24, rotate: 0 });
  assert.deepEqual(namesUnder(['T-shirt/top', 'Bag'], 64), { letters: 24, rotate: 45 });
  assert.deepEqual(namesUnder(['T-shirt/top', 'Bag'], 90), { letters: 24, rotate: 0 });
});
