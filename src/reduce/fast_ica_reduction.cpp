#include <optional>
#include <string>

#include "reduce/fast_ica.hpp"
#include "reduce/reduction.hpp"

namespace latentgrid {

namespace {

FastIcaOptions fast_ica_options(const ReductionInput& input) {
  const Json& p = input.params;
  const std::string function = p.at("fun");
  return {.dim = p.at("dim"),
          .parallel = p.at("algorithm") == "parallel",
          .function = function == "exp" ? IcaFunction::exp : function == "cube" ? IcaFunction::cube : IcaFunction::logcosh,
          .max_iterations = p.at("max_iterations"),
          .tolerance = p.at("tolerance"),
          .seed = input.seed,
          .threads = input.threads};
}

class FastIcaReduction : public Reduction {
 public:
  explicit FastIcaReduction(const ReductionInput& input) : points_(input.points), options_(fast_ica_options(input)) {}

  std::int64_t reached() const override { return 0; }

  void run_until(std::int64_t, const Progress& progress) override {
    if (!found_) found_ = fast_ica(points_, options_, progress);
  }

  ReductionSnapshot snapshot(std::int64_t) override {
    ReductionSnapshot out;
    out.embedding = found_->embedding;
    out.record = {{"method", "fast_ica"}, {"iterations", found_->iterations}, {"converged", found_->converged}, {"directions", found_->directions}};
    return out;
  }

 private:
  ConstMatrixRef points_;
  FastIcaOptions options_;
  std::optional<FastIca> found_;
};

}  // namespace

std::unique_ptr<Reduction> make_fast_ica(const ReductionInput& input) { return std::make_unique<FastIcaReduction>(input); }

}  // namespace latentgrid
