#include "nn/trainer.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/random.hpp"
#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "nn/checkpoint.hpp"
#include "nn/image_views.hpp"
#include "nn/objective.hpp"
#include "nn/optimizer.hpp"
#include "nn/validation.hpp"
#include "store/npy.hpp"

namespace latentgrid::nn {

namespace fs = std::filesystem;

namespace {

constexpr const char* best_folder = "best";  // of a checkpoint to go on from

// A GPU works behind this thread until it is asked for a number, or given one.
constexpr std::int64_t batches_ahead_of_gpu = 16;

// Layers draw their initial parameters from torch's generator as they are made.
std::unique_ptr<Objective> initial_objective(const Json& training, const Compute& compute, const ImageView& images, std::int64_t seed) {
  torch::manual_seed(derive_seed(seed, "train.init"));
  return make_objective(training, compute, images);
}

std::vector<at::Tensor> tensors(const NamedTensors& named) {
  std::vector<at::Tensor> all;
  for (const auto& [name, tensor] : named) all.push_back(tensor);
  return all;
}

// The loss, or the sum of an epoch's: a batch between two looks that isn't finite shows in the sum.
double finite(double loss, std::int64_t epoch, std::string_view what = "loss") {
  if (std::isfinite(loss)) return loss;
  throw Diverged(fmt::format("{} is {} at epoch {}", what, std::isnan(loss) ? "NaN" : "infinite", epoch + 1));
}

std::optional<EarlyStop> early_stop_of(const TrainingOptions& options) {
  if (options.early_stop == "none") return std::nullopt;
  return EarlyStop(options.early_stop == "rank" ? EarlyStop::Better::higher : EarlyStop::Better::lower, options.patience);
}

NamedTensors copies(NamedTensors tensors) {
  for (auto& [name, tensor] : tensors) tensor = tensor.detach().clone();
  return tensors;
}

// One value an epoch.
std::vector<double> read_values(const fs::path& path) {
  NpyFile file(path);
  if (file.header().dtype != "<f8" || file.header().shape.size() != 1) {
    throw Error(fmt::format("{}: expected a list of float64", path.string()));
  }
  std::vector<double> values(static_cast<std::size_t>(file.header().size()));
  std::memcpy(values.data(), file.bytes().data(), values.size() * sizeof(double));
  return values;
}

}  // namespace

struct Trainer::State {
  State(const Json& training, const TrainingOptions& o, const ImageView& view)
      : model(training.at(model_parameter)),
        options(o),
        images(divide_images(options, view.count)),
        compute(options.arithmetic),
        objective(initial_objective(training, compute, view, options.seed)),
        views(view, range_in(model), compute, training, options.seed),
        optimizer(make_optimizer(options, tensors(objective->parameters()))),
        early_stop(early_stop_of(options)) {}

  void judge(std::int64_t epoch) {
    early_stop->add(finite(judged_value(options, images, *objective, views), epoch, options.early_stop == "rank" ? "the rank of the latents" : "the validation loss"));
    if (early_stop->last_is_best()) best = copies(objective->tensors());
  }

