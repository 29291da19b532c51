// Numbers as a reader sees them.

export const missing = '–';

// With so many digits after the point. A number is the shortest decimal one that reads back as it, and a half is rounded away
// from zero, as the program does it in its texts (base/decimal.hpp).
export function fixed(value, precision) {
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const length = Number(exponent) + 1 + precision;  // of what is kept
  let kept = BigInt(digits.slice(0, Math.max(length, 0)).padEnd(length, '0') || '0');
  if (length >= 0 && digits[length] >= '5') kept += 1n;
  const text = String(kept).padStart(precision + 1, '0');
  const point = text.length - precision;
  return `${value < 0 ? '-' : ''}${text.slice(0, point)}${precision > 0 ? '.' : ''}${text.slice(point)}`;
}

// `precision` digits after the point, if given; a number that would be shown as 0 and is none is shown to two digits.
export function real(value, precision) {
  if (!Number.isFinite(value)) return missing;
  if (precision === undefined || precision === null) return String(value);
  const text = fixed(value, precision);
  return value !== 0 && Number(text) === 0 ? String(Number(value.toPrecision(2))) : text;
}

// What stands under the pointer: six significant digits.
export const brief = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(6))) : missing);

// `0.7170` and `± 0.0031 (3)`; of a single value `0.7170` and `(1)`. Tables of single values have no numbers of replicates.
export function estimateParts(cell, precision = 4) {
  const deviation = Number.isFinite(cell.std) ? `± ${fixed(cell.std, precision)}` : '';
  const number = cell.n === undefined ? '' : `(${cell.n})`;
  return [fixed(cell.mean, precision), [deviation, number].filter(Boolean).join(' ')];
}

export const count = (number) => number.toLocaleString('en-US');
