#include "report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>

#include "base/error.hpp"
#include "report/charts/charts.hpp"
#include "report/pictures/embedding_map.hpp"
#include "report/pictures/picture_rows.hpp"
#include "report/pictures/reconstructions.hpp"

namespace latentgrid {

namespace {

struct Kind {
  const char* name;
  const char* title;
  Figure (*build)(const ReportData& data, const Json& spec);
  bool picture;  // has tasks of its own (pictures of the database)
};

constexpr Kind kinds[] = {{"reconstructions", "Images and their reconstructions", reconstructions, true},
                          {"map", "Map of the embedding", embedding_map, true},
                          {"error_vs_score", "Score against reconstruction loss", charts::error_vs_score, false},
                          {"score_by_epoch", "Score by epoch", charts::score_by_epoch, false},
                          {"training_curves", "Training loss", charts::training_curves, false},
                          {"importance", "Which axis matters", charts::importance, false},
                          {"slices", "Score along each axis", charts::slices, false},
                          {"parallel_coordinates", "Every job through its axes", charts::parallel_coordinates, false},
                          {"confusion", "Clusters and classes", charts::confusion, false},
                          {"costs", "What the jobs cost and what sharing saved", charts::costs, false}};

// A figure that cannot be made is a gap, whatever the reason; the others are still worth having.
Figure build(const Kind& kind, const ReportData& data, const Json& spec) {
  if (auto gap = data.not_run.find(spec.at("name")); kind.picture && gap != data.not_run.end()) {
    return {.name = spec.at("name"), .title = spec.at("title"), .gaps = {gap->second}};
  }
  try {
    return kind.build(data, spec);
  } catch (const Error& error) {
    return {.name = spec.at("name"),
            .title = spec.at("title"),
            .gaps = {fmt::format("It cannot be drawn: {}{}", error.what(), std::string_view(error.what()).ends_with('?') ? "" : ".")},
            .lost = true};
  } catch (const std::exception& error) {  // an artifact or its record is not what it should be
    return {.name = spec.at("name"),
            .title = spec.at("title"),
            .gaps = {fmt::format("It cannot be drawn, because an artifact is damaged: {}.", error.what())},
            .lost = true};
  }
}

// Where the sweep lists no figures: every kind that has something to show. A picture whose artifact is gone is a gap.
std::vector<Figure> usual_figures(const ReportData& data) {
  std::vector<Figure> figures;
  for (const Kind& kind : kinds) {
    if (kind.picture && panels_of(data, kind.name).empty() && !data.not_run.contains(kind.name)) continue;
    Figure figure = build(kind, data, {{"kind", kind.name}, {"name", kind.name}, {"title", kind.title}});
    const bool empty = std::holds_alternative<std::monostate>(figure.body);
    if (!empty || figure.lost || kind.picture) figures.push_back(std::move(figure));
  }
  return figures;
}

// Figures of one title are told apart by their names, which the sweep's file gives them.
void tell_titles_apart(std::vector<Figure>& figures) {
  std::map<std::string, int> count;
  for (const Figure& figure : figures) ++count[figure.title];
  for (Figure& figure : figures) {
    if (count[figure.title] > 1) figure.title += fmt::format(" ({})", figure.name);
  }
}

}  // namespace

std::vector<std::string> drawn_figure_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kinds) names.emplace_back(kind.name);
  return names;
}

std::vector<Figure> build_figures(const ReportData& data) {
  const Json& report = data.revision.report;
  if (!report.is_object() || !report.contains("figures")) return usual_figures(data);
  std::vector<Figure> figures;
  for (const Json& spec : report["figures"]) {
    const std::string name = spec.at("kind");
    const auto* kind = std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& k) { return k.name == name; });
    if (kind == std::end(kinds)) {
      throw Error(fmt::format("the report of sweep '{}' asks for a figure '{}', which this program does not know",
                              data.sweep, name));
    }
    figures.push_back(build(*kind, data, spec));
  }
  tell_titles_apart(figures);
  return figures;
}

}  // namespace latentgrid
