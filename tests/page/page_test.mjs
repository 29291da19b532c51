import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withPage, writePage } from './browser.mjs';
import { everything, hostile, jobs } from './content.mjs';

// Scrolls through the page, so that every chart is made.
async function seeAll(page) {
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  for (let top = 0; top < await height(); top += 500) {
    await page.evaluate((to) => window.scrollTo(0, to), top);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  await page.waitForFunction(() => [...document.querySelectorAll('.chart')].every((box) => box.querySelector('canvas')));
}

// withPage itself fails for whatever the console says and for every request.
for (const [name, options] of [['light, at a desk', {}], ['dark, on a phone', { width: 360, height: 740, dark: true, touch: true }]]) {
  test(`everything is shown without a complaint, a request or a dialog (${name})`, async () => {
    await withPage(everything(), options, async (page) => {
      await seeAll(page);
      assert.equal(await page.title(), `${hostile} · latentgrid`);
      assert.equal(await page.locator('h1').textContent(), hostile);
    });
  });
}

test('texts that look like markup stay texts', async () => {
  await withPage(everything(), {}, async (page) => {
    await seeAll(page);
    assert.equal(await page.locator('script').count(), 2);
    assert.equal(await page.locator('img:not([src^="data:image/"])').count(), 0);
    assert.equal(await page.locator('table').first().locator('tbody th').last().textContent(), hostile);
    assert.match(await page.locator('.answer p').first().textContent(), /^<\/script><script>alert/);
    assert.equal(await page.locator('.overview > dl dd').last().textContent(), hostile);
    assert.equal(await page.locator('.warning li').last().textContent(), hostile);
  });
});

test('tables show estimates, best and tied cells, missing values and their foot', async () => {
  await withPage(everything(), {}, async (page) => {
    const table = page.locator('#table-comparison');
    assert.deepEqual(await table.locator('tbody tr').first().locator('th, td').allTextContents(), ['AE1, t-SNE', '32', '0.0372 ± 0.0013 (3)', '0.7170 ± 0.0031 (3)']);
    assert.deepEqual(await table.locator('tbody tr').last().locator('td').allTextContents(), ['3072', '–', '0.5500 (1)']);
    assert.deepEqual(await table.locator('strong').allTextContents(), ['0.7170 ± 0.0031 (3)', '0.0310 ± 0.0010 (3)']);
    assert.equal(await table.locator('tbody tr').nth(1).locator('td').last().textContent(), '0.7161 ± 0.0051 (3)† (tied)');
    assert.equal(await table.locator('p').first().textContent(), 'What the encoders are worth.');
    assert.match(await table.locator('p.note').textContent(), /^Mean ± sample standard deviation.* A second sentence\.$/);
    assert.deepEqual(await table.locator('details li').allTextContents(), ['AE1 against AE2: p = 0.4.', hostile]);
    assert.equal(await table.locator('details li').first().isVisible(), false);
    await table.locator('summary').click();
    assert.equal(await table.locator('details li').first().isVisible(), true);
    assert.equal(await page.locator('#table-empty p').textContent(), 'This table has no rows.');
  });
});

test('the answer stands above everything else, then what was run', async () => {
  await withPage(everything(), {}, async (page) => {
    const top = async (selector) => (await page.locator(selector).first().boundingBox()).y;
    assert.ok(await top('h1') < await top('.answer') && await top('.answer') < await top('.overview') && await top('.overview') < await top('main'));
    assert.equal(await page.locator('.answer p').last().textContent(), 'The lead over the next is no more than chance.');
    assert.deepEqual(await page.locator('.overview > dl dt').allTextContents(), ['jobs', 'data set']);
    const layers = page.locator('.overview details');
    assert.equal(await layers.locator('summary').textContent(), 'Settings that all jobs share, and layers');
    assert.equal(await layers.locator('dd').first().textContent(), 'encoder: conv2d(3, 8, 3×3), relu');
    assert.ok(await layers.locator('dd').first().isVisible());
  });
  await withPage(everything(), { width: 390, height: 844 }, async (page) => {
    const line = page.locator('.overview details dd').first();
    assert.equal(await line.isVisible(), false, 'a phone shows them when asked');
    await page.locator('.overview summary').click();
    assert.ok(await line.isVisible());
  });
});

test('a heading sorts its table by the means, missing values last, and the keyboard does too', async () => {
  await withPage(everything(), {}, async (page) => {
    const table = page.locator('#table-comparison');
    const scores = () => table.locator('tbody td:last-child').allTextContents();
    const heading = table.locator('thead th').last();
    const unsorted = await scores();
    assert.equal(await heading.getAttribute('aria-sort'), 'none');
    await heading.getByRole('button').click();
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual(await scores(), ['0.5500 (1)', '0.7161 ± 0.0051 (3)† (tied)', '0.7170 ± 0.0031 (3)']);
    await page.keyboard.press('Enter');
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    assert.deepEqual(await scores(), ['0.7170 ± 0.0031 (3)', '0.7161 ± 0.0051 (3)† (tied)', '0.5500 (1)']);
    await page.keyboard.press('Space');
    assert.equal(await heading.getAttribute('aria-sort'), 'none');
    assert.deepEqual(await scores(), unsorted);
    const loss = table.locator('thead th').nth(2);
    const losses = () => table.locator('tbody td:nth-child(3)').allTextContents();
    await loss.getByRole('button').click();
    assert.deepEqual(await losses(), ['0.0310 ± 0.0010 (3)', '0.0372 ± 0.0013 (3)', '–']);
    await loss.getByRole('button').click();
    assert.deepEqual(await losses(), ['0.0372 ± 0.0013 (3)', '0.0310 ± 0.0010 (3)', '–']);
    assert.equal(await page.locator('#table-wide thead button').count(), 0, 'one row has no order');
  });
});

// Label, two integers and five means over seeds.
const eightColumns = () => {
  const mean = (value, marks = {}) => ({ mean: value, std: 0.0153, n: 3, ...marks });
  const columns = [{ title: '', kind: 'text' }, { title: 'latent dimension', kind: 'integer' }, { title: 'epochs', kind: 'integer' },
    ...['reconstruction loss', 'public score', 'private score', 'accuracy', 'NMI'].map((title) =>
      ({ title, kind: 'estimate', precision: 4, best: title === 'private score' }))];
  const rows = ['AE1 + PCA(dim = 32)', 'AE2(64) + PCA(dim = 50) + t-SNE(dim = 2)', 'raw pixels + t-SNE(dim = 2)'].map((name, row) =>
    [name, 2048, 20, mean(0.04), mean(0.7), mean(0.71 + row / 100, { best: row === 2, tied: row === 1 }), mean(0.7), mean(0.3)]);
  return { name: 'eight', title: 'Eight columns', columns, rows };
};
const inSight = (locator) => locator.evaluate((cell) => {
  const [box, own] = [cell.closest('.scroll').getBoundingClientRect(), cell.getBoundingClientRect()];
  return own.left >= box.left - 1 && own.right <= box.right + 1;
});

test('a table of eight columns is whole on a desk, and no name of a method is broken', async () => {
  await withPage({ tables: [eightColumns()] }, { width: 1280 }, async (page) => {
    const [needed, room] = await page.locator('#table-eight .scroll').evaluate((box) => [box.scrollWidth, box.clientWidth]);
    assert.ok(needed <= room, `${needed} of ${room} pixels`);
    const parts = page.locator('#table-eight tbody th .unbroken');
    assert.deepEqual((await parts.allTextContents()).slice(2, 5), ['AE2(64)', 'PCA(dim = 50)', 't-SNE(dim = 2)']);
    assert.ok(await parts.evaluateAll((all) => all.every((part) => part.getClientRects().length === 1)));
  });
});

test('a phone shows the score beside the first column, and sorting by it needs no scrolling', async () => {
  await withPage({ tables: [eightColumns()], jobs: jobs(30) }, { width: 390, height: 844 }, async (page) => {
    const heading = page.locator('#table-eight thead th').nth(1);
    assert.match(await heading.textContent(), /^private score/);
    assert.ok(await inSight(heading));
    await heading.getByRole('button').click();
    await heading.getByRole('button').click();
    const cells = page.locator('#table-eight tbody td:nth-child(2)');
    assert.deepEqual(await cells.allTextContents(), ['0.7300 ± 0.0153 (3)', '0.7200 ± 0.0153 (3)† (tied)', '0.7100 ± 0.0153 (3)']);
    for (const cell of await cells.all()) assert.ok(await inSight(cell));
    const last = page.locator('#table-eight thead th').last();
    await last.getByRole('button').focus();
    await page.keyboard.press('Enter');
    assert.ok(await inSight(last), 'the column that was sorted by');
    assert.ok(await inSight(page.locator('#table-eight tbody td:last-child').first()));
  });
});

test('the first column of a wide table stays in sight', async () => {
  const wide = { name: 'w', title: 'w', columns: [{ title: '', kind: 'text' }, ...Array.from({ length: 12 }, (_, index) => ({ title: `c${index}`, kind: 'integer' }))],
    rows: [1, 2].map((row) => [`AE${row}`, ...Array(12).fill(row)]) };
  await withPage({ tables: [wide], jobs: jobs(30) }, { width: 390, height: 844 }, async (page) => {
    for (const box of ['#table-w .scroll', '.jobs .scroll']) {
      const first = page.locator(`${box} tbody tr > :first-child`).first();
      const before = (await first.boundingBox()).x;
      await page.locator(box).evaluate((element) => { element.scrollLeft = 200; });
      assert.ok(Math.abs((await first.boundingBox()).x - before) <= 1);
    }
  });
});

test('a page is no wider than a phone; what is wider scrolls in its box', async () => {
  await withPage(everything(), { width: 360, height: 740, touch: true }, async (page) => {
    await seeAll(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    const wide = page.locator('#table-wide .scroll');
    assert.ok(await wide.evaluate((box) => box.scrollWidth > 2 * box.clientWidth && box.clientWidth <= 360));
    await wide.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('#table-wide .scroll').scrollLeft > 0);
    assert.equal(await page.locator('nav details').getAttribute('open'), null);
  });
});

test('colours follow the system until one is chosen, and the choice stays', async () => {
  const file = writePage(everything());
  const background = (page, expected) => page.waitForFunction((colour) => getComputedStyle(document.body).backgroundColor === colour, expected);
  await withPage(null, { file }, async (page) => {
    await background(page, 'rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await background(page, 'rgb(18, 22, 27)');
    await page.getByRole('button', { name: 'Light colours' }).click();
    await background(page, 'rgb(255, 255, 255)');
    await page.reload();
    await background(page, 'rgb(255, 255, 255)');
  });
});

test('without storage the colours can be chosen all the same', async () => {
  const file = writePage({ sweep: 'a' });
  await withPage(null, { file }, async (page) => {
    await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } }));
    await page.reload();
    await page.getByRole('button', { name: 'Dark colours' }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  });
});

