#include "spec/grid_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "spec/axes.hpp"

namespace latentgrid {

namespace {

class GridReader {
 public:
  GridReader(const std::map<std::string, Architecture>& architectures, Reader& reader)
      : reader_(reader), axes_(architectures, reader) {}

  Grid grid(const YamlNode& node, const AxisGroup* seeds) {
    Grid grid = {.where = node.where};
    if (!reader_.expect_map(node, "grid")) return grid;
    if (node.entries.empty()) reader_.error(node.where, "the grid is empty", "for example grid: {architecture: [AE1, raw]}");
    std::vector<std::string> known = axes_.names();
    known.insert(known.end(), {"zip", "exclude", "include"});
    reader_.check_keys(node, known, "grid");
    std::set<std::string> seen;
    for (const YamlEntry& entry : node.entries) {
      if (entry.key == "zip") {
        for (const YamlNode* item : items_of(entry.value)) add_group(grid, zipped(*item), seen);
      } else if (is_axis(entry.key)) {
        add_group(grid, {{axes_.read(entry, AxisReader::Use::grid)}}, seen);
      }
    }
    if (!seen.contains("architecture") && !node.entries.empty()) {
      reader_.missing(node, "architecture", "the grid names no architecture", "for example architecture: [AE1, raw]");
    }
    if (!seen.contains("seeds") && seeds) {
      grid.groups.push_back(*seeds);
    } else if (seeds) {
      reader_.error(find_axis(grid, "seeds")->where, "seeds are written twice: here and at the top of the file", "remove one of them");
    }
    if (auto* entry = node.find("exclude")) {
      for (const YamlNode* item : items_of(entry->value)) grid.exclude.push_back(exclusion(*item));
    }
    if (auto* entry = node.find("include")) include(grid, entry->value);
    return grid;
  }

  AxisGroup seeds(const YamlEntry& entry) { return {{axes_.read(entry, AxisReader::Use::grid)}}; }

 private:
  bool is_axis(const std::string& name) const {
    return std::find(axes_.names().begin(), axes_.names().end(), name) != axes_.names().end();
  }

  static const Axis* find_axis(const Grid& grid, const std::string& name) {
    for (const AxisGroup& group : grid.groups) {
      for (const Axis& axis : group.axes) {
        if (axis.name == name) return &axis;
      }
    }
    return nullptr;
  }

  void add_group(Grid& grid, AxisGroup group, std::set<std::string>& seen) {
    for (const Axis& axis : group.axes) {
      if (!seen.insert(axis.name).second) {
        reader_.error(axis.where, fmt::format("{} is an axis of this grid already", axis.name),
                      "put all of its values into one list");
      }
    }
    if (!group.axes.empty()) grid.groups.push_back(std::move(group));
  }

  AxisGroup zipped(const YamlNode& node) {
    AxisGroup group;
    if (!reader_.expect_map(node, "zip")) return group;
    reader_.check_keys(node, axes_.names(), "zip");
    const std::size_t before = reader_.errors();
    for (const YamlEntry& entry : node.entries) {
      if (is_axis(entry.key)) group.axes.push_back(axes_.read(entry, AxisReader::Use::grid));
    }
    if (reader_.errors() > before) return group;
    if (group.axes.size() < 2) reader_.error(node.where, "zip needs at least two axes",
                                             "for example zip: {batch_size: [64, 128], weight_decay: [0, 0.01]}");
    for (const Axis& axis : group.axes) {
      if (axis.values.size() != group.axes[0].values.size()) {
        reader_.error(axis.where,
                      fmt::format("zipped axes have equal lengths, but {} has {} values and {} has {}", group.axes[0].name,
                                  group.axes[0].values.size(), axis.name, axis.values.size()),
                      "give each the same number of values");
      }
    }
    return group;
  }

  Exclusion exclusion(const YamlNode& node) {
    Exclusion exclusion = {.where = node.where};
    if (!reader_.expect_map(node, "exclude")) return exclusion;
    std::vector<std::string> known = axes_.names();
    known.push_back("reduced_dim");
    reader_.check_keys(node, known, "exclude");
    if (node.entries.empty()) {
      reader_.error(node.where, "an empty condition would exclude every cell", "name what to exclude: {architecture: raw, reduced_dim: 8}");
    }
    for (const YamlEntry& entry : node.entries) {
      if (is_axis(entry.key) || entry.key == "reduced_dim") {
        exclusion.axes.push_back(axes_.read(entry, AxisReader::Use::exclusion));
      }
    }
    return exclusion;
  }

  // Every entry is a grid of its own, without zip, exclude and include; the seeds follow the grid's.
  void include(Grid& grid, const YamlNode& list) {
    const Axis* seeds = find_axis(grid, "seeds");
    for (const YamlNode* item : items_of(list)) {
      if (!reader_.expect_map(*item, "include")) continue;
      reader_.check_keys(*item, axes_.names(), "include");
      Grid added = {.where = item->where};
      for (const YamlEntry& entry : item->entries) {
        if (is_axis(entry.key)) added.groups.push_back({{axes_.read(entry, AxisReader::Use::grid)}});
      }
      if (!item->find("architecture")) {
        reader_.missing(*item, "architecture", "an included cell needs an architecture", "for example {architecture: AE2, latent_dim: 512}");
      }
      if (seeds && !item->find("seeds")) added.groups.push_back({{*seeds}});
      grid.include.push_back(std::move(added));
    }
  }

  Reader& reader_;
  AxisReader axes_;
};

}  // namespace

std::vector<Grid> read_grids(const YamlNode& node, const YamlEntry* seeds,
                             const std::map<std::string, Architecture>& architectures, Reader& reader) {
  GridReader grids(architectures, reader);
  std::vector<Grid> all;
  AxisGroup seed_group;
  if (seeds) seed_group = grids.seeds(*seeds);
  if (seeds && seed_group.axes[0].values.empty()) {
    seed_group.axes[0].values = {{.where = seeds->key_where, .value = 0}};  // any will do to check the cells
  }
  for (const YamlNode* item : items_of(node)) {
    Grid grid;
    const bool fails = reader.fails([&] { grid = grids.grid(*item, seeds ? &seed_group : nullptr); });
    grid.whole = !fails;
    all.push_back(std::move(grid));
  }
  if (all.empty()) reader.error(node.where, "the grid is empty", "for example grid: {architecture: [AE1, raw]}");
  return all;
}

}  // namespace latentgrid
