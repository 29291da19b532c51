#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "plan/gpus.hpp"
#include "plan/grid_cells.hpp"
#include "plan/job.hpp"

namespace latentgrid {

// Equal parameters once, so that what reads them may compare addresses.
class JsonPool {
 public:
  std::shared_ptr<const Json> share(const Json& json);

 private:
  std::unordered_map<std::string, std::shared_ptr<const Json>> known_;
};

// Whether a default that the points do not allow gives way to a value that they do.
enum class Defaults { fixed, adapted };

// What a chain of reductions makes of such points: the steps with all parameters. `say` is told what is wrong with one; nothing
// is returned after an error.
std::optional<Chain> resolve_chain(std::span<const FixedMethod> methods, PointsSize points, const Gpus& gpus, JsonPool& pool,
                                   const std::function<void(const FixedMethod&, const Problem&)>& say,
                                   Defaults defaults = Defaults::fixed);

}  // namespace latentgrid
