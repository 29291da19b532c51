import { element } from '../dom.js';
import { count } from '../format.js';
import { colour, shape } from '../palette.js';
import { extentOf, grid, lettersIn, logarithmicTicks, numericAxis, roundRange, textStyle, wholeTicks } from './axis.js';
import { chartBox } from './chart.js';
import { drawingOrder } from './drawing_order.js';
import { ImageFacts } from './facts.js';
import { ImageFilter } from './image_filter.js';
import { legend, namedSeries, SeriesChoice } from './legend.js';
import { Pointer } from './pointer.js';
import { PanelPoints, placeOn } from './points.js';
import { Sprite } from './sprite.js';
import { dataZoom, Zoom } from './zoom.js';

// Scatter plots, curves and maps: one or several panels.

const manyPoints = 2000;  // then a series is drawn in one go
const mapMargin = 0.03;   // of the extent, on every side

function markSize(panel, total) {
  if (panel.series.some((series) => series.line)) return 5;
  return total > 20_000 ? 2 : total > 1000 ? 3.5 : total > 200 ? 5 : 7;
}

// The points of a part of a series that are shown, where the axes have them.
function shownPoints(series, panel, filter, { from, to }) {
  const part = series.points.slice(from, to);
  const points = filter.misclusteredOnly ? part.filter((_, place) => filter.shows(series.images?.[from + place] ?? -1)) : part;
  return panel.x.log || panel.y.log ? points.map(([x, y]) => [placeOn(panel.x, x), placeOn(panel.y, y)]) : points;
}

function chartSeries(series, part, panel, size, theme, filter) {
  const tint = colour(series.color, theme);
  const common = { name: series.name || undefined, data: shownPoints(series, panel, filter, part), symbol: shape(series.color), symbolSize: size, animation: false, silent: true, itemStyle: { color: tint } };
  if (!series.line) {
    return { ...common, type: 'scatter', large: series.points.length > manyPoints, largeThreshold: 1, progressive: 0, itemStyle: { color: tint, opacity: 0.8 } };
  }
  return { ...common, type: 'line', showSymbol: series.marks !== false, lineStyle: { color: tint, width: 1.75, type: series.dashed ? 'dashed' : 'solid' } };
}

// A band from y - spread to y + spread behind a line, of the line's name: the legend hides both.
function bandSeries(series, panel, theme) {
  if (!series.spreads || !series.line) return [];
  const edge = (sign) => series.points.map(([x, y], index) => [placeOn(panel.x, x), placeOn(panel.y, y + sign * series.spreads[index])])
    .filter((place) => place.every(Number.isFinite));
  const outline = [...edge(1), ...edge(-1).reverse()];
  return [{
    name: series.name || undefined, type: 'custom', silent: true, animation: false, clip: true, z: 1, data: outline,
    renderItem: (params, api) => (params.dataIndex > 0 ? null : {
      type: 'polygon', shape: { points: outline.map((place) => api.coord(place)) }, style: { fill: colour(series.color, theme), opacity: 0.16 },
    }),
  }];
}

const axisOf = (panel, which) => panel[which] ?? {};

// The axes' ranges at which a unit is as long on both, with every point inside.
function equalRanges(instance, points) {
  const [x, y] = [extentOf(points.x) ?? [0, 1], extentOf(points.y) ?? [0, 1]];
  const pixels = ['x', 'y'].map((axis) => {
    const scale = instance.getModel().getComponent(`${axis}Axis`).axis;
    return Math.abs(scale.toGlobalCoord(scale.getExtent()[1]) - scale.toGlobalCoord(scale.getExtent()[0]));
  });
  const unit = Math.max((x[1] - x[0]) / pixels[0], (y[1] - y[0]) / pixels[1], Number.MIN_VALUE) * (1 + 2 * mapMargin) || 1;
  const range = ([low, high], length) => ({
    min: (low + high) / 2 - (unit * length) / 2, max: (low + high) / 2 + (unit * length) / 2,
    axisLabel: { showMinLabel: false, showMaxLabel: false },
  });
  return { xAxis: range(x, pixels[0]), yAxis: range(y, pixels[1]) };
}

class PanelChart {
  constructor(figure, panel, shared) {
    this.figure = figure;
    this.panel = { ...panel, x: axisOf(panel, 'x'), y: axisOf(panel, 'y'), series: panel.series ?? [] };
    this.shared = shared;
    this.total = this.panel.series.reduce((sum, series) => sum + series.points.length, 0);
  }

  get label() {
    const { title, x, y, series } = this.panel;
    const names = namedSeries(series).map((one) => one.name);
    const what = series.some((one) => one.line) ? 'Curves' : 'Scatter plot';
    return [this.figure.title, title, `${what} of ${count(this.total)} points`,
      x.title || y.title ? `${x.title || 'no title'} across, ${y.title || 'no title'} upwards` : null,
      names.length ? `Series: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}` : null].filter(Boolean).join('. ');
  }

  // Points that a logarithmic axis can't show.
  get lost() {
    const { x, y, series } = this.panel;
    return series.reduce((sum, one) => sum + one.points.filter(([a, b]) => (x.log && a !== null && a <= 0) || (y.log && b !== null && b <= 0)).length, 0);
  }

  frame(theme) {
    if (!this.figure.equal_scale) return grid;
    const bare = this.panel.x.without_units && this.panel.y.without_units;
    return { ...grid, ...(bare ? { left: 1, right: 1, top: 1, bottom: 1 } : {}), show: true, borderColor: theme.border };
  }

