#include "report/charts/map_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "methods/stages.hpp"
#include "report/parameters.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace {

std::vector<Json> steps_before(const ReportData& data, const FigurePanel& panel) {
  std::vector<Json> steps;
  for (int i = 0;; ++i) {
    auto step = panel.roles.find(fmt::format("step{}", i));
    if (step == panel.roles.end()) return steps;
    const FigureTaskRow& row = step->second;
    if (!data.store.exists(row.stage, row.artifact)) return steps;
    steps.push_back(data.store.read_record(row.stage, row.artifact).at("provenance").at("params"));
    if (const MethodSpec* method = method_of(row.stage, steps.back()); method && method->extent) {
      steps.back()[method->extent->parameter] = row.artifact.extent;
    }
  }
}

std::string chain_text(const std::vector<Json>& before, const Json& last) {
  std::string text;
  for (const Json& step : before) {
    const std::string method = display_name_of(step.at("method").get<std::string>());
    text += step.contains("dim") ? fmt::format("{} {}-D, then ", method, step["dim"].dump()) : method + ", then ";
  }
  return text + display_name_of(last.at("method").get<std::string>());
}

// Parameters in which panels of one method differ, besides what the titles tell.
std::set<std::string> differing(const std::vector<MapPanel>& panels, const std::string& method) {
  std::set<std::string> names;
  const Json* first = nullptr;
  for (const MapPanel& panel : panels) {
    if (panel.params.at("method") != method) continue;
    if (!first) first = &panel.params;
    for (const auto& [name, value] : panel.params.items()) {
      if (!first->contains(name) || (*first)[name] != value) names.insert(name);
    }
  }
  return names;
}

std::string panel_title(const MapPanel& read, const std::vector<MapPanel>& all, const MapSubject& subject) {
  std::string title;
  if (read.latents) return fmt::format("The job's own {}, 2-D", subject.points());
  if (read.own) {
    title = fmt::format("{}: {}, 2-D", subject.other_images ? "The job's own reduction" : "The job's own embedding", read.steps);
  } else {
    title = fmt::format("{} of the {}{}, 2-D", read.steps, subject.own_is_shown ? "same " : "", subject.points());
  }
  const std::string method = read.params.at("method");
  const MethodSpec* known = find_method(MethodKind::reduction, method);
  if (known && known->extent && !known->has_slices()) title += fmt::format(", {} {}", read.extent, known->extent->unit());
  for (const std::string& name : differing(all, method)) {
    if (read.params.contains(name)) title += fmt::format(", {} {}", name, parameter_text(method + "." + name, read.params[name]));
  }
  return title;
}

// ", perplexity 10 of the t-SNE before" for what panels of one title differ in before their last step.
std::string what_differs_before(const MapPanel& read, const MapPanel& other) {
  std::string text;
  for (std::size_t i = 0; i < std::min(read.before.size(), other.before.size()); ++i) {
    for (const auto& [name, value] : read.before[i].items()) {
      if (other.before[i].value(name, Json()) == value) continue;
      const std::string method = read.before[i].at("method");
      text += fmt::format(", {} {} of the {} before", name, parameter_text(method + "." + name, value), display_name_of(method));
    }
  }
  return text;
}

}  // namespace

MapPanel read_map_panel(const ReportData& data, const FigurePanel& panel) {
  const FigureTaskRow& row = panel.roles.at("embedding");
  const Json record = data.store.read_record(row.stage, row.artifact);
  const StageSpec& stage = find_stage(row.stage);
  const bool latents = stage.kind == MethodKind::encoder;
  const auto file = data.store.folder(row.stage, row.artifact) / stage.points;
  const NpyFile embedding(file);
  const std::vector<std::int64_t>& shape = embedding.header().shape;
  if (shape.size() != 2 || shape[1] != 2) throw Error(fmt::format("{}: not a matrix of two columns", file.string()));
  const Json params = record.at("provenance").at("params");
  std::vector<Json> before = steps_before(data, panel);
  std::string steps = chain_text(before, params);
  return {panel.roles.contains("own"),
          latents,
          std::move(steps),
          std::move(before),
          params,
          record.at("metrics"),
          row.artifact.extent,
          {embedding.floats().begin(), embedding.floats().end()}};
}

std::vector<std::string> panel_titles(const std::vector<MapPanel>& all, const MapSubject& subject) {
  std::vector<std::string> titles, distinct;
  for (const MapPanel& read : all) titles.push_back(panel_title(read, all, subject));
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::string title = titles[i];
    for (std::size_t k = 0; k < all.size() && title == titles[i]; ++k) {
      if (k != i && titles[k] == titles[i]) title += what_differs_before(all[i], all[k]);
    }
    if (std::find(distinct.begin(), distinct.end(), title) != distinct.end()) title += fmt::format(" (panel {})", i + 1);
    distinct.push_back(std::move(title));
  }
  return distinct;
}

std::vector<std::string> lines_about_methods(const std::vector<MapPanel>& read, std::int64_t count, const Json& spec) {
  std::vector<std::string> lines;
  for (const std::string& name : default_map_methods()) {
    const MethodSpec& method = *find_method(MethodKind::reduction, name);
    const bool shown = std::any_of(read.begin(), read.end(), [&](const MapPanel& r) { return r.params.at("method") == name; });
    if (shown || spec.contains("reductions") || !method.problems) continue;
    Json params = method.complete(Json::object());
    params["dim"] = 2;
    for (const Problem& problem : method.problems(params, {.count = count})) {
      if (!problem.warning && problem.possible.is_null()) lines.push_back(fmt::format("There is no {}: {}.", method.display_name, problem.message));
    }
  }
  bool any_note = false;
  for (const MethodSpec& method : all_methods()) {
    if (method.map_note.empty()) continue;
    const bool shown = std::any_of(read.begin(), read.end(), [&](const MapPanel& r) { return r.params.at("method") == method.name; });
    if (shown) lines.push_back(method.map_note + (std::exchange(any_note, true) ? "" : " A map is no score."));
  }
  return lines;
}

}  // namespace latentgrid
