#pragma once

#include <map>
#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// Reads one axis of a grid: `name: value`, `name: [values]` or `name: {range: [start, stop, step]}`.
class AxisReader {
 public:
  // In an exclusion values are only compared, so parameters that a method needs may be left out.
  enum class Use { grid, exclusion };

  AxisReader(const std::map<std::string, Architecture>& architectures, Reader& reader);

  // Names that may be written in a grid.
  const std::vector<std::string>& names() const { return names_; }
  Axis read(const YamlEntry& entry, Use use);

 private:
  std::vector<AxisValue> parameter_values(const YamlNode& node, const ParamSpec& spec);
  // `seeds: 3` is the seed 3, where most would expect three seeds.
  void warn_of_a_number_of_seeds(const YamlNode& node, const std::vector<AxisValue>& values);
  std::vector<AxisValue> range_values(const YamlNode& node, const ParamSpec& spec);
  std::vector<AxisValue> latent_values(const YamlNode& node);
  std::vector<AxisValue> architecture_values(const YamlNode& node);
  AxisValue architecture(const std::string& name, const SourcePosition& where, const YamlNode* below);
  std::vector<AxisValue> method_values(const YamlNode& node, MethodKind kind, Use use);
  std::vector<AxisValue> choices(const YamlNode& item, MethodKind kind, Use use);
  AxisValue chain(const YamlNode& list, MethodKind kind, Use use);
  std::optional<MethodChoice> method(MethodKind kind, const std::string& name, const SourcePosition& where,
                                     const YamlNode* params, Use use);

  const std::map<std::string, Architecture>& architectures_;
  Reader& reader_;
  std::vector<std::string> names_;
  std::vector<std::string> train_names_;
};

}  // namespace latentgrid
