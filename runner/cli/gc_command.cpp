#include <fmt/format.h>

#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/output.hpp"
#include "cli/size_text.hpp"
#include "methods/stages.hpp"
#include "run/results_lock.hpp"
#include "space/collect.hpp"

namespace latentgrid::cli {

namespace {

using Kind = Garbage::Kind;

struct GcOptions {
  GarbageOptions garbage;
  bool remove = false;
};

struct KindText {
  Kind kind;
  const char* name;    // in JSON
  const char* text;    // in the table
  const char* option;  // "" where it needs none
  bool GarbageOptions::*chosen;
};

constexpr KindText kinds[] = {
    {Kind::unneeded, "unneeded", "artifacts that no recorded sweep needs", "", nullptr},
    {Kind::partial, "partial", "checkpoints of unfinished tasks that no recorded sweep needs", "", nullptr},
    {Kind::older_revision, "older_revisions", "artifacts that only earlier revisions of sweeps need",
     "--older-revisions", &GarbageOptions::older_revisions},
    {Kind::checkpoint, "checkpoints", "checkpoints, except each training's last one and the best job's", "--checkpoints",
     &GarbageOptions::checkpoints},
    {Kind::optimizer, "optimizer", "optimizer state, which training for more epochs would go on from", "--optimizer",
     &GarbageOptions::optimizer},
    {Kind::neighbors, "neighbors", "nearest neighbors, and the graphs and first coordinates of UMAPs, which another reduction of the same points may use", "--neighbors",
     &GarbageOptions::neighbors}};

struct Count {
  std::int64_t number = 0, bytes = 0;
};

Count count(const Garbage& garbage, Kind kind) {
  Count found;
  for (const Garbage::Item& item : garbage.items) {
    if (item.kind != kind) continue;
    ++found.number;
    found.bytes += item.bytes;
  }
  return found;
}

// What each option that wasn't given would free beside what goes anyway.
std::vector<std::pair<const KindText*, std::int64_t>> further(const Inventory& inventory, const Needs& needs,
                                                              const GarbageOptions& options, std::int64_t bytes) {
  std::vector<std::pair<const KindText*, std::int64_t>> found;
  for (const KindText& kind : kinds) {
    if (!kind.chosen || options.*kind.chosen) continue;
    GarbageOptions with = options;
    with.*kind.chosen = true;
    if (const std::int64_t more = find_garbage(inventory, needs, with).bytes() - bytes; more > 0) {
      found.emplace_back(&kind, more);
    }
  }
  return found;
}

using Further = std::vector<std::pair<const KindText*, std::int64_t>>;

Json to_json(const Garbage& garbage, const Further& more, bool removed) {
  Json out = {{"removed", removed}, {"bytes", garbage.bytes()}, {"artifacts", Json::array()}, {"further", Json::object()}};
  for (const KindText& kind : kinds) {
    const Count found = count(garbage, kind.kind);
    out["kinds"][kind.name] = {{"number", found.number}, {"bytes", found.bytes}};
  }
  out["kinds"]["temporary"] = {{"number", garbage.temporaries}, {"bytes", garbage.temporary_bytes}};
  for (const Garbage::Item& item : garbage.items) {
    for (const KindText& kind : kinds) {
      if (kind.kind != item.kind) continue;
      out["artifacts"].push_back({{"kind", kind.name},
                                  {"stage", item.stage.empty() ? Json() : Json(item.stage)},
                                  {"key", item.id.key},
                                  {"extent", item.id.extent},
                                  {"bytes", item.bytes}});
    }
  }
  for (const auto& [kind, bytes] : more) out["further"][kind->option] = bytes;
  return out;
}

void print_text(const Garbage& garbage, const Further& more, bool removed) {
  std::vector<std::vector<Cell>> rows;
  for (const KindText& kind : kinds) {
    const Count found = count(garbage, kind.kind);
    if (found.number > 0) rows.push_back({kind.text, found.number, size_text(found.bytes)});
  }
  if (garbage.temporaries > 0) {
    rows.push_back({"temporary files", garbage.temporaries, size_text(garbage.temporary_bytes)});
  }
  if (!rows.empty()) {
    print_rows(Format::table, {removed ? "removed" : "can be removed", "number", "size"}, rows);
    fmt::print("\n");
  }
  if (removed) {
    fmt::print("{} removed\n", size_text(garbage.bytes()));
  } else if (garbage.empty()) {
    fmt::print("There is nothing to remove.\n");
  } else {
    fmt::print("Nothing was removed. `latentgrid gc --delete` with the same options removes {}.\n",
               size_text(garbage.bytes()));
  }
  for (const auto& [kind, bytes] : more) {
    fmt::print("With {}, {}{} can be removed: {}\n", kind->option, size_text(bytes), removed ? " more" : "", kind->text);
  }
}

int collect_garbage(const GcOptions& options, const Context& context) {
  const ArtifactStore store = absolute_store(context);
  ResultsDb db = open_results(context);  // first: without results there is no lock to make
  std::optional<ResultsLock> lock;
  if (options.remove) lock.emplace(store.lock_file(), HolderTerms{.run = "gc --delete"});
  std::optional<Snapshot> snapshot(db);
  const Inventory inventory = take_inventory(store, resume_folders());
  const Needs needs = read_needs(db, store);
  snapshot.reset();
  const Garbage garbage = find_garbage(inventory, needs, options.garbage);
  const Further more = further(inventory, needs, options.garbage, garbage.bytes());
  if (options.remove && !garbage.empty()) collect(garbage, store);
  if (context.format == Format::json) {
    fmt::print("{}\n", to_json(garbage, more, options.remove).dump());
  } else {
    print_text(garbage, more, options.remove);
  }
  return 0;
}

}  // namespace

void add_gc(CLI::App& app, Context& context) {
  auto options = std::make_shared<GcOptions>();
  CLI::App* command = app.add_subcommand(
      "gc",
      "List the artifacts that no recorded sweep needs; --delete removes them, and a later run computes again what it needs");
  command->add_flag("--delete", options->remove, "remove what was found; without this it is only listed");
  command->add_flag("--older-revisions", options->garbage.older_revisions,
                    "also remove artifacts that only earlier revisions of sweeps need");
  command->add_flag("--checkpoints", options->garbage.checkpoints,
                    "also remove checkpoints, except the last one of each training and that of the best job");
  command->add_flag("--optimizer", options->garbage.optimizer,
                    "also remove the optimizer's state in checkpoints; training for more epochs then starts from the beginning");
  command->add_flag("--neighbors", options->garbage.neighbors,
                    "also remove the nearest neighbors that reductions have searched for, and the graphs and first coordinates of UMAPs; another reduction of the same points then makes them again");
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback(
      [options, &context] { context.action = [options, &context] { return collect_garbage(*options, context); }; });
}

}  // namespace latentgrid::cli
