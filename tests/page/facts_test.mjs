import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImageFacts } from '../../src/report/page/figures/facts.js';

const facts = new ImageFacts({ classes: [0, 1, -1, 1], clusters: [4, 4, 2, -1], predicted: [0, 0, 1, -1], class_names: ['shirt', 'bag'] });

test('an image is told by its number, class, cluster and predicted class', () => {
  assert.deepEqual(facts.lines(0), ['image 0', 'class: shirt', 'cluster: 4', 'predicted class: shirt']);
  assert.deepEqual(facts.lines(1), ['image 1', 'class: bag', 'cluster: 4', 'predicted class: shirt, misclustered']);
  assert.deepEqual(facts.lines(2), ['image 2', 'class: no label', 'cluster: 2', 'predicted class: bag']);
  assert.deepEqual(facts.lines(3), ['image 3', 'class: bag', 'cluster: noise', 'predicted class: none, misclustered']);
});

test('an image has the number that the reader gave it, and what is not known is not said', () => {
  assert.deepEqual(new ImageFacts({ numbers: [17], classes: [3] }).lines(0), ['image 17', 'class: 3']);
  assert.deepEqual(new ImageFacts({ numbers: [3, 0], files: [0, 1], file_names: ['a.npy', 'b.npy'] }).lines(1), ['image 0 of b.npy']);
  assert.deepEqual(new ImageFacts({ called: 'selected image' }).lines(5), ['selected image 5']);
});

test('misclustered are images with a label whose cluster is of another class or of none', () => {
  assert.deepEqual([0, 1, 2, 3].map((image) => facts.isMisclustered(image)), [false, true, false, true]);
  assert.deepEqual(facts.counts, { labelled: 3, misclustered: 2 });
  assert.deepEqual(new ImageFacts({ classes: [0, 1] }).counts, { labelled: 0, misclustered: 0 });
});
