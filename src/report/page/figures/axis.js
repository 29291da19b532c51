// What charts on a grid have in common.

export const textStyle = (theme) => ({ color: theme.text, fontFamily: theme.font, fontSize: 12 });

// The grid takes the whole box; axis labels and titles are kept inside it.
export const grid = { left: 6, right: 14, top: 10, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'all' };

const name = (axis, theme) => ({
  name: axis.title ?? '', nameLocation: 'middle', nameGap: 8, nameTextStyle: { color: theme.text, fontSize: 12 },
});

// A numeric axis. Categories are numbers 0, 1, ... with names: marks may lie between them.
export function numericAxis(axis, theme) {
  const categories = axis.categories?.length ? axis.categories : null;
  const lines = { axisLine: { lineStyle: { color: theme.muted } }, splitLine: { show: !categories && !axis.without_units, lineStyle: { color: theme.border } } };
  if (axis.without_units) return { type: 'value', scale: true, ...name(axis, theme), ...lines, axisLabel: { show: false }, axisTick: { show: false } };
  const label = { color: theme.muted, hideOverlap: true };
  if (!categories) return { type: axis.log ? 'log' : 'value', scale: true, ...name(axis, theme), ...lines, axisLabel: label };
  const places = categories.map((_, index) => index);
  return {
    type: 'value', min: -0.5, max: categories.length - 0.5, ...name(axis, theme), ...lines,
    axisTick: { show: true, customValues: places },
    axisLabel: { ...label, customValues: places, formatter: (value) => shorten(categories[value] ?? '') },
  };
}

export function categoryAxis(categories, title, theme, more = {}) {
  return {
    type: 'category', data: categories, ...name({ title }, theme), ...more,
    axisLine: { lineStyle: { color: theme.muted } }, axisTick: { show: false },
    axisLabel: { color: theme.muted, hideOverlap: true, formatter: shorten, ...more.axisLabel },
  };
}

// Long names would leave no room for the chart; the pointer shows them whole.
export function shorten(text, length = 24) {
  const characters = [...String(text)];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}
