#include "model/layers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace latentgrid {

namespace {

using Type = ArgumentType;

LayerArgument required(std::string name, Type type, double minimum = 1) {
  return {.name = std::move(name), .type = type, .required = true, .minimum = minimum};
}

LayerArgument optional(std::string name, Type type, Json default_value, double minimum = 0) {
  return {.name = std::move(name), .type = type, .default_value = std::move(default_value), .minimum = minimum};
}

LayerArgument choice(std::string name, std::string default_value, std::vector<std::string> choices) {
  return {.name = std::move(name),
          .type = Type::text,
          .default_value = std::move(default_value),
          .choices = std::move(choices)};
}

// Null until resolve_sizes() takes it from the layer before.
LayerArgument input_size(std::string name) {
  return optional(std::move(name), Type::integer, nullptr, 1);
}

LayerArgument fixed(std::string name, Type type, Json default_value) {
  LayerArgument argument = optional(std::move(name), type, std::move(default_value));
  argument.fixed = true;
  return argument;
}

// Does not change a result, only how it is computed; PyTorch has it, so it may be written.
LayerArgument inplace() {
  return {.name = "inplace", .type = Type::boolean, .default_value = false, .ignored = true};
}

LayerArgument fraction(std::string name, double default_value) {
  LayerArgument argument = optional(std::move(name), Type::real, default_value);
  argument.maximum = 1;
  return argument;
}

Json both(std::int64_t value) {
  return Json::array({value, value});
}

std::vector<LayerSpec> convolutions() {
  return {{"conv2d",
           {input_size("in_channels"), required("out_channels", Type::integer), required("kernel_size", Type::pair),
            optional("stride", Type::pair, both(1), 1), optional("padding", Type::pair, both(0)),
            optional("dilation", Type::pair, both(1), 1), optional("groups", Type::integer, 1, 1),
            optional("bias", Type::boolean, true),
            choice("padding_mode", "zeros", {"zeros", "reflect", "replicate", "circular"})}},
          {"conv_transpose2d",
           {input_size("in_channels"), required("out_channels", Type::integer), required("kernel_size", Type::pair),
            optional("stride", Type::pair, both(1), 1), optional("padding", Type::pair, both(0)),
            optional("output_padding", Type::pair, both(0)), optional("groups", Type::integer, 1, 1),
            optional("bias", Type::boolean, true), optional("dilation", Type::pair, both(1), 1),
            fixed("padding_mode", Type::text, "zeros")}}};
}

std::vector<LayerSpec> resamplings() {
  return {{"max_pool2d",
           {required("kernel_size", Type::pair), optional("stride", Type::pair, nullptr, 1),
            optional("padding", Type::pair, both(0)), optional("dilation", Type::pair, both(1), 1),
            fixed("return_indices", Type::boolean, false), optional("ceil_mode", Type::boolean, false)}},
          {"avg_pool2d",
           {required("kernel_size", Type::pair), optional("stride", Type::pair, nullptr, 1),
            optional("padding", Type::pair, both(0)), optional("ceil_mode", Type::boolean, false),
            optional("count_include_pad", Type::boolean, true)}},
          {"upsample",
           {optional("size", Type::pair, nullptr, 1), optional("scale_factor", Type::real_pair, nullptr),
            choice("mode", "nearest", {"nearest", "bilinear", "bicubic"}),
            optional("align_corners", Type::boolean, false)}}};
}

std::vector<LayerSpec> pointwise() {
  return {{"batch_norm2d",
           {input_size("num_features"), optional("eps", Type::real, 1e-5), fraction("momentum", 0.1),
            optional("affine", Type::boolean, true), fixed("track_running_stats", Type::boolean, true)}},
          {"relu", {inplace()}},
          {"leaky_relu", {optional("negative_slope", Type::real, 0.01), inplace()}},
          {"gelu", {choice("approximate", "none", {"none", "tanh"})}},
          {"tanh", {}},
          {"sigmoid", {}},
          {"dropout", {fraction("p", 0.5), inplace()}}};
}

std::vector<LayerSpec> flat_layers() {
  return {
      {"flatten", {fixed("start_dim", Type::integer, 1), fixed("end_dim", Type::integer, -1)}},
      {"unflatten", {fixed("dim", Type::integer, 1), required("unflattened_size", Type::shape)}},
      {"linear",
       {input_size("in_features"), required("out_features", Type::integer), optional("bias", Type::boolean, true)}}};
}

std::vector<LayerSpec> build_all() {
  std::vector<LayerSpec> all;
  for (auto&& group : {convolutions(), resamplings(), pointwise(), flat_layers()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

Json symbol_value(const std::string& symbol, const TensorShape& image) {
  if (symbol == "channels") return image.channels;
  if (symbol == "height") return image.height;
  if (symbol == "width") return image.width;
  return image.values();
}

}  // namespace

const LayerArgument* LayerSpec::find(std::string_view argument) const {
  auto found = std::find_if(arguments.begin(), arguments.end(), [&](const auto& a) { return a.name == argument; });
  return found == arguments.end() ? nullptr : &*found;
}

const std::vector<LayerSpec>& all_layers() {
  static const std::vector<LayerSpec> layers = build_all();
  return layers;
}

const LayerSpec* find_layer(std::string_view name) {
  const auto& layers = all_layers();
  auto found = std::find_if(layers.begin(), layers.end(), [&](const LayerSpec& layer) { return layer.name == name; });
  return found == layers.end() ? nullptr : &*found;
}

const std::vector<std::string>& image_symbols() {
  static const std::vector<std::string> symbols = {"channels", "height", "width", "values"};
  return symbols;
}

Json complete_arguments(const LayerSpec& spec, const Json& given) {
  Json all = {{"type", spec.name}};
  for (const LayerArgument& argument : spec.arguments) {
    if (argument.fixed || argument.ignored) continue;
    all[argument.name] = given.contains(argument.name) ? given[argument.name] : argument.default_value;
  }
  if (spec.name.ends_with("_pool2d") && all["stride"].is_null()) all["stride"] = all["kernel_size"];
  return all;
}

bool has_parameters(const Layer& layer) {
  const std::string type = layer.arguments.at("type");
  if (type == "batch_norm2d") return layer.arguments.at("affine").get<bool>();
  return type == "conv2d" || type == "conv_transpose2d" || type == "linear";
}

void resolve_sizes(Layer& layer, const TensorShape& image, const TensorShape& input) {
  const LayerSpec& spec = *find_layer(layer.arguments.at("type").get<std::string>());
  for (const LayerArgument& argument : spec.arguments) {
    auto value = layer.arguments.find(argument.name);
    if (value == layer.arguments.end()) continue;
    if (argument.type == ArgumentType::integer) {
      if (value->is_string()) *value = symbol_value(*value, image);
      if (value->is_null()) *value = argument.name == "in_features" ? input.values() : input.channels;
    } else if (argument.type == ArgumentType::shape) {
      for (Json& size : *value) {
        if (size.is_string()) size = symbol_value(size, image);
      }
    }
  }
}

}  // namespace latentgrid