for (const dark of [false, true]) {
  test(`texts have a contrast of 4.5 and more (${dark ? 'dark' : 'light'})`, async () => {
    await withPage({ sweep: 'a' }, { dark }, async (page) => {
      const colours = await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement);
        return Object.fromEntries(['background', 'raised', 'stripe', 'warning', 'text', 'muted', 'accent', 'problem'].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
      });
      const luminance = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
      const contrast = (a, b) => {
        const [low, high] = [luminance(colours[a]), luminance(colours[b])].sort((x, y) => x - y);
        return (high + 0.05) / (low + 0.05);
      };
      const pairs = [['text', 'background'], ['text', 'raised'], ['text', 'stripe'], ['text', 'warning'], ['muted', 'background'], ['muted', 'raised'],
        ['accent', 'background'], ['accent', 'raised'], ['problem', 'background']];
      for (const [ink, paper] of pairs) assert.ok(contrast(ink, paper) >= 4.5, `${ink} on ${paper}: ${contrast(ink, paper).toFixed(2)}`);
    });
  });
}

test('headings go down a step at a time, and every control has a name', async () => {
  await withPage(everything(), {}, async (page) => {
    const levels = await page.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((heading) => Number(heading.tagName[1])));
    assert.equal(levels[0], 1);
    levels.slice(1).forEach((level, index) => assert.ok(level > 1 && level <= levels[index] + 1, levels.join(' ')));
    const nameless = await page.locator('button, input, select').evaluateAll((all) =>
      all.filter((control) => !control.textContent.trim() && !control.getAttribute('aria-label') && !control.labels?.length).map((control) => control.outerHTML));
    assert.deepEqual(nameless, []);
    for (const chart of await page.locator('.chart').all()) assert.ok((await chart.getAttribute('aria-label')).length > 20);
  });
});

