#include "score/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace latentgrid {

namespace {

using Counts = Eigen::Array<double, Eigen::Dynamic, 1>;

double entropy(const Counts& counts) {
  const double total = counts.sum();
  double sum = 0;
  for (double count : counts) {
    if (count > 0) sum -= count / total * (std::log(count) - std::log(total));
  }
  return sum;
}

}  // namespace

double adjusted_rand_index(const CountMatrix& contingency) {
  const Eigen::ArrayXXd table = contingency.cast<double>().array();
  const Counts rows = table.rowwise().sum(), columns = table.colwise().sum().transpose();
  return adjusted_rand_index(SquaredCounts{table.square().sum(), rows.square().sum(), columns.square().sum(), table.sum()});
}

double adjusted_rand_index(const SquaredCounts& squared) {
  // Ordered pairs of points: together in both, only in one, in neither.
  const double both = squared.cells - squared.total;
  const double only_rows = squared.rows - squared.cells, only_columns = squared.columns - squared.cells;
  const double neither = squared.total * squared.total - squared.cells - only_rows - only_columns;
  if (only_rows == 0 && only_columns == 0) return 1;
  return 2 * (both * neither - only_rows * only_columns) /
         ((both + only_rows) * (only_rows + neither) + (both + only_columns) * (only_columns + neither));
}

double normalized_mutual_information(const CountMatrix& contingency) {
  const Eigen::ArrayXXd table = contingency.cast<double>().array();
  const Counts rows = table.rowwise().sum(), columns = table.colwise().sum().transpose();
  if ((rows > 0).count() <= 1 && (columns > 0).count() <= 1) return 1;
  const double total = table.sum();
  double information = 0;
  for (Eigen::Index r = 0; r < table.rows(); ++r) {
    for (Eigen::Index c = 0; c < table.cols(); ++c) {
      if (table(r, c) == 0) continue;
      information += table(r, c) / total * (std::log(table(r, c) * total) - std::log(rows[r] * columns[c]));
    }
  }
  if (information <= std::numeric_limits<double>::epsilon()) return 0;
  // Rounding may leave equal partitions a little above 1.
  return std::min(information / ((entropy(rows) + entropy(columns)) / 2), 1.0);
}

}  // namespace latentgrid
