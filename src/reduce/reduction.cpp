#include "reduce/reduction.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "methods/methods.hpp"

namespace latentgrid {

#define DECLARE(name) std::unique_ptr<Reduction> make_##name(const ReductionInput& input);
LATENTGRID_REDUCTIONS(DECLARE)
#undef DECLARE

std::unique_ptr<Reduction> make_reduction(std::string_view method, const ReductionInput& input) {
#define MAKE(name) \
  if (method == #name) return make_##name(input);
  LATENTGRID_REDUCTIONS(MAKE)
#undef MAKE
  throw Error(fmt::format("no reduction is called '{}'; there are {}", method, fmt::join(method_names(MethodKind::reduction), ", ")));
}

}  // namespace latentgrid
