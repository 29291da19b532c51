#include "methods/refinement.hpp"

namespace latentgrid {

MethodSpec dec_refinement() {
  MethodSpec method = refinement("sgd", 0.01, 0.9);
  method.name = "dec";
  method.display_name = "DEC";
  method.doc = "deep embedded clustering: draws the encoder's latents towards cluster centers, by targets that favor what is certain already; the decoder stays as it was";
  method.source = "Xie, Girshick and Farhadi 2016; as their code has it, with the mean over a batch of the divergence";
  method.other_names = {"deepembeddedclustering"};
  method.example = "dec: {k: 10, epochs: 20}";
  return method;
}

}  // namespace latentgrid
