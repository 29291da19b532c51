#include "plan/expand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "methods/training.hpp"
#include "plan/cell_resolver.hpp"
#include "plan/grid_cells.hpp"
#include "plan/hash_index.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_jobs_reserved = 1'000'000;  // a grid may be far larger than what is left of it

void name_axes(const Axis& axis, std::vector<std::string>& names) {
  auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  const bool has_methods = axis.name == "reduction" || axis.name == "clustering";
  if (!has_methods && axis.name != "seeds") add(axis.name);
  for (const AxisValue& value : axis.values) {
    for (const Axis& below : value.axes) name_axes(below, names);
    for (const MethodChoice& method : value.methods) {
      const MethodSpec& spec = *find_method(*methods_on_axis(axis.name), method.method);
      for (const Axis& param : method.params) add(is_shared_option(spec, param.name) ? param.name : spec.name + "." + param.name);
    }
  }
}

std::vector<std::string> axis_names(const Sweep& sweep) {
  std::vector<std::string> names;
  auto collect = [&](const Grid& grid) {
    for (const AxisGroup& group : grid.groups) {
      for (const Axis& axis : group.axes) name_axes(axis, names);
    }
  };
  for (const Grid& grid : sweep.grids) {
    collect(grid);
    for (const Grid& added : grid.include) collect(added);
  }
  return names;
}

class Expander {
 public:
  Expander(const Sweep& sweep, const DatasetHeader& dataset, Diagnostics& diagnostics, const Gpus& gpus)
      : sweep_(sweep), diagnostics_(diagnostics), resolver_(sweep, dataset, gpus, diagnostics) {}

  Expansion expand() {
    names_ = std::make_shared<const std::vector<std::string>>(axis_names(sweep_));
    for (const Grid& grid : sweep_.grids) add_grid(grid);
    for (const auto& [reason, count] : reasons_) {
      expansion_.notes.push_back(fmt::format("{} {} another and became one job with it: {}", count,
                                             count == 1 ? "cell equals" : "cells equal", reason));
    }
    expansion_.notes.insert(expansion_.notes.end(), resolver_.notes().begin(), resolver_.notes().end());
    if (!diagnostics_.has_errors()) resolver_.warn_of_unused_settings();
    return std::move(expansion_);
  }

 private:
  void add_grid(const Grid& grid) {
    if (!grid.whole) return check_architectures(grid);
    std::vector<bool> matched(grid.exclude.size(), false);
    add_cells(grid, [&](const GridCell& cell) {
      bool excluded = false;
      for (std::size_t i = 0; i < grid.exclude.size(); ++i) {
        if (!resolver_.excluded(cell, grid.exclude[i])) continue;
        matched[i] = excluded = true;
      }
      return excluded;
    });
    for (std::size_t i = 0; i < matched.size(); ++i) {
      if (!matched[i]) diagnostics_.warning(grid.exclude[i].where, "this exclusion matches no cell", "check its values, or remove it");
    }
    for (const Grid& added : grid.include) add_cells(added, [](const GridCell&) { return false; });
  }

  // All that can be said where the cells are not known.
  void check_architectures(const Grid& grid) {
    for (const AxisGroup& group : grid.groups) {
      for (const Axis& axis : group.axes) {
        if (axis.name != "architecture") continue;
        for (const AxisValue& value : axis.values) resolver_.check_architecture(value);
      }
    }
    for (const Grid& added : grid.include) check_architectures(added);
  }

  template <typename Excluded>
  void add_cells(const Grid& grid, Excluded&& excluded) {
    options_.push_back(std::make_unique<GridCells>(grid));
    const std::size_t expected = expansion_.jobs.size() + std::min(options_.back()->count(), most_jobs_reserved);
    if (expansion_.jobs.capacity() < expected) {
      expansion_.jobs.reserve(expected);
      identities_.reserve(expected);
    }
    options_.back()->for_each([&](const GridCell& cell) {
      if (excluded(cell)) {
        ++expansion_.excluded;
        return;
      }
      ++expansion_.cells;
      auto resolved = resolver_.resolve(cell);
      if (!resolved) return;
      if (!is_new(resolved->second)) {
        ++expansion_.merged;
        ++reasons_[resolver_.why_equal(cell)];
        return;
      }
      resolved->first.axis_names = names_;
      expansion_.jobs.push_back(std::move(resolved->first));
    });
  }

  bool is_new(const JobIdentity& job) {
    const auto& [architecture, model, train, epochs, refinement, reduction, clustering, seed, threads, portable] = job;
    const std::uint32_t hash =
        HashIndex::hash({architecture, model, train, epochs, refinement, reduction, clustering, seed, threads, portable});
    auto same = [&](std::size_t known) { return identities_[known] == job; };
    const bool fresh = index_.find_or_add(hash, identities_.size(), same).second;
    if (fresh) identities_.push_back(job);
    return fresh;
  }

  const Sweep& sweep_;
  Diagnostics& diagnostics_;
  CellResolver resolver_;
  std::vector<std::unique_ptr<GridCells>> options_;  // the resolver remembers by the options' addresses
  std::shared_ptr<const std::vector<std::string>> names_;
  std::vector<JobIdentity> identities_;  // of the jobs
  HashIndex index_{0};                   // of identities_
  std::map<std::string, std::int64_t> reasons_;
  Expansion expansion_;
};

}  // namespace

Expansion expand(const Sweep& sweep, const DatasetHeader& dataset, Diagnostics& diagnostics, const Gpus& gpus) {
  return Expander(sweep, dataset, diagnostics, gpus).expand();
}

}  // namespace latentgrid
