#include "methods/stages.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <stdexcept>

#include "base/key.hpp"
#include "methods/artifact_files.hpp"
#include "methods/probe.hpp"
#include "methods/training.hpp"

namespace latentgrid {

namespace {

double cost_of_pairs(double images) {
  constexpr double pairs_per_s = 5e8;
  return images * images / pairs_per_s;
}

}  // namespace

const std::vector<StageSpec>& all_stages() {
  static const std::vector<StageSpec> stages = {
      {.name = "load",
       .version = 1,
       .dataset_part = "images",
       .reads_dataset = true,
       .files = {images_file},
       .progress = "load {images}"},
      {.name = "train",
       .kind = MethodKind::training,
       .makes_model = true,
       .files = {model_file, losses_file},
       .may_have = {"[0-9][0-9][0-9]_*.npy", validation_file, "optimizer/*.npy"},
       .resumes_from = optimizer_folder,
       .leaves_rolling_checkpoints = true,
       .progress = "train {model} to {longest} epochs"},
      {.name = refine_parameter,
       .kind = MethodKind::refinement,
       .makes_model = true,
       .files = {model_file, losses_file},
       .may_have = {"[0-9][0-9][0-9]_*.npy", "optimizer/*.npy"},
       .resumes_from = optimizer_folder,
       .leaves_rolling_checkpoints = true,
       .progress = "refine {trained} by {method}"},
      {.name = "encode",
       .kind = MethodKind::encoder,
       .files = {latents_file},
       .may_have = {heads_file},
       .points = latents_file,
       .progress = "encode {trained}"},
      {.name = "neighbors", .version = 1, .is_cache = true, .files = {neighbor_indices_file, neighbor_distances_file}},
      {.name = start_stage,
       .version = 1,
       .is_cache = true,
       .files = {start_points_file, graph_starts_file, graph_columns_file, graph_values_file}},
      {.name = "reduce",
       .kind = MethodKind::reduction,
       .shares_cpu_on_gpu = true,
       .files = {embedding_file},
       .points = embedding_file,
       .leaves_rolling_checkpoints = true,
       .progress = "{method} of {trained}"},
      {.name = "cluster", .kind = MethodKind::clustering, .files = {clusters_file}, .metrics = {"clusters_found"}, .progress = "cluster {points}{trained}"},
      {.name = "labels",
       .version = 1,
       .dataset_part = "labels",
       .reads_dataset = true,
       .files = {"labels.npy", "public.npy", "numbers.npy", "images.json"},  // what ImageLabels of data writes
       .progress = "labels of {images}"},
      {.name = "score",
       .version = 1,
       .dataset_part = "labels",
       .may_have = {assignment_file, confusion_file, predictions_file},
       .progress = "score {points}{trained}"},
      {.name = probe_stage,
       .version = 1,
       .dataset_part = "labels",
       .metrics = {"knn_accuracy", "linear_accuracy"},
       .cost = cost_of_pairs,
       .progress = "probe {trained}"},
      {.name = "trustworthiness", .version = 1, .cost = cost_of_pairs, .progress = "trustworthiness of a map of {trained}"},
      {.name = "reconstruct",
       .version = 3,
       .blas = true,
       .libtorch = true,
       .files = {originals_file, reconstructions_file, errors_file},
       .not_finite = diverged,
       .progress = "reconstruct {trained}"},
      {.name = "interpolate",
       .version = 1,
       .blas = true,
       .libtorch = true,
       .files = {originals_file, interpolations_file},
       .not_finite = diverged,
       .progress = "interpolate {trained}"},
      {.name = "sample",
       .version = 1,
       .blas = true,
       .libtorch = true,
       .stochastic = true,
       .files = {samples_file},
       .not_finite = diverged,
       .progress = "sample {trained}"},
      {.name = "augment", .version = 1, .stochastic = true, .files = {originals_file, views_file}, .progress = "augment {images}"},
      {.name = "export", .version = 1, .libtorch = true, .files = {encoder_file}, .progress = "export {trained}"}};
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
  if (*spec->kind == MethodKind::training) return training_in(params);
  const auto name = params.find("method");
  return name == params.end() || !name->is_string() ? nullptr : find_method(*spec->kind, name->get_ref<const std::string&>());
}

std::string problem_with_files(std::string_view stage, const Json& params, const std::vector<std::string>& files) {
  const StageSpec& spec = find_stage(stage);
  std::vector<std::string_view> required = spec.files;
  if (const MethodSpec* method = method_of(stage, params)) required.insert(required.end(), method->files.begin(), method->files.end());
  for (const std::string_view name : required) {
    if (std::ranges::find(files, name) == files.end()) return fmt::format("an artifact of stage '{}' has no file '{}'", stage, name);
  }
  for (const std::string& file : files) {
    const bool listed = std::ranges::find(required, file) != required.end() ||
                        std::ranges::any_of(spec.may_have, [&](std::string_view pattern) {
                          return ::fnmatch(std::string(pattern).c_str(), file.c_str(), FNM_PATHNAME) == 0;
                        });
    if (!listed) return fmt::format("stage '{}' lists no file '{}' in its row, and its artifact has one", stage, file);
  }
  return "";
}

std::string cache_key(const StageSpec& cache, std::string_view points_stage, const std::string& points_key, std::int64_t points_extent) {
  KeyBuilder key(KeyBuilder::Transcript::drop);
  key.add("stage", cache.name).add("version", cache.version);
  key.add("points", {{"stage", points_stage}, {"key", points_key}, {"extent", points_extent}});
  return key.key();
}

std::int64_t cache_extent(const Json& identity) { return std::stoll(sha256_hex(identity.dump()).substr(0, 15), nullptr, 16); }

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
  for (const MethodSpec& method : all_methods()) {
    if (method.kind == MethodKind::augmentation) versions.emplace(fmt::format("train {}", method.name), method.version);
  }
  return versions;
}

std::map<std::string, std::string> resume_folders() {
  std::map<std::string, std::string> folders;
  for (const StageSpec& stage : all_stages()) {
    if (stage.has_checkpoints()) folders.emplace(stage.name, stage.resumes_from);
  }
  return folders;
}

bool draws_random_numbers(std::string_view stage, const Json& params) {
  const MethodSpec* method = method_of(stage, params);
  const StageSpec* spec = stage_named(stage);
  return method ? method->draws_random_numbers(params) : spec && spec->stochastic;
}

bool runs_on_gpu(const Json& params) { return params.is_object() && params.value("device", "cpu") != "cpu"; }

bool is_portable(const Json& params) { return params.is_object() && params.value(arithmetic_parameter, "") == portable_arithmetic; }

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
