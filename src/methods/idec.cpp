#include "methods/refinement.hpp"

namespace latentgrid {

namespace {

std::optional<Problem> needs_decoder(const Json&, const Json& model) {
  if (!model.value("decoder", Json::array()).empty()) return std::nullopt;
  return Problem{.parameter = "",
                 .message = "IDEC goes on reconstructing the images, and this training has no decoder",
                 .hint = "write refine: dec, or leave these cells out with exclude, for example exclude: {training: contrastive, refine: idec}"};
}

}  // namespace

MethodSpec idec_refinement() {
  using namespace param;
  MethodSpec method =
      refinement("adam", 1e-3, 0.0, {real("gamma", 0.1, 0, "weight of the clusters' loss beside the mean squared error of the reconstructions")});
  method.name = "idec";
  method.display_name = "IDEC";
  method.doc = "improved deep embedded clustering: as DEC, and the decoder goes on reconstructing the images, which keeps the latents' structure";
  method.source = "Guo, Gao, Liu and Yin 2017; as their code has it, with means over pixels and over a batch";
  method.other_names = {"improveddeepembeddedclustering"};
  method.example = "idec: {k: 10, gamma: 0.1, epochs: 20}";
  method.problem_with_model = needs_decoder;
  return method;
}

}  // namespace latentgrid
