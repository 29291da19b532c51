#include "methods/stages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace latentgrid {

const std::vector<StageSpec>& all_stages() {
  static const std::vector<StageSpec> stages = {
      {.name = "load", .version = 1, .dataset_part = "images", .reads_dataset = true, .progress = "load {images}"},
      {.name = "train", .kind = MethodKind::training, .progress = "train {model} to {longest} epochs"},
      {.name = "encode", .kind = MethodKind::encoder, .points = "latents.npy", .progress = "encode {trained}"},
      {.name = "reduce",
       .kind = MethodKind::reduction,
       .shares_cpu_on_gpu = true,
       .points = "embedding.npy",
       .progress = "{method} to {extents} of {trained}"},
      {.name = "cluster", .kind = MethodKind::clustering, .progress = "cluster {points}{trained}"},
      {.name = "labels", .version = 1, .dataset_part = "labels", .reads_dataset = true, .progress = "labels of {images}"},
      {.name = "score", .version = 1, .dataset_part = "labels", .progress = "score {points}{trained}"},
      {.name = "trustworthiness", .version = 1, .progress = "trustworthiness of a map of {trained}"},
      {.name = "reconstruct",
       .version = 3,
       .blas = true,
       .libtorch = true,
       .not_finite = training_method().not_finite,
       .progress = "reconstruct {trained}"},
      {.name = "export", .version = 1, .libtorch = true, .progress = "export {trained}"}};
  return stages;
}

namespace {

const StageSpec* stage_named(std::string_view name) {
  const auto& stages = all_stages();
  auto found = std::find_if(stages.begin(), stages.end(), [&](const StageSpec& stage) { return stage.name == name; });
  return found == stages.end() ? nullptr : &*found;
}

}  // namespace

const StageSpec& find_stage(std::string_view name) {
  if (const StageSpec* stage = stage_named(name)) return *stage;
  throw std::invalid_argument(fmt::format("no stage is called '{}'", name));
}

const MethodSpec* method_of(std::string_view stage, const Json& params) {
  const StageSpec* spec = stage_named(stage);
  if (!spec || !spec->kind) return nullptr;
  if (*spec->kind == MethodKind::training) return &training_method();
  const auto name = params.find("method");
  return name == params.end() || !name->is_string() ? nullptr : find_method(*spec->kind, name->get_ref<const std::string&>());
}

int task_version(std::string_view stage, const Json& params) {
  const MethodSpec* method = method_of(stage, params);
  return method ? method->version : find_stage(stage).version;
}

std::map<std::string, int> all_versions() {
  std::map<std::string, int> versions;
  for (const StageSpec& stage : all_stages()) {
    if (!stage.kind) versions.emplace(stage.name, stage.version);
    for (const MethodSpec& method : all_methods()) {
      if (stage.kind == method.kind) versions.emplace(fmt::format("{} {}", stage.name, method.name), method.version);
    }
  }
  return versions;
}

bool draws_random_numbers(std::string_view stage, const Json& params) {
  const MethodSpec* method = method_of(stage, params);
  return method && method->draws_random_numbers(params);
}

bool runs_on_gpu(const Json& params) { return params.is_object() && params.value("device", "cpu") != "cpu"; }

bool goes_through_blas(std::string_view stage, const Json& params) {
  const MethodSpec* method = method_of(stage, params);
  const StageSpec* spec = stage_named(stage);
  return (method ? method->blas : spec && spec->blas) && !runs_on_gpu(params);
}

bool reads_dataset(std::string_view stage, const Json& params) {
  const MethodSpec* method = method_of(stage, params);
  const StageSpec* spec = stage_named(stage);
  return (spec && spec->reads_dataset) || (method && method->reads_dataset);
}

bool needs_libtorch(std::string_view stage, const Json& params, std::string_view device) {
  const MethodSpec* method = method_of(stage, params);
  const StageSpec* spec = stage_named(stage);
  return !device.empty() || (method ? method->libtorch : spec && spec->libtorch);
}

}  // namespace latentgrid
