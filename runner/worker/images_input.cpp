#include "worker/images_input.hpp"

namespace latentgrid::worker {

ImagesInput::ImagesInput(const TaskContext& context) : file_(context.input("images") / "images.npy") {
  const std::vector<std::int64_t>& shape = file_.header().shape;
  if (shape.size() != 4) throw TaskError("input", "images.npy doesn't have four dimensions");
  view_ = {file_.uint8s(), shape[0], shape[1], shape[2], shape[3]};
}

}  // namespace latentgrid::worker
