#pragma once

#include <string>
#include <vector>

#include "report/grouping.hpp"

namespace latentgrid {

// What the rows of a table, or the cells of a pivot, are averages over, besides the replicate.
struct Averages {
  struct Axis {
    std::string name;                              // "epochs", "latent dimension", "tsne.perplexity"
    std::vector<std::vector<std::string>> values;  // by group: the different ones, numbers ascending; none where no job has one
  };
  std::vector<Axis> axes;  // empty: every row is one setting

  bool none() const { return axes.empty(); }
  bool the_same_in_all() const;
  // "epochs (1, 2, 4) and tsne.perplexity (10, 30)": the values that some group averages over.
  std::string text() const;
  // "epochs 1, 2, 4; tsne.perplexity 30": of one.
  std::string text_of(std::size_t group) const;
  bool is_average(std::size_t group) const;  // a group of one value each is a single setting
};

Averages averages(const Grouping& grouping, const std::vector<RowGroup>& groups);

}  // namespace latentgrid
