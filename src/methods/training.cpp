// What every training of an encoder of images has in common.
#include "methods/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/pixel_range.hpp"
#include "base/text.hpp"
#include "methods/layer_flop.hpp"
#include "methods/methods.hpp"
#include "methods/stages.hpp"

namespace latentgrid {

namespace {

constexpr double flop_per_s = 50e9;
constexpr double gpu_speedup = 80;  // of an H100 to such a core

std::string early_stop_of(const Json& params) { return params.value("early_stop", "none"); }
double minutes_of(const Json& params) { return params.value("max_minutes", 0.0); }

double training_cost(const Json& params, std::int64_t epochs, const PointsSize& images, bool on_gpu) {
  const Json& model = params.at(model_parameter);
  MapSize size = {model.at("input")[1].get<double>(), model.at("input")[2].get<double>()};
  double flop = forward_flop(model.at("encoder"), size);
  flop += forward_flop(model.value("decoder", Json::array()), size);
  flop *= training_in(params)->views;
  const double seconds = 3 * flop * static_cast<double>(images.count) * static_cast<double>(epochs) / flop_per_s / (on_gpu ? gpu_speedup : 1);
  const double budget = minutes_of(params) * 60;
  return budget > 0 ? std::min(seconds, budget) : seconds;
}

// The rates of these schedules depend on how many epochs there will be; what ends a training early leaves more or less of it.
std::string_view depends_on_length(const Json& params) {
  const std::string schedule = params.value("lr_schedule", "");
  if (schedule == "cosine") return "lr_schedule cosine";
  if (schedule == "one_cycle") return "lr_schedule one_cycle";
  if (early_stop_of(params) != "none") return "the best epoch of early_stop";
  return minutes_of(params) > 0 ? "what max_minutes leaves of a training" : "";
}

std::string_view depends_on_speed(const Json& params) { return minutes_of(params) > 0 ? "max_minutes" : ""; }

void add_problems_of_early_stop(const Json& params, std::int64_t images, std::vector<Problem>& problems) {
  constexpr std::int64_t least = 2;  // that tell one epoch from another
  const std::string early_stop = early_stop_of(params);
  if (early_stop == "rank" && images < least) {
    problems.push_back({.parameter = "early_stop",
                        .message = fmt::format("early_stop rank needs at least {} images, and there is {}", least, images),
                        .hint = "choose more images, or leave early_stop out"});
  }
  if (early_stop != "validation_loss" || held_out_images(params, images) >= least) return;
  problems.push_back({.parameter = "early_stop",
                      .message = fmt::format("early_stop validation_loss needs at least {} images that are held out, and a validation of {} of {} is {}", least,
                                             params.at("validation").get<double>(), counted(images, "image"), held_out_images(params, images)),
                      .hint = "write a larger validation, or choose more images"});
}

std::vector<ParamSpec> all_options() {
  using namespace param;
  return {
      integer("epochs", nullptr, 1, "passes over the images"),
      choice("optimizer", "adam", {"adam", "sgd"}, "torch.optim.Adam or torch.optim.SGD"),
      positive_real("learning_rate", 1e-3, "largest step size: at the start, after a warm-up, or at the peak of one_cycle"),
      integer("batch_size", 128, 1, "images a step; the last, smaller batch is kept"),
      real("weight_decay", 0.0, 0, "L2 penalty added to the gradient"),
      only_if("optimizer", "adam", below(real("beta1", 0.9, 0, "decay of Adam's first moment"), 1)),
      only_if("optimizer", "adam", below(real("beta2", 0.999, 0, "decay of Adam's second moment"), 1)),
      only_if("optimizer", "adam", positive_real("epsilon", 1e-8, "added to Adam's denominator")),
      only_if("optimizer", "sgd", below(real("momentum", 0.0, 0, "momentum of SGD"), 1)),
      choice("loss", "mse", {"mse", "l1", "smooth_l1", "bce"},
             "mean of the scaled pixels' errors: squared, absolute, squared below 1 and absolute above (torch's smooth_l1_loss), or binary cross entropy"),
      choice("lr_schedule", "constant", {"constant", "step", "cosine", "one_cycle"},
             "cosine falls to 0 over all epochs, one_cycle (torch's OneCycleLR, momentum left alone) rises and falls over them: a longer run shares nothing with a shorter one"),
      default_dropped(integer("warmup_epochs", 0, 0, "epochs over which the learning rate grows from 0, batch by batch")),
      only_if("lr_schedule", "step", integer("step_size", 10, 1, "epochs between two decays of the learning rate")),
      only_if("lr_schedule", "step", at_most(positive_real("gamma", 0.1, "factor of a decay"), 1)),
      default_dropped(choice("early_stop", "none", {"none", "validation_loss", "rank"},
                             "ends a training once no epoch is better any more, and keeps the best one. validation_loss: its own loss on images that it is not trained on; rank: how many dimensions the latents use, the more the better (RankMe, Garrido et al. 2023). Neither looks at labels")),
      only_if_any("early_stop", {"validation_loss", "rank"}, integer("patience", 10, 1, "epochs in a row that are no better than the best one, and end it")),
      only_if("early_stop", "validation_loss", at_most(positive_real("validation", 0.1, "share of the images that it is not trained on, drawn by the seed"), 0.5)),
      default_dropped(real("max_minutes", 0.0, 0,
                           "no epoch is begun that would end later at the pace of those before; the first is always trained. How many there are depends on the speed of the machine, and so does the result; 0: no limit")),
      device("of train and encode; auto: a GPU where there is one"),
      choice("precision", "float32", {"float32", "tf32", "bfloat16"},
             "of products and convolutions (torch.autocast); parameters are float32. tf32: on a GPU only"),
      choice("convolution", "winograd", {"winograd", "direct"},
             "winograd: of 3x3 ones of float32 on a CPU, where it is faster, a quarter of the products; direct: as PyTorch"),
      default_dropped(choice(arithmetic_parameter, native_arithmetic, {native_arithmetic, portable_arithmetic},
                             "of train, encode and reductions through a BLAS, on the CPU; portable: AVX2 and FMA alone, so that results are the same bytes on every CPU that has them")),
      at_most(integer("threads", 1, 1, "of train, encode and reductions through a BLAS, on the CPU; other floats with another number. Augmentation has a thread of its own"), 1024),
  };
}

std::optional<Problem> problem_with_one_image(const Json& params, const Json&) {
  if (params.value("batch_size", 2) > 1) return std::nullopt;
  return Problem{.parameter = "batch_size",
                 .message = "this training looks at the images of a batch together: a batch_size of 1 leaves nothing to compare",
                 .hint = "write a batch_size of 2 or more; 256 is usual"};
}

}  // namespace

const std::vector<ParamSpec>& training_options() {
  static const std::vector<ParamSpec> options = all_options();
  return options;
}

const ParamSpec* find_training_option(std::string_view name) {
  const auto& options = training_options();
  const auto found = std::find_if(options.begin(), options.end(), [&](const ParamSpec& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

bool is_shared_option(const MethodSpec& method, std::string_view parameter) {
  return method.kind == MethodKind::training && find_training_option(parameter);
}

std::vector<Problem> problems_with_options(const Json& params, const PointsSize& images) {
  std::vector<Problem> problems;
  if (params.value("lr_schedule", "") == "one_cycle" && params.value("warmup_epochs", 0) > 0) {
    problems.push_back({.parameter = "warmup_epochs",
                        .message = "one_cycle has a warm-up of its own",
                        .hint = "leave warmup_epochs out, or choose another lr_schedule"});
  }
  add_problems_of_early_stop(params, images.count, problems);
  return problems;
}

std::int64_t held_out_images(const Json& options, std::int64_t images) {
  return early_stop_of(options) == "validation_loss" ? held_out_images(options.at("validation").get<double>(), images) : 0;
}

std::int64_t held_out_images(double validation, std::int64_t images) { return std::llround(validation * static_cast<double>(images)); }

std::optional<Problem> problem_with_loss(const Json& params, const Json& model) {
  if (params.value("loss", "") != "bce") return std::nullopt;
  if (range_in(model) != PixelRange::zero_to_one) {
    return Problem{.parameter = "loss",
                   .message = "loss bce needs values from 0 to 1, but these images are scaled to [-1, 1]",
                   .hint = "write dataset: {range: [0, 1]}, or another loss"};
  }
  const Json& decoder = model.at("decoder");
  if (!decoder.empty() && decoder.back().at("type") == "sigmoid") return std::nullopt;
  return Problem{.parameter = "loss",
                 .message = "loss bce needs values from 0 to 1, but this decoder may return others",
                 .hint = "end the decoder in sigmoid, or choose another loss"};
}

const std::vector<std::string>& former_training_options() {
  static const std::vector<std::string> names = {"memory_format"};
  return names;
}

MethodSpec training(std::vector<ParamSpec> own, const std::vector<std::string_view>& unused) {
  std::vector<ParamSpec> params;
  for (const ParamSpec& option : training_options()) {
    if (std::find(unused.begin(), unused.end(), option.name) == unused.end()) params.push_back(option);
  }
  for (ParamSpec& param : own) params.push_back(std::move(param));
  return {.kind = MethodKind::training,
          .source = "torch.nn and torch.optim 1.13",
          .params = std::move(params),
          .extent = Extent{"epochs", Extent::Kind::prefix},
          .depends_on_length = depends_on_length,
          .depends_on_speed = depends_on_speed,
          .stochastic = true,
          .blas = true,
          .libtorch = true,
          .metrics = {"train_loss"},
          .not_finite = diverged,
          .problems = problems_with_options,
          .cost = training_cost};
}

MethodSpec training_on_views(std::vector<ParamSpec> own) {
  MethodSpec method = training(std::move(own), {"loss"});
  method.encoder = "contrastive";
  method.views = 2;
  method.default_augment = {"random_resized_crop", "horizontal_flip", "color_jitter", "grayscale"};
  method.problem_with_model = problem_with_one_image;
  return method;
}

}  // namespace latentgrid
