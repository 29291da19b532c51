#include "worker/points.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace latentgrid::worker {

namespace {

std::filesystem::path points_file(const TaskContext& context) {
  const bool embedded = context.task().inputs.at("points").first == "reduce";
  return context.input("points") / (embedded ? "embedding.npy" : "latents.npy");
}

}  // namespace

Points::Points(const TaskContext& context) : file_(points_file(context)) {
  if (file_.header().shape.size() != 2) throw Error(fmt::format("{}: not a matrix", points_file(context).string()));
  const ConstMatrixRef points = matrix();
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    if (points.row(i).allFinite()) continue;
    throw TaskError("diverged",
                    fmt::format("{}: the values of image {} are not finite", points_file(context).string(), i));
  }
}

}  // namespace latentgrid::worker
