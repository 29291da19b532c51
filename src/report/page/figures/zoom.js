import { element } from '../dom.js';

// Zooming of a chart with two axes. The wheel alone scrolls the page, with Ctrl it zooms; once zoomed in, wheel and pinch
// zoom, and dragging moves. So a finger can scroll past a chart that shows everything.

const whole = { start: 0, end: 100 };
const narrowest = 0.01;  // percent of the axis

export const dataZoom = () => ['x', 'y'].map((axis) => ({
  id: `zoom-${axis}`, type: 'inside', [`${axis}AxisIndex`]: 0, filterMode: 'none', ...gestures(false),
}));

const gestures = (zoomed) => ({ zoomOnMouseWheel: zoomed ? true : 'ctrl', moveOnMouseMove: zoomed, moveOnMouseWheel: false });

export class Zoom {
  #instances = new Set();

  // Returns what undoes it.
  attach(instance, changed) {
    let zoomed = false;
    const follow = () => {
      const now = this.#windows(instance).some(({ start, end }) => start > 0.001 || end < 99.999);
      if (now !== zoomed) {
        zoomed = now;
        instance.setOption({ dataZoom: ['x', 'y'].map((axis) => ({ id: `zoom-${axis}`, ...gestures(zoomed) })) });
      }
      changed();
    };
    instance.on('datazoom', follow);
    this.#instances.add(instance);
    return () => this.#instances.delete(instance);
  }

  #windows(instance) {
    return instance.getOption().dataZoom.map(({ start, end }) => ({ start, end }));
  }

  // Shows `factor` times as much of every axis, about its middle.
  #scale(factor) {
    for (const instance of this.#instances) {
      this.#set(instance, this.#windows(instance).map(({ start, end }) => {
        const half = Math.max(narrowest, Math.min(50, (factor * (end - start)) / 2));
        const middle = Math.min(Math.max((start + end) / 2, half), 100 - half);
        return { start: middle - half, end: middle + half };
      }));
    }
  }

  #set(instance, windows) {
    instance.dispatchAction({ type: 'dataZoom', batch: windows.map((window, index) => ({ dataZoomIndex: index, ...window })) });
  }

  buttons() {
    const button = (text, label, act) => element('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, text);
    return element('div', { class: 'zoom', role: 'group', 'aria-label': 'Zoom' },
      button('+', 'Zoom in', () => this.#scale(0.5)),
      button('−', 'Zoom out', () => this.#scale(2)),
      button('Reset', 'Show everything', () => this.#instances.forEach((instance) => this.#set(instance, [whole, whole]))));
  }
}
