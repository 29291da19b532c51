// In which order the points of a panel are drawn.

const cloudPoints = 250;  // from so many the series of a panel without lines take turns
const mostParts = 120;    // a panel is drawn in: each is a series for ECharts

// [{ series, from, to }]: which points of which series are drawn one after another. Series take turns, so that none hides the
// others by being last; each is drawn evenly from its first point to its last.
export function drawingOrder(seriesOfPanel) {
  const lengths = seriesOfPanel.map((series) => series.points.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const cloud = total >= cloudPoints && !seriesOfPanel.some((series) => series.line);
  const rounds = cloud ? Math.max(1, Math.min(Math.max(...lengths), Math.floor(mostParts / lengths.length))) : 1;
  const end = (series, round) => Math.max(0, Math.ceil((lengths[series] * round) / rounds - 0.5));
  const parts = [];
  for (let round = 0; round < rounds; ++round) {
    lengths.forEach((length, series) => {
      const [from, to] = [round === 0 ? 0 : end(series, round), round + 1 === rounds ? length : end(series, round + 1)];
      if (to > from || (round === 0 && length === 0)) parts.push({ series, from, to });
    });
  }
  return parts;
}
