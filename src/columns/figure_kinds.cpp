#include "columns/figure_kinds.hpp"

#include <algorithm>

namespace latentgrid {

const char* key_of(FigureParameter parameter) {
  static constexpr const char* keys[] = {"score",  "score", "score", "job",   "jobs",    "jobs",      "images",
                                         "images", "views", "count", "steps", "dataset", "reductions"};
  return keys[static_cast<int>(parameter)];
}

const std::vector<FigureKind>& figure_kinds() {
  using enum FigureParameter;
  using enum OwnTasks;
  static const std::vector<FigureKind> kinds = {
#define FIGURE_KIND(name, title, function, own_tasks, ...) {name, title, own_tasks, {__VA_ARGS__}},
#include "columns/figure_kinds.def"
#undef FIGURE_KIND
  };
  return kinds;
}

bool figure_has_tasks(std::string_view kind) {
  return std::ranges::any_of(figure_kinds(), [&](const FigureKind& known) { return known.name == kind && known.has_tasks(); });
}

}  // namespace latentgrid
