#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/class_names.hpp"
#include "data/image_labels.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// What the pointer over a map tells of its images: the number in the image's own file, the class and, where `job` clustered
// them, the cluster and the class that this cluster is matched with. `known`: of as many images; null where it cannot be
// read. What is missing or does not fit is left out, and `omissions` says so.
std::shared_ptr<const ImageFacts> image_facts(const ReportData& data, const std::optional<std::string>& job, std::size_t images,
                                             const ImageLabels* known, const ClassNames& names, std::vector<std::string>& omissions);

// How a caption says what the numbers are.
std::string numbering_sentence(const ImageFacts& facts);

}  // namespace latentgrid
