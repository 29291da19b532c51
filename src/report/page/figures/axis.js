import { brief } from '../format.js';

// What charts on a grid have in common.

export const textStyle = (theme) => ({ color: theme.text, fontFamily: theme.font, fontSize: 12 });

// The grid takes the whole box; axis labels and titles are kept inside it.
export const grid = { left: 6, right: 14, top: 10, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'all' };

const name = (axis, theme) => ({
  name: axis.title ?? '', nameLocation: 'middle', nameGap: 8, nameTextStyle: { color: theme.text, fontSize: 12 },
});

// The least and the greatest finite number, or null where there is none.
export function extentOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

// 1, 2 and 5 times the powers of ten, the powers alone where there are many: from below `low` to above `high`, both positive.
export function logTicks([low, high]) {
  const steps = Math.log10(high / low) > 3 ? [1] : [1, 2, 5];
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; ++power) {
    for (const step of steps) ticks.push(Number(`${step}e${power}`));
  }
  const first = ticks.findLastIndex((tick) => tick <= low);
  const last = ticks.findIndex((tick) => tick >= high);
  return ticks.slice(first, Math.max(last, first + 1) + 1);
}

// Ticks at these numbers alone.
const ticksAt = (values, text, label) => ({
  axisTick: { show: true, customValues: values }, axisLabel: { ...label, customValues: values, formatter: text },
});

function withCategories(axis, theme, label, letters) {
  const places = axis.categories.map((_, index) => index);
  return { type: 'value', min: -0.5, max: axis.categories.length - 0.5, ...ticksAt(places, (value) => shorten(axis.categories[value] ?? '', letters), label) };
}

function roundStep(low, high) {
  const power = 10 ** Math.floor(Math.log10((high - low) / 5));
  return power * [1, 2, 5, 10].find((factor) => (high - low) / (power * factor) <= 6);
}

// From a round number at or below the one to one at or above the other.
export function roundRange([low, high]) {
  if (!(low < high)) return {};
  const step = roundStep(low, high);
  const round = (number) => Number((number * step).toPrecision(12));
  return { min: round(Math.floor(low / step)), max: round(Math.ceil(high / step)), interval: Number(step.toPrecision(12)) };
}

// About five round numbers between the two.
export function roundTicks(low, high) {
  const step = roundStep(low, high);
  const ticks = [];
  for (let number = Math.ceil(low / step); number * step <= high; ++number) ticks.push(Number((number * step).toPrecision(12)));
  return ticks;
}

const fewValues = 8;  // then they are the axis's ticks

// Ticks of an axis of whole numbers: these themselves where they are few and lie apart, otherwise about five, the least
// among them. null: not all are whole.
export function integerTicks(values) {
  if (!values.length || !values.every(Number.isInteger)) return null;
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const [low, high] = [distinct[0], distinct.at(-1)];
  const apart = distinct.every((value, place) => place === 0 || value - distinct[place - 1] >= (high - low) / 15);
  return distinct.length <= fewValues && apart ? distinct : wholeTicks(low, high);
}

// About five whole numbers between the two, the first of them among them unless it is close to the next.
export function wholeTicks(low, high) {
  const from = Math.ceil(low);
  const ticks = roundTicks(from, Math.max(high, from + 1)).filter((tick) => Number.isInteger(tick) && tick <= high);
  const step = ticks[1] - ticks[0];
  return ticks.length && from <= high && ticks[0] - from > step / 2 ? [from, ...ticks] : ticks;
}

const integerMargin = 0.04;  // of the range, so that marks at its ends are whole

function whole(ticks, [low, high], label) {
  const margin = (high - low) * integerMargin || 1;
  return { type: 'value', min: low - margin, max: high + margin, ...ticksAt(ticks, brief, label) };
}

// Ticks of a logarithmic axis, given by the logarithms of the numbers at its ends: the axis itself is one of logarithms, so
// that zooming takes equal parts of it.
export function logarithmicTicks([from, to]) {
  const ticks = to - from > 0.8 ? logTicks([10 ** from, 10 ** to]) : roundTicks(10 ** from, 10 ** to);
  const places = ticks.map(Math.log10);
  return { axisTick: { customValues: places }, axisLabel: { customValues: places } };
}

function logarithmic(extent, label) {
  const shown = { ...label, formatter: (value) => brief(10 ** value) };
  if (!extent) return { type: 'value', axisLabel: shown };
  const places = logTicks(extent.map((value) => 10 ** value)).map(Math.log10);
  return { type: 'value', min: places[0], max: places.at(-1), ...ticksAt(places, shown.formatter, label) };
}

// A numeric axis. Categories are numbers 0, 1, ... with names of so many letters: marks may lie between them. A
// logarithmic axis is one of decimal logarithms, `extent` theirs. `ticks`: of an axis of whole numbers.
export function numericAxis(axis, theme, { extent = null, letters = 24, ticks = null } = {}) {
  const hasCategories = axis.categories?.length > 0;
  const common = {
    scale: true, ...name(axis, theme), axisLine: { onZero: false, lineStyle: { color: theme.muted } },
    splitLine: { show: !hasCategories && !axis.without_units, lineStyle: { color: theme.border } },
  };
  if (axis.without_units) return { type: 'value', ...common, axisLine: { show: false }, axisLabel: { show: false }, axisTick: { show: false } };
  const label = { color: theme.muted, hideOverlap: true };
  if (hasCategories) return { ...common, ...withCategories(axis, theme, label, letters) };
  if (ticks && extent && !axis.log) return { ...common, ...whole(ticks, extent, label) };
  return axis.log ? { ...common, ...logarithmic(extent, label) } : { type: 'value', ...common, axisLabel: { ...label, formatter: brief } };
}

export function categoryAxis(categories, title, theme, { letters = 24, inverse = false, every = false, rotate = 0 } = {}) {
  return {
    type: 'category', data: categories, inverse, ...name({ title }, theme),
    axisLine: { lineStyle: { color: theme.muted } }, axisTick: { show: false },
    axisLabel: { color: theme.muted, hideOverlap: !every, interval: every ? 0 : 'auto', rotate, formatter: (text) => shorten(text, letters) },
  };
}

// How many letters stand in so many pixels.
export const lettersIn = (pixels) => Math.max(3, Math.floor(pixels / 6.5));

export const mostLetters = 24;  // of a name beside or below a chart
export const longestOf = (names) => Math.max(0, ...names.map((name) => [...String(name)].length));

// How names stand under columns of so many pixels: slanted where one would not fit, so that none is cut short.
export const namesUnder = (names, pixels) => ({ letters: mostLetters, rotate: longestOf(names) > lettersIn(pixels) ? 45 : 0 });

// Long names would leave no room for the chart; the pointer shows them whole.
export function shorten(text, letters) {
  const characters = [...String(text)];
  return characters.length > letters ? `${characters.slice(0, letters - 1).join('')}…` : characters.join('');
}
