#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "space/needs.hpp"
#include "store/inventory.hpp"

namespace latentgrid {

// What may go beside what nobody needs.
struct GarbageOptions {
  bool older_revisions = false;  // what only earlier revisions of sweeps need
  bool checkpoints = false;      // but for each training's last, the best job's and those that are asked for again
  bool optimizer = false;        // what checkpoints keep of their optimizer: training can't go on from them
  bool neighbors = false;        // searches for neighbors, of use to a further t-SNE on the same points
};

struct Garbage {
  enum class Kind { unneeded, older_revision, checkpoint, optimizer, neighbors, partial };
  struct Item {
    Kind kind;
    std::string stage;  // "" of a partial
    ArtifactId id;      // of a partial the key alone
    std::int64_t bytes = 0;
    bool operator==(const Item&) const = default;
  };
  std::vector<Item> items;
  std::int64_t temporaries = 0, temporary_bytes = 0;  // what crashes have left in tmp/

  std::int64_t bytes() const;  // of all
  bool empty() const { return items.empty() && temporaries == 0; }
};

// Decides what can go. An artifact stays while the latest revision of any sweep needs it; a rolling checkpoint stays while
// an artifact of its family that is needed isn't there.
Garbage find_garbage(const Inventory& inventory, const Needs& needs, const GarbageOptions& options);

}  // namespace latentgrid
