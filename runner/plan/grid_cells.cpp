#include "plan/grid_cells.hpp"

#include <algorithm>

namespace latentgrid {

namespace {

// All ways to take one item of each list, the first list slowest.
template <typename T>
std::vector<std::vector<T>> product(const std::vector<std::vector<T>>& lists) {
  std::vector<std::vector<T>> rows = {{}};
  for (const std::vector<T>& list : lists) {
    std::vector<std::vector<T>> longer;
    longer.reserve(rows.size() * list.size());
    for (const std::vector<T>& row : rows) {
      for (const T& item : list) {
        longer.push_back(row);
        longer.back().push_back(item);
      }
    }
    rows = std::move(longer);
  }
  return rows;
}

std::vector<FixedMethod> fixed_methods(const MethodChoice& choice, MethodKind kind) {
  std::vector<FixedMethod> all = {{find_method(kind, choice.method), choice.where}};
  for (const Axis& axis : choice.params) {
    std::vector<FixedMethod> longer;
    for (const FixedMethod& method : all) {
      for (const AxisValue& value : axis.values) {
        longer.push_back(method);
        longer.back().params[axis.name] = value.value;
        longer.back().positions[axis.name] = value.where;
      }
    }
    all = std::move(longer);
  }
  return all;
}

std::vector<AxisOption> options_of(const Axis& axis, const AxisValue& value) {
  std::vector<std::vector<FixedMethod>> methods;
  for (const MethodChoice& choice : value.methods) methods.push_back(fixed_methods(choice, *methods_on_axis(axis.name)));
  std::vector<std::vector<AxisOption>> below;
  for (const Axis& conditional : value.axes) {
    below.emplace_back();
    for (const AxisValue& v : conditional.values) {
      for (AxisOption& option : options_of(conditional, v)) below.back().push_back(std::move(option));
    }
  }
  std::vector<AxisOption> options;
  for (const auto& chain : product(methods)) {
    for (const auto& set : product(below)) options.push_back({&axis.name, value.where, value.value, chain, set});
  }
  return options;
}

void choose(GridCell& cell, const AxisOption& option) {
  const std::string& axis = *option.axis;
  if (axis == "architecture") {
    cell.architecture = &option;
  } else if (axis == "latent_dim") {
    cell.latent = &option;
  } else if (axis == "training") {
    cell.training = &option;
  } else if (axis == augment_parameter) {
    cell.augment = &option;
  } else if (axis == refine_parameter) {
    cell.refine = &option;
  } else if (axis == "reduction") {
    cell.reduction = &option;
  } else if (axis == "clustering") {
    cell.clustering = &option;
  } else if (axis == "seeds") {
    cell.seed = &option;
  } else {
    auto same = std::find_if(cell.train.begin(), cell.train.end(), [&](const AxisOption* o) { return *o->axis == axis; });
    if (same != cell.train.end()) {
      *same = &option;
    } else {
      cell.train.push_back(&option);
    }
  }
}

}  // namespace

const MethodSpec* untrained(const GridCell& cell) {
  return untrained_encoder(cell.architecture->value.get_ref<const std::string&>());
}

const FixedMethod& training_of(const GridCell& cell) {
  static const FixedMethod by_default = [] {
    FixedMethod method;
    method.spec = &default_training();
    return method;
  }();
  return cell.training ? cell.training->methods[0] : by_default;
}

std::vector<FixedMethod> augmentations_of(const GridCell& cell) {
  if (cell.augment) return cell.augment->methods;
  std::vector<FixedMethod> methods;
  const FixedMethod& training = training_of(cell);
  for (const std::string& name : training.spec->default_augment) methods.push_back({find_method(MethodKind::augmentation, name), training.where, {}, {}});
  return methods;
}

const FixedMethod* refinement_of(const GridCell& cell) {
  return untrained(cell) || !cell.refine || cell.refine->methods.empty() ? nullptr : &cell.refine->methods[0];
}

const std::vector<FixedMethod>& clustering_of(const GridCell& cell) {
  static const std::vector<FixedMethod> by_default = [] {
    std::vector<FixedMethod> methods(1);
    methods[0].spec = &default_clustering();
    return methods;
  }();
  return cell.clustering ? cell.clustering->methods : by_default;
}

GridCells::GridCells(const Grid& grid) : grid_(grid) {
  for (const AxisGroup& group : grid.groups) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < group.axes.front().values.size(); ++i) {
      std::vector<std::vector<AxisOption>> lists;
      for (const Axis& axis : group.axes) lists.push_back(options_of(axis, axis.values[i]));
      for (Row& row : product(lists)) rows.push_back(std::move(row));
    }
    groups_.push_back(std::move(rows));
  }
}

std::size_t GridCells::count() const {
  std::size_t cells = 1;
  for (const auto& rows : groups_) cells *= rows.size();
  return cells;
}

void GridCells::for_each(const std::function<void(const GridCell&)>& visit) const {
  std::vector<std::size_t> at(groups_.size(), 0);
  if (std::any_of(groups_.begin(), groups_.end(), [](const auto& rows) { return rows.empty(); })) return;
  GridCell cell;
  while (true) {
    cell.architecture = cell.latent = cell.training = cell.augment = cell.refine = cell.reduction = cell.clustering = cell.seed = nullptr;
    cell.train.clear();
    cell.grid = &grid_;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      for (const AxisOption& option : groups_[i][at[i]]) choose(cell, option);
    }
    if (cell.architecture) {
      for (const AxisOption& option : cell.architecture->below) choose(cell, option);
    }
    visit(cell);
    std::size_t group = groups_.size();
    while (group > 0 && ++at[group - 1] == groups_[group - 1].size()) at[--group] = 0;
    if (group == 0) return;
  }
}

}  // namespace latentgrid
