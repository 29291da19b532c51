import { brief } from '../format.js';
import { hideTooltip, showTooltip, tooltipLine, tooltipTitle } from './tooltip.js';
import { element } from '../dom.js';

// Tells what lies under the pointer in the panels of a figure: the nearest point, its image and note; and where the same
// image lies in the other panels.

const reach = 24;  // pixels

function coordinate(axis, value) {
  const category = axis.categories?.[Math.round(value)];
  return category ?? brief(value);
}

function place(panel, [x, y]) {
  const [left, right] = [coordinate(panel.x, x), coordinate(panel.y, y)];
  if (panel.x.without_units || panel.y.without_units) return [`(${left}, ${right})`];
  return [`${panel.x.title || 'x'}: ${left}`, `${panel.y.title || 'y'}: ${right}`];
}

export class Pointer {
  #views = new Set();

  // sprite: a Sprite or null; choice: the figure's SeriesChoice; facts: its ImageFacts or null; filter: its ImageFilter.
  constructor({ sprite, choice, facts, filter }) {
    Object.assign(this, { sprite, choice, facts, filter });
    // A finger that leaves the glass leaves what it found; the next tap elsewhere takes it away.
    window.addEventListener('pointerdown', (event) => {
      if (![...this.#views].some(({ box }) => box.contains(event.target))) this.#clear();
    });
  }

  // Follows the pointer over a panel's chart; returns {refresh, dispose}: refresh after anything moved the points.
  attach(instance, box, points) {
    const ring = element('div', { class: 'ring', hidden: true });
    box.append(ring);
    const view = { instance, box, points, ring, transform: null };
    this.#views.add(view);
    const move = (event) => this.#move(view, event);
    const leave = (event) => { if (event.pointerType === 'mouse' || event.type === 'pointercancel') this.#clear(); };
    box.addEventListener('pointermove', move);
    box.addEventListener('pointerdown', move);
    box.addEventListener('pointerleave', leave);
    box.addEventListener('pointercancel', leave);
    return {
      refresh: () => {
        view.transform = null;
        this.#clear();
      },
      dispose: () => {
        ring.remove();
        this.#views.delete(view);
        box.removeEventListener('pointermove', move);
        box.removeEventListener('pointerdown', move);
        box.removeEventListener('pointerleave', leave);
        box.removeEventListener('pointercancel', leave);
      },
    };
  }

  #clear() {
    if ([...this.#views].some(({ ring }) => !ring.hidden)) hideTooltip();
    for (const { ring } of this.#views) ring.hidden = true;
  }

  #move(view, event) {
    const corner = view.box.getBoundingClientRect();
    const [left, top] = [event.clientX - corner.left, event.clientY - corner.top];
    view.transform ??= view.points.transform(view.instance);
    const point = view.transform && view.instance.containPixel({ gridIndex: 0 }, [left, top])
      ? view.points.nearest(left, top, view.transform, this.choice.hidden, reach, (image) => this.filter.shows(image)) : -1;
    if (point < 0) return this.#clear();
    const image = view.points.image(point);
    for (const other of this.#views) this.#mark(other, other === view ? point : image < 0 ? -1 : other.points.withImage(image));
    return showTooltip(event.clientX, event.clientY, this.#describe(view.points, point, image));
  }

  #mark(view, point) {
    view.ring.hidden = true;
    if (point < 0 || !this.filter.shows(view.points.image(point)) || this.choice.hidden.has(view.points.panel.series[view.points.series[point]].name)) return;
    view.transform ??= view.points.transform(view.instance);
    if (!view.transform) return;
    const [left, top] = view.points.pixel(point, view.transform);
    if (!view.instance.containPixel({ gridIndex: 0 }, [left, top])) return;
    view.ring.style.left = `${left}px`;
    view.ring.style.top = `${top}px`;
    view.ring.hidden = false;
  }

  #describe(points, point, image) {
    const series = points.panel.series[points.series[point]];
    const within = points.place[point];
    const crop = image >= 0 && this.sprite ? this.sprite.crop(image) : null;
    if (image >= 0 && this.facts) {
      const [title, ...lines] = this.facts.lines(image);
      return [crop, tooltipTitle(title), ...lines.map(tooltipLine), tooltipLine(series.notes?.[within])];
    }
    return [
      crop,
      tooltipTitle(series.name),
      tooltipLine(series.notes?.[within]),
      ...place(points.panel, series.points[within]).map(tooltipLine),
    ];
  }
}
