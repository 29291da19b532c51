#include "spec/train_section.hpp"

#include <fmt/format.h>

#include "methods/training.hpp"

namespace latentgrid {

std::map<std::string, TrainSetting> read_train(const YamlNode& node, Reader& reader) {
  std::map<std::string, TrainSetting> settings;
  if (!reader.expect_map(node, "train")) return settings;
  std::vector<std::string> names;
  for (const ParamSpec& option : training_options()) names.push_back(option.name);
  reader.check_keys(node, names, "train", former_training_options());
  for (const YamlEntry& entry : node.entries) {
    const ParamSpec* param = find_training_option(entry.key);
    if (!param) continue;
    if (entry.value.is_list()) {
      reader.error(entry.value.where, fmt::format("{} has one value here, got a list", entry.key),
                   "write it under grid to sweep it");
    } else if (auto value = reader.parameter(entry.value, *param)) {
      settings[entry.key] = {*value, entry.value.where};
    }
  }
  return settings;
}

}  // namespace latentgrid
