#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// Fills in the dataset, its positions and what of it is unread. With `data`, the files are those of a folder of
// course-shaped .npy files, whatever the section names: trainX.npy (or trainX_new.npy) with trainY.npy; or trainX.npy and
// valX.npy, of which valY.npy labels the last.
// Of a figure's images, visualization.npy, labelled by visualizationY.npy, or by the counts that the section gives for a file of
// that name with as many images; else without labels.
enum class DataFolder { training, visualization };
void read_dataset(const YamlNode& node, const std::filesystem::path& folder,
                  const std::optional<std::filesystem::path>& data, Sweep& sweep, Reader& reader,
                  DataFolder files = DataFolder::training);

const std::vector<std::string>& dataset_keys();

}  // namespace latentgrid
