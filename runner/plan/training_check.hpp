#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "data/dataset.hpp"
#include "model/architecture.hpp"
#include "plan/grid_cells.hpp"
#include "plan/training_resolver.hpp"

namespace latentgrid {

// Whether trainings are possible, with the model and the images that they are given; says each problem once.
class TrainingCheck {
 public:
  TrainingCheck(const Sweep& sweep, const DatasetHeader& dataset, const TrainingResolver& trainings, Diagnostics& diagnostics);

  // `model`: null where its layers don't fit the images, or nothing is trained; the same address for the same model.
  bool check(const GridCell& cell, const TrainingResolver::Training& training, const std::shared_ptr<const Autoencoder>& model);
  // What else is to be said of the trainings, for the plan.
  const std::set<std::string>& notes() const { return notes_; }

 private:
  void warn_of_nonnegative_end(const std::string& name, const Autoencoder& model, const SourcePosition& used_at);
  bool check_single_values(const GridCell& cell, const TrainingResolver::Training& training, const Autoencoder& model);
  bool check_arithmetic(const GridCell& cell, const TrainingResolver::Training& training);
  bool check_augmentation(const GridCell& cell, const MethodSpec& training);
  void warn_of_irreproducible(const std::string& name, const Autoencoder& model, const SourcePosition& used_at);

  const Sweep& sweep_;
  const DatasetHeader& dataset_;
  const TrainingResolver& trainings_;
  Diagnostics& diagnostics_;
  std::set<std::pair<const TrainingResolver::Training*, const void*>> checked_, failed_;
  std::set<std::string> notes_;
  std::set<std::string> irreproducible_;  // architectures that were warned of
};

}  // namespace latentgrid
