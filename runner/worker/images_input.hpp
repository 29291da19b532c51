#pragma once

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

}  // namespace latentgrid::worker
