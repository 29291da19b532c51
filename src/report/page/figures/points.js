import { extentOf, integerTicks } from './axis.js';

// All points of a panel where the axes have them, and which of them is nearest to the pointer.

// NaN: nowhere. A logarithmic axis has a number's logarithm.
export function placeOn(axis, value) {
  if (typeof value !== 'number') return NaN;
  return axis.log ? (value > 0 ? Math.log10(value) : NaN) : value;
}

export class PanelPoints {
  constructor(panel) {
    this.panel = panel;
    this.ticksOf = {};
    const total = panel.series.reduce((sum, series) => sum + series.points.length, 0);
    this.x = new Float64Array(total);
    this.y = new Float64Array(total);
    this.series = new Uint32Array(total);
    this.place = new Uint32Array(total);  // within its series
    let at = 0;
    panel.series.forEach((series, index) => series.points.forEach((point, within) => {
      this.x[at] = placeOn(panel.x, point[0]);
      this.y[at] = placeOn(panel.y, point[1]);
      this.series[at] = index;
      this.place[at++] = within;
    }));
  }

  // Ticks of an axis ('x' or 'y') where all points have whole numbers; otherwise null.
  ticks(which) {
    this.ticksOf[which] ??= integerTicks(this[which].filter((value) => value === value)) ?? false;
    return this.ticksOf[which] || null;
  }

  // Pixels are affine in these coordinates: {x: [factor, offset], y: ...} of a chart as it is drawn now, or null.
  transform(instance) {
    const along = (finder, values) => {
      const extent = extentOf(values);
      if (!extent) return null;
      const [low, high] = extent[0] < extent[1] ? extent : [extent[0], extent[0] + 1];
      const [from, to] = [low, high].map((value) => instance.convertToPixel(finder, value));
      const factor = (to - from) / (high - low);
      return Number.isFinite(factor) ? [factor, from - factor * low] : null;
    };
    const [x, y] = [along({ xAxisIndex: 0 }, this.x), along({ yAxisIndex: 0 }, this.y)];
    return x && y ? { x, y } : null;
  }

  pixel(point, { x, y }) {
    return [x[0] * this.x[point] + x[1], y[0] * this.y[point] + y[1]];
  }

  // The point nearest to a pixel, at most `reach` away, of a series that is shown and with an image that is; -1: none.
  nearest(left, top, transform, hidden, reach, showsImage = () => true) {
    const shown = this.panel.series.map((series) => !hidden.has(series.name));
    let best = -1;
    let least = reach * reach;
    for (let point = 0; point < this.x.length; ++point) {
      if (!shown[this.series[point]] || !showsImage(this.image(point))) continue;
      const [dx, dy] = [transform.x[0] * this.x[point] + transform.x[1] - left, transform.y[0] * this.y[point] + transform.y[1] - top];
      const squared = dx * dx + dy * dy;
      if (squared < least) [least, best] = [squared, point];
    }
    return best;
  }

  image(point) {
    const index = this.panel.series[this.series[point]].images?.[this.place[point]];
    return Number.isInteger(index) && index >= 0 ? index : -1;
  }

  // The point that shows an image; -1: none.
  withImage(image) {
    if (!this.byImage) {
      this.byImage = new Map();
      for (let point = 0; point < this.x.length; ++point) this.byImage.set(this.image(point), point);
    }
    return this.byImage.get(image) ?? -1;
  }
}
