import { element, idFor } from './dom.js';
import { startTheme, themeToggle } from './theme.js';
import { reportTable } from './tables.js';
import { jobsSection } from './jobs/view.js';
import { figureSection } from './figures/figure.js';

// Builds the page from the content that latentgrid wrote into it.

function facts(pairs) {
  if (!pairs.length) return null;
  return element('dl', { class: 'facts' }, pairs.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, String(value)))));
}

function gaps(sentences) {
  if (!sentences.length) return null;
  return element('section', { class: 'warning', 'aria-labelledby': 'gaps' },
    element('h2', { id: 'gaps' }, 'What is missing'),
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
  const wide = window.matchMedia('(min-width: 68rem)');
  const follow = () => { details.open = wide.matches; };
  follow();
  wide.addEventListener('change', follow);
  list.addEventListener('click', (event) => {
    if (event.target.closest('a') && !wide.matches) details.open = false;
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
    content.program ? element('p', { class: 'note' }, `Report by ${content.program}`) : null,
    facts(content.facts ?? []));
  const empty = parts.length ? null : element('p', {}, 'This report has no tables, jobs or figures yet.');
  document.getElementById('page').append(
    element('a', { class: 'skip', href: '#main' }, 'Skip to the report'), header, parts.length ? navigation(parts) : '',
    element('main', { id: 'main', tabindex: '-1' }, gaps(content.gaps ?? []), empty, parts.map((entry) => entry.section)));
  // The browser looked for the fragment before there was anything to find.
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) target.scrollIntoView();
}

startTheme();
build(JSON.parse(document.getElementById('content').textContent));
