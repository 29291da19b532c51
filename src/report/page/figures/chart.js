import { element } from '../dom.js';
import { onThemeChange } from '../theme.js';
import { themeColours } from '../palette.js';
import { init } from './echarts.js';

// A box that holds a chart once it has been scrolled into view. A report may have hundreds of charts: those that were seen
// longest ago are given back.

const mostLive = 60;
const live = new Map();  // box -> its chart, the one seen longest ago first
const drawers = new Map();
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    target.near = isIntersecting;
    if (isIntersecting) show(target);
  }
}, { rootMargin: '400px' });
const resizes = new ResizeObserver((entries) => {
  for (const { target } of entries) live.get(target)?.fit();
});

function show(box) {
  const chart = live.get(box) ?? create(box);
  if (!chart) return;
  live.delete(box);
  live.set(box, chart);
  for (const [old] of live) {
    if (live.size <= mostLive) break;
    if (!old.near) remove(old);
  }
}

function create(box) {
  if (!box.clientWidth || !box.clientHeight) return null;
  const instance = init(box.canvas, null, { renderer: 'canvas', width: box.clientWidth, height: box.clientHeight });
  const drawing = drawers.get(box)(instance, themeColours(), box) ?? {};
  resizes.observe(box);
  return {
    fit: () => {
      const [width, height] = [box.clientWidth, box.clientHeight];
      if (!width || !height || (width === instance.getWidth() && height === instance.getHeight())) return;
      instance.resize({ width, height });
      drawing.fit?.();
    },
    flush: () => instance.getZr().flush(),
    dispose: () => {
      drawing.dispose?.();
      instance.dispose();
    },
  };
}

function remove(box) {
  resizes.unobserve(box);
  live.get(box)?.dispose();
  live.delete(box);
}

onThemeChange(() => {
  const boxes = [...live.keys()];
  boxes.forEach(remove);
  for (const box of boxes) if (box.near) show(box);
});

// Paper has no scrolling: everything is drawn before the page is printed.
window.addEventListener('beforeprint', () => {
  for (const box of drawers.keys()) {
    const chart = live.get(box) ?? create(box);
    if (!chart) continue;
    live.set(box, chart);
    chart.fit();
    chart.flush();
  }
});

// draw(instance, theme, box) sets the chart's option; it may return {fit, dispose}: called after the box's size changed,
// and before the chart goes. `label` is read out in place of the picture.
export function chartBox(label, className, draw) {
  const box = element('div', { class: `chart ${className ?? ''}`, role: 'img', 'aria-label': label });
  box.canvas = element('div', { class: 'canvas' });
  box.append(box.canvas);
  drawers.set(box, draw);
  observer.observe(box);
  return box;
}
