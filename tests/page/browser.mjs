// Opens pages in a headless Chromium, which needs nothing from the network.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before } from 'node:test';

const { chromium } = createRequire(join(process.env.LATENTGRID_PAGE_DRIVER, 'package.json'))('playwright-core');
const patience = 60_000;  // a slow machine with much else to do

const folder = mkdtempSync(join(tmpdir(), 'latentgrid-page-'));
let browser;
let pages = 0;

before(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium', timeout: patience,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
  });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

// The page of a content, written by latentgrid's own code.
export function writePage(content) {
  const name = join(folder, `page-${++pages}`);
  writeFileSync(`${name}.json`, JSON.stringify(content));
  execFileSync(process.env.LATENTGRID_PAGE_FIXTURE, [`${name}.json`, `${name}.html`]);
  return `${name}.html`;
}

// Calls act(page) with the content's page opened as a file. Throws for whatever the page complained about or fetched.
export async function withPage(content, options, act) {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    deviceScaleFactor: options.scale ?? 1,
    colorScheme: options.dark ? 'dark' : 'light', hasTouch: options.touch ?? false, acceptDownloads: true });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  const address = pathToFileURL(options.file ?? writePage(content)).href;
  page.on('request', (request) => {
    const url = request.url();
    if (url.split('#')[0] !== address && !url.startsWith('data:') && !url.startsWith('blob:')) complaints.push(`request: ${url}`);
  });
  try {
    await page.goto(address + (options.hash ?? ''));
    await act(page);
  } finally {
    await context.close();
  }
  if (complaints.length) throw new Error(complaints.join('\n'));
}
