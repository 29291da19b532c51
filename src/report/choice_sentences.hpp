#pragma once

#include <optional>
#include <string>
#include <vector>

#include "measures/choice.hpp"
#include "measures/job_measures.hpp"

namespace latentgrid {

// What the columns of measures are, a sentence each: how many clusterings and images they are taken from, and why one
// is empty.
std::vector<std::string> measure_sentences(const JobMeasures& measures, const std::optional<CommonSpace>& space,
                                           const std::vector<const Measure*>& shown);

// How well each measure would have chosen, a sentence each with a warning where that is no better than chance. The
// first one says what there was to choose from.
std::vector<std::string> choice_sentences(const std::vector<const ResultRow*>& jobs,
                                          const std::optional<LabelledChoice>& choice);

// A short sentence for each measure: whether it is better than chance. Without labels one says that.
std::vector<std::string> choice_in_short(const std::optional<LabelledChoice>& choice);

std::string choice_sentence(const std::vector<const ResultRow*>& jobs, const LabelledChoice& all,
                            const MeasureChoice& choice);

}  // namespace latentgrid
