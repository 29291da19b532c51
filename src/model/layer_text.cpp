#include "model/layer_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "base/key.hpp"
#include "model/layers.hpp"

namespace latentgrid {

namespace {

std::string scalar_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return real_to_text(value.get<double>());
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// [3, 3] is 3×3; where `once`, 3.
std::string value_text(const Json& value, bool once) {
  if (!value.is_array() || value.empty()) return scalar_text(value);
  if (once && std::all_of(value.begin(), value.end(), [&](const Json& one) { return one == value.front(); })) {
    return scalar_text(value.front());
  }
  std::vector<std::string> parts;
  for (const Json& one : value) parts.push_back(scalar_text(one));
  return fmt::format("{}", fmt::join(parts, "×"));
}

bool is_default(const LayerArgument& argument, const Json& layer, const Json& value) {
  if (value == argument.default_value) return true;
  const bool pools = layer.at("type").get_ref<const std::string&>().find("pool") != std::string::npos;
  return pools && argument.name == "stride" && layer.contains("kernel_size") && value == layer["kernel_size"];
}

// Sizes that every such layer has stand by position.
bool is_positional(const LayerArgument& argument) {
  return argument.required || argument.name == "in_channels" || argument.name == "in_features" ||
         argument.name == "num_features" || argument.name == "num_channels" || argument.name == "normalized_shape";
}

std::string list_text(const Json& layer, const char* part) {
  std::vector<std::string> texts;
  if (layer.contains(part) && layer[part].is_array()) {
    for (const Json& inner : layer[part]) texts.push_back(layer_text(inner));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

// "residual(conv2d(8, 16, 3×3, padding 1), relu; projection conv2d(8, 16, 1×1, bias false), batch_norm2d(16))"
std::string residual_text(const Json& layer) {
  const std::string projection = list_text(layer, "projection");
  return fmt::format("residual({}{})", list_text(layer, "layers"), projection.empty() ? "" : "; projection " + projection);
}

}  // namespace

std::string layer_text(const Json& layer) {
  const std::string type = layer.value("type", "");
  const LayerSpec* spec = find_layer(type);
  if (!spec) return layer.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (type == "residual") return residual_text(layer);
  std::vector<std::string> arguments;
  for (const LayerArgument& argument : spec->arguments) {
    if (!layer.contains(argument.name) || layer[argument.name].is_null()) continue;
    const Json& value = layer[argument.name];
    if (is_positional(argument)) {
      arguments.push_back(value_text(value, false));
    } else if (!is_default(argument, layer, value)) {
      arguments.push_back(fmt::format("{} {}", argument.name, value_text(value, true)));
    }
  }
  return arguments.empty() ? type : fmt::format("{}({})", type, fmt::join(arguments, ", "));
}

}  // namespace latentgrid
