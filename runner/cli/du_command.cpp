#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "cli/commands.hpp"
#include "cli/document.hpp"
#include "cli/open_results.hpp"
#include "cli/size_text.hpp"
#include "space/needs.hpp"
#include "store/inventory.hpp"

namespace latentgrid::cli {

namespace {

struct Usage {
  std::int64_t artifacts = 0, bytes = 0;
  std::int64_t shared_bytes = 0;  // that other sweeps need too
  void add(const StoredArtifact& artifact, bool shared = false) {
    ++artifacts;
    bytes += artifact.bytes;
    if (shared) shared_bytes += artifact.bytes;
  }
};

struct Usages {
  std::map<std::string, Usage> sweeps, stages;
  Usage older_revisions;  // what only earlier revisions of sweeps need
  Usage unneeded;         // what no recorded sweep needs
  Usage partial, temporary, all;
  std::vector<std::pair<std::string, std::int64_t>> beside;  // other folders and files
  std::int64_t everything = 0;                               // all files of the results folder, and its database
  bool database_is_elsewhere = false;
};

// How a user frees what is no artifact.
const char* how_to_free(const std::string& name) {
  if (name == "unfinished tasks") return "`latentgrid gc --delete`, once no recorded sweep needs them";
  if (name == "temporary files") return "`latentgrid gc --delete`";
  if (name == "database") return "it does not shrink; `latentgrid rm SWEEP` makes room in it for other sweeps";
  if (name == "run at work") return "keep it: a run is writing it, and removes it when it ends";
  if (name == "reports") return "delete the folder; `latentgrid report SWEEP` makes a report again";
  if (name == "exports") return "delete the folder; `latentgrid export` makes a file again";
  if (name == "submissions") return "delete the folder; `latentgrid submission JOB` makes one again";
  if (name == "other") return "keep it: it holds what was hashed for the keys, and files that latentgrid did not make";
  return "delete the folder while no run works";
}

Usages count(const Inventory& inventory, const Needs& needs, const std::vector<std::string>& sweeps) {
  Usages usages;
  for (const std::string& sweep : sweeps) usages.sweeps[sweep] = {};
  for (const StoredArtifact& artifact : inventory.artifacts) {
    usages.all.add(artifact);
    usages.stages[artifact.stage].add(artifact);
    const Need* need = needs.find(artifact.stage, artifact.id);
    if (!need) {
      usages.unneeded.add(artifact);
    } else if (need->latest.empty()) {
      usages.older_revisions.add(artifact);
    } else {
      for (const std::string& sweep : need->latest) usages.sweeps[sweep].add(artifact, need->latest.size() > 1);
    }
  }
  for (const StoredPartial& partial : inventory.partials) {
    ++usages.partial.artifacts;
    usages.partial.bytes += partial.bytes;
  }
  usages.temporary = {inventory.temporaries, inventory.temporary_bytes};
  usages.beside = inventory.folders;
  usages.beside.emplace_back("database", inventory.database_bytes);
  usages.beside.emplace_back("run at work", inventory.staged_bytes);
  usages.everything = inventory.all_bytes;
  usages.database_is_elsewhere = inventory.database_is_elsewhere;
  // What was hashed for the keys, the lock, and files of others.
  std::int64_t rest = inventory.all_bytes - usages.all.bytes - usages.partial.bytes - usages.temporary.bytes;
  for (const auto& [name, bytes] : usages.beside) rest -= bytes;
  usages.beside.emplace_back("other", rest);
  return usages;
}

Json to_json(const Usage& usage) { return {{"artifacts", usage.artifacts}, {"bytes", usage.bytes}}; }

Json to_json(const Usages& usages) {
  Json sweeps = Json::array(), stages = Json::array();
  for (const auto& [name, usage] : usages.sweeps) {
    Json row = to_json(usage);
    row["sweep"] = name;
    row["shared_bytes"] = usage.shared_bytes;
    sweeps.push_back(std::move(row));
  }
  for (const auto& [name, usage] : usages.stages) {
    Json row = to_json(usage);
    row["stage"] = name;
    stages.push_back(std::move(row));
  }
  Json beside = Json::object();
  for (const auto& [name, bytes] : usages.beside) beside[name] = bytes;
  return {{"sweeps", std::move(sweeps)},
          {"stages", std::move(stages)},
          {"older_revisions", to_json(usages.older_revisions)},
          {"unneeded", to_json(usages.unneeded)},
          {"partial", {{"folders", usages.partial.artifacts}, {"bytes", usages.partial.bytes}}},
          {"temporary", {{"folders", usages.temporary.artifacts}, {"bytes", usages.temporary.bytes}}},
          {"beside", std::move(beside)},
          {"all", to_json(usages.all)},
          {"everything", {{"bytes", usages.everything}}}};
}

void print_text(const Usages& usages, Format format) {
  using Rows = std::vector<std::vector<Cell>>;
  Document document(format);
  auto cells = [](const std::string& name, const Usage& usage) {
    return std::vector<Cell>{name, usage.artifacts, size_text(usage.bytes)};
  };
  Rows sweeps, stages;
  for (const auto& [name, usage] : usages.sweeps) {
    sweeps.push_back(cells(name, usage));
    sweeps.back().push_back(size_text(usage.shared_bytes));
  }
  auto add = [&](const char* name, const Usage& usage) {
    if (usage.artifacts == 0) return;
    sweeps.push_back(cells(name, usage));
    sweeps.back().emplace_back(std::string());
  };
  add("(only earlier revisions)", usages.older_revisions);
  add("(no recorded sweep)", usages.unneeded);
  document.heading("sweeps");
  document.table({"sweep", "artifacts", "size", "shared with others"}, sweeps);
  for (const auto& [name, usage] : usages.stages) stages.push_back(cells(name, usage));
  stages.push_back(cells("all", usages.all));
  document.heading("stages");
  document.table({"stage", "artifacts", "size"}, stages);
  Rows beside;
  auto add_beside = [&](const std::string& name, std::int64_t bytes) {
    if (bytes > 0) beside.push_back({name, size_text(bytes), how_to_free(name)});
  };
  add_beside("unfinished tasks", usages.partial.bytes);
  add_beside("temporary files", usages.temporary.bytes);
  for (const auto& [name, bytes] : usages.beside) add_beside(name, bytes);
  document.heading("beside the artifacts");
  document.table({"what", "size", "how to free it"}, beside);
  document.sentence(fmt::format("All files of the results folder{} together are {}.", usages.database_is_elsewhere ? " and its database" : "",
                                size_text(usages.everything)));
}

int print_usage(const Context& context) {
  const ResultsDb db = open_results(context);
  const Snapshot snapshot(db);
  const ArtifactStore store = results_store(context);
  const Usages usages = count(take_inventory(store), read_needs(db, store), sweep_names(db));
  if (context.format == Format::json) {
    fmt::print("{}\n", to_json(usages).dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_text(usages, context.format);
  }
  return 0;
}

}  // namespace

void add_du(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("du", "Show how much disk space results take: the sizes of all files, by sweep, by stage and by folder (`du -s` adds what the file system rounds up)");
  add_format_options(*command, context, {Format::table, Format::json, Format::md});
  command->callback([&context] { context.action = [&context] { return print_usage(context); }; });
}

}  // namespace latentgrid::cli
