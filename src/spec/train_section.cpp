#include "spec/train_section.hpp"

#include <fmt/format.h>

namespace latentgrid {

std::map<std::string, TrainSetting> read_train(const YamlNode& node, Reader& reader) {
  std::map<std::string, TrainSetting> settings;
  if (!reader.expect_map(node, "train")) return settings;
  const MethodSpec& method = training_method();
  std::vector<std::string> names;
  for (const ParamSpec& param : method.params) names.push_back(param.name);
  reader.check_keys(node, names, "train", method.former_params);
  for (const YamlEntry& entry : node.entries) {
    const ParamSpec* param = method.find(entry.key);
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
