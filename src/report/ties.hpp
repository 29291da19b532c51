#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/comparison_input.hpp"
#include "report/grouping.hpp"

namespace latentgrid {


// Which rows are best by one measured field, which cannot be told from the best, and the sentences that say so.
//
// With several replicates a row is tied with the best if it does not differ from it in a paired t test over the
// replicates both have, at 5 % after Holm's correction for the number of rows compared; rows that share fewer than
// three replicates with the best are not judged. With one replicate the two best rows are compared image by image, by
// McNemar's exact test on their stored predictions, which speaks of these two runs alone. Silhouettes are ranked among
// rows of the same embedding only: of different ones they measure different spaces.
struct Ranking {
  std::vector<bool> best, tied;                 // by group
  std::size_t sharing = 0;                      // how many groups share the best value; 0 where several bests are sought
  std::vector<std::string> sentences, details;  // what was found, in short; numbers of each test
};

Ranking rank(const Field& field, const TableSpec& spec, const ComparisonInput& input, const Grouping& grouping,
             const std::vector<RowGroup>& groups);

// Whether rows of more than one embedding are among the groups.
bool several_embeddings(const ComparisonInput& input, const std::vector<RowGroup>& groups);

// How the public and the private score rank the rows, for a reader who sees both: Spearman's correlation, and which
// place the row with the best public score has on the private one. Nothing for fewer than three rows with both.
struct PublicAndPrivate {
  std::string public_field, private_field;
  std::string whose;  // "the leaderboard", or nothing for the local ones
};
std::vector<std::string> public_against_private(const Grouping& grouping, const std::vector<RowGroup>& groups,
                                                const PublicAndPrivate& scores, bool chosen_on_public);

// "1st", "2nd", "3rd", "4th", "11th", ...
std::string ordinal(std::size_t number);

}  // namespace latentgrid
