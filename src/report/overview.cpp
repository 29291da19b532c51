#include "report/overview.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "columns/fields.hpp"
#include "data/class_names.hpp"
#include "db/run_options.hpp"
#include "methods/stages.hpp"
#include "model/layer_text.hpp"
#include "report/charts/common.hpp"
#include "report/charts/varied_axes.hpp"
#include "report/fields.hpp"
#include "report/parameters.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_values = 12;    // of one axis; the rest is counted
constexpr std::size_t most_classes = 40;   // named
constexpr std::size_t short_commit = 12;   // digits

OverviewEntry jobs_entry(const ReportData& data) {
  std::map<std::string, std::int64_t> states;
  for (const ResultRow& row : data.rows) ++states[row.state];
  std::string jobs = fmt::format("{} complete", states["complete"]);
  for (const char* state : {"pending", "failed", "skipped"}) {
    if (states[state] > 0) jobs += fmt::format(", {} {}", states[state], state);
  }
  return {"jobs", {jobs}};
}

// ": landscape, other" where the sweep names its classes.
std::string named_classes(const Json& dataset) {
  const ClassNames names = ClassNames::recorded(dataset);
  if (names.names().empty()) return "";
  std::vector<std::string> shown;
  for (std::size_t c = 0; c < names.names().size() && c < most_classes; ++c) {
    shown.push_back(names.shown(static_cast<std::int64_t>(c)));
  }
  std::string text = fmt::format(": {}", fmt::join(shown, ", "));
  if (names.names().size() > shown.size()) text += fmt::format(" and {} more", names.names().size() - shown.size());
  return text;
}

OverviewEntry data_entry(const ReportData& data) {
  const Json& dataset = data.revision.dataset;
  auto number = [&](const char* name) { return dataset.value(name, std::int64_t{0}); };
  const std::int64_t images = number("images"), labelled = number("labelled");
  std::string text = fmt::format("{}: {}", dataset.value("name", ""), counted(images, "image"));
  if (number("height") > 0) text += fmt::format(" of {}×{}×{}", number("height"), number("width"), number("channels"));
  text += labelled == 0 ? ", none labelled" : labelled == images ? ", all labelled" : fmt::format(", {} labelled", labelled);
  OverviewEntry entry{"data set", {text}};
  if (number("classes") > 0) {
    const auto classes = static_cast<std::size_t>(number("classes"));
    entry.lines.push_back(fmt::format("{} class{}{}", classes, classes == 1 ? "" : "es", named_classes(dataset)));
  }
  return entry;
}

OverviewEntry varies_entry(const ReportData& data) {
  OverviewEntry entry{"what varies", {}};
  for (const charts::VariedAxis& axis : charts::varied_axes(data, data.every_row())) {
    std::vector<std::string> values;
    for (const Cell& value : axis.values) {
      if (values.size() == most_values) break;
      values.push_back(axis.text(value));
    }
    std::string line = fmt::format("{}: {}", axis.title(), fmt::join(values, ", "));
    if (axis.values.size() > values.size()) line += fmt::format(" and {} more, in the columns of the jobs", axis.values.size() - values.size());
    entry.lines.push_back(std::move(line));
  }
  if (entry.lines.empty()) entry.lines.push_back("nothing");
  return entry;
}

// Parameters that have one value in all jobs that have them: "learning_rate 0.001, batch_size 64", by what they are of.
std::vector<OverviewEntry> constant_entries(const ReportData& data) {
  struct Value {
    std::string text;
    bool varies = false;
  };
  std::vector<std::string> names;
  std::map<std::string, Value> values;
  std::set<std::string> seen;
  for (const ResultRow& row : data.rows) {
    // Rows that agree in these agree in all parameters that are asked for here.
    if (!seen.insert(fmt::format("{}\x1f{}\x1f{}", row.epochs, row.clustering, row.params)).second) continue;
    for (const auto& [name, value] : all_parameters(row)) {
      const std::string text = parameter_text(name, value);
      const auto [known, fresh] = values.try_emplace(name, Value{text});
      if (fresh) names.push_back(name);
      known->second.varies = known->second.varies || known->second.text != text;
    }
  }
  const auto is_said_elsewhere = [](const std::string& name) {
    return name == "dataset" || name == "threads" || (name != "epochs" && is_common_axis(name));
  };
  std::vector<OverviewEntry> entries;
  for (const std::string& name : names) {
    const Value& value = values.at(name);
    if (value.varies || is_said_elsewhere(name)) continue;
    const std::size_t dot = name.find('.');
    const std::string of = dot == std::string::npos ? "training" : display_name_of(name.substr(0, dot));
    auto entry = std::find_if(entries.begin(), entries.end(), [&](const OverviewEntry& one) { return one.name == of; });
    if (entry == entries.end()) entry = entries.insert(entries.end(), {of, {""}, true});
    std::string& line = entry->lines.front();
    line += fmt::format("{}{} {}", line.empty() ? "" : ", ", dot == std::string::npos ? name : name.substr(dot + 1), value.text);
  }
  return entries;
}

