#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

// One function a section of a sweep file. Each reads what it can and reports all that is wrong.
namespace latentgrid {

// Fills in the dataset, its positions and what of it is unread. With `data`, the files are those of a folder of
// course-shaped .npy files, whatever the section names: trainX.npy with trainY.npy; or trainX.npy and valX.npy, of
// which valY.npy labels the last.
void read_dataset(const YamlNode& node, const std::filesystem::path& folder,
                  const std::optional<std::filesystem::path>& data, Sweep& sweep, Reader& reader);

std::map<std::string, Architecture> built_in_architectures();
void read_architectures(const YamlNode& node, Sweep& sweep, Reader& reader);

std::map<std::string, TrainSetting> read_train(const YamlNode& node, Reader& reader);
std::vector<Grid> read_grids(const YamlNode& node, const YamlEntry* seeds,
                             const std::map<std::string, Architecture>& architectures, Reader& reader);
Json read_report(const YamlNode& node, const std::string& sweep, Reader& reader);

}  // namespace latentgrid