test('a link with a fragment opens at its figure, and the navigation lists all', async () => {
  await withPage(everything(), { hash: '#figure-confusion' }, async (page) => {
    await page.waitForFunction(() => Math.abs(document.getElementById('figure-confusion').getBoundingClientRect().top) < 100);
    const links = await page.locator('nav a').evaluateAll((all) => all.map((link) => decodeURIComponent(link.hash.slice(1))));
    assert.equal(links.length, 3 + 3 + 9);
    for (const id of links) assert.equal(await page.locator(`[id="${id}"]`).count(), 1, id);
  });
});

test('a content without anything, and one with empty parts, are pages too', async () => {
  for (const content of [{}, { sweep: 'a', answer: [], overview: [], gaps: [], tables: [], jobs: { columns: [] }, figures: [] }]) {
    await withPage(content, {}, async (page) => {
      assert.equal(await page.locator('main p').textContent(), 'This report has no tables, jobs or figures yet.');
      assert.equal(await page.locator('nav').count(), 0);
    });
  }
  const parts = { jobs: { columns: [{ field: 'a', title: 'a', kind: 'text', levels: [], values: [] }] },
    figures: [{ name: 'x', title: 'x', kind: 'xy', panels: [] }, { name: 'y', title: 'y', kind: 'xy', panels: [{ series: [] }, { x: { log: true }, series: [{ points: [] }] }] },
      { name: 'b', title: 'b', kind: 'bars', categories: [], series: [] }, { name: 'h', title: 'h', kind: 'heatmap', rows: [], columns: [], values: [] },
      { name: 'i', title: 'i', kind: 'images', rows: [] }, { name: 'p', title: 'p', kind: 'parallel', axes: [{}], lines: [] }, { name: 'n', kind: null }, { name: 'n' }] };
  await withPage(parts, {}, async (page) => {
    await seeAll(page);
    assert.equal(await page.locator('[role=status]').textContent(), 'No job passes the filter');
  });
});

