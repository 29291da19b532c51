#include "report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>

#include "base/error.hpp"
#include "columns/figure_kinds.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/figure_panels.hpp"

namespace latentgrid {

namespace {

using Draw = Figure (*)(const ReportData& data, const Json& spec);

constexpr Draw functions[] = {  // as figure_kinds()
#define FIGURE_KIND(name, title, function, ...) charts::function,
#include "columns/figure_kinds.def"
#undef FIGURE_KIND
};

// A figure that cannot be made is an omission, whatever the reason; the others are still worth having.
Figure build(const FigureKind& kind, const ReportData& data, const Json& spec) {
  if (auto omission = data.not_run.find(spec.at("name")); kind.has_tasks() && omission != data.not_run.end()) {
    return {.name = spec.at("name"), .title = spec.at("title"), .omissions = {omission->second}};
  }
  try {
    return functions[&kind - figure_kinds().data()](data, spec);
  } catch (const Error& error) {
    return {.name = spec.at("name"),
            .title = spec.at("title"),
            .omissions = {fmt::format("It cannot be drawn: {}{}", error.what(), std::string_view(error.what()).ends_with('?') ? "" : ".")},
            .lost = true};
  } catch (const std::exception& error) {  // an artifact or its record is not what it should be
    return {.name = spec.at("name"),
            .title = spec.at("title"),
            .omissions = {fmt::format("It cannot be drawn, because an artifact is damaged: {}.", error.what())},
            .lost = true};
  }
}

// Where the sweep lists no figures: every kind that has something to show. One whose artifact is gone is an omission.
std::vector<Figure> default_figures(const ReportData& data) {
  std::vector<Figure> figures;
  for (const FigureKind& kind : figure_kinds()) {
    if (kind.has_tasks() && panels_of(data, kind.name).empty() && !data.not_run.contains(kind.name)) continue;
    Figure figure = build(kind, data, {{"kind", kind.name}, {"name", kind.name}, {"title", kind.title}});
    const bool empty = std::holds_alternative<std::monostate>(figure.body);
    if (!empty || figure.lost || kind.has_tasks()) figures.push_back(std::move(figure));
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

std::vector<Figure> build_figures(const ReportData& data) {
  const Json& report = data.revision.report;
  if (!report.is_object() || !report.contains("figures")) return default_figures(data);
  std::vector<Figure> figures;
  for (const Json& spec : report["figures"]) {
    const std::string name = spec.at("kind");
    const auto& kinds = figure_kinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const FigureKind& k) { return k.name == name; });
    if (kind == kinds.end()) {
      throw Error(fmt::format("the report of sweep '{}' asks for a figure '{}', which this program does not know",
                              data.sweep, name));
    }
    figures.push_back(build(*kind, data, spec));
  }
  tell_titles_apart(figures);
  return figures;
}

}  // namespace latentgrid
