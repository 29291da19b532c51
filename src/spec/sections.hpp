#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

// One function a section of a sweep file. Each reads what it can and reports all that is wrong.
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

DatasetSource::Synthetic read_synthetic(const YamlNode& node, Reader& reader);

const std::vector<std::string>& dataset_keys();
const std::vector<std::string>& report_keys();

std::map<std::string, Architecture> built_in_architectures();
void read_architectures(const YamlNode& node, Sweep& sweep, Reader& reader);

std::map<std::string, TrainSetting> read_train(const YamlNode& node, Reader& reader);
std::vector<Grid> read_grids(const YamlNode& node, const YamlEntry* seeds,
                             const std::map<std::string, Architecture>& architectures, Reader& reader);
// Fills in the report and its figures; architectures and dataset must have been read.
void read_report(const YamlNode& node, const std::filesystem::path& folder,
                 const std::optional<std::filesystem::path>& data, Sweep& sweep, Reader& reader);

}  // namespace latentgrid
