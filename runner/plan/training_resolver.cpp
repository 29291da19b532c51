#include "plan/training_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/gpus.hpp"

namespace latentgrid {

namespace {

Json augment_steps(const GridCell& cell) {
  Json steps = Json::array();
  for (const FixedMethod& method : augmentations_of(cell)) {
    Json step = method.spec->complete(method.params);
    step["method"] = method.spec->name;
    if (method.spec->version > 1) step["version"] = method.spec->version;  // the training's own version says nothing of it
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

TrainingResolver::TrainingResolver(const Sweep& sweep, std::int64_t images, const Gpus& gpus, JsonPool& shared)
    : sweep_(sweep), images_(images), gpus_(gpus), shared_(shared) {}

const TrainingResolver::Training& TrainingResolver::of(const GridCell& cell) {
  const FixedMethod* const method = &training_of(cell);
  auto found = known_.find(std::tie(method, cell.augment, cell.train));  // looked up for every cell: nothing is copied
  if (found == known_.end()) found = known_.emplace(std::tuple(method, cell.augment, cell.train), make(cell)).first;
  return found->second;
}

// What the method itself is given goes before axes of the grid, and these before the section.
Json TrainingResolver::given(const GridCell& cell) const {
  Json all = Json::object();
  for (const auto& [name, setting] : sweep_.train) all[name] = setting.value;
  for (const AxisOption* option : cell.train) {
    if (!overridden(*option->axis, option->where)) all[*option->axis] = option->value;
  }
  const FixedMethod& method = training_of(cell);
  for (const auto& [name, where] : method.positions) {
    if (!overridden(name, where)) all[name] = method.params.at(name);
  }
  return all;
}

TrainingResolver::Training TrainingResolver::make(const GridCell& cell) {
  const FixedMethod& written = training_of(cell);
  const MethodSpec& method = *written.spec;
  Training training;
  training.written = training.all = method.complete(given(cell));
  const int gpu = take_gpu(method, training.all, {.count = images_}, gpus_);
  for (const auto& [name, setting] : sweep_.train) {
    bool replaced = std::any_of(cell.train.begin(), cell.train.end(), [&](const AxisOption* o) {
      return *o->axis == name && !overridden(name, o->where);
    });
    if (auto own = written.positions.find(name); own != written.positions.end()) replaced |= !overridden(name, own->second);
    if (replaced) replaced_.insert(name);
    if (!replaced && training.all.contains(name)) training.from_section.push_back(name);
  }
  training.threads = training.all["threads"];
  Json params = training.all;
  params.erase("threads");
  const std::string& extent = method.extent->parameter;
  if (method.shares_its_beginning(params)) params.erase(extent);
  if (&method != &default_training()) params["method"] = method.name;
  if (Json steps = augment_steps(cell); !steps.empty()) params[augment_parameter] = std::move(steps);
  training.id = ids_.emplace(params.dump(), static_cast<std::int64_t>(ids_.size()) + 1).first->second;
  training.step = std::make_shared<const MethodStep>(MethodStep{.method = &method,
                                                                .params = shared_.share(params),
                                                                .extent = training.all.value(extent, std::int64_t{0}),
                                                                .gpu = gpu});
  return training;
}

SourcePosition TrainingResolver::position_of(const GridCell& cell, const std::string& parameter) const {
  const FixedMethod& method = training_of(cell);
  if (auto own = method.positions.find(parameter); own != method.positions.end() && !overridden(parameter, own->second)) return own->second;
  SourcePosition where = cell.training ? method.where : cell.architecture->where;
  if (auto setting = sweep_.train.find(parameter); setting != sweep_.train.end()) where = setting->second.where;
  for (const AxisOption* option : cell.train) {
    if (*option->axis == parameter && !overridden(parameter, option->where)) where = option->where;
  }
  return where;
}

bool TrainingResolver::overridden(const std::string& option, const SourcePosition& written) const {
  auto setting = sweep_.train.find(option);
  return setting != sweep_.train.end() && !in_file(setting->second.where) && in_file(written);
}

void TrainingResolver::warn_of_unused_settings(Diagnostics& diagnostics) const {
  for (const auto& [name, setting] : sweep_.train) {
    if (used_.contains(name) || is_of_every_job(name)) continue;
    std::string hint = "the other settings ignore it, or no job is trained";
    if (replaced_.contains(name)) {
      hint = in_file(setting.where)
                 ? fmt::format("the grid's own {} wins; --set train.{}=VALUE on the command line wins over the grid",
                               name, name)
                 : "the command line sets the axis as well, which wins";
    }
    diagnostics.warning(setting.where, fmt::format("no job uses train.{}", name), hint);
  }
}

}  // namespace latentgrid
