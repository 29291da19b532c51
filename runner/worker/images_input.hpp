#pragma once

#include <vector>

#include "data/image_view.hpp"
#include "store/npy.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// The task's input "images", mapped.
class ImagesInput {
 public:
  explicit ImagesInput(const TaskContext& context);
  const ImageView& view() const { return view_; }

 private:
  NpyFile file_;
  ImageView view_;
};

// The parameter "images" of a task that does `what` to some: distinct and ascending indices. Throws TaskError unless they are these.
std::vector<std::int64_t> chosen_images(const protocol::Run& task, const ImageView& images, const char* what);

// In that order, H×W×C each.
std::vector<std::uint8_t> pixels_of(const ImageView& images, std::span<const std::int64_t> chosen);

}  // namespace latentgrid::worker
