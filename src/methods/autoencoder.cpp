// Training an autoencoder, and what is an encoder of images: its first half, or none.
#include "methods/artifact_files.hpp"
#include "methods/training.hpp"

namespace latentgrid {

namespace {

double encoding_cost(const Json&, std::int64_t, const PointsSize& images, bool) {
  constexpr double encoded_images_per_s = 1e3;
  return static_cast<double>(images.count) / encoded_images_per_s;
}

}  // namespace

MethodSpec autoencoder_training() {
  using namespace param;
  MethodSpec method = training(
      {default_dropped(choice("denoise", "none", {"none", "gaussian", "mask"},
                              "what is done to the images that the encoder sees; those to be reconstructed stay clean (Vincent et al. 2008)")),
       only_if("denoise", "gaussian", positive_real("noise_sd", 0.3, "standard deviation of the noise, in units of the scaled pixels")),
       only_if("denoise", "mask", below(positive_real("masked", 0.25, "share of the pixels that are set to 0, which is gray in [-1, 1] and black in [0, 1]"), 1))});
  method.name = "autoencoder";
  method.display_name = "autoencoder";
  method.doc = "an autoencoder, trained to reconstruct the images";
  method.version = 3;
  method.other_names = {"ae", "autoencoders", "denoising", "denoisingautoencoder", "dae"};
  method.example = "autoencoder: {denoise: gaussian}";
  method.encoder = "autoencoder";
  method.reconstructs = true;
  method.problem_with_model = problem_with_loss;
  return method;
}

MethodSpec autoencoder_encoder() {
  return {.kind = MethodKind::encoder,
          .name = "autoencoder",
          .display_name = "autoencoder",
          .doc = "the latents of a trained autoencoder",
          .version = 4,
          .blas = true,
          .libtorch = true,
          .vectors = "latents",
          .metrics = {"recon_mse"},
          .files = {errors_file},
          .not_finite = diverged,
          .cost = encoding_cost};
}

MethodSpec raw_encoder() {
  return {.kind = MethodKind::encoder,
          .name = "raw",
          .display_name = "raw pixels",
          .doc = "the pixels themselves; no encoder is trained",
          .version = 4,
          .vectors = "pixels",
          .cost = encoding_cost};
}

}  // namespace latentgrid
