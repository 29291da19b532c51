// Contents of pages: made up, the same every time.

export const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)> & "quotes" \u2028';

// Numbers in [0, 1) from a seed: Park and Miller's generator.
export function randoms(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

export const spriteColour = (index) => [(index * 37 + 40) % 256, (index * 91 + 80) % 256, (index * 53 + 120) % 256];

// An uncompressed bitmap as a data URL; at(x, y) gives [red, green, blue].
export function bitmap(width, height, at) {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + stride * height);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const [red, green, blue] = at(x, y);
      bytes.set([blue, green, red], 54 + (height - 1 - y) * stride + x * 3);
    }
  }
  return `data:image/bmp;base64,${bytes.toString('base64')}`;
}

const side = 8;
const spriteColumns = 25;

export function sprite(images) {
  const rows = Math.ceil(images / spriteColumns);
  const url = bitmap(spriteColumns * side, rows * side, (x, y) => spriteColour(Math.floor(y / side) * spriteColumns + Math.floor(x / side)));
  return { url, width: side, height: side, columns: spriteColumns };
}

const architectures = ['AE1', 'AE2', 'AE10', hostile];

// Jobs with every kind of column; some lack a score.
export function jobs(number) {
  const random = randoms(7);
  const of = (make) => Array.from({ length: number }, (_, row) => make(row));
  const accuracy = of((row) => (row % 11 === 10 ? null : Math.round((0.2 + 0.7 * random()) * 1e6) / 1e6));
  return { columns: [
    { field: 'job', title: 'job', kind: 'text', levels: of((row) => (row * 2654435761 % 4294967296).toString(16).padStart(8, '0')), values: of((row) => row) },
    { field: 'architecture', title: 'architecture', kind: 'text', levels: architectures, values: of((row) => (row * 7) % 4) },
    { field: 'latent_dim', title: 'latent dimension', kind: 'integer', values: of((row) => 2 ** (1 + (row % 8))) },
    { field: 'learning_rate', title: 'learning rate', kind: 'real', values: of((row) => [0.001, 0.0003, 1e-5][row % 3]) },
    { field: 'reduction', title: 'reduction', kind: 'text', levels: ['pca', 't-SNE, 30'], values: of((row) => (row % 3 === 2 ? null : row % 2)) },
    { field: 'recon_mse', title: 'loss', kind: 'real', precision: 4, values: of(() => 0.1 * random() ** 3) },
    { field: 'accuracy', title: 'accuracy', kind: 'real', precision: 4, values: accuracy },
    { field: 'seed', title: 'seed', kind: 'integer', values: of(() => 0) },
  ] };
}

const tables = [{
  name: 'comparison', title: 'Comparison of the autoencoders',
  columns: [{ title: '', kind: 'text' }, { title: 'Latent dimension', kind: 'integer' }, { title: 'loss', kind: 'estimate', precision: 4 },
    { title: 'score (private)', kind: 'estimate', precision: 4 }],
  rows: [
    ['AE1, t-SNE', 32, { mean: 0.0372, std: 0.00125, n: 3 }, { mean: 0.717, std: 0.00312, n: 3, best: true }],
    [{ text: 'AE2, t-SNE', best: false }, 64, { mean: 0.031, std: 0.001, n: 3, best: true }, { mean: 0.7161, std: 0.0051, n: 3, tied: true }],
    [hostile, 3072, null, { mean: 0.55, n: 1 }],
  ],
  foot: ['Mean ± sample standard deviation over seeds (number of seeds). Bold: best of the column; †: not distinguishable from it.', 'A second sentence.'],
  caption: 'What the encoders are worth.', details: ['AE1 against AE2: p = 0.4.', hostile],
}, { name: 'empty', title: 'A table without rows', columns: [{ title: 'x', kind: 'text' }], rows: [], foot: [] },
{ name: 'wide', title: 'A wide table', columns: Array.from({ length: 24 }, (_, index) => ({ title: `column ${index}`, kind: 'estimate', precision: 3 })),
  rows: [Array.from({ length: 24 }, (_, index) => ({ mean: index / 24, std: 0.01, n: 3 }))], foot: [] }];

// Maps of `points` points in ten classes, all panels with the same images.
export function maps(points, panels) {
  const images = Math.min(points, 400);
  const panel = (_, number) => {
    const random = randoms(number + 1);
    const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    return {
      title: `t-SNE, perplexity ${10 * (number + 1)}`, caption: [`KL ${(1.2 - number / 10).toFixed(3)}`, 'trustworthiness 0.98'],
      x: { title: '', without_units: true }, y: { title: '', without_units: true },
      series: Array.from({ length: 10 }, (__, label) => {
        const members = Array.from({ length: points / 10 }, (___, index) => index * 10 + label);
        return {
          name: `class ${label}`, color: label, marks: true,
          points: members.map(() => [40 * Math.cos(label * 0.63) + 6 * normal(), 25 * Math.sin(label * 0.63) + 6 * normal()]),
          images: members.map((image) => (image < images ? image : -1)),
          notes: members.map((image) => `image ${image}`),
        };
      }),
    };
  };
  return { name: `maps-${panels}`, title: `Maps of ${points} images`, caption: ['Every point is an image; colour is its class.'], gaps: [], kind: 'xy',
    equal_scale: true, sprite: sprite(images), panels: Array.from({ length: panels }, panel) };
}

