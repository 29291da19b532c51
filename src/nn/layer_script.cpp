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

struct Sides {
  std::int64_t before, behind;
};

// A convolution's padding of one dimension. Of "same" that is uneven, the last side gets more.
Sides sides(const Json& layer, std::size_t dimension) {
  const auto one = [&](const char* name) {
    const Json& value = layer.at(name);
    return (value.is_array() ? value.at(dimension) : value).get<std::int64_t>();
  };
  if (layer.at("padding") != "same") return {one("padding"), one("padding")};
  const std::int64_t all = one("dilation") * (one("kernel_size") - 1);
  return {all / 2, all - all / 2};
}

std::string conv2d(const Json& layer) {
  const std::string mode = layer.at("padding_mode");
  std::string input = "x", padding = layer.at("padding") == "same" ? "\"same\"" : pair(layer, "padding");
  if (mode != "zeros") {  // as torch.nn.Conv2d does it: pad first, the last dimension's sides named first
    const Sides rows = sides(layer, 0), columns = sides(layer, 1);
    input = fmt::format("torch.pad(x, [{}, {}, {}, {}], \"{}\")", columns.before, columns.behind, rows.before, rows.behind, mode);
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

std::string adaptive_avg_pool2d(const Json& layer) {
  return fmt::format("torch.adaptive_avg_pool2d(x, {})", pair(layer, "output_size"));
}

std::string pixel_shuffle(const Json& layer) {
  return fmt::format("torch.pixel_shuffle(x, {})", layer.at("upscale_factor").get<std::int64_t>());
}

std::string batch_norm(const Json& layer) {
  const bool affine = layer.at("affine").get<bool>();
  return fmt::format("torch.batch_norm(x, {}, {}, self.running_mean, self.running_var, False, {}, {}, True)",
                     affine ? "self.weight" : "None", affine ? "self.bias" : "None", real(layer, "momentum"),
                     real(layer, "eps"));
}

std::string layer_norm(const Json& layer) {
  const Json& shape = layer.at("normalized_shape");
  const char* weights = layer.at("elementwise_affine").get<bool>() ? "self.weight, self.bias" : "None, None";
  return fmt::format("torch.layer_norm(x, {}, {}, {}, True)", shape.is_array() ? shape.dump() : Json::array({shape}).dump(), weights,
                     real(layer, "eps"));
}

std::string group_norm(const Json& layer) {
  const char* weights = layer.at("affine").get<bool>() ? "self.weight, self.bias" : "None, None";
  return fmt::format("torch.group_norm(x, {}, {}, {}, True)", layer.at("num_groups").get<std::int64_t>(), weights, real(layer, "eps"));
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

std::string elu(const Json& layer) {
  return fmt::format("torch.elu(x, {})", real(layer, "alpha"));
}

std::string softplus(const Json& layer) {
  return fmt::format("torch.softplus(x, {}, {})", real(layer, "beta"), real(layer, "threshold"));
}

std::string residual(const Json& layer) {
  const bool projects = !layer.value("projection", Json::array()).empty();
  return fmt::format("self.layers.forward(x) + {}", projects ? "self.projection.forward(x)" : "x");
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
      {"adaptive_avg_pool2d", {"AdaptiveAvgPool2d", adaptive_avg_pool2d}},
      {"pixel_shuffle", {"PixelShuffle", pixel_shuffle}},
      {"upsample", {"Upsample", upsample}},
      {"batch_norm1d", {"BatchNorm1d", batch_norm}},
      {"batch_norm2d", {"BatchNorm2d", batch_norm}},
      {"layer_norm", {"LayerNorm", layer_norm}},
      {"group_norm", {"GroupNorm", group_norm}},
      {"linear", {"Linear", linear}},
      {"leaky_relu", {"LeakyReLU", leaky_relu}},
      {"elu", {"ELU", elu}},
      {"selu", {"SELU", [](const Json&) { return std::string("torch.selu(x)"); }}},
      {"silu", {"SiLU", [](const Json&) { return std::string("torch.silu(x)"); }}},
      {"gelu", {"GELU", gelu}},
      {"softplus", {"Softplus", softplus}},
      {"unflatten", {"Unflatten", unflatten}},
      {"relu", {"ReLU", [](const Json&) { return std::string("torch.relu(x)"); }}},
      {"tanh", {"Tanh", [](const Json&) { return std::string("torch.tanh(x)"); }}},
      {"sigmoid", {"Sigmoid", [](const Json&) { return std::string("torch.sigmoid(x)"); }}},
      {"flatten", {"Flatten", [](const Json&) { return std::string("torch.flatten(x, 1)"); }}},
      {"dropout", {"Dropout", [](const Json&) { return std::string("x"); }}},  // in eval mode
      {"dropout2d", {"Dropout2d", [](const Json&) { return std::string("x"); }}},
  };
  return table;
}

}  // namespace

LayerScript layer_script(const Json& layer) {
  try {
    const std::string type = layer.at("type");
    if (type == "residual") return {"Residual", residual(layer)};
    const LayerSpec* spec = find_layer(type);
    const auto writer = writers().find(type);
    if (!spec || writer == writers().end()) throw Error(fmt::format("no layer is called '{}'", type));
    return {writer->second.class_name, writer->second.expression(complete_arguments(*spec, layer))};
  } catch (const Json::exception& error) {
    throw Error(fmt::format("bad layer {}: {}", layer.dump(), error.what()));
  }
}

}  // namespace latentgrid::nn
