import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { hostile, jobs } from './content.mjs';

const content = (number) => ({ sweep: 'sweep of jobs', jobs: jobs(number) });
const column = (name) => jobs(1).columns.findIndex((each) => each.title === name);
const cells = (page, name) => page.locator(`.jobs-table tbody td:nth-child(${column(name) + 1})`).allTextContents();
const header = (page, name) => page.locator('.jobs-table th').nth(column(name));
const status = (page) => page.locator('[role=status]').textContent();
const filterBy = async (page, text, expected) => {
  await page.getByLabel('Filter', { exact: true }).fill(text);
  await page.locator('[role=status]', { hasText: expected }).waitFor();
};

test('the first page of jobs is shown as the content has them', async () => {
  await withPage(content(300), {}, async (page) => {
    assert.equal(await status(page), '1–25 of 300 jobs');
    assert.equal(await page.locator('.jobs-table tbody tr').count(), 25);
    assert.deepEqual((await cells(page, 'architecture')).slice(0, 3), ['AE1', hostile, 'AE10']);
    assert.deepEqual((await cells(page, 'reduction')).slice(0, 3), ['pca', 't-SNE, 30', '–']);
    assert.equal((await cells(page, 'accuracy'))[10], '–');
    assert.match((await cells(page, 'accuracy'))[0], /^0\.\d{4}$/);
  });
});

