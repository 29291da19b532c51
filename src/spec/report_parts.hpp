#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

// The two parts of a sweep's `report:` section. Each reads what it can and reports all that is wrong.
namespace latentgrid {

// One table; what report/table_spec.hpp reads. Adds the conditions on its jobs to `jobs`, and the parameters that its
// columns name to `parameters`.
Json read_report_table(const YamlNode& node, const std::string& default_name, Reader& reader,
                       std::vector<TableJobs>& jobs, std::vector<ReportParameter>& parameters);

// One figure: a kind by itself, or {kind: {parameter: value}}. What it needs beside the jobs is in the request.
struct FigureContext {
  std::filesystem::path folder;               // of the sweep's file
  std::optional<std::filesystem::path> data;  // --data
  const std::map<std::string, Architecture>& architectures;
};
FigureRequest read_report_figure(const YamlNode& node, const FigureContext& context, Reader& reader);

// What a figure says of its jobs: best, {best: FIELD}, values of axes, ids. Nothing after an error.
struct JobChoiceRules {
  bool one = false;   // it shows one job
  bool best = true;   // the best is a choice
  const std::vector<std::string>& measured;
};
std::optional<JobChoice> read_job_choice(const YamlNode& node, const JobChoiceRules& rules, Reader& reader);
Json to_json(const JobChoice& choice);  // what report/selection.hpp reads

// What a report shows that lists no figures, as far as it needs tasks: reconstructions, and the best job's map.
std::vector<FigureRequest> default_figures();

// A name that is also a file's: letters, digits, _ and -.
std::string report_file_name(const YamlNode& node, Reader& reader);

}  // namespace latentgrid
