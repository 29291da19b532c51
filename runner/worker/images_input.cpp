#include "worker/images_input.hpp"

#include <fmt/format.h>

#include "methods/artifact_files.hpp"

namespace latentgrid::worker {

ImagesInput::ImagesInput(const TaskContext& context) : file_(context.input("images") / images_file) {
  const std::vector<std::int64_t>& shape = file_.header().shape;
  if (shape.size() != 4) throw TaskError("input", fmt::format("{} doesn't have four dimensions", images_file));
  view_ = {file_.uint8s(), shape[0], shape[1], shape[2], shape[3]};
}

}  // namespace latentgrid::worker
