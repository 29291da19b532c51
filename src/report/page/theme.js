import { element } from './dom.js';

// Light or dark: what the system prefers, until the reader chooses. The choice is kept where the browser allows it
// (a page opened as a file may be refused any storage).

const key = 'latentgrid-theme';
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();
let chosen = stored();
let printing = false;

function stored() {
  try {
    const value = window.localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    window.localStorage.setItem(key, value);
  } catch {
    // Nothing to do: the choice holds for this page.
  }
}

const current = () => (printing ? 'light' : chosen ?? (systemDark.matches ? 'dark' : 'light'));

function apply() {
  if (document.documentElement.dataset.theme === current()) return;
  document.documentElement.dataset.theme = current();
  for (const listener of listeners) listener();
}

// Called after the page's colours changed.
export const onThemeChange = (listener) => listeners.add(listener);

export function themeToggle() {
  const button = element('button', {
    type: 'button',
    class: 'theme',
    onclick: () => {
      chosen = current() === 'dark' ? 'light' : 'dark';
      keep(chosen);
      apply();
    },
  });
  const label = () => {
    button.textContent = current() === 'dark' ? 'Light' : 'Dark';
    button.setAttribute('aria-label', current() === 'dark' ? 'Light colours' : 'Dark colours');
  };
  label();
  onThemeChange(label);
  return button;
}

export const startTheme = apply;

systemDark.addEventListener('change', apply);
// Paper is white. Modules that print something import this one, so their listeners come after these.
window.addEventListener('beforeprint', () => {
  printing = true;
  apply();
});
window.addEventListener('afterprint', () => {
  printing = false;
  apply();
});
