import { element } from '../dom.js';
import { colour, shape, themeColours } from '../palette.js';
import { onThemeChange } from '../theme.js';

// Which series of a figure are hidden, in all its panels at once; and the buttons that say so.

export class SeriesChoice {
  hidden = new Set();
  #listeners = new Set();

  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  toggle(name) {
    if (!this.hidden.delete(name)) this.hidden.add(name);
    for (const listener of this.#listeners) listener(name);
  }

  // For ECharts: {name: shown}.
  selected(names) {
    return Object.fromEntries(names.map((name) => [name, !this.hidden.has(name)]));
  }

  // Keeps an ECharts instance in step; returns what undoes that.
  drive(instance) {
    return this.onChange((name) => instance.dispatchAction({ type: this.hidden.has(name) ? 'legendUnSelect' : 'legendSelect', name }));
  }
}

// The named series, each once, with their colours.
export function namedSeries(series) {
  const byName = new Map();
  for (const one of series) if (one.name && !byName.has(one.name)) byName.set(one.name, one);
  return [...byName.values()];
}

// Buttons for two series or more; nothing otherwise.
export function legend(choice, series) {
  const named = namedSeries(series);
  if (named.length < 2) return null;
  const look = (one) => (one.line && one.marks === false ? `stroke ${one.dashed ? 'dashed' : ''}` : shape(one.color));
  const swatches = named.map((one) => element('span', { class: `swatch ${look(one)}`, 'aria-hidden': 'true' }));
  const paint = () => swatches.forEach((swatch, index) => { swatch.style.color = colour(named[index].color, themeColours()); });
  onThemeChange(paint);
  // The style sheet's colours can be asked for once the page is laid out.
  requestAnimationFrame(paint);
  return element('div', { class: 'legend', role: 'group', 'aria-label': 'Series shown' }, named.map((one, index) =>
    element('button', {
      type: 'button', 'aria-pressed': 'true',
      onclick: (event) => {
        choice.toggle(one.name);
        event.currentTarget.setAttribute('aria-pressed', String(!choice.hidden.has(one.name)));
      },
    }, swatches[index], one.name)));
}
