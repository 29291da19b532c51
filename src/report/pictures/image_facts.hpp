#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "data/class_names.hpp"
#include "data/dataset.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// What the pointer over a map tells of the images that a job clustered: the number in the image's own file, the class,
// the cluster, and the class that this cluster is matched with. `labels`: one for each of `images`, -1 for none; empty
// where they cannot be read. What is missing or no longer fits is left out, and `gaps` says so.
std::shared_ptr<const ImageFacts> clustered_image_facts(const ReportData& data, const std::string& job,
                                                        std::size_t images, std::vector<std::int32_t> labels,
                                                        const ClassNames& names, std::vector<std::string>& gaps);

// The same for images of another data set, which the job did not cluster: the number and the class.
std::shared_ptr<const ImageFacts> other_image_facts(const DatasetSource& source, std::size_t images,
                                                    std::vector<std::int32_t> labels, const ClassNames& names);

// How a caption says what the numbers are.
std::string numbering_sentence(const ImageFacts& facts);

}  // namespace latentgrid
