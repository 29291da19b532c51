#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "reduce/methods.hpp"

namespace latentgrid {

namespace {

struct Entry {
  std::string_view name;
  std::unique_ptr<Reduction> (*make)(const ReductionInput&);
};

constexpr std::array<Entry, 2> entries = {{{"pca", make_pca}, {"tsne", make_tsne}}};

}  // namespace

std::unique_ptr<Reduction> make_reduction(std::string_view method, const ReductionInput& input) {
  for (const Entry& entry : entries) {
    if (entry.name == method) return entry.make(input);
  }
  throw Error(fmt::format("no reduction is called '{}'; there are {}", method, fmt::join(reduction_names(), ", ")));
}

std::vector<std::string> reduction_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.emplace_back(entry.name);
  return names;
}

}  // namespace latentgrid
