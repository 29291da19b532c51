#include "methods/training.hpp"

namespace latentgrid {

namespace {

// Means and variances are two linear maps of the same values.
std::optional<Problem> problem_with_model(const Json& params, const Json& model) {
  if (const auto problem = problem_with_loss(params, model)) return problem;
  const Json& encoder = model.at("encoder");
  if (!encoder.empty() && encoder.back().at("type") == "linear") return std::nullopt;
  return Problem{.parameter = "kl_weight",
                 .message = "a variational autoencoder needs an encoder that ends in a linear layer",
                 .hint = "give the architecture a latent_dim, which adds one"};
}

}  // namespace

MethodSpec vae_training() {
  using namespace param;
  MethodSpec method =
      training({real("kl_weight", 1.0, 0, "weight of the Kullback-Leibler divergence from the standard normal prior, divided by the number of values in an image, since the loss is a mean over them; 1 with loss mse corresponds to a Gaussian decoder of variance 1/2"),
                integer("kl_warmup", 0, 0, "epochs over which that weight grows to its value, from 0")});
  method.name = "vae";
  method.display_name = "variational autoencoder";
  method.doc = "a variational autoencoder: latents are drawn from Gaussians that the encoder gives; the means are what is used";
  method.source = "Kingma and Welling 2014";
  method.other_names = {"variational", "variationalautoencoder", "betavae"};
  method.example = "vae: {kl_weight: 1}";
  method.encoder = "autoencoder";
  method.reconstructs = true;
  method.has_prior = true;
  method.problem_with_model = problem_with_model;
  return method;
}

}  // namespace latentgrid
