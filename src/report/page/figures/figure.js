import { element, idFor } from '../dom.js';
import { barsFigure } from './bars.js';
import { heatmapFigure } from './heatmap.js';
import { imagesFigure } from './images.js';
import { parallelFigure } from './parallel.js';
import { xyFigure } from './xy.js';

// A figure's frame; its body by kind.

const bodies = { xy: xyFigure, bars: barsFigure, heatmap: heatmapFigure, images: imagesFigure, parallel: parallelFigure };

export function figureSection(figure) {
  const id = idFor('figure', figure.name);
  const title = figure.title || figure.name || 'Figure';
  const body = bodies[figure.kind]?.({ ...figure, title }) ?? [];
  const gaps = figure.gaps ?? [];
  const section = element('section', { id, class: 'block figure' },
    element('h3', {}, title), body,
    (figure.caption ?? []).map((sentence) => element('p', { class: 'note' }, sentence)),
    gaps.length ? element('ul', { class: 'gaps' }, gaps.map((sentence) => element('li', {}, sentence))) : null);
  return { id, title, section };
}