std::optional<Json> trained_model(const ReportData& data, const std::string& job) {
  const std::optional<JobDetail> detail = job_detail(data.db, job);
  if (!detail) return std::nullopt;
  for (const PathStep& step : detail->path) {
    if (find_stage(step.stage).kind != MethodKind::training || !step.recorded) continue;
    const Json model = member_of(member_of(member_of(step.record, "provenance"), "params"), model_parameter);
    if (model.is_object()) return model;
  }
  return std::nullopt;
}

// The layers of several models of one architecture; where they differ, as with several latent dimensions, all forms are said.
std::string layers_text(const std::vector<Json>& models, const char* part) {
  std::vector<std::vector<std::string>> lists;
  for (const Json& model : models) {
    std::vector<std::string> list;
    for (const Json& layer : member_of(model, part)) list.push_back(layer_text(layer));
    if (std::find(lists.begin(), lists.end(), list) == lists.end()) lists.push_back(std::move(list));
  }
  const bool alike = std::all_of(lists.begin(), lists.end(), [&](const auto& list) { return list.size() == lists.front().size(); });
  std::vector<std::string> merged;
  if (!alike) {
    for (const auto& list : lists) merged.push_back(fmt::format("{}", fmt::join(list, ", ")));
    return fmt::format("{}", fmt::join(merged, "; or "));
  }
  for (std::size_t i = 0; i < lists.front().size(); ++i) {
    std::vector<std::string> forms;
    for (const auto& list : lists) {
      if (std::find(forms.begin(), forms.end(), list[i]) == forms.end()) forms.push_back(list[i]);
    }
    merged.push_back(fmt::format("{}", fmt::join(forms, " or ")));
  }
  return fmt::format("{}", fmt::join(merged, ", "));
}

std::vector<OverviewEntry> architecture_entries(const ReportData& data) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<Json>> models;
  std::map<std::string, std::set<std::string>> latents_of;
  for (const ResultRow& row : data.rows) {
    if (!latents_of.contains(row.architecture)) names.push_back(row.architecture);
    std::set<std::string>& latents = latents_of[row.architecture];
    if (latents.contains(row.latent)) continue;
    const bool trained = trains_encoder(row.architecture);
    if (trained && !row["recon_mse"] && row.state != "complete") continue;
    latents.insert(row.latent);  // one job is asked: where its record names no model, those of a hundred thousand others don't either
    if (!trained) continue;
    if (auto model = trained_model(data, row.job)) models[row.architecture].push_back(std::move(*model));
  }
  std::vector<OverviewEntry> entries;
  for (const std::string& name : names) {
    if (const MethodSpec* untrained = untrained_encoder(name)) {
      entries.push_back({name, {untrained->doc}, true});
    } else if (!models.contains(name)) {
      entries.push_back({name, {"not trained yet"}, true});
    } else {
      std::vector<std::string> parts = {"encoder: " + layers_text(models[name], "encoder")};
      std::erase_if(models[name], [](const Json& model) { return !model.contains("decoder"); });  // of a training that has none
      if (!models[name].empty()) parts.push_back("decoder: " + layers_text(models[name], "decoder"));
      entries.push_back({name, parts, true});
    }
  }
  return entries;
}

// "2026-11-28T02:38:46.549Z" as "2026-11-28 02:38 UTC".
std::string minute(const std::string& timestamp) {
  if (timestamp.size() < 16 || timestamp[10] != 'T') return timestamp;
  return fmt::format("{} {} UTC", timestamp.substr(0, 10), timestamp.substr(11, 5));
}

OverviewEntry made_entry(const ReportData& data) {
  const Json& provenance = data.revision.provenance;
  std::string by = fmt::format("{}, by latentgrid {}", minute(data.revision.created_at), provenance.value("build", "of an unknown version"));
  if (const std::string commit = provenance.value("git_commit", ""); !commit.empty() && commit != "unknown") {
    const bool dirty = commit.ends_with("-dirty");
    by += fmt::format(" (commit {}{})", commit.substr(0, short_commit), dirty ? ", with uncommitted changes" : "");
  }
  return {"first run", {by, fmt::format("revision {} of this sweep, from {}", data.revision.number, data.revision.file)}};
}

}  // namespace

std::vector<OverviewEntry> overview(const ReportData& data) {
  std::vector<OverviewEntry> entries = {jobs_entry(data), data_entry(data), varies_entry(data), made_entry(data)};
  if (const std::string options = run_options_text(data.revision.options); !options.empty()) {
    entries.insert(entries.begin(), {"options", {"made with " + options}});
  }
  for (OverviewEntry& entry : constant_entries(data)) entries.push_back(std::move(entry));
  for (OverviewEntry& entry : architecture_entries(data)) entries.push_back(std::move(entry));
  return entries;
}

}  // namespace latentgrid
