#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/results_db.hpp"

namespace latentgrid {

// A training of a revision: of a family of train tasks, which differ only in epochs, the longest that is recorded.
struct Training {
  std::string job;           // the first in the file that needs it
  std::size_t position = 0;  // of that job
  std::int64_t epochs = 0;   // recorded; 0: none is yet
  std::int64_t task = 0;     // what training_losses() asks for
};
std::vector<Training> trainings(const ResultsDb& db, std::int64_t revision);  // by position
// Mean training loss of epochs 1, 2, ...; nothing for one that is no finite number.
std::vector<std::optional<double>> training_losses(const ResultsDb& db, std::int64_t task);

}  // namespace latentgrid
