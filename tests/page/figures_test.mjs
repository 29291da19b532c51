import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { figuresByName, hostile, maps, spriteColour } from './content.mjs';

const only = (...figures) => ({ sweep: 'figures', figures });
const chart = (page, index = 0) => page.locator('.chart').nth(index);
const tooltip = (page) => page.locator('.tooltip');

async function drawn(page, index = 0) {
  await chart(page, index).scrollIntoViewIfNeeded();
  await chart(page, index).locator('canvas').first().waitFor();
}

// How many pixels of the chart have each colour, '#rrggbb': count; nothing for those left empty or nearly so. Reading a copy leaves the
// chart's own canvases as they are.
const colours = (page, index = 0) => chart(page, index).evaluate((box) => {
  const counts = {};
  for (const canvas of box.querySelectorAll('canvas')) {
    const context = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height }).getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 64) continue;
      const name = `#${[0, 1, 2].map((channel) => data[at + channel].toString(16).padStart(2, '0')).join('')}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
});
const inked = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const waitForColours = async (page, index, wanted) => {
  for (let attempt = 0; ; ++attempt) {
    const counts = await colours(page, index);
    if (wanted(counts)) return counts;
    assert.ok(attempt < 100, JSON.stringify(Object.entries(counts).sort((a, b) => b[1] - a[1]).slice(0, 8)));
    await page.waitForTimeout(100);
  }
};

// Moves the pointer over a chart until it meets something.
async function meet(page, index = 0) {
  await drawn(page, index);
  const box = await chart(page, index).boundingBox();
  for (let down = 0.5; down < 1; down += 0.04) {
    for (let right = 0.2; right < 0.95; right += 0.04) {
      await page.mouse.move(box.x + right * box.width, box.y + ((down * 1.6) % 1) * box.height);
      if (await tooltip(page).isVisible()) return;
    }
  }
  assert.fail('nothing under the pointer');
}

for (const [name, palette] of [['losses', ['#0072b2', '#009e73', '#000000']], ['maps-4', []], ['time', ['#0072b2', '#d55e00', '#009e73']], ['confusion', []], ['parallel', []]]) {
  test(`${name} is drawn once it is scrolled into view`, async () => {
    const content = { ...only(figuresByName[name]), gaps: Array.from({ length: 60 }, (_, index) => `gap ${index}`) };
    await withPage(content, { height: 600 }, async (page) => {
      assert.equal(await page.locator('.chart canvas').count(), 0);
      await drawn(page);
      const counts = await waitForColours(page, 0, (each) => inked(each) > 2000 && Object.keys(each).length > 20);
      for (const colour of palette) assert.ok(counts[colour] > 50, `${colour}: ${counts[colour]}`);
    });
  });
}

test('the pointer over a map shows the image, its label and its place, and the same image in the other panels', async () => {
  await withPage(only(maps(200, 3)), {}, async (page) => {
    for (const panel of [2, 1, 0]) await drawn(page, panel);
    await meet(page, 0);
    const lines = await tooltip(page).locator('strong, div').allTextContents();
    assert.match(lines[0], /^class \d$/);
    const image = Number(/^image (\d+)$/.exec(lines[1])[1]);
    assert.equal(image % 10, Number(lines[0].slice(6)));
    assert.match(lines[2], /^\(-?[\d.]+, -?[\d.]+\)$/);
    const crop = tooltip(page).locator('canvas');
    assert.deepEqual(await crop.evaluate((canvas) => [canvas.width, canvas.height]), [24, 24]);
    const corners = () => crop.evaluate((canvas) => {
      const context = Object.assign(document.createElement('canvas'), { width: 24, height: 24 }).getContext('2d', { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      return [0, 23].map((at) => [...context.getImageData(at, at, 1, 1).data]);
    });
    while ((await corners())[0][3] === 0) await page.waitForTimeout(50);
    assert.deepEqual(await corners(), [0, 1].map(() => [...spriteColour(image), 255]));
    assert.equal(await page.locator('.ring:visible').count(), 3);
    await page.mouse.move(5, 5);
    assert.equal(await tooltip(page).isVisible(), false);
    assert.equal(await page.locator('.ring:visible').count(), 0);
  });
});

test('a band lies behind its line, is seen whole and goes with it', async () => {
  const points = [1, 2, 3, 4].map((epoch) => [epoch, 0.5]);
  const figure = { name: 'b', title: 'b', kind: 'xy', panels: [{ x: { title: 'epochs' }, y: { title: 'accuracy' },
    series: [{ name: 'wide', color: 0, line: true, points, spreads: [0.25, 0.25, 0.25, 0.25] }, { name: 'plain', color: 1, line: true, points: points.map(([x]) => [x, 0.6]) }] }] };
  // Nearly transparent pixels, and the share of the chart's height that they take.
  const band = (page) => chart(page).evaluate((box) => {
    const rows = new Set();
    let count = 0;
    for (const canvas of box.querySelectorAll('canvas')) {
      const context = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height }).getContext('2d', { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] < 30 || data[at + 3] > 55 || data[at + 2] < 120) continue;
        rows.add(Math.floor(at / 4 / canvas.width));
        ++count;
      }
    }
    return { count, height: rows.size / box.querySelector('canvas').height };
  });
  const until = async (page, wanted) => {
    for (let attempt = 0; !wanted(await band(page)); ++attempt) {
      assert.ok(attempt < 100, JSON.stringify(await band(page)));
      await page.waitForTimeout(100);
    }
  };
  await withPage(only(figure), {}, async (page) => {
    await drawn(page);
    await until(page, ({ count, height }) => count > 10_000 && height > 0.5 && height < 0.95);
    await page.getByRole('button', { name: 'wide' }).click();
    await until(page, ({ count }) => count < 1000);
  });
});

const known = () => {
  const map = maps(200, 2);
  const classes = Array.from({ length: 200 }, (_, image) => image % 10);
  return { ...map, facts: { classes, clusters: classes.map((label) => 9 - label), predicted: classes.map((label, image) => (image < 20 ? 0 : label)),
    class_names: ['shirt', ...Array.from({ length: 9 }, (_, index) => `kind ${index + 1}`)] } };
};

test('the pointer names the image, its class, its cluster and what that is taken for', async () => {
  await withPage(only(known()), {}, async (page) => {
    for (const panel of [1, 0]) await drawn(page, panel);
    await meet(page, 0);
    const text = (await tooltip(page).locator('strong, div').allTextContents()).join('|');
    const [, image, name, cluster] = /^image (\d+)\|class: (shirt|kind \d)\|cluster: (\d)\|predicted class: .+\|image \1$/.exec(text);
    const label = name === 'shirt' ? 0 : Number(name.slice(5));
    assert.equal(Number(image) % 10, label);
    assert.equal(Number(cluster), 9 - label);
    assert.equal(await tooltip(page).locator('canvas').count(), 1);
  });
});

// Where the marks of a colour lie in the window, found by their pixels.
const centre = (page, colour) => chart(page).evaluate((box, name) => {
  const wanted = [1, 3, 5].map((at) => parseInt(name.slice(at, at + 2), 16));
  let [x, y, count] = [0, 0, 0];
  for (const canvas of box.querySelectorAll('canvas')) {
    const context = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height }).getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const corner = canvas.getBoundingClientRect();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 64 || wanted.some((value, channel) => Math.abs(data[at + channel] - value) > 3)) continue;
      x += corner.left + ((at / 4) % canvas.width + 0.5) * corner.width / canvas.width;
      y += corner.top + (Math.floor(at / 4 / canvas.width) + 0.5) * corner.height / canvas.height;
      ++count;
    }
  }
  return count ? { x: x / count, y: y / count } : null;
}, colour);

for (const scale of [1, 2]) {
  test(`the pointer on a mark of a map finds its image, at ${scale} pixels a dot, before and after the window changes its size`, async () => {
    const hues = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];
    const corners = [[-8, -5], [8, -5], [8, 5], [-8, 5]];
    const names = ['cat', 'dog', 'frog', 'ship'];
    const figure = { name: 'm', title: 'm', kind: 'xy', equal_scale: true, sprite: maps(10, 1).sprite,
      facts: { classes: [0, 1, 2, 3], clusters: [3, 2, 1, 0], predicted: [0, 1, 2, 0], class_names: names },
      panels: [{ title: 'PCA', x: { title: '', without_units: true }, y: { title: '', without_units: true },
        series: corners.map((point, image) => ({ name: names[image], color: image, marks: true, points: [point], images: [image] })) }] };
    await withPage(only(figure), { scale }, async (page) => {
      await drawn(page);
      for (const width of [1280, 700, 1100]) {
        await page.setViewportSize({ width, height: 900 });
        await chart(page).scrollIntoViewIfNeeded();
        for (let image = 0; image < hues.length; ++image) {
          let said = '';
          for (let attempt = 0; !said.startsWith(`image ${image}|`) && attempt < 100; ++attempt) {  // it is drawn anew
            const at = await centre(page, hues[image]);
            if (at) await page.mouse.move(at.x + 1, at.y - 1);
            said = await tooltip(page).isVisible() ? (await tooltip(page).locator('strong, div').allTextContents()).join('|') : '';
            if (!said) await page.waitForTimeout(50);
          }
          const predicted = image === 3 ? 'cat, misclustered' : names[image];
          assert.ok(said.startsWith(`image ${image}|class: ${names[image]}|cluster: ${3 - image}|predicted class: ${predicted}`), `${width} wide: ${said}`);
          assert.equal(await tooltip(page).locator('canvas').count(), 1);
          const [mark, ring] = [await centre(page, hues[image]), await page.locator('.ring:visible').boundingBox()];
          const off = Math.hypot(ring.x + ring.width / 2 - mark.x, ring.y + ring.height / 2 - mark.y);
          assert.ok(off < 2, `${width} wide: the ring is ${off} pixels off`);
          await page.mouse.move(2, 2);
        }
      }
    });
  });
}

test('maps beside each other are level where one title wraps', async () => {
  const figure = maps(200, 2);
  figure.panels[1].title = 'PCA(dim = 16) + t-SNE(dim = 2) of the same latents, with perplexity 30, early exaggeration 12 and 1000 iterations';
  figure.panels[1].caption = ['One.', 'Two.'];
  await withPage(only(figure), {}, async (page) => {
    const tops = await page.locator('.panel .chart').evaluateAll((charts) => charts.map((each) => each.getBoundingClientRect().top));
    assert.equal(tops[0], tops[1]);
  });
});

test('misclustered images can be shown alone, in all panels, and the pointer finds no other', async () => {
  await withPage(only(known()), {}, async (page) => {
    for (const panel of [1, 0]) await drawn(page, panel);
    const before = await Promise.all([0, 1].map((panel) => waitForColours(page, panel, (counts) => inked(counts) > 500)));
    const box = page.getByLabel('Misclustered only (18 of 200 labelled images)');
    await box.check();
    for (const panel of [0, 1]) await waitForColours(page, panel, (counts) => inked(counts) < inked(before[panel]) * 0.75);
    await meet(page, 0);
    assert.match((await tooltip(page).locator('div').allTextContents()).join('|'), /predicted class: shirt, misclustered/);
    await box.uncheck();
    for (const panel of [0, 1]) await waitForColours(page, panel, (counts) => inked(counts) > inked(before[panel]) * 0.95);
  });
});

test('a map has equal scales', async () => {
  // The corners of a square, twice as far apart as high and as they are: a square on the screen too.
  const square = { name: 's', title: 's', kind: 'xy', equal_scale: true, panels: [{ x: { title: 'PC 1' }, y: { title: 'PC 2' },
    series: [{ name: 'a', color: 0, points: [[0, 0], [1, 0], [0, 1], [1, 1]] }, { name: 'b', color: 1, points: [[4, 0.5]] }] }] };
  await withPage(only(square), {}, async (page) => {
    await drawn(page);
    const sides = await chart(page).evaluate((box) => new Promise((done) => requestAnimationFrame(() => {
      const canvas = box.querySelector('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const at = [[], []];
      for (let pixel = 0; pixel < data.length / 4; ++pixel) {
        if (data[4 * pixel + 2] > 150 && data[4 * pixel] < 60 && data[4 * pixel + 3] > 150) {
          at[0].push(pixel % canvas.width);
          at[1].push(Math.floor(pixel / canvas.width));
        }
      }
      done(at.map((values) => Math.max(...values) - Math.min(...values)));
    })));
    assert.ok(sides[0] > 50 && Math.abs(sides[0] - sides[1]) <= 2, sides.join(' by '));
  });
});

test('one legend hides a series in all panels', async () => {
  await withPage(only(figuresByName.by_dimension), {}, async (page) => {
    for (const panel of [1, 0]) await drawn(page, panel);
    for (const panel of [0, 1]) await waitForColours(page, panel, (counts) => counts['#d55e00'] > 50);
    const entry = page.getByRole('button', { name: 'AE2' });
    assert.equal(await entry.getAttribute('aria-pressed'), 'true');
    await entry.click();
    assert.equal(await entry.getAttribute('aria-pressed'), 'false');
    for (const panel of [0, 1]) await waitForColours(page, panel, (counts) => !counts['#d55e00'] && counts['#0072b2'] > 50);
    await entry.click();
    for (const panel of [0, 1]) await waitForColours(page, panel, (counts) => counts['#d55e00'] > 50);
  });
});

test('the wheel scrolls the page; buttons and Ctrl with the wheel zoom, and one undoes it', async () => {
  const long = { ...only(figuresByName.losses, figuresByName.reconstructions, figuresByName.time, figuresByName.confusion) };
  await withPage(long, { height: 700 }, async (page) => {
    await drawn(page);
    const before = await waitForColours(page, 0, (counts) => counts['#0072b2'] > 100);
    const box = await chart(page).boundingBox();
    await page.mouse.move(box.x + 300, box.y + 150);
    await page.mouse.wheel(0, 100);
    await page.waitForFunction(() => window.scrollY > 0);
    assert.equal((await colours(page))['#0072b2'], before['#0072b2']);
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await waitForColours(page, 0, (counts) => (counts['#0072b2'] ?? 0) !== before['#0072b2']);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await waitForColours(page, 0, (counts) => counts['#0072b2'] === before['#0072b2']);
    const again = await chart(page).boundingBox();
    await page.mouse.move(again.x + 300, again.y + 150);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await waitForColours(page, 0, (counts) => (counts['#0072b2'] ?? 0) !== before['#0072b2']);
  });
});

test('the pointer over curves names the point, over bars, cells and lines what they are', async () => {
  await withPage(only(figuresByName.losses), {}, async (page) => {
    await meet(page);
    assert.match((await tooltip(page).locator('div').allTextContents()).join('|'), /^AE\d, epoch (\d+)\|epoch: \1\|mean squared error: 0\.\d+$/);
    await page.keyboard.press('Escape');
    assert.equal(await tooltip(page).isVisible(), false);
  });
  await withPage(only(figuresByName.time), {}, async (page) => {
    await meet(page);
    assert.match(await tooltip(page).locator('div').textContent(), /^(train|encode|reduce): [\d.]+$/);
  });
  await withPage(only(figuresByName.confusion), {}, async (page) => {
    await meet(page);
    assert.match((await tooltip(page).locator('strong, div').allTextContents()).join('|'), /^\d+\|class: .+\|cluster: \d$/);
  });
  await withPage(only(figuresByName.parallel), {}, async (page) => {
    await meet(page);
    assert.match((await tooltip(page).locator('div').allTextContents()).join('|'), /^architecture: AE\d\|latent dimension: \d+\|epochs: [12]0\|constant: 5\|loss: .+\|accuracy: .+$/);
  });
});

test('a finger that taps a map sees the image', async () => {
  await withPage(only(maps(1000, 1)), { width: 360, height: 740, touch: true }, async (page) => {
    await drawn(page);
    const box = await chart(page).boundingBox();
    for (const right of [0.1, 0.15, 0.2, 0.85, 0.9]) {
      await page.touchscreen.tap(box.x + right * box.width, box.y + box.height / 2);
      if (await tooltip(page).isVisible()) break;
    }
    assert.equal(await tooltip(page).locator('strong').count(), 1);
    const shown = await tooltip(page).boundingBox();
    assert.ok(shown.x >= 0 && shown.x + shown.width <= 360);
  });
});

test('dragging along an axis of parallel coordinates picks out the lines through that range', async () => {
  // Dark lines end at the top of the last axis, light ones at its bottom.
  const lines = Array.from({ length: 4 }, (_, index) => [index % 2, index % 2]);
  const figure = { name: 'p', title: 'p', kind: 'parallel', axes: [{ title: 'a', categories: ['low', 'high'] }, { title: 'b' }], lines };
  await withPage(only(figure), {}, async (page) => {
    await drawn(page);
    const dark = (counts) => Object.entries(counts).reduce((sum, [colour, count]) => sum + (/^#1.[01].4/.test(colour) ? count : 0), 0);
    const before = dark(await waitForColours(page, 0, (counts) => dark(counts) > 100));
    const box = await chart(page).boundingBox();
    const axis = box.x + 40;
    await page.mouse.move(axis, box.y + box.height - 40);
    await page.mouse.down();
    await page.mouse.move(axis, box.y + box.height - 150, { steps: 8 });
    await page.mouse.up();
    await waitForColours(page, 0, (counts) => dark(counts) < before / 2);
    await page.mouse.click(axis, box.y + 80);
    await waitForColours(page, 0, (counts) => dark(counts) >= before / 2);
  });
});

test('a line that lacks an axis\'s value passes below what the others have there', async () => {
  const lines = [[1, 10, 0, 1], [2, 1000, 1, 2], [1.5, null, null, 1.5]];
  const figure = { name: 'p', title: 'p', kind: 'parallel', axes: [{ title: 'a' }, { title: 'b', log: true }, { title: 'c', categories: ['x', 'y'] }, { title: 'd' }], lines };
  await withPage(only(figure), {}, async (page) => {
    await drawn(page);
    const box = await chart(page).boundingBox();
    for (const axis of [1, 2]) {
      await page.mouse.move(box.x + 2, box.y + 2);
      await tooltip(page).waitFor({ state: 'hidden' });
      const x = box.x + 40 + axis * (box.width - 100) / 3;
      for (let up = 0; up <= 60 && !(await tooltip(page).isVisible()); ++up) await page.mouse.move(x, box.y + box.height - 18 - up);
      assert.equal((await tooltip(page).locator('div').allTextContents()).join('|'), 'a: 1.5|b: –|c: –|d: 1.5', `axis ${axis}`);
    }
  });
});

test('numbers behind bars and heatmaps can be read as a table', async () => {
  await withPage(only(figuresByName.time, figuresByName.confusion), {}, async (page) => {
    const numbers = page.locator('#figure-time .numbers');
    await numbers.locator('summary').click();
    assert.deepEqual(await numbers.locator('tbody tr').last().locator('th, td').allTextContents(), [hostile, '0.5', '0.5', '0.5']);
    assert.deepEqual(await numbers.locator('tbody tr').nth(1).locator('td').allTextContents(), ['2', '–', '2']);
    await page.locator('#figure-confusion summary').click();
    assert.equal(await page.locator('#figure-confusion tbody tr').last().locator('td').last().textContent(), '490');
  });
});

test('images stand in rows and columns with their captions; gaps are said', async () => {
  await withPage(only(figuresByName.reconstructions), {}, async (page) => {
    const table = page.locator('table.images');
    assert.equal(await table.locator('img').count(), 20);
    assert.equal(await table.locator('img').nth(9).getAttribute('alt'), 'AE1, image 1, MSE 0.01');
    assert.ok(await table.locator('img').evaluateAll((all) => all.every((image) => image.naturalWidth === 16)));
    assert.deepEqual(await table.locator('.no-image').allTextContents(), Array(4).fill('not reconstructed'));
  });
});

test('an address that is no image is not loaded', async () => {
  const bad = { ...figuresByName.reconstructions, columns: ['a'], rows: [{ title: 'x', cells: [{ url: 'https://example.org/a.png', caption: 'elsewhere' }] }] };
  await withPage(only(bad), {}, async (page) => {
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.locator('.no-image').textContent(), 'elsewhere');
  });
});

test('charts take the colours of the theme and keep what was hidden', async () => {
  await withPage(only(figuresByName.losses), {}, async (page) => {
    await drawn(page);
    await waitForColours(page, 0, (counts) => counts['#000000'] > 100);
    await page.getByRole('button', { name: 'AE1' }).click();
    await page.getByRole('button', { name: 'Dark colours' }).click();
    await waitForColours(page, 0, (counts) => counts['#ffffff'] > 100 && !counts['#000000'] && !counts['#0072b2']);
  });
});

test('a logarithmic axis says how many points it can not show', async () => {
  const figure = { name: 'l', title: 'l', kind: 'xy', panels: [{ x: { title: 'x' }, y: { title: 'y', log: true }, series: [{ name: 'a', color: 0, points: [[1, 0], [2, -1], [3, 0.5], [4, null]] }] }] };
  await withPage(only(figure), {}, async (page) => {
    assert.equal(await page.locator('.caption').textContent(), '2 of 4 points are at or below 0: a logarithmic axis has no place for them.');
    await drawn(page);
  });
});

test('100,000 points are drawn, and the pointer finds one', async () => {
  const points = Array.from({ length: 100_000 }, (_, index) => [index % 331, (index * 7919) % 1009]);
  const figure = { name: 'm', title: 'm', kind: 'xy', panels: [{ x: { title: 'x' }, y: { title: 'y' }, series: [{ name: 'jobs', color: 0, points }] }] };
  await withPage(only(figure), {}, async (page) => {
    await meet(page);
    assert.match((await tooltip(page).locator('div').allTextContents()).join('|'), /^x: \d+\|y: \d+$/);
  });
});

test('many charts: those seen long ago are given back and come again', async () => {
  const figures = Array.from({ length: 90 }, (_, index) => ({ ...figuresByName.losses, name: `f${index}`, title: `figure ${index}` }));
  await withPage(only(...figures), { height: 700 }, async (page) => {
    for (let index = 0; index < 90; index += 2) await drawn(page, index);
    await page.waitForFunction(() => document.querySelectorAll('.chart canvas').length <= 60);
    assert.equal(await chart(page, 0).locator('canvas').count(), 0);
    await drawn(page, 0);
    await waitForColours(page, 0, (counts) => counts['#0072b2'] > 100);
  });
});

// Two classes at the same places: what is seen is what was drawn last.
test('no class of a map hides another by being drawn last', async () => {
  const figure = maps(200, 1);
  const points = Array.from({ length: 300 }, (_, index) => [index % 20, Math.floor(index / 20)]);
  figure.panels[0].series = [
    { name: 'blue', color: 0, marks: true, points },
    { name: 'vermilion', color: 1, marks: true, points: [...points].reverse() },
  ];
  await withPage(only(figure), {}, async (page) => {
    await drawn(page);
    const counts = await waitForColours(page, 0, (each) => inked(each) > 2000);
    const seen = (wanted) => Object.entries(counts).reduce((sum, [name, count]) => sum + (wanted(parseInt(name.slice(1, 3), 16) - parseInt(name.slice(5), 16)) ? count : 0), 0);
    const [blue, vermilion] = [seen((redness) => redness < -40), seen((redness) => redness > 40)];
    assert.ok(blue > 0.5 * vermilion && vermilion > 0.5 * blue, `${blue} and ${vermilion}`);
  });
});
