#include "spec/probe_section.hpp"

#include "methods/probe.hpp"

namespace latentgrid {

std::optional<Json> read_probe(const YamlNode& node, Reader& reader) {
  Json complete = Json::object();
  for (const ParamSpec& param : probe_params()) complete[param.name] = param.default_value;
  if (node.is_scalar() && !node.is_null()) {
    const std::optional<bool> wanted = reader.boolean(node, "probe");
    return wanted.value_or(false) ? std::optional(complete) : std::nullopt;
  }
  if (node.is_null()) return complete;
  if (!reader.expect_map(node, "probe", "write probe: true, or for example probe: {neighbors: 20}")) return std::nullopt;
  std::vector<std::string> names;
  for (const ParamSpec& param : probe_params()) names.push_back(param.name);
  reader.check_keys(node, names, "probe");
  for (const YamlEntry& entry : node.entries) {
    for (const ParamSpec& param : probe_params()) {
      if (param.name != entry.key) continue;
      if (auto value = reader.parameter(entry.value, param)) complete[param.name] = *value;
    }
  }
  return complete;
}

}  // namespace latentgrid
