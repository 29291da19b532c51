import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawingOrder } from '../../src/report/page/figures/drawing_order.js';

const series = (...lengths) => lengths.map((length) => ({ points: Array.from({ length }, (_, i) => [i, i]) }));

test('the series of a map take turns', () => {
  assert.deepEqual(drawingOrder(series(300, 150)).slice(0, 6), [
    { series: 0, from: 0, to: 5 }, { series: 1, from: 0, to: 2 }, { series: 0, from: 5, to: 10 },
    { series: 1, from: 2, to: 5 }, { series: 0, from: 10, to: 15 }, { series: 1, from: 5, to: 7 },
  ]);
});

test('every point is drawn once, and no map in more than 120 parts', () => {
  for (const lengths of [[300, 150], [1, 1, 500], [250], [0, 260, 3], Array(10).fill(2000), Array(150).fill(3)]) {
    const parts = drawingOrder(series(...lengths));
    assert.ok(parts.length <= Math.max(120, lengths.length), `${parts.length}`);
    lengths.forEach((length, index) => {
      let at = 0;
      for (const { from, to } of parts.filter((part) => part.series === index)) {
        assert.equal(from, at);
        at = to;
      }
      assert.equal(at, length);
    });
  }
});

test('few points, and curves, are drawn series by series', () => {
  assert.deepEqual(drawingOrder(series(100, 50)), [{ series: 0, from: 0, to: 100 }, { series: 1, from: 0, to: 50 }]);
  const curves = series(300, 0).map((one) => ({ ...one, line: true }));
  assert.deepEqual(drawingOrder(curves), [{ series: 0, from: 0, to: 300 }, { series: 1, from: 0, to: 0 }]);
});