  Json model;  // its description
  TrainingOptions options;
  ImageDivision images;
  Compute compute;
  std::unique_ptr<Objective> objective;
  ImageViews views;
  std::unique_ptr<Optimizer> optimizer;
  std::vector<double> losses;
  std::optional<EarlyStop> early_stop;
  NamedTensors best;  // what the objective's were after early_stop's best epoch
};

Trainer::Trainer(const Json& training, const TrainingOptions& options, const ImageView& images)
    : state_(std::make_unique<State>(training, options, images)) {}

Trainer::Trainer(Trainer&&) noexcept = default;
Trainer::~Trainer() = default;

void Trainer::start_from(const fs::path& model, std::span<const float> centers) { state_->objective->start_from(model, centers); }

Json Trainer::metrics() const { return state_->objective->metrics(); }

Json Trainer::record() const { return state_->objective->record(); }

std::int64_t Trainer::epochs_done() const { return static_cast<std::int64_t>(state_->losses.size()); }

const std::vector<double>& Trainer::losses() const { return state_->losses; }

std::int64_t Trainer::images_an_epoch() const { return static_cast<std::int64_t>(state_->images.trained.size()); }

const EarlyStop* Trainer::early_stop() const { return state_->early_stop ? &*state_->early_stop : nullptr; }

double Trainer::train_epoch(const BatchDone& batch_done) {
  State& s = *state_;
  const std::int64_t epoch = epochs_done(), count = images_an_epoch();
  std::vector<std::int64_t> order = RandomStream(s.options.seed, "train.order", {epoch}).permutation(count);
  for (std::int64_t& image : order) image = s.images.trained[static_cast<std::size_t>(image)];
  const at::Tensor shuffled = at::tensor(order).to(s.compute.device());
  s.views.begin_epoch(epoch, std::move(order), s.options.batch_size);
  torch::manual_seed(derive_seed(s.options.seed, "train.dropout", {epoch}));
  s.objective->begin_epoch();
  at::Tensor sum = at::zeros({}, at::TensorOptions(s.compute.device()).dtype(at::kDouble));
  const std::int64_t batches_between_looks = s.compute.device().is_cpu() ? 1 : batches_ahead_of_gpu;
  const std::int64_t batches = (count + s.options.batch_size - 1) / s.options.batch_size;
  std::int64_t batch = 0;
  double seen_loss = 0;
  std::int64_t seen = 0;
  while (seen < count && s.objective->before_batch(epoch * batches + batch)) {
    const std::int64_t size = std::min(s.options.batch_size, count - seen);
    const TrainingBatch batch_views{s.views.next(), epoch, shuffled.narrow(0, seen, size)};
    s.optimizer->zero_grad();
    at::Tensor loss = s.objective->loss(batch_views);
    loss.backward();
    s.optimizer->step(learning_rate(s.options, epoch, batch, batches));
    sum.add_(loss.detach().to(at::kDouble).mul_(size));
    if (batch++ % batches_between_looks == 0) seen_loss = finite(loss.item<double>(), epoch);
    batch_done(seen += size, seen_loss);
  }
  if (seen == 0) return s.losses.empty() ? 0 : s.losses.back();
  s.losses.push_back(finite(sum.item<double>(), epoch) / static_cast<double>(seen));
  if (s.early_stop) s.judge(epoch);
  return s.losses.back();
}

bool Trainer::is_over() const { return state_->objective->is_over(); }

std::int64_t Trainer::take_best() {
  State& s = *state_;
  if (!s.early_stop || s.losses.empty()) return epochs_done();
  const at::NoGradGuard no_gradients;
  const NamedTensors tensors = s.objective->tensors();
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].second.copy_(s.best[i].second);
  return s.early_stop->best_epoch();
}

void Trainer::check_finite() const {
  auto check = [&](const std::string& name, const at::Tensor& tensor) {
    const std::string found = not_finite(name, tensor);
    if (!found.empty()) throw Diverged(fmt::format("{} after epoch {}; lower learning_rate", found, epochs_done()));
  };
  for (const auto& [name, tensor] : state_->objective->tensors()) check(name, tensor);
  const NamedTensors parameters = state_->objective->parameters();
  for (const auto& [state, tensors] : state_->optimizer->state()) {
    for (std::size_t i = 0; i < tensors.size(); ++i) check(fmt::format("{} of {}", state, parameters[i].first), tensors[i]);
  }
}

void Trainer::save(const fs::path& folder, Contents contents) const {
  save_model(folder, state_->objective->tensors());
  if (contents == Contents::with_optimizer) save_optimizer(folder, state_->objective->parameters(), *state_->optimizer);
  write_npy(folder / losses_file, std::span<const double>(state_->losses), {epochs_done()});
  if (state_->early_stop) {
    write_npy(folder / validation_file, std::span<const double>(state_->early_stop->values()), {epochs_done()});
    if (contents == Contents::with_optimizer) save_model(folder / best_folder, state_->best);
  }
  std::ofstream model(folder / model_file);
  model << state_->model.dump(1) << '\n';
  model.close();
  if (!model) throw Error(fmt::format("cannot write {}", (folder / model_file).string()));
}

void Trainer::restore(const fs::path& folder) {
  load_model(folder, state_->objective->tensors());
  load_optimizer(folder, state_->objective->parameters(), *state_->optimizer);
  state_->losses = read_values(folder / losses_file);
  if (!state_->early_stop) return;
  state_->early_stop->restore(read_values(folder / validation_file));
  state_->best = copies(state_->objective->tensors());
  load_model(folder / best_folder, state_->best);
}

Json read_model_description(const fs::path& folder) {
  try {
    return Json::parse(read_file(folder / model_file));
  } catch (const Json::exception& error) {
    throw Error(fmt::format("{}: not a model description: {}", (folder / model_file).string(), error.what()));
  }
}

bool can_be_continued(const fs::path& folder) { return has_optimizer(folder); }

std::int64_t checkpoint_epochs(const fs::path& folder) { return static_cast<std::int64_t>(read_values(folder / losses_file).size()); }

}  // namespace latentgrid::nn
