import { element } from '../dom.js';
import { brief, missing } from '../format.js';
import { colour } from '../palette.js';
import { categoryAxis, grid, lettersIn, numericAxis, textStyle } from './axis.js';
import { chartBox } from './chart.js';
import { legend, namedSeries, SeriesChoice } from './legend.js';
import { numbers } from './numbers.js';
import { followMarks, tooltipLine, tooltipTitle } from './tooltip.js';

// Horizontal bars, the first category on top.

const tallest = 6000;  // pixels: browsers have a limit for a canvas

const areWhole = (series) => series.every(({ values }) => values.every((value) => typeof value !== 'number' || Number.isInteger(value)));

function option(figure, choice, theme, width) {
  const names = namedSeries(figure.series).map((series) => series.name);
  return {
    animation: false, textStyle: textStyle(theme), grid,
    legend: { show: false, data: names, selected: choice.selected(names) },
    xAxis: { ...numericAxis({ ...figure.values, log: false, categories: null }, theme), scale: false, minInterval: areWhole(figure.series) ? 1 : undefined },
    yAxis: categoryAxis(figure.categories, '', theme, { inverse: true, letters: lettersIn(width / 3) }),
    series: figure.series.map((series) => ({
      type: 'bar', name: series.name || undefined, data: series.values, stack: figure.stacked ? 'all' : undefined, barMaxWidth: 24,
      barCategoryGap: '25%', barGap: '0%', itemStyle: { color: colour(series.color, theme) },
    })),
  };
}

export function barsFigure(given) {
  const figure = { ...given, series: given.series ?? [], categories: given.categories ?? [] };
  const choice = new SeriesChoice();
  const title = figure.values?.title || 'value';
  const label = `${figure.title}. Bar chart of ${title} for ${figure.categories.length} categories`;
  const box = chartBox(label, 'bars', (instance, theme, target) => {
    const draw = () => instance.setOption(option(figure, choice, theme, target.clientWidth));
    draw();
    followMarks(instance, target, ({ seriesIndex, dataIndex }) => [
      tooltipTitle(figure.categories[dataIndex]),
      tooltipLine(`${figure.series[seriesIndex].name || title}: ${brief(figure.series[seriesIndex].values[dataIndex] ?? NaN)}`),
    ]);
    return { fit: draw, dispose: choice.drive(instance) };
  });
  const lanes = figure.stacked ? 1 : Math.max(1, figure.series.length);
  box.style.height = `${Math.min(tallest, figure.categories.length * (lanes * 14 + 12) + 70)}px`;
  const bars = legend(choice, figure.series);
  return [
    bars ? element('div', { class: 'toolbar' }, bars) : null,
    box,
    numbers(figure.title, () => ({
      head: ['', ...figure.series.map((series) => series.name || title)],
      rows: figure.categories.map((category, row) => [category, ...figure.series.map((series) => {
        const value = series.values[row];
        return typeof value === 'number' ? brief(value) : missing;
      })]),
    })),
  ];
}
