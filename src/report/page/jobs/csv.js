// RFC 4180, as latentgrid's own .csv files: numbers in full, line feeds, an empty field for no value.

function field(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// The given rows of the columns, in that order.
export function toCsv(columns, rows) {
  const lines = [columns.map((column) => field(column.field ?? column.title)).join(',')];
  for (const row of rows) {
    lines.push(columns.map((column) => {
      const value = column.value(row);
      return value === null ? '' : field(String(value));
    }).join(','));
  }
  return lines.join('\n') + '\n';
}
