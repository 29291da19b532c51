#include "nn/objective.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "base/error.hpp"
#include "methods/methods.hpp"

namespace latentgrid::nn {

#define DECLARE(name) std::unique_ptr<Objective> name##_objective(const Json& training, const Compute& compute);
LATENTGRID_TRAININGS(DECLARE)
#undef DECLARE
#define DECLARE(name) std::unique_ptr<Objective> name##_objective(const Json& refinement, const Compute& compute, const ImageView& images);
LATENTGRID_REFINEMENTS(DECLARE)
#undef DECLARE

namespace {

void append(NamedTensors& all, const std::string& prefix, const torch::OrderedDict<std::string, at::Tensor>& named) {
  for (const auto& item : named) all.emplace_back(prefix + item.key(), item.value());
}

}  // namespace

Objective::Objective(const Json& model, const Compute& compute) : model_(model, compute), compute_(compute) {}

void Objective::start_from(const std::filesystem::path&, std::span<const float>) { throw std::logic_error("a training begins with drawn parameters"); }

void Objective::begin_epoch() { train(true); }

at::Tensor Objective::latents(const at::Tensor& images) { return model_.encode(images).flatten(1); }

void Objective::train(bool on) {
  model_.train(on);
  beside_->train(on);
}

NamedTensors Objective::parameters() const {
  NamedTensors all = model_.parameters();
  append(all, "head.", beside_->named_parameters());
  return all;
}

NamedTensors Objective::tensors() const {
  NamedTensors all = model_.tensors();
  append(all, "head.", beside_->named_parameters());
  append(all, "head.", beside_->named_buffers());
  return all;
}

std::unique_ptr<Objective> make_objective(const Json& training, const Compute& compute, const ImageView& images) {
  if (const MethodSpec* method = trained_by(training)) {
    Json complete = training;
    complete.update(method->with_dropped_defaults(method->complete(training)));
#define MAKE(method_name) \
  if (method->name == #method_name) return method_name##_objective(complete, compute);
    LATENTGRID_TRAININGS(MAKE)
#undef MAKE
#define MAKE(method_name) \
  if (method->name == #method_name) return method_name##_objective(complete, compute, images);
    LATENTGRID_REFINEMENTS(MAKE)
#undef MAKE
  }
  throw Error(fmt::format("no training is called {}", training.value("method", Json()).dump()));
}

}  // namespace latentgrid::nn
