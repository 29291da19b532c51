import { fixed, missing } from '../format.js';
import { inkOn, ramp } from '../palette.js';
import { element } from '../dom.js';
import { categoryAxis, grid, lettersIn, longestOf, mostLetters, namesUnder, textStyle } from './axis.js';
import { chartBox } from './chart.js';
import { numbers } from './numbers.js';
import { followMarks, tooltipLine, tooltipTitle } from './tooltip.js';

// A matrix of counts or fractions, the number in every cell.

const digitWidth = 6;  // pixels

function cells({ rows, columns, values }) {
  const all = [];
  rows.forEach((_, row) => columns.forEach((__, column) => {
    const value = values[row]?.[column];
    if (typeof value === 'number') all.push([column, row, value]);
  }));
  return all;
}

function range(all) {
  let [low, high] = [0, 0];
  for (const [, , value] of all) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low < high ? [low, high] : [low, low + 1];
}

function option(figure, theme, width) {
  const all = cells(figure);
  const [low, high] = range(all);
  const text = (value) => fixed(value, figure.precision ?? 0);
  const rowLetters = Math.min(longestOf(figure.rows), lettersIn(width / 2.5));
  const cell = (width - 50 - 6.5 * rowLetters) / Math.max(1, figure.columns.length);
  const roomy = Math.max(text(low).length, text(high).length) * digitWidth <= cell;
  return {
    animation: false, textStyle: textStyle(theme), grid,
    xAxis: categoryAxis(figure.columns, figure.column_title, theme, { every: true, ...namesUnder(figure.columns, cell) }),
    yAxis: categoryAxis(figure.rows, figure.row_title, theme, { inverse: true, every: true, letters: rowLetters }),
    visualMap: { type: 'continuous', show: false, min: low, max: high, inRange: { color: ramp(theme) } },
    series: [{
      type: 'heatmap',
      data: all.map((value) => ({ value, label: { color: inkOn(theme, (value[2] - low) / (high - low)) } })),
      label: { show: roomy, fontSize: cell < 32 ? 10 : 12, formatter: ({ value }) => text(value[2]) },
      itemStyle: { borderColor: theme.background, borderWidth: 1 },
    }],
  };
}

export function heatmapFigure(given) {
  const figure = { ...given, rows: given.rows ?? [], columns: given.columns ?? [], values: given.values ?? [] };
  const show = (value) => (typeof value === 'number' ? fixed(value, figure.precision ?? 0) : missing);
  const label = `${figure.title}. Heatmap of ${figure.rows.length} rows (${figure.row_title}) and ${figure.columns.length} columns (${figure.column_title})`;
  const box = chartBox(label, 'heatmap', (instance, theme, target) => {
    const draw = () => instance.setOption(option(figure, theme, target.clientWidth));
    draw();
    followMarks(instance, target, ({ value: [column, row, value] }) => [
      tooltipTitle(show(value)),
      tooltipLine(`${figure.row_title || 'row'}: ${figure.rows[row]}`),
      tooltipLine(`${figure.column_title || 'column'}: ${figure.columns[column]}`),
    ]);
    return { fit: draw };
  });
  // Names of columns that are wider than a cell are slanted and need height.
  const below = Math.min(longestOf(figure.columns), mostLetters);
  box.style.height = `${figure.rows.length * 32 + 70 + (below > 3 ? 5 * below : 0)}px`;
  box.style.maxWidth = `${figure.columns.length * 64 + 60 + Math.max(100, 6.5 * longestOf(figure.rows))}px`;
  return [
    element('div', {}, box),
    numbers(figure.title, () => ({
      head: ['', ...figure.columns],
      rows: figure.rows.map((row, index) => [row, ...figure.columns.map((_, column) => show(figure.values[index]?.[column]))]),
    })),
  ];
}