const curves = {
  name: 'losses', title: 'Training loss', caption: ['The dashed lines are the worst seeds.'], gaps: ['AE3 was not trained to epoch 20.'], kind: 'xy', equal_scale: false,
  panels: [{
    title: '', caption: [], x: { title: 'epoch' }, y: { title: 'mean squared error', log: true },
    series: [0, 1, 2, 7].map((color) => ({
      name: `AE${color + 1}`, color, line: true, dashed: color === 1, marks: color === 2,
      points: Array.from({ length: 20 }, (_, epoch) => [epoch + 1, 0.2 * Math.exp(-epoch / (6 + color)) + 0.01 + 0.002 * color]),
      notes: Array.from({ length: 20 }, (_, epoch) => `AE${color + 1}, epoch ${epoch + 1}`),
    })),
  }],
};

const byDimension = {
  name: 'by_dimension', title: 'Accuracy by latent dimension', caption: [], gaps: [], kind: 'xy', equal_scale: false,
  panels: ['pca', 't-SNE'].map((title, number) => ({
    title, caption: [], x: { title: 'latent dimension', categories: ['8', '32', '128', '512', hostile] }, y: { title: 'accuracy' },
    series: ['AE1', 'AE2'].map((name, color) => ({ name, color, line: true, marks: true, points: [0, 1, 2, 3, 4].map((x) => [x, 0.4 + 0.05 * x - 0.03 * color + 0.1 * number]) })),
  })),
};

const bars = {
  name: 'time', title: 'Where the time went', caption: ['Hours of one processor.'], gaps: [], kind: 'bars', stacked: true,
  categories: ['AE1', 'AE2 with a name that is far too long to stand beside a bar', hostile], values: { title: 'hours' },
  series: ['train', 'encode', 'reduce'].map((name, color) => ({ name, color, values: [1 + color, color === 1 ? null : 2, 0.5] })),
};

const heatmap = {
  name: 'confusion', title: 'Confusion of the best job', caption: [], gaps: [], kind: 'heatmap', precision: 0, row_title: 'class', column_title: 'cluster',
  rows: Array.from({ length: 10 }, (_, row) => (row === 9 ? 'ankle boot' : `class ${row}`)), columns: Array.from({ length: 10 }, (_, column) => String(column)),
  values: Array.from({ length: 10 }, (_, row) => Array.from({ length: 10 }, (__, column) => (row === column ? 400 + 10 * row : (row * column * 7) % 60))),
};

const images = {
  name: 'reconstructions', title: 'Reconstructions', caption: [], gaps: [], kind: 'images', columns: Array.from({ length: 8 }, (_, index) => `image ${index}`),
  rows: ['original', 'AE1', hostile].map((title, row) => ({ title, cells: Array.from({ length: 8 }, (_, index) =>
    row === 2 && index > 3 ? { url: null, caption: 'not reconstructed' }
      : { url: bitmap(16, 16, (x, y) => [x * 16, y * 16, index * 30 + row * 5]), caption: row ? `MSE 0.0${index}` : '' }) })),
};

const parallel = {
  name: 'parallel', title: 'All jobs, axis by axis', caption: [], gaps: [], kind: 'parallel',
  axes: [{ title: 'architecture', categories: ['AE1', 'AE2', 'AE3'] }, { title: 'latent dimension', log: true }, { title: 'epochs' }, { title: 'constant' },
    { title: 'loss', log: true }, { title: 'accuracy' }],
  lines: Array.from({ length: 60 }, (_, index) => [index % 3, 2 ** (index % 9), 10 * (1 + (index % 2)), 5, index % 7 ? 0.02 + index / 1000 : null, index % 13 ? 0.3 + index / 150 : null]),
};

export const everything = () => ({
  sweep: hostile, program: 'latentgrid 0.1.0', answer: [`${hostile} has the highest accuracy, 0.7170: 0.0009 above the next, AE2.`, 'The lead over the next is no more than chance.'],
  overview: [{ name: 'jobs', lines: ['18 complete, 0 failed'] }, { name: 'data set', lines: ['scenes: 8500 images', hostile] },
    ...['AE1', 'AE2', 'AE3', 'AE4', 'AE5'].map((name) => ({ name, detail: true, lines: ['encoder: conv2d(3, 8, 3×3), relu', 'decoder: tanh'] }))],
  gaps: ['2 of 18 jobs are not complete: their rows are missing.', hostile], tables, jobs: jobs(300),
  figures: [curves, byDimension, maps(5000, 4), maps(1000, 1), bars, heatmap, images, parallel,
    { name: 'gap', title: 'A figure that is not there', caption: [], gaps: ['No job has a map: add `figures: maps` and run again.'], kind: null }],
});
export const figuresByName = Object.fromEntries(everything().figures.map((figure) => [figure.name, figure]));
