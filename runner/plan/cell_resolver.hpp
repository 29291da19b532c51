#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data/dataset.hpp"
#include "plan/chains.hpp"
#include "plan/gpus.hpp"
#include "plan/grid_cells.hpp"
#include "plan/job.hpp"
#include "plan/training_check.hpp"
#include "plan/training_resolver.hpp"

namespace latentgrid {

// Equal exactly for cells that are the same job.
using JobIdentity = std::array<std::int64_t, 10>;

// Turns cells into jobs: defaults, ignored parameters, shapes and dimensions. Remembers every part it has resolved, so
// that cells share it and a problem is reported once.
class CellResolver {
 public:
  CellResolver(const Sweep& sweep, const DatasetHeader& dataset, const Gpus& gpus, Diagnostics& diagnostics);

  bool excluded(const GridCell& cell, const Exclusion& exclusion);
  // Nothing if the cell is impossible; the reason went to the diagnostics.
  std::optional<std::pair<Job, JobIdentity>> resolve(const GridCell& cell);
  // Reports layers that don't fit the images, whatever the latent dimension.
  void check_architecture(const AxisValue& value);
  // Why a cell may equal another, for the plan's notes.
  std::string why_equal(const GridCell& cell);
  // What else is to be said of the jobs, for the plan.
  const std::set<std::string>& notes() const { return training_check_.notes(); }
  // Values of `train:` that no job uses.
  void warn_of_unused_settings() const { trainings_.warn_of_unused_settings(diagnostics_); }

 private:
  struct Model {
    std::shared_ptr<const Autoencoder> autoencoder;
    std::int64_t id = 0, width = 0;  // values of an image behind the encoder
    bool failed = false;
  };
  struct Reduction {
    Chain steps;
    std::int64_t id = 0;
    bool failed = false;
  };
  struct Clustering {
    SharedStep step;
    std::int64_t id = 0, k = 0;
    bool failed = false;
  };

  struct Refinement {
    SharedStep step;  // null for none
    std::int64_t id = -1;
    bool failed = false;
  };

  const Model& model(const GridCell& cell);
  Model make_model(const GridCell& cell);
  void say_what_is_missing(const GridCell& cell, bool features);
  const SharedStep& encoder(const GridCell& cell, const Model& model, const TrainingResolver::Training& training);
  const Refinement& refinement(const GridCell& cell, const Model& model, const TrainingResolver::Training& training);
  Refinement make_refinement(const GridCell& cell, const Model& model, const TrainingResolver::Training& training);
  // The number of classes where a method is given no k; nothing, and why, where that is not known.
  bool complete_k(const FixedMethod& method, const SourcePosition& where, Json& params);
  const Reduction& reduction(const GridCell& cell, const Model& model);
  Reduction make_reduction(const GridCell& cell, const Model& model);
  void say(const GridCell& cell, const FixedMethod& method, const Problem& problem);
  const Clustering& clustering(const GridCell& cell);
  Clustering make_clustering(const GridCell& cell);
  bool check_path(const GridCell& cell, const Job& job, const TrainingResolver::Training& training);

  bool names_device(const GridCell& cell);
  std::string cell_name(const GridCell& cell) const;
  std::string exclusion_hint(const GridCell& cell) const;
  std::int64_t intern(const std::string& text);

  const Sweep& sweep_;
  const DatasetHeader& dataset_;
  const Gpus gpus_;
  Diagnostics& diagnostics_;
  std::map<std::pair<std::string, std::string>, Model> models_;
  std::map<std::pair<const Model*, const TrainingResolver::Training*>, SharedStep> encoders_;
  std::map<std::tuple<const AxisOption*, const Model*, const TrainingResolver::Training*>, Refinement> refinements_;
  std::map<std::tuple<const AxisOption*, std::string, std::string>, Reduction> reductions_;
  std::map<const AxisOption*, Clustering> clusterings_;
  std::unordered_map<std::string, std::int64_t> interned_;
  JsonPool shared_;
  std::shared_ptr<const Json> probe_;
  TrainingResolver trainings_;
  TrainingCheck training_check_;
  std::set<std::string> without_input_;   // architectures whose input the dataset does not have
};

}  // namespace latentgrid