test('a click on a heading sorts, another one turns it round, a third undoes it', async () => {
  const values = jobs(300).columns[column('accuracy')].values;
  const byNumber = values.filter((value) => value !== null).sort((a, b) => a - b).map((value) => value.toFixed(4));
  await withPage(content(300), {}, async (page) => {
    const accuracy = header(page, 'accuracy');
    assert.equal(await accuracy.getAttribute('aria-sort'), 'none');
    await accuracy.getByRole('button').click();
    assert.equal(await accuracy.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual(await cells(page, 'accuracy'), byNumber.slice(0, 25));
    await accuracy.getByRole('button').click();
    assert.equal(await accuracy.getAttribute('aria-sort'), 'descending');
    assert.deepEqual(await cells(page, 'accuracy'), byNumber.reverse().slice(0, 25));
    await page.getByRole('button', { name: 'Last' }).click();
    assert.equal((await cells(page, 'accuracy')).at(-1), '–');
    await accuracy.getByRole('button').click();
    assert.equal(await accuracy.getAttribute('aria-sort'), 'none');
    assert.deepEqual((await cells(page, 'architecture')).slice(0, 3), ['AE1', hostile, 'AE10']);
  });
});

test('the keyboard sorts, and the heading keeps the focus', async () => {
  await withPage(content(300), {}, async (page) => {
    const dimension = header(page, 'latent dimension');
    await dimension.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    assert.equal(await dimension.getAttribute('aria-sort'), 'descending');
    assert.deepEqual([...new Set(await cells(page, 'latent dimension'))], ['256']);
    assert.equal(await page.evaluate(() => document.activeElement.textContent.startsWith('latent dimension')), true);
  });
});

test('sorting by one column and then another orders equal rows by the first', async () => {
  await withPage(content(64), {}, async (page) => {
    await header(page, 'accuracy').getByRole('button').click();
    await header(page, 'architecture').getByRole('button').click();
    const shown = (await cells(page, 'accuracy')).slice(0, 10).map(Number);
    assert.deepEqual(new Set((await cells(page, 'architecture')).slice(0, 10)).size, 1);
    assert.deepEqual(shown, [...shown].sort((a, b) => a - b));
  });
});

test('the filter takes conditions and words and says what it does not understand', async () => {
  const { values } = jobs(300).columns[column('accuracy')];
  const good = values.filter((value) => value > 0.7).length;
  await withPage(content(300), {}, async (page) => {
    await filterBy(page, 'accuracy > 0.7', `of ${good} jobs (300 in all)`);
    for (const text of await cells(page, 'accuracy')) assert.ok(Number(text) >= 0.7, text);
    await filterBy(page, 'architecture = AE2', 'of 75 jobs (300 in all)');
    assert.deepEqual([...new Set(await cells(page, 'architecture'))], ['AE2']);
    await filterBy(page, 'architecture = AE2, latent_dim = 16 | 32', 'of 38 jobs (300 in all)');
    await filterBy(page, 'onerror', 'of 75 jobs');
    await filterBy(page, 'accuracy > 2', 'No job passes the filter (300 in all)');
    await filterBy(page, 'acuracy > 2', '1–25 of 300 jobs');
    await page.locator('[role=alert]', { hasText: 'column' }).waitFor();
    assert.equal(await page.locator('[role=alert]').textContent(), 'There is no column “acuracy”. Did you mean accuracy?');
    await filterBy(page, '', '1–25 of 300 jobs');
    await page.waitForFunction(() => document.querySelector('[role=alert]').textContent === '');
  });
});

test('a condition can be put together from lists', async () => {
  await withPage(content(300), {}, async (page) => {
    await page.getByLabel('Column', { exact: true }).selectOption('reduction');
    await page.getByLabel('Condition', { exact: true }).selectOption('=');
    assert.deepEqual(await page.locator('#condition-values option').evaluateAll((options) => options.map((option) => option.value)), ['pca', 't-SNE, 30']);
    await page.getByLabel('Value', { exact: true }).fill('t-SNE, 30');
    await page.getByRole('button', { name: 'Add' }).click();
    assert.equal(await page.getByLabel('Filter', { exact: true }).inputValue(), 'reduction = "t-SNE, 30"');
    assert.equal(await status(page), '1–25 of 100 jobs (300 in all)');
    assert.deepEqual([...new Set(await cells(page, 'reduction'))], ['t-SNE, 30']);
  });
});

test('pages are turned, and their length is chosen', async () => {
  await withPage(content(110), {}, async (page) => {
    const button = (name) => page.getByRole('button', { name, exact: true });
    assert.ok(await button('Previous').isDisabled());
    await button('Next').click();
    assert.equal(await status(page), '26–50 of 110 jobs');
    await button('Last').click();
    assert.equal(await status(page), '101–110 of 110 jobs');
    assert.ok(await button('Next').isDisabled());
    await page.getByLabel('Rows').selectOption('100');
    assert.equal(await status(page), '1–100 of 110 jobs');
    assert.equal(await page.locator('.jobs-table tbody tr').count(), 100);
  });
});

test('columns can be hidden, all but those that differ at once', async () => {
  await withPage(content(30), {}, async (page) => {
    await page.getByText('Columns', { exact: true }).click();
    await page.getByLabel('learning rate').uncheck();
    const titles = async () => (await page.locator('.jobs-table th').allTextContents()).map((text) => text.replace(/[▲▼↕]$/, ''));
    assert.deepEqual(await titles(), ['job', 'architecture', 'latent dimension', 'reduction', 'loss', 'accuracy', 'seed']);
    await page.getByRole('button', { name: 'Those that differ' }).click();
    assert.deepEqual(await titles(), ['job', 'architecture', 'latent dimension', 'learning rate', 'reduction', 'loss', 'accuracy']);
  });
});

test('columns that say nothing are hidden, named in one line, and can be chosen', async () => {
  const { columns } = jobs(30);
  columns.find(({ field }) => field === 'seed').hidden = 'same';
  columns.push({ field: 'latent', title: 'latent', kind: 'integer', values: columns[2].values, hidden: 'repeats' });
  await withPage({ sweep: 's', jobs: { columns } }, {}, async (page) => {
    const titles = async () => (await page.locator('.jobs-table th').allTextContents()).map((text) => text.replace(/[▲▼↕]$/, ''));
    const usual = ['job', 'architecture', 'latent dimension', 'learning rate', 'reduction', 'loss', 'accuracy'];
    assert.deepEqual(await titles(), usual);
    assert.equal(await page.locator('.jobs > .note').textContent(), 'The same for all 30 jobs: seed 0.');
    await page.getByText('Columns', { exact: true }).click();
    assert.equal(await page.locator('.picker').getByLabel('seed').isChecked(), false);
    await page.locator('.picker').getByLabel('seed').check();
    assert.deepEqual(await titles(), [...usual, 'seed']);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    assert.deepEqual(await titles(), [...usual, 'seed', 'latent']);
    await page.getByRole('button', { name: 'Usual' }).click();
    assert.deepEqual(await titles(), usual);
    await filterBy(page, 'seed = 0', '1–25 of 30 jobs');
  });
});

test('the filtered and sorted table is saved as CSV with the columns shown', async () => {
  const { columns } = jobs(300);
  await withPage(content(300), {}, async (page) => {
    await page.getByText('Columns', { exact: true }).click();
    await page.getByRole('button', { name: 'None' }).click();
    for (const title of ['job', 'architecture', 'accuracy']) await page.locator('.picker').getByLabel(title, { exact: true }).check();
    await filterBy(page, 'accuracy > 0.6, onerror', '(300 in all)');
    await page.locator('.jobs-table th').nth(2).getByRole('button').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
    assert.equal(download.suggestedFilename(), 'sweep_of_jobs-jobs.csv');
    const rows = columns[0].values.filter((row) => columns[column('accuracy')].values[row] > 0.6 && columns[1].values[row] === 3);
    rows.sort((a, b) => columns[column('accuracy')].values[a] - columns[column('accuracy')].values[b]);
    assert.ok(rows.length > 3);
    const expected = rows.map((row) => `${columns[0].levels[row]},"${hostile.replaceAll('"', '""')}",${columns[column('accuracy')].values[row]}`);
    assert.equal(readFileSync(await download.path(), 'utf8'), ['job,architecture,accuracy', ...expected, ''].join('\n'));
  });
});

test('100,000 jobs: the first page is shown; sorting, filtering and the last page work', async () => {
  const many = content(100_000);
  const known = many.jobs.columns[column('accuracy')].values.filter((value) => value !== null);
  await withPage(many, {}, async (page) => {
    assert.equal(await status(page), '1–25 of 100,000 jobs');
    await header(page, 'accuracy').getByRole('button').click();
    assert.equal((await cells(page, 'accuracy'))[0], known.reduce((a, b) => Math.min(a, b)).toFixed(4));
    await header(page, 'accuracy').getByRole('button').click();
    assert.equal((await cells(page, 'accuracy'))[0], known.reduce((a, b) => Math.max(a, b)).toFixed(4));
    await header(page, 'job').getByRole('button').click();
    assert.equal((await cells(page, 'job'))[0], '00000000');
    await filterBy(page, 'accuracy > 0.5, architecture = AE1', `of ${many.jobs.columns[0].values.filter((row) =>
      many.jobs.columns[column('accuracy')].values[row] > 0.5 && many.jobs.columns[1].values[row] === 0).length.toLocaleString('en-US')} jobs`);
    await page.getByRole('button', { name: 'Last' }).click();
    assert.match(await status(page), /\(100,000 in all\)$/);
  });
});
