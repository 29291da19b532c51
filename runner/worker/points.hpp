#pragma once

#include <string>

#include "base/matrix.hpp"
#include "store/npy.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// One of the task's inputs, mapped: latents of encode, or the embedding of a reduction; one image a row.
class Points {
 public:
  // Throws TaskError("diverged") if a value is not finite, or too large for distances in float32; Error if the file is not a float32 matrix.
  explicit Points(const TaskContext& context, const std::string& input = "points");

  ConstMatrixRef matrix() const { return {file_.floats().data(), file_.header().shape[0], file_.header().shape[1]}; }

 private:
  NpyFile file_;
};

}  // namespace latentgrid::worker