test('on paper everything is drawn in light colours, without controls', async () => {
  await withPage(everything(), { dark: true, width: 1000 }, async (page) => {
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
    assert.ok(await page.evaluate(() => [...document.querySelectorAll('.chart')].every((box) => box.querySelector('canvas'))));
    for (const control of ['nav', '.theme', '.zoom', '.condition', '.picker', '.pages button', '.arrow', 'summary']) assert.equal(await page.locator(control).first().isVisible(), false);
    assert.ok(await page.evaluate(() => [...document.querySelectorAll('canvas')].every((canvas) => canvas.getBoundingClientRect().right <= window.innerWidth)));
    assert.equal(await page.locator('.jobs-table tbody tr').count(), 300, 'not a page of them');
    assert.ok(await page.locator('.overview details dd').first().isVisible());
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    assert.equal(await page.locator('.jobs-table tbody tr').count(), 25);
    assert.equal(await page.locator('.overview details').getAttribute('open'), null);
  });
});

test('paper has the first 500 jobs and says that there are more', async () => {
  await withPage({ jobs: jobs(600) }, {}, async (page) => {
    await page.getByRole('button', { name: 'Next' }).click();
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    assert.equal(await page.locator('.jobs-table tbody tr').count(), 500);
    assert.equal(await page.locator('[role=status]').textContent(), '1–500 of 600 jobs; the page on a screen has the others.');
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    assert.equal(await page.locator('[role=status]').textContent(), '26–50 of 600 jobs');
  });
});

test('no table runs off the paper', async () => {
  const many = jobs(30);
  for (let index = 0; index < 8; ++index) many.columns.push({ field: `f${index}`, title: `reconstruction parameter ${index}`, kind: 'integer', values: Array(30).fill(1024) });
  const content = { ...everything(), jobs: many, figures: [] };
  await withPage(content, { width: 703 }, async (page) => {  // A4 without its margins
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    const rights = await page.locator('table').evaluateAll((all) => all.map((table) => table.getBoundingClientRect().right));
    assert.ok(rights.length > 2 && rights.every((right) => right <= 703), rights.join(' '));
  });
});

test('on paper a figure of many panels stays on one sheet with its heading', async () => {
  const panel = (_, number) => ({ title: `axis ${number}`, x: { title: 'x' }, y: { title: 'y' }, series: [{ name: 'jobs', color: 0, points: [[1, 2], [2, 1]] }] });
  for (const panels of [5, 9, 14]) {
    const figure = { name: 'slices', title: 'Score along each axis', kind: 'xy', panels: Array.from({ length: panels }, panel), caption: ['One.', 'Two.'] };
    await withPage({ figures: [figure] }, { width: 703 }, async (page) => {  // A4 without its margins
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      await page.emulateMedia({ media: 'print' });
      const { height } = await page.locator('.figure').boundingBox();
      assert.ok(height < 1010, `${panels} panels are ${height} pixels high`);
    });
  }
});

test('the page says nothing of when or where it was made: the same content gives the same file', () => {
  assert.deepEqual(readFileSync(writePage(everything())), readFileSync(writePage(everything())));
});

test('lines of prose break neither in front of a percent sign nor within 2-D', async () => {
  const panel = { title: 'PCA, 2-D', x: {}, y: {}, series: [], caption: ['accuracy 75.7 %'] };
  const content = {
    sweep: 's', answer: ['AE1 has 75.7 %: 2.0 percentage points more.'],
    tables: [{ name: 't', title: 'T', columns: [{ title: '', kind: 'text' }], rows: [['5 % of it']], foot: ['At the 5 % level.'] }],
    figures: [{ name: 'f', title: 'F', kind: 'xy', panels: [panel], caption: [] }],
  };
  await withPage(content, {}, async (page) => {
    const text = (selector) => page.locator(selector).first().evaluate((node) => node.textContent);
    assert.equal(await text('.answer .first'), 'AE1 has 75.7\u00a0%: 2.0 percentage points more.');
    assert.equal(await text('p.note:has-text("level")'), 'At the 5\u00a0% level.');
    assert.equal(await text('.panel h4'), 'PCA, 2\u2011D');
    assert.equal(await text('.panel .caption'), 'accuracy 75.7\u00a0%');
    assert.equal(await text('td:has-text("of it"), th:has-text("of it")'), '5 % of it');
  });
});
