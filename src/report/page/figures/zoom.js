import { element } from '../dom.js';

// Zooming of a chart with two axes. While it shows everything, wheel and fingers scroll the page, and the wheel with Ctrl
// zooms; once zoomed in, wheel and pinch zoom, and dragging moves.

const whole = { start: 0, end: 100 };
const narrowest = 0.01;  // percent of the axis
const wheelFactor = 0.8;

// ECharts' own gestures would keep the wheel from the page even where they do nothing: they are off while all is shown.
export const dataZoom = () => ['x', 'y'].map((axis) => ({
  id: `zoom-${axis}`, type: 'inside', [`${axis}AxisIndex`]: 0, filterMode: 'none', disabled: true, moveOnMouseWheel: false,
}));

export class Zoom {
  #instances = new Set();

  // changed(windows): {start, end} in percent of the x and the y axis. Returns what undoes it.
  attach(instance, box, changed) {
    let zoomed = false;
    const follow = () => {
      const windows = this.#windows(instance);
      const now = windows.some(({ start, end }) => start > 0.001 || end < 99.999);
      if (now !== zoomed) {
        zoomed = now;
        instance.setOption({ dataZoom: ['x', 'y'].map((axis) => ({ id: `zoom-${axis}`, disabled: !zoomed })) });
      }
      changed(windows);
    };
    const wheel = (event) => {
      if (!event.ctrlKey || zoomed) return;
      event.preventDefault();
      if (event.deltaY < 0) this.#scale(instance, wheelFactor, this.#place(instance, box, event));
    };
    instance.on('datazoom', follow);
    box.addEventListener('wheel', wheel, { passive: false });
    this.#instances.add(instance);
    return () => {
      box.removeEventListener('wheel', wheel);
      this.#instances.delete(instance);
    };
  }

  #windows(instance) {
    return instance.getOption().dataZoom.map(({ start, end }) => ({ start, end }));
  }

  // Where the pointer is within the grid: fractions from the left and from the bottom.
  #place(instance, box, event) {
    const corner = box.getBoundingClientRect();
    const rect = instance.getModel().getComponent('grid').coordinateSystem.getRect();
    const inside = (value) => Math.min(Math.max(value, 0), 1);
    return [inside((event.clientX - corner.left - rect.x) / rect.width), inside(1 - (event.clientY - corner.top - rect.y) / rect.height)];
  }

  // Shows `factor` times as much of both axes; what is at `place` stays there.
  #scale(instance, factor, place = [0.5, 0.5]) {
    this.#set(instance, this.#windows(instance).map(({ start, end }, axis) => {
      const length = Math.max(narrowest, Math.min(100, factor * (end - start)));
      const from = Math.min(Math.max(start + (end - start - length) * place[axis], 0), 100 - length);
      return { start: from, end: from + length };
    }));
  }

  #set(instance, windows) {
    instance.dispatchAction({ type: 'dataZoom', batch: windows.map((window, index) => ({ dataZoomIndex: index, ...window })) });
  }

  buttons() {
    const button = (text, label, act) => element('button', {
      type: 'button', 'aria-label': label, title: label, onclick: () => this.#instances.forEach(act),
    }, text);
    return element('div', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' },
      button('+', 'Zoom in', (instance) => this.#scale(instance, 0.5)),
      button('−', 'Zoom out', (instance) => this.#scale(instance, 2)),
      button('Reset', 'Show everything', (instance) => this.#set(instance, [whole, whole])));
  }
}
