#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compare/path_difference.hpp"
#include "report/parameters.hpp"

namespace latentgrid {

// What was hashed for a stage of A and B, by a name and with the values it has among the jobs compared.
struct HashedDifference {
  std::string stage;  // "train", "reduce 2"
  std::string name;   // "autoencoder.encoder[0].kernel_size[0]"
  std::vector<std::string> first, second;  // empty: not in the key
};

// Differences in what was hashed that no difference of the parameters explains: two architectures of one name whose layers
// differ, another version of a stage, other pixels or labels.
class HashedDifferences {
 public:
  // Of two jobs whose parameters differ in `named`.
  void add(const std::vector<StageDifference>& stages, const std::vector<ParameterDifference>& named);

  const std::vector<HashedDifference>& all() const { return all_; }

  // Stages that differ and follow from no other one, where what was hashed is not known because a transcript is
  // missing: "neither has left a transcript of train".
  const std::vector<std::string>& missing() const { return missing_; }
  std::int64_t incomplete_works() const { return incomplete_works_; }  // calls of add() that found any

 private:
  void add(const std::string& stage, const FieldDifference& field);

  std::vector<HashedDifference> all_;
  std::vector<std::string> missing_;
  std::int64_t incomplete_works_ = 0;
};

// In words of the sweep where the key has its own: "params.learning_rate" is the learning_rate.
std::string hashed_name(const std::string& field);

}  // namespace latentgrid
