import { element, idFor } from './dom.js';
import { startTheme, themeToggle } from './theme.js';
import { reportTable } from './tables.js';
import { jobsSection } from './jobs/view.js';
import { figureSection } from './figures/figure.js';

// Builds the page from the content that latentgrid wrote into it.

// Which setting is best, in a few sentences; the first says it.
function answer([first, ...others]) {
  if (!first) return null;
  return element('section', { class: 'answer', 'aria-label': 'Result' },
    element('p', { class: 'first' }, first), others.map((sentence) => element('p', {}, sentence)));
}

const entries = (some) => element('dl', {}, some.map(({ name, lines }) =>
  element('div', {}, element('dt', {}, name), (lines ?? []).map((line) => element('dd', {}, line)))));

const fewDetails = 8;  // a wide page shows them without being asked
const isWide = window.matchMedia('(min-width: 68rem)');

// What the sweep was made of.
function overview(all) {
  if (!all.length) return null;
  const details = all.filter(({ detail }) => detail);
  return element('section', { class: 'overview', 'aria-label': 'What was run' },
    entries(all.filter(({ detail }) => !detail)),
    details.length ? element('details', { open: isWide.matches && details.length <= fewDetails }, element('summary', {}, 'Settings that all jobs share, and layers'), entries(details)) : null);
}

function gaps(sentences) {
  if (!sentences.length) return null;
  return element('section', { class: 'warning', 'aria-labelledby': 'gaps' },
    element('h2', { id: 'gaps' }, 'Notes'),
    element('ul', {}, sentences.map((sentence) => element('li', {}, sentence))));
}

// A part of the page: its heading and blocks, and what the navigation lists of it.
function part(title, blocks) {
  if (!blocks.length) return null;
  const id = idFor('part', title);
  const entries = blocks.map((block) => ({ id: block.id, title: block.title }));
  return { id, title, entries, section: element('section', { id, 'aria-label': title }, element('h2', {}, title), blocks.map((block) => block.section)) };
}

function navigation(parts) {
  const link = (entry) => element('a', { href: `#${encodeURIComponent(entry.id)}` }, entry.title);
  const list = element('ul', {}, parts.map((entry) =>
    element('li', {}, link(entry),
      entry.entries.length > 1 ? element('ul', {}, entry.entries.map((inner) => element('li', {}, link(inner)))) : null)));
  const details = element('details', {}, element('summary', {}, 'Contents'), list);
  const follow = () => { details.open = isWide.matches; };
  follow();
  isWide.addEventListener('change', follow);
  list.addEventListener('click', (event) => {
    if (event.target.closest('a') && !isWide.matches) details.open = false;
  });
  return element('nav', { 'aria-label': 'Contents' }, details);
}

function build(content) {
  const sweep = content.sweep || 'latentgrid';
  document.title = `${sweep} · latentgrid`;
  const jobs = content.jobs?.columns?.length ? [jobsSection(content.jobs, sweep)] : [];
  const parts = [
    part('Tables', (content.tables ?? []).map(reportTable)),
    part('Jobs', jobs),
    part('Figures', (content.figures ?? []).map(figureSection)),
  ].filter(Boolean);
  const header = element('header', {},
    element('div', { class: 'title' }, element('h1', {}, sweep), themeToggle()),
    answer(content.answer ?? []), overview(content.overview ?? []),
    content.program ? element('p', { class: 'note' }, `Report by ${content.program}`) : null);
  const empty = parts.length ? null : element('p', {}, 'This report has no tables, jobs or figures yet.');
  document.getElementById('page').append(
    element('a', { class: 'skip', href: '#main' }, 'Skip to the report'), header, parts.length ? navigation(parts) : '',
    element('main', { id: 'main', tabindex: '-1' }, gaps(content.gaps ?? []), empty, parts.map((entry) => entry.section)));
  // The browser looked for the fragment before there was anything to find.
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) target.scrollIntoView();
}

// Paper shows what a click would.
let opened = [];
window.addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('.overview details:not([open]), details.note:not([open])')];
  for (const details of opened) details.open = true;
});
window.addEventListener('afterprint', () => { for (const details of opened) details.open = false; });

startTheme();
build(JSON.parse(document.getElementById('content').textContent));
