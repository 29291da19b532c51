#include "worker/points.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "methods/stages.hpp"

namespace latentgrid::worker {

namespace {

std::filesystem::path points_file(const TaskContext& context, const std::string& input) {
  return context.input(input) / find_stage(context.task().inputs.at(input).first).points;
}

// Squared distances between points that are no larger are finite in float32.
float largest_magnitude(Eigen::Index columns) {
  return static_cast<float>(std::sqrt(std::numeric_limits<float>::max() / (8.0 * static_cast<double>(columns))));
}

}  // namespace

Points::Points(const TaskContext& context, const std::string& input) : file_(points_file(context, input)) {
  auto file = [&] { return points_file(context, input).string(); };
  if (file_.header().shape.size() != 2) throw Error(fmt::format("{}: not a matrix", file()));
  const ConstMatrixRef points = matrix();
  if (!all_finite(points)) {
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      if (points.row(i).allFinite()) continue;
      throw TaskError("diverged", fmt::format("{}: row {}, counted from 0, has values that are not finite", file(), i));
    }
  }
  if (points.size() == 0) return;
  const float largest = points.cwiseAbs().maxCoeff();
  if (largest <= largest_magnitude(points.cols())) return;
  throw TaskError("diverged", fmt::format("{}: values reach {:.3g}, and float32 cannot hold the squared distances between such "
                                          "images; lower the learning_rate of the training before",
                                          file(), largest));
}

}  // namespace latentgrid::worker
