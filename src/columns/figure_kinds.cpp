#include "columns/figure_kinds.hpp"

namespace latentgrid {

const char* key_of(FigureParameter parameter) {
  static constexpr const char* keys[] = {"score", "score", "score", "job", "jobs", "jobs", "images", "dataset", "reductions"};
  return keys[static_cast<int>(parameter)];
}

const std::vector<FigureKind>& figure_kinds() {
  using enum FigureParameter;
  static const std::vector<FigureKind> kinds = {
#define FIGURE_KIND(name, title, function, has_tasks, ...) {name, title, has_tasks, {__VA_ARGS__}},
#include "columns/figure_kinds.def"
#undef FIGURE_KIND
  };
  return kinds;
}

}  // namespace latentgrid
