#include "nn/layer_script.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>

#include "base/error.hpp"
#include "base/key.hpp"
#include "model/layers.hpp"

namespace latentgrid::nn {

namespace {

// "[2, 1]" of one integer for both, or of [height, width].
std::string pair(const Json& layer, const char* name) {
  const Json& value = layer.at(name);
  const bool both = !value.is_array();
  return fmt::format("[{}, {}]", (both ? value : value.at(0)).get<std::int64_t>(),
                     (both ? value : value.at(1)).get<std::int64_t>());
}

std::string pair_or_none(const Json& layer, const char* name) {
  return layer.at(name).is_null() ? "None" : pair(layer, name);
}

std::string reals_or_none(const Json& layer, const char* name) {
  const Json& value = layer.at(name);
  if (value.is_null()) return "None";
  const bool both = !value.is_array();
  return fmt::format("[{}, {}]", real_to_text((both ? value : value.at(0)).get<double>()),
                     real_to_text((both ? value : value.at(1)).get<double>()));
}

const char* flag(const Json& layer, const char* name) {
  return layer.at(name).get<bool>() ? "True" : "False";
}

const char* bias(const Json& layer) {
  return layer.at("bias").get<bool>() ? "self.bias" : "None";
}

std::string real(const Json& layer, const char* name) {
  return real_to_text(layer.at(name).get<double>());
}

std::string conv2d(const Json& layer) {
  const std::string mode = layer.at("padding_mode");
  std::string input = "x", padding = pair(layer, "padding");
  if (mode != "zeros") {  // as torch.nn.Conv2d does it: pad first, the last dimension's sides named first
    const Json& sizes = layer.at("padding");
    const std::int64_t rows = sizes.is_array() ? sizes.at(0).get<std::int64_t>() : sizes.get<std::int64_t>();
    const std::int64_t columns = sizes.is_array() ? sizes.at(1).get<std::int64_t>() : rows;
    input = fmt::format("torch.pad(x, [{0}, {0}, {1}, {1}], \"{2}\")", columns, rows, mode);
    padding = "[0, 0]";
  }
  return fmt::format("torch.conv2d({}, self.weight, {}, {}, {}, {}, {})", input, bias(layer), pair(layer, "stride"),
                     padding, pair(layer, "dilation"), layer.at("groups").get<std::int64_t>());
}

std::string conv_transpose2d(const Json& layer) {
  return fmt::format("torch.conv_transpose2d(x, self.weight, {}, {}, {}, {}, {}, {})", bias(layer),
                     pair(layer, "stride"), pair(layer, "padding"), pair(layer, "output_padding"),
                     layer.at("groups").get<std::int64_t>(), pair(layer, "dilation"));
}

std::string max_pool2d(const Json& layer) {
  return fmt::format("torch.max_pool2d(x, {}, {}, {}, {}, {})", pair(layer, "kernel_size"), pair(layer, "stride"),
                     pair(layer, "padding"), pair(layer, "dilation"), flag(layer, "ceil_mode"));
}

std::string avg_pool2d(const Json& layer) {
  return fmt::format("torch.avg_pool2d(x, {}, {}, {}, {}, {})", pair(layer, "kernel_size"), pair(layer, "stride"),
                     pair(layer, "padding"), flag(layer, "ceil_mode"), flag(layer, "count_include_pad"));
}

std::string upsample(const Json& layer) {
  const std::string mode = layer.at("mode"), size = pair_or_none(layer, "size"),
                    scale = reals_or_none(layer, "scale_factor");
  if (mode == "nearest") return fmt::format("torch.upsample_nearest2d(x, {}, {})", size, scale);
  return fmt::format("torch.upsample_{}2d(x, {}, {}, {})", mode, size, flag(layer, "align_corners"), scale);
}

std::string batch_norm2d(const Json& layer) {
  const bool affine = layer.at("affine").get<bool>();
  return fmt::format("torch.batch_norm(x, {}, {}, self.running_mean, self.running_var, False, {}, {}, True)",
                     affine ? "self.weight" : "None", affine ? "self.bias" : "None", real(layer, "momentum"),
                     real(layer, "eps"));
}

std::string unflatten(const Json& layer) {
  const Json& size = layer.at("unflattened_size");
  return fmt::format("torch.reshape(x, [x.size(0), {}, {}, {}])", size.at(0).get<std::int64_t>(),
                     size.at(1).get<std::int64_t>(), size.at(2).get<std::int64_t>());
}

std::string linear(const Json& layer) {
  return fmt::format("torch.linear(x, self.weight, {})", bias(layer));
}

std::string leaky_relu(const Json& layer) {
  return fmt::format("torch.leaky_relu(x, {})", real(layer, "negative_slope"));
}

std::string gelu(const Json& layer) {
  return fmt::format("torch.gelu(x, approximate=\"{}\")", layer.at("approximate").get<std::string>());
}

struct ScriptWriter {
  const char* class_name;
  std::string (*expression)(const Json& layer);
};

const std::map<std::string, ScriptWriter>& writers() {
  static const std::map<std::string, ScriptWriter> table = {
      {"conv2d", {"Conv2d", conv2d}},
      {"conv_transpose2d", {"ConvTranspose2d", conv_transpose2d}},
      {"max_pool2d", {"MaxPool2d", max_pool2d}},
      {"avg_pool2d", {"AvgPool2d", avg_pool2d}},
      {"upsample", {"Upsample", upsample}},
      {"batch_norm2d", {"BatchNorm2d", batch_norm2d}},
      {"linear", {"Linear", linear}},
      {"leaky_relu", {"LeakyReLU", leaky_relu}},
      {"gelu", {"GELU", gelu}},
      {"unflatten", {"Unflatten", unflatten}},
      {"relu", {"ReLU", [](const Json&) { return std::string("torch.relu(x)"); }}},
      {"tanh", {"Tanh", [](const Json&) { return std::string("torch.tanh(x)"); }}},
      {"sigmoid", {"Sigmoid", [](const Json&) { return std::string("torch.sigmoid(x)"); }}},
      {"flatten", {"Flatten", [](const Json&) { return std::string("torch.flatten(x, 1)"); }}},
      {"dropout", {"Dropout", [](const Json&) { return std::string("x"); }}},  // in eval mode
  };
  return table;
}

}  // namespace

LayerScript layer_script(const Json& layer) {
  try {
    const std::string type = layer.at("type");
    const LayerSpec* spec = find_layer(type);
    const auto writer = writers().find(type);
    if (!spec || writer == writers().end()) throw Error(fmt::format("no layer is called '{}'", type));
    return {writer->second.class_name, writer->second.expression(complete_arguments(*spec, layer))};
  } catch (const Json::exception& error) {
    throw Error(fmt::format("bad layer {}: {}", layer.dump(), error.what()));
  }
}

}  // namespace latentgrid::nn