  // Ticks of an axis ('x' or 'y') that has whole numbers; otherwise null.
  wholeTicks(points, which) {
    const { log, categories, without_units: bare } = this.panel[which];
    return this.figure.equal_scale || (which === 'y' && this.shared.upwards) || log || bare || categories?.length ? null : points.ticks(which);
  }

  axes(points, theme, box) {
    const { x, y } = this.panel;
    const upwards = this.shared.upwards;
    const shared = upwards && !y.log && !y.categories?.length ? roundRange(upwards) : null;
    const letters = lettersIn((box.clientWidth - 60) / (x.categories?.length || 1));
    return {
      xAxis: numericAxis(x, theme, { extent: extentOf(points.x), letters, ticks: this.wholeTicks(points, 'x') }),
      yAxis: { ...numericAxis(y, theme, { extent: upwards ?? extentOf(points.y), ticks: this.wholeTicks(points, 'y') }), ...shared },
    };
  }

  // What changes of the axes when they show `windows`: percents of them. Their ends are no round numbers then.
  zoomedAxes(instance, windows, points) {
    const parts = ['x', 'y'].map((which, index) => {
      const { start, end } = windows[index];
      const ticks = this.wholeTicks(points, which);
      const round = start <= 0 && end >= 100 && !this.figure.equal_scale;
      const { min, max } = instance.getOption()[`${which}Axis`][0];
      const ends = [start, end].map((percent) => min + ((max - min) * percent) / 100);
      if (this.panel[which].log && Number.isFinite(min)) return logarithmicTicks(ends);
      if (ticks) {
        const places = start <= 0 && end >= 100 ? ticks : wholeTicks(...ends);
        return { axisTick: { customValues: places }, axisLabel: { customValues: places } };
      }
      return { axisLabel: round ? { showMinLabel: null, showMaxLabel: null } : { showMinLabel: false, showMaxLabel: false } };
    });
    return { xAxis: parts[0], yAxis: parts[1] };
  }

  draw(instance, theme, box) {
    const { panel, shared } = this;
    const points = new PanelPoints(panel);
    const names = namedSeries(panel.series).map((one) => one.name);
    const size = markSize(panel, this.total);
    const parts = drawingOrder(panel.series);
    const bands = panel.series.flatMap((series) => bandSeries(series, panel, theme));
    instance.setOption({
      animation: false, textStyle: textStyle(theme), dataZoom: dataZoom(),
      grid: this.frame(theme),
      legend: { show: false, data: names, selected: shared.choice.selected(names) },
      ...this.axes(points, theme, box),
      series: [...bands, ...parts.map((part) => chartSeries(panel.series[part.series], part, panel, size, theme, shared.filter))],
    });
    // Twice: the first ranges may have longer labels, which leave less room.
    const level = () => { for (let time = 0; time < 2 && this.figure.equal_scale; ++time) instance.setOption(equalRanges(instance, points)); };
    level();
    shared.sprite?.load();
    const pointer = shared.pointer.attach(instance, box, points);
    const zoomed = (windows) => {
      instance.setOption(this.zoomedAxes(instance, windows, points));
      pointer.refresh();
    };
    const refilter = () => {
      instance.setOption({ series: [...bands.map(() => ({})), ...parts.map((part) => ({ data: shownPoints(panel.series[part.series], panel, shared.filter, part) }))] });
      pointer.refresh();
    };
    const undo = [shared.filter.onChange(refilter), shared.choice.drive(instance), shared.choice.onChange(pointer.refresh),
      shared.zoom.attach(instance, box, zoomed), pointer.dispose];
    return {
      fit: () => {
        instance.setOption(this.axes(points, theme, box));
        level();
        pointer.refresh();
      },
      dispose: () => undo.forEach((each) => each()),
    };
  }

  get element() {
    const { panel, lost } = this;
    const size = this.figure.equal_scale ? 'square' : this.figure.panels.length === 1 ? 'tall' : '';
    return element('div', { class: 'panel' },
      panel.title ? element('h4', {}, panel.title) : null,
      chartBox(this.label, size, (...drawn) => this.draw(...drawn)),
      element('div', { class: 'captions' }, (panel.caption ?? []).map((line) => element('p', { class: 'caption' }, line)),
        lost ? element('p', { class: 'caption' }, `${count(lost)} of ${count(this.total)} points are at or below 0: a logarithmic axis has no place for them.`) : null));
  }
}

export function xyFigure(figure) {
  const panels = figure.panels ?? [];
  const sprite = figure.sprite ? new Sprite(figure.sprite) : null;
  const choice = new SeriesChoice();
  const facts = figure.facts ? new ImageFacts(figure.facts) : null;
  const filter = new ImageFilter(facts);
  const upwards = figure.shared_y ? extentOf(panels.flatMap((panel) => [...new PanelPoints({ ...panel, x: axisOf(panel, 'x'), y: axisOf(panel, 'y'), series: panel.series ?? [] }).y])) : null;
  const shared = { sprite, choice, upwards, filter, zoom: new Zoom(), pointer: new Pointer({ sprite, choice, facts, filter }) };
  const count = panels.length <= 5 ? panels.length : panels.length <= 9 ? 'more' : 'many';
  return [
    element('div', { class: 'toolbar' }, legend(choice, panels.flatMap((panel) => panel.series ?? [])), filter.control(), shared.zoom.buttons()),
    element('div', { class: `panels panels-${count}${figure.equal_scale ? ' maps' : ''}` }, panels.map((panel) => new PanelChart({ ...figure, panels }, panel, shared).element)),
  ];
}
