// What every method is called and takes. Defaults are PyTorch 1.13's and scikit-learn 1.2's unless the text says
// otherwise.

#include "methods/methods.hpp"

namespace latentgrid {

namespace {

ParamSpec integer(std::string name, Json default_value, double minimum, std::string doc) {
  return {.name = std::move(name),
          .type = ParamType::integer,
          .default_value = std::move(default_value),
          .minimum = minimum,
          .doc = std::move(doc)};
}

ParamSpec real(std::string name, Json default_value, double minimum, std::string doc) {
  return {.name = std::move(name),
          .type = ParamType::real,
          .default_value = std::move(default_value),
          .minimum = minimum,
          .doc = std::move(doc)};
}

ParamSpec positive_real(std::string name, Json default_value, std::string doc) {
  ParamSpec spec = real(std::move(name), std::move(default_value), 0, std::move(doc));
  spec.exclusive_minimum = true;
  return spec;
}

ParamSpec choice(std::string name, std::string default_value, std::vector<std::string> choices, std::string doc) {
  return {.name = std::move(name),
          .type = ParamType::text,
          .default_value = std::move(default_value),
          .choices = std::move(choices),
          .doc = std::move(doc)};
}

ParamSpec at_most(ParamSpec spec, double maximum) {
  spec.maximum = maximum;
  return spec;
}

ParamSpec below(ParamSpec spec, double maximum) {
  spec.maximum = maximum;
  spec.exclusive_maximum = true;
  return spec;
}

ParamSpec only_if(std::string parameter, std::string value, ParamSpec spec) {
  spec.used_if = std::move(parameter);
  spec.used_if_value = std::move(value);
  return spec;
}

// Which GPU (cuda:1) is a matter of the machine: the plan takes the number off, and decides what auto is.
ParamSpec device(std::string doc) {
  ParamSpec spec = choice("device", "cpu", {"cpu", "cuda", "auto"}, std::move(doc));
  spec.numbered_choice = "cuda";
  return spec;
}

ParamSpec default_dropped(ParamSpec spec) {
  spec.default_is_dropped = true;
  return spec;
}

MethodSpec autoencoder_training() {
  return {
      .kind = MethodKind::training,
      .name = "autoencoder",
      .stochastic = true,
      .extent = "epochs",
      .params = {
          integer("epochs", nullptr, 1, "passes over the images"),
          choice("optimizer", "adam", {"adam", "sgd"}, "torch.optim.Adam or torch.optim.SGD"),
          positive_real("learning_rate", 1e-3, "step size at the first epoch"),
          integer("batch_size", 128, 1, "images a step; the last, smaller batch is kept"),
          real("weight_decay", 0.0, 0, "L2 penalty added to the gradient"),
          only_if("optimizer", "adam", below(real("beta1", 0.9, 0, "decay of Adam's first moment"), 1)),
          only_if("optimizer", "adam", below(real("beta2", 0.999, 0, "decay of Adam's second moment"), 1)),
          only_if("optimizer", "adam", positive_real("epsilon", 1e-8, "added to Adam's denominator")),
          only_if("optimizer", "sgd", below(real("momentum", 0.0, 0, "momentum of SGD"), 1)),
          choice("loss", "mse", {"mse"}, "mean squared error of the scaled pixels"),
          choice("lr_schedule", "constant", {"constant", "step", "cosine"},
                 "cosine falls to 0 over all epochs, so a longer run shares nothing with a shorter one"),
          only_if("lr_schedule", "step", integer("step_size", 10, 1, "epochs between two decays of the learning rate")),
          only_if("lr_schedule", "step", at_most(positive_real("gamma", 0.1, "factor of a decay"), 1)),
          device("of train and encode; auto: a GPU where there is one"),
          choice("precision", "float32", {"float32", "tf32", "bfloat16"},
                 "of products and convolutions (torch.autocast); parameters are float32. tf32: on a GPU only"),
          choice("convolution", "winograd", {"winograd", "direct"},
                 "winograd: of wide 3x3 ones of float32 on a CPU with AVX-512, a quarter of the products; direct: as PyTorch"),
          choice("memory_format", "channels_last", {"channels_last"}, "of images and feature maps"),
          at_most(integer("threads", 1, 1, "of train, encode and PCA on the CPU; other floats with another number"),
                  1024),
      }};
}

MethodSpec pca() {
  return {.kind = MethodKind::reduction,
          .name = "pca",
          .stochastic = false,
          .extent = "dim",
          .params = {integer("dim", nullptr, 1, "directions kept")}};
}

// The defaults of sklearn.manifold.TSNE 1.2, but for the early stop, which is off.
MethodSpec tsne() {
  return {
      .kind = MethodKind::reduction,
      .name = "tsne",
      .stochastic = true,
      .stochastic_if = "init",
      .stochastic_if_value = "random",
      .extent = "iterations",
      .params = {
          integer("dim", 2, 1, "coordinates of an image in the embedding"),
          positive_real("perplexity", 30.0, "effective number of neighbors; 3 times as many are used"),
          at_most(real("early_exaggeration", 12.0, 1, "factor of the affinities in the first iterations"), 1e6),
          integer("early_exaggeration_iterations", 250, 0, "iterations with exaggeration and the initial momentum"),
          real("learning_rate", 0.0, 0, "0: max(images / early_exaggeration / 4, 50)"),
          below(real("initial_momentum", 0.5, 0, "while exaggerated"), 1),
          below(real("final_momentum", 0.8, 0, "afterwards"), 1),
          choice("init", "pca", {"pca", "random"}, "the first coordinates, of standard deviation 1e-4"),
          real("min_gradient_norm", 0.0, 0, "stop below this norm of the gradient; 0: never"),
          integer("iterations_without_progress", 0, 0, "stop after so many without a smaller KL divergence; 0: never"),
          choice("repulsion", "auto", {"auto", "exact", "grid"},
                 "over all pairs, or by interpolation on a grid (1 or 2 dimensions); auto: a grid above 4000 images"),
          default_dropped(device("of the repulsion over all pairs, a grid is the CPU's; auto: a GPU where there is one")),
          integer("iterations", 1000, 1, "gradient steps"),
      }};
}

MethodSpec kmeans() {
  return {
      .kind = MethodKind::clustering,
      .name = "kmeans",
      .stochastic = true,
      .extent = "",
      .params = {integer("k", nullptr, 1, "clusters; the number of classes if there are labels"),
                 integer("n_init", 10, 1, "k-means++ starts; the one of least inertia is kept"),
                 integer("max_iterations", 300, 1, "of one start"),
                 real("tolerance", 1e-4, 0, "stop when the centers move less, relative to the variance of the data")}};
}

}  // namespace

const std::vector<MethodSpec>& all_methods() {
  static const std::vector<MethodSpec> methods = {autoencoder_training(), pca(), tsne(), kmeans()};
  return methods;
}

}  // namespace latentgrid
