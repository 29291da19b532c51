#include "worker/points.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace latentgrid::worker {

namespace {

std::filesystem::path points_file(const TaskContext& context, const std::string& input) {
  const std::filesystem::path folder = context.input(input);
  const bool embedded = context.task().inputs.at(input).first == "reduce";
  return folder / (embedded ? "embedding.npy" : "latents.npy");
}

}  // namespace

Points::Points(const TaskContext& context, const std::string& input) : file_(points_file(context, input)) {
  auto file = [&] { return points_file(context, input).string(); };
  if (file_.header().shape.size() != 2) throw Error(fmt::format("{}: not a matrix", file()));
  const ConstMatrixRef points = matrix();
  if (all_finite(points)) return;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    if (points.row(i).allFinite()) continue;
    throw TaskError("diverged", fmt::format("{}: row {}, counted from 0, has values that are not finite", file(), i));
  }
}

}  // namespace latentgrid::worker
