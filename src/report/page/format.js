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

// `0.7170` and `± 0.0031 (3)`; of a single value `0.7170` and `(1)`. Tables of single values have no numbers of replicates.
export function estimateParts(cell, precision = 4) {
  const deviation = Number.isFinite(cell.std) ? `± ${cell.std.toFixed(precision)}` : '';
  const number = cell.n === undefined ? '' : `(${cell.n})`;
  return [cell.mean.toFixed(precision), [deviation, number].filter(Boolean).join(' ')];
}

export const count = (number) => number.toLocaleString('en-US');
