#include "cli/sweep_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/access.hpp"
#include "base/clock.hpp"
#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "cli/crews.hpp"
#include "cli/option_checks.hpp"
#include "cli/output.hpp"
#include "data/digest_cache.hpp"
#include "db/queries.hpp"
#include "db/results_db.hpp"
#include "db/run_options.hpp"
#include "plan/removed_checkpoints.hpp"
#include "run/known_jobs.hpp"

namespace latentgrid::cli {

void SweepOptions::add_to(CLI::App& app) {
  command = app.get_name();
  app.add_option("sweep", file, "the sweep file (YAML)")->required()->type_name("FILE");
  app.add_option("-S,--set", sets, "replace a value of the file: --set train.batch_size=64 (may be repeated)")
      ->allow_extra_args(false)
      ->type_name("PATH=VALUE");
  app.add_option("--data", data,
                  "a folder with trainX.npy (and trainY.npy, or valX.npy and valY.npy) instead of the dataset's files")
      ->type_name("DIR")
      ->check(not_empty());
}

SpecOptions SweepOptions::spec() const {
  SpecOptions options;
  options.sets = sets;
  options.slurm = slurm;
  if (!data.empty()) options.data = std::filesystem::absolute(data);
  return options;
}

namespace {

Json to_json(const Said& said, Severity severity) {
  Json list = Json::array();
  for (const Diagnostic& one : said) {
    if (one.severity != severity) continue;
    list.push_back({{"file", one.where.file},
                    {"line", one.where.line},
                    {"column", one.where.column},
                    {"message", one.message},
                    {"hint", one.hint}});
  }
  return list;
}

// What is wrong is printed; errors are thrown too, as one line.
template <typename T>
T or_throw(const std::string& file, std::optional<T> planned, const Diagnostics& diagnostics, Said* said = nullptr) {
  fmt::print(stderr, "{}", diagnostics.render());
  if (said) said->insert(said->end(), diagnostics.all().begin(), diagnostics.all().end());
  if (planned) return std::move(*planned);
  auto is_error = [](const Diagnostic& d) { return d.severity == Severity::error; };
  auto errors = std::count_if(diagnostics.all().begin(), diagnostics.all().end(), is_error);
  throw UsageError(fmt::format("{}: {} error{}", file, errors, errors == 1 ? "" : "s"));
}

}  // namespace

namespace {

FigureTasks plan_figure_tasks_or_throw(const SweepOptions& options, const Plan& plan, const ArtifactStore& store,
                                DigestCache& digests, const JobKnowledge& known, Said* said) {
  if (!needs_figure_tasks(plan.sweep)) return {};
  Diagnostics diagnostics;
  diagnostics.add_source(plan.sweep.file, plan.sweep.text);
  FigureTasks pictures = or_throw(options.file, plan_figure_tasks(plan, store, digests, known, diagnostics), diagnostics, said);
  leave_removed_checkpoints(pictures.plan.graph, store);
  return pictures;
}

}  // namespace

FigureTasks figure_tasks_or_throw(const SweepOptions& options, const Plan& plan, const ArtifactStore& store,
                           DigestCache& digests, Said* said) {
  JobKnowledge known;
  std::optional<ResultsDb> db;
  try {
    db = ResultsDb::open_for_reading(store.database());
    known = known_jobs(*db, plan, recorded_states(*db, plan), FailedJobs::are_tried_again);
  } catch (const Error&) {
    // None yet, or one that the next run brings up to date: then scores are not known.
  }
  return plan_figure_tasks_or_throw(options, plan, store, digests, known, said);
}

FigureTasks figure_tasks_or_throw(const SweepOptions& options, const Plan& plan, const ArtifactStore& store,
                           DigestCache& digests, const JobKnowledge& known) {
  return plan_figure_tasks_or_throw(options, plan, store, digests, known, nullptr);
}

namespace {

// `latentgrid run NAME` where run takes a file: the database knows which it was, and with which options it was run.
std::string file_of_sweep(const SweepOptions& options, const ArtifactStore& store) {
  namespace fs = std::filesystem;
  try {
    const ResultsDb db = ResultsDb::open_for_reading(store.database());
    const std::optional<SweepRevision> revision = latest_revision(db, options.file);
    if (!revision) return "";
    const std::string file = revision->provenance.value("sweep_file", revision->file);
    std::error_code none;
    if (!fs::exists(file, none)) {
      return fmt::format("'{0}' is the name of a sweep; its file was {1}, which is not there any more. `latentgrid report {0}` needs no file",
                         options.file, file);
    }
    std::string call = fmt::format("latentgrid {} {}", options.command, file);
    if (const std::string with = run_options_text(revision->options); !with.empty()) call += " " + with;
    return fmt::format("'{}' is the name of a sweep, and {} takes its file: `{}`", options.file, options.command, call);
  } catch (const Error&) {
    return "";  // no results yet
  }
}

void require_file(const SweepOptions& options, const ArtifactStore& store, Diagnostics& diagnostics) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (fs::exists(options.file, none)) return;
  if (none == std::errc::permission_denied) {
    const HintedError closed = access_error(options.file, Access::read, none.value());
    diagnostics.error({}, closed.what(), closed.hint());
    return;
  }
  std::string hint = file_of_sweep(options, store);
  if (hint.empty()) {
    const fs::path folder = fs::path(options.file).parent_path();
    std::vector<std::string> names;
    for (fs::directory_iterator entry(folder.empty() ? "." : folder, none), end; !none && entry != end; entry.increment(none)) {
      const std::string extension = entry->path().extension();
      if (extension == ".yaml" || extension == ".yml") names.push_back((folder / entry->path().filename()).string());
    }
    const bool without_ending = std::find(names.begin(), names.end(), options.file + ".yaml") != names.end();
    const std::string close = without_ending ? options.file + ".yaml" : closest_match(options.file, names);
    hint = close.empty() ? "write the path of a sweep file (YAML)" : fmt::format("did you mean {}?", close);
  }
  diagnostics.error({options.file, 0, 0}, "no such file", hint);
}

// While images are read, which takes seconds for many pictures, a terminal shows how far.
class ReadingShown {
 public:
  ReadingShown(DigestCache& digests, bool quiet) : digests_(digests) {
    if (quiet || !stderr_redraws_lines()) return;
    digests_.report_to([this](std::int64_t done, std::int64_t total) {
      if (system_clock().monotonic_seconds() < next_) return;
      next_ = system_clock().monotonic_seconds() + 0.2;
      shown_ = true;
      fmt::print(stderr, "\r\033[Kreading images: {} of {}", done, total);
    });
  }
  ~ReadingShown() {
    digests_.report_to(nullptr);
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  ReadingShown(const ReadingShown&) = delete;
  ReadingShown& operator=(const ReadingShown&) = delete;

 private:
  DigestCache& digests_;
  double next_ = 0;
  bool shown_ = false;
};

}  // namespace

Plan plan_or_throw(const SweepOptions& options, const ArtifactStore& store, DigestCache& digests, Said* said) {
  Diagnostics diagnostics;
  require_file(options, store, diagnostics);
  if (diagnostics.has_errors()) or_throw<Plan>(options.file, std::nullopt, diagnostics, said);
  const ReadingShown shown(digests, options.quiet);
  const auto gpus = [&](const Sweep& sweep) { return gpus_of(*options.executor, sweep); };
  Plan plan =
      or_throw(options.file, make_plan(options.file, options.spec(), store, digests, diagnostics, gpus),
               diagnostics, said);
  if (!options.all_checkpoints) leave_removed_checkpoints(plan.graph, store);
  return plan;
}

Json warnings_json(const Said& said) { return to_json(said, Severity::warning); }

Json errors_json(const Said& said) { return to_json(said, Severity::error); }

}  // namespace latentgrid::cli
