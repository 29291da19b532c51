#include "plan/cell_resolver.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "methods/stages.hpp"
#include "methods/training.hpp"
#include "plan/exclusion.hpp"
#include "plan/refinement.hpp"
#include "plan/task_key.hpp"

namespace latentgrid {

namespace {

std::string latent_text(const GridCell& cell) {
  if (untrained(cell)) return "";
  if (!cell.latent) return "native";
  const Json& latent = cell.latent->value;
  if (latent.is_number_integer()) return std::to_string(latent.get<std::int64_t>());
  return latent.is_string() ? latent.get<std::string>() : latent.dump();
}

}  // namespace

CellResolver::CellResolver(const Sweep& sweep, const DatasetHeader& dataset, const Gpus& gpus, Diagnostics& diagnostics)
    : sweep_(sweep), dataset_(dataset), gpus_(gpus), diagnostics_(diagnostics), trainings_(sweep, dataset.images, gpus, shared_), training_check_(sweep, dataset, trainings_, diagnostics) {
  if (!sweep.probe) return;
  if (dataset.labelled > 0 || sweep.unread.labels) {
    probe_ = std::make_shared<const Json>(*sweep.probe);
  } else {
    diagnostics.warning(sweep.probe_where, "none of the images has a label, so encoders cannot be probed", "leave probe out, or name the labels in dataset");
  }
}

std::optional<std::pair<Job, JobIdentity>> CellResolver::resolve(const GridCell& cell) {
  const TrainingResolver::Training& train = trainings_.of(cell);
  const Model& network = model(cell);
  const bool trains = training_check_.check(cell, train, network.autoencoder);
  static const Refinement not_refined;
  const Refinement& refined = trains && refinement_of(cell) ? refinement(cell, network, train) : not_refined;
  const Reduction& reduced = reduction(cell, network);
  const Clustering& clusters = clustering(cell);
  if (network.failed || !trains || refined.failed || reduced.failed || clusters.failed) return std::nullopt;
  Job job;
  job.dataset = sweep_.dataset.name;
  job.range = sweep_.dataset.range;
  job.architecture = cell.architecture->value.get<std::string>();
  job.model = network.autoencoder;
  job.latent = latent_text(cell);
  job.path.reserve(reduced.steps.size() + 4);
  if (job.model) {
    job.path.push_back(train.step);
    trainings_.uses(train);
  }
  if (refined.step) job.path.push_back(refined.step);
  job.path.push_back(encoder(cell, network, train));
  job.path.insert(job.path.end(), reduced.steps.begin(), reduced.steps.end());
  job.path.push_back(clusters.step);
  if (!check_path(cell, job, train)) return std::nullopt;
  job.k = clusters.k;
  job.seed = cell.seed ? cell.seed->value.get<std::int64_t>() : 0;
  const bool through_blas = std::any_of(job.path.begin(), job.path.end(), [](const SharedStep& step) {
    return step->method->blas && !runs_on_gpu(*step->params);
  });
  job.threads = through_blas ? train.threads : 1;
  job.portable = through_blas && is_portable(train.all);
  job.probe = probe_;
  job.where = cell.grid->where;
  const JobIdentity identity = {intern(job.architecture),
                                network.id,
                                job.model ? train.id : -1,
                                job.epochs(),
                                refined.id,
                                reduced.id,
                                clusters.id,
                                job.seed,
                                job.threads,
                                job.portable};
  return std::pair(std::move(job), identity);
}

const CellResolver::Model& CellResolver::model(const GridCell& cell) {
  std::pair key(cell.architecture->value.get<std::string>(), latent_text(cell));
  auto found = models_.find(key);
  if (found == models_.end()) found = models_.emplace(key, make_model(cell)).first;
  return found->second;
}

CellResolver::Model CellResolver::make_model(const GridCell& cell) {
  const MethodSpec* encoder = untrained(cell);
  const bool reads_features = encoder && encoder->reads_dataset;
  const std::int64_t pixels = dataset_.channels * dataset_.height * dataset_.width;
  const std::string name = cell.architecture->value.get<std::string>();
  if (!sweep_.unread.image_shape && (reads_features ? dataset_.feature_width : pixels) == 0) {
    if (without_input_.insert(name).second) say_what_is_missing(cell, reads_features);
    return {.failed = true};
  }
  Model model = {.width = reads_features ? dataset_.feature_width : pixels};
  if (encoder) return model;
  if (sweep_.unread.image_shape || sweep_.unread.architectures.contains(name)) return {.failed = true};
  const Architecture& architecture = sweep_.architectures.at(name);
  const TensorShape image = {dataset_.channels, dataset_.height, dataset_.width};
  std::optional<std::int64_t> latent_dim;
  if (cell.latent && cell.latent->value.is_number()) latent_dim = cell.latent->value.get<std::int64_t>();
  auto fitted = fit_architecture(architecture, image, latent_dim, cell.architecture->where, diagnostics_);
  if (!fitted) return {.failed = true};
  fitted->range = sweep_.dataset.range;
  model.id = intern(fitted->to_json().dump());
  model.width = fitted->latent.values();
  model.autoencoder = std::make_shared<const Autoencoder>(std::move(*fitted));
  return model;
}

void CellResolver::say_what_is_missing(const GridCell& cell, bool features) {
  const std::string name = cell.architecture->value.get<std::string>();
  diagnostics_.error(cell.architecture->where,
                     features ? fmt::format("the architecture {} needs features, and the dataset has none", name)
                              : fmt::format("the architecture {} needs images, and the dataset has features alone", name),
                     features ? "write dataset: {features: FILE.npy}, one row of values for each image"
                              : "name the images in dataset, or leave the architecture out");
}

void CellResolver::check_architecture(const AxisValue& value) {
  static const std::string axis = "architecture";
  const AxisOption option = {.axis = &axis, .where = value.where, .value = value.value};
  GridCell cell;
  cell.architecture = &option;
  if (sweep_.architectures.contains(value.value.get<std::string>())) model(cell);
}

// Whether the clustering can stand behind what is before it.
bool CellResolver::check_path(const GridCell& cell, const Job& job, const TrainingResolver::Training& training) {
  const MethodSpec& clustering = *job.clustering().method;
  if (!clustering.problem_with_path || sweep_.unread.train) return true;
  PathToClustering path{.encoder = *job.encoder().method};
  if (job.training()) {
    path.training = job.training()->method;
    path.training_params = training.all;
    path.refined = job.refinement() != nullptr;
  }
  for (const SharedStep& step : job.reductions()) path.reductions.push_back(step->method->name);
  const auto problem = clustering.problem_with_path(path);
  if (problem) say(cell, clustering_of(cell)[0], *problem);
  return !problem;
}

const CellResolver::Reduction& CellResolver::reduction(const GridCell& cell, const Model& model) {
  std::tuple key(cell.reduction, cell.architecture->value.get<std::string>(), latent_text(cell));
  auto found = reductions_.find(key);
  if (found == reductions_.end()) found = reductions_.emplace(key, make_reduction(cell, model)).first;
  return found->second;
}

CellResolver::Reduction CellResolver::make_reduction(const GridCell& cell, const Model& model) {
  Reduction reduction;
  if (!cell.reduction || cell.reduction->methods.empty()) return reduction;
  PointsSize points{.what = untrained(cell) ? fmt::format("{} of {}", untrained(cell)->vectors, counted(model.width, "value")) : fmt::format("a latent of {}", model.width)};
  if (!sweep_.unread.selection) points.count = dataset_.images;
  if (!model.failed && !sweep_.unread.image_shape) points.width = model.width;
  auto chain = resolve_chain(cell.reduction->methods, points, gpus_, shared_,
                             [&](const FixedMethod& method, const Problem& problem) { say(cell, method, problem); });
  if (!chain) return {.failed = true};
  std::string identity;
  for (const SharedStep& step : *chain) {
    identity += fmt::format("{} {} {};", step->method->name, step->extent, step->params->dump());
  }
  reduction.id = intern(identity);
  reduction.steps = std::move(*chain);
  return reduction;
}

void CellResolver::say(const GridCell& cell, const FixedMethod& method, const Problem& problem) {
  const SourcePosition& where = method.position_of(problem.parameter, problem.or_parameter);
  if (problem.warning) return diagnostics_.warning(where, problem.message, problem.hint);
  const bool of_points = problem.hint.empty();
  diagnostics_.error(where, of_points ? fmt::format("{} ({})", problem.message, cell_name(cell)) : problem.message,
                     of_points ? exclusion_hint(cell) : problem.hint);
}

const SharedStep& CellResolver::encoder(const GridCell& cell, const Model& model, const TrainingResolver::Training& training) {
  const bool trained = model.autoencoder != nullptr;
  SharedStep& known = encoders_[{&model, trained ? &training : nullptr}];
  if (known) return known;
  MethodStep step = {.method = trained ? &encoder_of(*training.step->method) : untrained(cell), .width = model.width};
  Json params = Json::object();
  if (trained) {
    params = with_arithmetic(std::move(params), *training.step->params);
    step.gpu = training.step->gpu;
  } else {
    if (!step.method->reads_dataset) put_range(params, sweep_.dataset.range);
  }
  step.params = shared_.share(params);
  return known = std::make_shared<const MethodStep>(std::move(step));
}

bool CellResolver::complete_k(const FixedMethod& method, const SourcePosition& where, Json& params) {
  if (params.contains("k")) return true;
  if (dataset_.classes > 0) {
    params["k"] = dataset_.classes;
    return true;
  }
  if (!sweep_.unread.labels && !sweep_.unread.selection) {
    diagnostics_.error(where, "without labels the number of clusters is not known",
                       fmt::format("write it: {}: {{{}: {{k: 2}}}}", axis_of(method.spec->kind), method.spec->name));
  }
  return false;
}

const CellResolver::Refinement& CellResolver::refinement(const GridCell& cell, const Model& model, const TrainingResolver::Training& training) {
  const std::tuple key(cell.refine, &model, &training);
  auto found = refinements_.find(key);
  if (found == refinements_.end()) found = refinements_.emplace(key, make_refinement(cell, model, training)).first;
  return found->second;
}

CellResolver::Refinement CellResolver::make_refinement(const GridCell& cell, const Model& model, const TrainingResolver::Training& training) {
  const FixedMethod& method = *refinement_of(cell);
  Json params = method.spec->complete(method.params);
  if (!complete_k(method, method.position_of("k"), params)) return {.failed = true};
  PointsSize images;
  if (!sweep_.unread.selection) images.count = dataset_.images;
  if (model.failed || !model.autoencoder) return {.failed = model.failed};
  std::optional<MethodStep> step =
      resolve_refinement(*method.spec, std::move(params), *model.autoencoder, *training.step, images, [&](const Problem& problem) { say(cell, method, problem); });
  if (!step) return {.failed = true};
  step->params = shared_.share(*step->params);
  const std::int64_t id = intern(fmt::format("{} {} {}", method.spec->name, step->extent, step->params->dump()));
  return {.step = std::make_shared<const MethodStep>(std::move(*step)), .id = id};
}

const CellResolver::Clustering& CellResolver::clustering(const GridCell& cell) {
  auto found = clusterings_.find(cell.clustering);
  if (found == clusterings_.end()) found = clusterings_.emplace(cell.clustering, make_clustering(cell)).first;
  return found->second;
}

CellResolver::Clustering CellResolver::make_clustering(const GridCell& cell) {
  const FixedMethod& method = clustering_of(cell)[0];
  const SourcePosition where = cell.clustering ? method.position_of("k") : cell.grid->where;
  const Unread& unread = sweep_.unread;
  Json params = method.spec->complete(method.params);
  if (!method.spec->finds_k() && !complete_k(method, where, params)) return {.failed = true};
  Clustering clustering = {.id = intern(method.spec->name + params.dump()), .k = params.value("k", std::int64_t{0})};
  if (clustering.k > dataset_.images && !unread.selection) {
    diagnostics_.error(where, fmt::format("{} cannot be divided into {} clusters", counted(dataset_.images, "image"), clustering.k),
                       fmt::format("choose a k of at most {}", dataset_.images));
    return {.failed = true};
  }
  PointsSize points;  // of any width: clusterings are shared by cells with different reductions
  if (!unread.selection) points.count = dataset_.images;
  params = method.spec->settle(std::move(params), points);
  for (const Problem& problem : method.spec->problems_with(params, points)) {
    say(cell, method, problem);
    if (!problem.warning) return {.failed = true};
  }
  MethodStep step{.method = method.spec};
  if (method.spec->extent) step.extent = take_extent(*method.spec, params);
  step.params = shared_.share(params);
  clustering.step = std::make_shared<const MethodStep>(std::move(step));
  return clustering;
}

bool CellResolver::excluded(const GridCell& cell, const Exclusion& exclusion) {
  return agrees(cell, exclusion, gpus_, [&] { return sweep_.unread.train ? nullptr : &trainings_.of(cell).written; });
}

std::string CellResolver::why_equal(const GridCell& cell) {
  std::vector<std::string> ignored;
  if (untrained(cell)) {
    if (cell.latent) ignored.push_back("latent_dim");
    if (cell.training) ignored.push_back("training");
    if (cell.augment) ignored.push_back(augment_parameter);
    if (cell.refine) ignored.push_back(refine_parameter);
    for (const AxisOption* option : cell.train) {
      if (!is_of_every_job(*option->axis)) ignored.push_back(*option->axis);
    }
    if (!ignored.empty()) return fmt::format("{} ignore {}", untrained(cell)->display_name, fmt::join(ignored, ", "));
  }
  const Json options = training_of(cell).spec->with_dropped_defaults(trainings_.of(cell).all);
  for (const AxisOption* option : cell.train) {
    if (!options.contains(*option->axis)) ignored.push_back(*option->axis);
  }
  const std::string name = cell.architecture->value.get<std::string>();
  const bool of_another_training = &default_training() != training_of(cell).spec;
  if (!ignored.empty()) return fmt::format("{} ignore{} {}", of_another_training ? training_of(cell).spec->name : "the settings of " + name, of_another_training ? "s" : "", fmt::join(ignored, ", "));
  for (const AxisOption* option : cell.train) {
    if (trainings_.overridden(*option->axis, option->where)) ignored.push_back("train." + *option->axis);
  }
  if (!ignored.empty()) return fmt::format("--set gives every cell its {}", fmt::join(ignored, ", "));
  for (const AxisOption* option : cell.train) {
    if (training_of(cell).positions.contains(*option->axis)) ignored.push_back(*option->axis);
  }
  if (!ignored.empty()) return fmt::format("{} sets its own {}", training_of(cell).spec->name, fmt::join(ignored, ", "));
  if (names_device(cell)) return "device comes to the same for them";
  if (const FixedMethod* refinement = cell.refine ? refinement_of(cell) : nullptr) {
    const Json complete = refinement->spec->complete(refinement->params);
    for (const auto& [parameter, value] : refinement->params.items()) {
      if (!complete.contains(parameter)) ignored.push_back(parameter);
    }
    if (!ignored.empty()) return fmt::format("{} ignores {} with its other parameters", refinement->spec->name, fmt::join(ignored, ", "));
  }
  for (const AxisOption& option : cell.architecture->below) ignored.push_back(*option.axis);
  if (!ignored.empty()) return fmt::format("{} sets its own {}", name, fmt::join(ignored, ", "));
  return "the same values are written more than once";
}

bool CellResolver::names_device(const GridCell& cell) {
  const bool of_training = !untrained(cell) && trainings_.of(cell).written["device"] != trainings_.of(cell).all["device"];
  auto of_step = [](const FixedMethod& method) { return method.params.contains("device"); };
  return of_training || (cell.reduction && std::any_of(cell.reduction->methods.begin(), cell.reduction->methods.end(), of_step));
}

std::string CellResolver::cell_name(const GridCell& cell) const {
  const std::string architecture = cell.architecture->value.get<std::string>();
  return untrained(cell) ? architecture : fmt::format("{}, latent_dim {}", architecture, latent_text(cell));
}

std::string CellResolver::exclusion_hint(const GridCell& cell) const {
  std::string condition = untrained(cell) || latent_text(cell) == "native"
                              ? "architecture: " + cell.architecture->value.get<std::string>()
                              : "latent_dim: " + latent_text(cell);
  std::vector<std::string> steps;
  for (const FixedMethod& method : cell.reduction->methods) {
    const Json params = method.spec->complete(method.params);
    steps.push_back(params.contains("dim") ? fmt::format("{}: {{dim: {}}}", method.spec->name, params["dim"].dump())
                                           : fmt::format("{}: {{}}", method.spec->name));
  }
  std::string reduction =
      steps.size() == 1 ? fmt::format("{{{}}}", steps[0]) : fmt::format("[[{{{}}}]]", fmt::join(steps, "}, {"));
  return fmt::format("exclude it: exclude: [{{{}, reduction: {}}}]", condition, reduction);
}

std::int64_t CellResolver::intern(const std::string& text) {
  return interned_.emplace(text, static_cast<std::int64_t>(interned_.size()) + 1).first->second;
}

}  // namespace latentgrid
