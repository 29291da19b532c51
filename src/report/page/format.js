// Numbers as a reader sees them.

export const missing = '–';

// `precision` digits after the point, if given; a number that would be shown as 0 and is none is shown to two digits.
export function real(value, precision) {
  if (!Number.isFinite(value)) return missing;
  if (precision === undefined || precision === null) return String(value);
  const text = value.toFixed(precision);
  return value !== 0 && Number(text) === 0 ? String(Number(value.toPrecision(2))) : text;
}

// What stands under the pointer: six significant digits.
export const brief = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(6))) : missing);

// `0.7170` and `± 0.0031 (3)`; a single value stands alone.
export function estimateParts(cell, precision = 4) {
  const mean = cell.mean.toFixed(precision);
  if (!Number.isFinite(cell.std)) return [mean, ''];
  const number = cell.n === undefined ? '' : ` (${cell.n})`;
  return [mean, `± ${cell.std.toFixed(precision)}${number}`];
}

export const count = (number) => number.toLocaleString('en-US');
