import { element, scrollBox } from '../dom.js';
import { brief, missing } from '../format.js';
import { colour, rampColour, themeColours } from '../palette.js';
import { onThemeChange } from '../theme.js';
import { extentOf, integerTicks, logTicks, roundTicks, shorten, textStyle } from './axis.js';
import { chartBox } from './chart.js';
import { followMarks, tooltipLine } from './tooltip.js';

// One line a job through its value on every axis, coloured by the last axis. Dragging along an axis picks a range of it.

const axisWidth = 96;  // pixels; more axes than the screen has room for scroll

const fewValues = 8;  // then they are the axis's ticks
const belowAxis = 0.15;  // of the axis

const valuesOf = (lines, place) => lines.map((line) => line[place]).filter((value) => typeof value === 'number');
const extent = (lines, place) => extentOf(valuesOf(lines, place));

// Where the ticks are; null: the chart's choice.
function ticksOf(values, log) {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length > 1 && distinct.length <= fewValues) return distinct;
  if (log && distinct[0] > 0 && distinct.length > 1) return logTicks([distinct[0], distinct.at(-1)]);
  return distinct.length > 1 ? integerTicks(distinct) : null;
}

// Where an axis's values lie. Lines without one pass below its lowest, at `none`: across the axis they would seem to have one.
function scaleOf(axis, dim, lines) {
  const values = valuesOf(lines, dim);
  const gaps = values.length < lines.length;
  if (axis.categories?.length) {
    return gaps ? { categories: ['none', ...axis.categories], place: (value) => (typeof value === 'number' ? value + 1 : 0) }
      : { categories: axis.categories, place: (value) => value };
  }
  const log = axis.log && values.every((value) => value > 0);
  const [low, high] = extentOf(values) ?? [1, 1];
  let ticks = ticksOf(values, log);
  if (!gaps) return { log, ticks, ends: ticks ? [ticks[0], ticks.at(-1)] : high > low ? null : [low - 1, low + 1], place: (value) => value };
  ticks ??= high > low ? roundTicks(low, high) : [low];
  const [first, last] = [Math.min(low, ticks[0]), Math.max(high, ticks.at(-1))];
  const none = log ? first / (last > first ? last / first : 10) ** belowAxis : first - belowAxis * (last - first || 1);
  return { log, ticks: [none, ...ticks], ends: [none, last], none, place: (value) => (typeof value === 'number' ? value : none) };
}

function parallelAxis(axis, dim, theme, { categories, log, ticks, ends, none }) {
  const common = {
    dim, name: shorten(axis.title || '', 18), nameLocation: 'end', nameTextStyle: { color: theme.text, fontSize: 12 },
    axisLine: { lineStyle: { color: theme.muted } }, axisTick: { lineStyle: { color: theme.muted } },
    areaSelectStyle: { width: 16, borderColor: theme.text, color: theme.muted, opacity: 0.3 },
  };
  const label = { color: theme.text, fontSize: 11, textBorderColor: theme.background, textBorderWidth: 2 };
  if (categories) return { ...common, type: 'category', data: categories, axisLabel: { ...label, formatter: (text) => shorten(text, 14) } };
  const range = ends ? { min: ends[0], max: ends[1] } : {};
  if (!ticks) return { ...common, type: 'value', scale: true, ...range, axisLabel: { ...label, formatter: brief } };
  const text = (value) => (none !== undefined && value < (none + ticks[1]) / 2 ? 'none' : brief(value));
  return { ...common, type: log ? 'log' : 'value', ...range, axisTick: { ...common.axisTick, customValues: ticks },
    axisLabel: { ...label, customValues: ticks, formatter: text } };
}

// The ramp without what is hardly seen on the page.
const lineRamp = (theme) => [0.2, 0.4, 0.6, 0.8, 1].map((fraction) => rampColour(theme, fraction));

function option({ axes, lines }, theme) {
  const last = axes.length - 1;
  const [low, high] = extent(lines, last) ?? [0, 1];
  const scales = axes.map((axis, dim) => scaleOf(axis, dim, lines));
  const opacity = Math.min(0.9, Math.max(0.05, 40 / Math.max(1, lines.length)));
  return {
    animation: false, textStyle: textStyle(theme),
    parallel: { left: 40, right: 60, top: 40, bottom: 20, layout: 'horizontal' },
    parallelAxis: axes.map((axis, dim) => parallelAxis(axis, dim, theme, scales[dim])),
    // Colours of single lines would carry an opacity with them, against that of lines that are not picked out.
    visualMap: {
      type: 'continuous', show: false, dimension: last, min: low, max: high > low ? high : low + 1,
      inRange: { color: lineRamp(theme) }, outOfRange: { color: colour(-1, theme) },
    },
    series: [{
      type: 'parallel', progressive: 500, inactiveOpacity: opacity / 40, activeOpacity: opacity, lineStyle: { width: 1.2, opacity },
      data: lines.map((line) => scales.map(({ place }, dim) => place(line[dim]))),
    }],
  };
}

const shown = (axis, value) => (typeof value !== 'number' ? missing : axis.categories?.[Math.round(value)] ?? brief(value));

const shortly = (axis, value) => shown(axis, Number(value.toPrecision(3)));

function colourBar({ axes, lines }) {
  const range = extent(lines, axes.length - 1);
  if (!range) return null;
  const axis = axes[axes.length - 1];
  const bar = element('span', { class: 'ramp', 'aria-hidden': 'true' });
  const paint = () => { bar.style.backgroundImage = `linear-gradient(90deg, ${lineRamp(themeColours()).join(', ')})`; };
  onThemeChange(paint);
  requestAnimationFrame(paint);
  return element('div', { class: 'colour-bar' }, `${axis.title || 'last axis'}: `, shortly(axis, range[0]), bar, shortly(axis, range[1]));
}

export function parallelFigure(given) {
  const figure = { ...given, axes: given.axes ?? [], lines: given.lines ?? [] };
  if (!figure.axes.length || !figure.lines.length) return [element('p', { class: 'note' }, 'There are no jobs to show here.')];
  const titles = figure.axes.map((axis) => axis.title || '');
  const box = chartBox(`${figure.title}. Parallel coordinates: ${figure.lines.length} lines through ${titles.join(', ')}`, 'parallel', (instance, theme, target) => {
    instance.setOption(option(figure, theme));
    followMarks(instance, target, ({ dataIndex }) => figure.lines[dataIndex]
      && figure.axes.map((axis, place) => tooltipLine(`${axis.title || place + 1}: ${shown(axis, figure.lines[dataIndex][place])}`)));
  });
  box.style.minWidth = `${figure.axes.length * axisWidth}px`;
  return [colourBar(figure), scrollBox(figure.title, box), element('p', { class: 'caption hint' }, 'Drag along an axis to pick out the lines through that range; click the axis to let them go.')];
}
