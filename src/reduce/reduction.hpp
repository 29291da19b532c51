#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/array.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/matrix.hpp"
#include "neighbors/services.hpp"

namespace latentgrid {

// The optimization left the finite numbers.
class DivergedError : public Error {
 public:
  using Error::Error;
};

// What a reduction leaves at one extent (a dimension of PCA, an iteration count of t-SNE).
struct ReductionSnapshot {
  MatrixRf embedding;                   // points × dim
  std::map<std::string, Array> arrays;  // other results, and what a later run goes on from
  Json state;                                      // scalars that a later run goes on from; null if nothing can go on
  Json metrics = Json::object();                   // scalars for the results table
  Json record = Json::object();                    // what was chosen on the way
};

struct ReductionInput {
  ConstMatrixRef points;
  Json params;  // of the method (methods/), extent left out
  std::int64_t seed = 0;
  int threads = 1;
  Services* services = &Services::own();
};

// One family being computed: a run that passes through all of its extents in ascending order. Not thread-safe.
class Reduction {
 public:
  // done of total
  using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

  virtual ~Reduction() = default;

  // Where the run stands: the largest extent reached, 0 at the start.
  virtual std::int64_t reached() const = 0;
  // Continues up to `extent`. `progress` may throw to interrupt; checkpoint() then holds what was reached. Throws
  // DivergedError.
  virtual void run_until(std::int64_t extent, const Progress& progress) = 0;
  // The results at `extent`, which must not lie beyond reached().
  virtual ReductionSnapshot snapshot(std::int64_t extent) = 0;

  // Of kernels whose numbers don't depend on it; may be called between two steps, from `progress`.
  virtual void set_threads(int) {}

  // Continuing from a snapshot gives the same bits as never having stopped. Only where can_resume().
  virtual bool can_resume() const { return false; }
  virtual ReductionSnapshot checkpoint() { throw Error("this reduction keeps no checkpoints"); }
  virtual void resume(const ReductionSnapshot&) { throw Error("this reduction keeps no checkpoints"); }
};

// By the method's name (methods/methods.hpp). The points must outlive the result. Throws Error for an unknown name or
// parameters that don't fit the points.
std::unique_ptr<Reduction> make_reduction(std::string_view method, const ReductionInput& input);

}  // namespace latentgrid
