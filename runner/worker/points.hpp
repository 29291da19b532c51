#pragma once

#include "base/matrix.hpp"
#include "store/npy.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// The task's input "points", mapped: latents of encode, or the embedding of an earlier reduction; one image a row.
class Points {
 public:
  // Throws TaskError("diverged") if a value is not finite, Error if the file is not a float32 matrix.
  explicit Points(const TaskContext& context);

  ConstMatrixRef matrix() const { return {file_.floats().data(), file_.header().shape[0], file_.header().shape[1]}; }

 private:
  NpyFile file_;
};

}  // namespace latentgrid::worker
