#include "methods/training.hpp"

namespace latentgrid {

namespace {

std::vector<Problem> problems(const Json& params, const PointsSize& images) {
  std::vector<Problem> found = problems_with_options(params, images);
  for (const char* weight : {"invariance_weight", "variance_weight", "covariance_weight"}) {
    if (params.at(weight) != 0) return found;
  }
  found.push_back({.parameter = "invariance_weight", .message = "all three weights are 0, so that there is nothing to learn", .hint = "leave them out for the paper's: 25, 25 and 1"});
  return found;
}

}  // namespace

MethodSpec vicreg_training() {
  using namespace param;
  MethodSpec method = training_on_views(
      {real("invariance_weight", 25.0, 0, "weight of the mean squared difference between the views of an image"),
       real("variance_weight", 25.0, 0, "weight of what the standard deviation of each value over a batch lacks to 1"),
       real("covariance_weight", 1.0, 0, "weight of the squared covariances between different values"),
       at_most(integer("expander_dim", 512, 1, "values that the expander, three layers behind the encoder, makes of an image; 8192 in the paper"), 65536)});
  method.name = "vicreg";
  method.display_name = "VICReg";
  method.doc = "an encoder alone, trained so that two augmented views of an image come out alike while the values over a batch keep their variance and do not repeat each other; no image is to be told from another, so that small batches will do";
  method.source = "Bardes et al. 2022, algorithm 1";
  method.other_names = {"varianceinvariancecovariance", "varianceinvariancecovarianceregularization", "vic"};
  method.example = "vicreg: {expander_dim: 512}";
  method.problems = problems;
  return method;
}

}  // namespace latentgrid
