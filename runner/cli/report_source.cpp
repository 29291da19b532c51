#include "cli/report_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/text_file.hpp"
#include "cli/open_results.hpp"
#include "cli/sweep_or_file.hpp"
#include "db/run_options.hpp"
#include "spec/report_source.hpp"

namespace latentgrid::cli {

namespace {

namespace fs = std::filesystem;

SpecOptions options_of(const SweepRevision& revision) {
  SpecOptions options;
  options.sets = revision.options.value("set", std::vector<std::string>());
  if (const std::string data = revision.options.value("data", ""); !data.empty()) options.data = fs::absolute(data);
  return options;
}

// The file that a revision was run from, if it is there still.
std::optional<fs::path> file_of(const SweepRevision& revision) {
  const fs::path file = revision.provenance.value("sweep_file", "");
  std::error_code none;
  return fs::is_regular_file(file, none) ? std::optional(file) : std::nullopt;
}

// A report reads no labels, so it cannot tell whose the new names are.
std::string changed_class_names(const std::string& file) {
  return fmt::format("note: the class names in {0} have changed since it was run, and this report has the old ones: `latentgrid run {0}` "
                     "records the new ones, and does no finished work again\n",
                     file);
}

void say_if_changed(const ResultsDb& db, const std::string& sweep) {
  const std::optional<SweepRevision> revision = latest_revision(db, sweep);
  const std::optional<fs::path> file = revision ? file_of(*revision) : std::nullopt;
  if (!file) return;
  std::string text;
  try {
    text = read_text_file(*file);
  } catch (const Error&) {
    return;  // whose file it is now, is not known
  }
  if (sweep_name_in(text) != sweep) return;  // it describes another sweep by now
  const std::optional<FileChanges> changes = changes_of_file(text, revision->text, options_of(*revision).sets);
  if (!changes) return;
  std::error_code none;
  const bool as_called = fs::equivalent(revision->file, *file, none);
  const std::string name = as_called ? revision->file : file->string();
  if (changes->report) {
    fmt::print(stderr, "note: the report section of {0} has changed since it was run: `latentgrid report {0}` uses it\n", name);
  }
  if (changes->class_names) fmt::print(stderr, "{}", changed_class_names(name));
}

ReportSource from_file(const ResultsDb& db, const fs::path& file) {
  const auto [text, name] = read_sweep_file(db, file, "report");
  const SweepRevision revision = latest_revision(db, name).value();
  const SpecOptions options = options_of(revision);
  if (const std::string with = run_options_text(revision.options); !with.empty()) {
    fmt::print(stderr, "note: the latest run of {0} was made with {1}, and this report is about that run: `latentgrid run {0}` runs the file as it is\n",
               file.string(), with);
  }
  const std::optional<FileChanges> changes = changes_of_file(text, revision.text, options.sets);
  if (changes && changes->rest) {
    fmt::print(stderr,
               "note: {0} has changed in more than its report section: this report is on the jobs of revision {1}, and "
               "`latentgrid run {0}` runs what is new\n",
               file.string(), revision.number);
  } else if (changes && changes->class_names) {
    fmt::print(stderr, "{}", changed_class_names(file.string()));
  }
  if (changes && !changes->report) return {name, std::nullopt};
  Diagnostics diagnostics;
  const std::optional<Json> section = read_report_section(file, text, options, diagnostics);
  fmt::print(stderr, "{}", diagnostics.render());
  if (!section || !changes) throw UsageError(fmt::format("no report was written, because the report section of {} has errors", file.string()));
  return {name, ReportSection{*section, changes->figures_with_tasks, file.string()}};
}

}  // namespace

ReportSource report_source(const ResultsDb& db, const std::string& asked) {
  if (is_file(db, asked)) return from_file(db, asked);
  require_sweep(db, asked);
  say_if_changed(db, asked);
  return {asked, std::nullopt};
}

}  // namespace latentgrid::cli
