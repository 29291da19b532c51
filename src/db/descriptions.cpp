#include "db/descriptions.hpp"

#include <fmt/format.h>

#include <map>

#include "columns/metrics.hpp"
#include "db/impl.hpp"
#include "db/migrations.hpp"
#include "db/views.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;
using Texts = std::map<std::string, std::string, std::less<>>;

const Texts& table_texts() {
  static const Texts texts = {
      {"results", "one row for each job of each sweep's latest revision: what it is and what it scored"},
      {"job_results", "one row for each job of any sweep and revision, with why it failed"},
      {"artifact_list", "one row for each finished task: what computed it, where, when and how long it took"},
      {"sweeps", "the sweeps by their names"},
      {"sweep_revisions", "every state of a sweep's file that was run"},
      {"sweep_jobs", "which jobs a revision has, in the order of its file"},
      {"jobs", "every job with its parameters and its state"},
      {"job_params", "the values of each job on the axes of its sweeps, one row each"},
      {"job_tasks", "the tasks that a job needs, from load to score"},
      {"tasks", "one row for each task: a stage of a job, shared by all jobs that need it"},
      {"artifacts", "one row for each task that was executed"},
      {"artifact_metrics", "what a task measured: recon_mse, accuracy, ..."},
      {"train_losses", "mean training loss of every epoch"},
      {"failures", "tasks that failed, and why"},
      {"pictures", "which tasks the report's figures show"},
      {"submissions", "scores that a competition gave back"},
  };
  return texts;
}

// By "table.column", or by the name alone where it means the same everywhere. Metrics have theirs in the catalogue.
const Texts& column_texts() {
  static const Texts texts = {
      {"architecture", "name of the autoencoder; raw: the pixels themselves"},
      {"attempt", "number of the attempt, from 1"},
      {"axis", "its name: epochs, METHOD.PARAMETER"},
      {"build", "version of latentgrid"},
      {"changed_at", "when the state changed; empty if it never ran"},
      {"clustering", "method of clustering"},
      {"content", "SHA-256 of all that makes a revision differ from the one before"},
      {"cpu_s", "processor seconds"},
      {"created_at", "when, UTC"},
      {"dataset", "name of the data set"},
      {"description", "as it was submitted"},
      {"device", "cpu or cuda"},
      {"epoch", "from 1"},
      {"epochs", "epochs trained; empty for raw pixels"},
      {"extent", "how far the task went: epochs, iterations or dimensions; 0 if it has none of them"},
      {"failures.at", "when, UTC"},
      {"figure", "name of the figure"},
      {"file", "the sweep's file, as it was called"},
      {"git_commit", "commit of latentgrid's source"},
      {"host", "machine"},
      {"id", "number that other tables refer to"},
      {"imported_at", "when the score was imported, UTC"},
      {"job", "the job's id: 12 hexadecimal digits"},
      {"jobs.id", "the job's id: 12 hexadecimal digits"},
      {"k", "number of clusters asked for"},
      {"key", "SHA-256 of everything that determines the result: 64 hexadecimal digits"},
      {"kind", "kind of failure: diverged, memory, ..."},
      {"latent", "latent dimension as the sweep has it: 64, native"},
      {"latent_dim", "how many values an image has in the latent space"},
      {"libraries", "versions of the libraries, JSON"},
      {"loss", "mean over the epoch's images"},
      {"message", "what went wrong"},
      {"method", "method of the stage, as `latentgrid methods` lists them"},
      {"name", "its name"},
      {"number", "1, 2, ... within the sweep; the largest is the latest"},
      {"options", "--set and --data, JSON"},
      {"panel", "which panel of the figure, from 0"},
      {"params", "every other parameter, JSON; parameter('NAME', params, clustering) reads one"},
      {"peak_rss_kb", "largest memory of the worker, KiB"},
      {"position", "place in the order, from 0"},
      {"private_score", "on the private part"},
      {"provenance", "version, commit, machine and place of the file, JSON"},
      {"public_score", "on the public part"},
      {"range", "what an image's bytes 0 and 255 become; losses of two ranges are not comparable"},
      {"reason", "why it failed or was skipped"},
      {"record", "everything that the task recorded, JSON"},
      {"recorded_at", "when, UTC"},
      {"reduced_dim", "dimensions that were clustered"},
      {"reduction", "none, a method, or a chain of them, with the dimensions between"},
      {"report", "the file's report section, JSON"},
      {"revision", "sweep_revisions.id"},
      {"role", "what the task is to the panel: reconstruct, interpolate, sample, augment, images, embedding, trustworthiness"},
      {"seed", "seed of all that is drawn at random"},
      {"stage", "load, train, encode, reduce, cluster, score, ..."},
      {"state", "pending, complete, failed or skipped"},
      {"step", "0, or 1 for the second reduction of a chain"},
      {"submitted_at", "as the competition writes it"},
      {"sweep", "the sweep's name"},
      {"sweep_revisions.sweep", "sweeps.id"},
      {"task", "tasks.id"},
      {"threads", "threads that it used"},
      {"value", "its value"},
      {"wall_s", "seconds"},
      {"yaml", "text of the file"},
  };
  return texts;
}

std::string text_of(const std::string& table, const std::string& column) {
  const Metric* metric = table == "results" || table == "job_results" ? find_metric(column) : nullptr;
  if (metric && metric->needs_split) {
    const char* const without = table == "results" ? "; empty where" : ", a random half where";
    return fmt::format("{}{} the sweep has no split", metric->doc, without);
  }
  if (metric) return std::string(metric->doc);
  const Texts& texts = column_texts();
  auto found = texts.find(table + "." + column);
  if (found == texts.end()) found = texts.find(column);
  return found == texts.end() ? "" : found->second;
}

}  // namespace

std::vector<TableDescription> describe_tables() {
  const std::string memory = ":memory:";
  return db::guarded("read", std::filesystem::path(memory), [&] {
    SQLite::Database database(memory, SQLite::OPEN_READWRITE);
    db::add_functions(database);
    db::migrate(database, db::current_schema, db::migrations());
    db::remake_views(database);
    std::vector<TableDescription> found;
    // The views that people ask first come first.
    Statement tables(database,
                     "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' "
                     "ORDER BY type DESC, name <> 'results', name <> 'job_results', rowid");
    Statement columns(database, "SELECT name, type FROM pragma_table_info(?)");
    while (tables.executeStep()) {
      TableDescription table{tables.getColumn(0).getString(), tables.getColumn(1).getString(), "", {}};
      auto text = table_texts().find(table.name);
      if (text != table_texts().end()) table.text = text->second;
      columns.reset();
      columns.bind(1, table.name);
      while (columns.executeStep()) {
        const std::string name = columns.getColumn(0).getString();
        table.columns.push_back({name, columns.getColumn(1).getString(), text_of(table.name, name)});
      }
      found.push_back(std::move(table));
    }
    return found;
  });
}

}  // namespace latentgrid
