#include "space/garbage.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "methods/stages.hpp"

namespace latentgrid {

namespace {

using Kind = Garbage::Kind;

class Decision {
 public:
  Decision(const Inventory& inventory, const Needs& needs, const GarbageOptions& options)
      : needs_(needs), options_(options) {
    for (const StoredArtifact& artifact : inventory.artifacts) {
      present_.insert({artifact.stage, artifact.id.key, artifact.id.extent});
      if (unneeded(artifact) || !find_stage(artifact.stage).has_checkpoints()) continue;
      std::int64_t& last = last_[artifact.id.key];
      last = std::max(last, artifact.id.extent);
    }
    // Of families, what is awaited.
    for (const auto& [name, need] : needs.artifacts) {
      const auto& [stage, key, extent] = name;
      if (is_needed(need) && !present_.contains(name)) awaited_.insert(key);
    }
  }

  // Why the artifact can go, if it can; with `optimizer`, that part of it.
  std::optional<Kind> reason(const StoredArtifact& artifact) const {
    if (const auto kind = unneeded(artifact)) return kind;
    const StageSpec& stage = find_stage(artifact.stage);
    if (stage.is_cache && options_.neighbors) return Kind::neighbors;
    if (!stage.has_checkpoints()) return std::nullopt;
    const bool is_last = last_.at(artifact.id.key) == artifact.id.extent;
    if (options_.checkpoints && !is_last && !needs_.checkpoints.contains(artifact.id)) return Kind::checkpoint;
    if (options_.optimizer && artifact.resume_bytes > 0) return Kind::optimizer;
    return std::nullopt;
  }

  bool is_awaited(const std::string& key) const { return awaited_.contains(key); }

 private:
  bool is_needed(const Need& need) const {
    return !need.latest.empty() || (need.older && !options_.older_revisions);
  }

  std::optional<Kind> unneeded(const StoredArtifact& artifact) const {
    const Need* need = needs_.find(artifact.stage, artifact.id);
    if (!need) return Kind::unneeded;
    return is_needed(*need) ? std::nullopt : std::optional(Kind::older_revision);
  }

  const Needs& needs_;
  const GarbageOptions& options_;
  std::set<std::tuple<std::string, std::string, std::int64_t>> present_;
  std::map<std::string, std::int64_t> last_;  // extent of a training that is needed and there, by key
  std::set<std::string> awaited_;             // keys
};

}  // namespace

std::int64_t Garbage::bytes() const {
  return std::accumulate(items.begin(), items.end(), temporary_bytes,
                         [](std::int64_t sum, const Item& item) { return sum + item.bytes; });
}

Garbage find_garbage(const Inventory& inventory, const Needs& needs, const GarbageOptions& options) {
  const Decision decision(inventory, needs, options);
  Garbage garbage{{}, inventory.temporaries, inventory.temporary_bytes};
  for (const StoredArtifact& artifact : inventory.artifacts) {
    const std::optional<Kind> kind = decision.reason(artifact);
    if (!kind) continue;
    const std::int64_t bytes = *kind == Kind::optimizer ? artifact.resume_bytes : artifact.bytes;
    garbage.items.push_back({*kind, artifact.stage, artifact.id, bytes});
  }
  for (const StoredPartial& partial : inventory.partials) {
    if (!decision.is_awaited(partial.key)) garbage.items.push_back({Kind::partial, "", {partial.key, 0}, partial.bytes});
  }
  return garbage;
}

}  // namespace latentgrid
