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

LayerArgument positive(std::string name, double default_value) {
  LayerArgument argument = optional(std::move(name), Type::real, default_value);
  argument.above_minimum = true;
  return argument;
}

Json both(std::int64_t value) {
  return Json::array({value, value});
}

LayerArgument padding_or_words() {
  LayerArgument argument = optional("padding", Type::pair, both(0));
  argument.words = {"same", "valid"};
  return argument;
}

std::vector<LayerSpec> convolutions() {
  return {{"conv2d",
           {input_size("in_channels"), required("out_channels", Type::integer), required("kernel_size", Type::pair),
            optional("stride", Type::pair, both(1), 1), padding_or_words(),
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
          {"adaptive_avg_pool2d", {required("output_size", Type::size_pair)}},
          {"pixel_shuffle", {required("upscale_factor", Type::integer)}},
          {"upsample",
           {optional("size", Type::size_pair, nullptr, 1), optional("scale_factor", Type::real_pair, nullptr),
            choice("mode", "nearest", {"nearest", "bilinear", "bicubic"}),
            optional("align_corners", Type::boolean, false)}}};
}

std::vector<LayerArgument> batch_norm() {
  return {input_size("num_features"), optional("eps", Type::real, 1e-5), fraction("momentum", 0.1),
          optional("affine", Type::boolean, true), fixed("track_running_stats", Type::boolean, true)};
}

std::vector<LayerSpec> normalizations() {
  return {{"batch_norm1d", batch_norm()},
          {"batch_norm2d", batch_norm()},
          {"layer_norm",
           {optional("normalized_shape", Type::sizes, nullptr, 1), optional("eps", Type::real, 1e-5),
            optional("elementwise_affine", Type::boolean, true)}},
          {"group_norm",
           {required("num_groups", Type::integer), input_size("num_channels"), optional("eps", Type::real, 1e-5),
            optional("affine", Type::boolean, true)}}};
}

std::vector<LayerSpec> pointwise() {
  return {{"relu", {inplace()}},
          {"leaky_relu", {optional("negative_slope", Type::real, 0.01), inplace()}},
          {"elu", {optional("alpha", Type::real, 1.0), inplace()}},
          {"selu", {inplace()}},
          {"silu", {inplace()}},
          {"gelu", {choice("approximate", "none", {"none", "tanh"})}},
          {"softplus", {positive("beta", 1.0), optional("threshold", Type::real, 20.0)}},
          {"tanh", {}},
          {"sigmoid", {}},
          {"dropout", {fraction("p", 0.5), inplace()}},
          {"dropout2d", {fraction("p", 0.5), inplace()}}};
}

std::vector<LayerSpec> flat_layers() {
  return {
      {"flatten", {fixed("start_dim", Type::integer, 1), fixed("end_dim", Type::integer, -1)}},
      {"unflatten", {fixed("dim", Type::integer, 1), required("unflattened_size", Type::shape)}},
      {"linear",
       {input_size("in_features"), required("out_features", Type::integer), optional("bias", Type::boolean, true)}}};
}

// Not PyTorch's, which has no layer for it: He et al., Deep Residual Learning for Image Recognition, CVPR 2016.
std::vector<LayerSpec> blocks() {
  return {{"residual", {required("layers", Type::layers), optional("projection", Type::layers, nullptr)}}};
}

std::vector<LayerSpec> build_all() {
  std::vector<LayerSpec> all;
  for (auto&& group : {convolutions(), resamplings(), normalizations(), pointwise(), flat_layers(), blocks()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

// "height" and 8 of "height/8"; a divisor of 0 if it is none.
struct ImageSize {
  std::string symbol;
  std::int64_t divisor = 1;
};

ImageSize image_size(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return {text, 1};
  const std::string digits = text.substr(slash + 1);
  const bool number = !digits.empty() && digits.size() < 10 && digits.find_first_not_of("0123456789") == std::string::npos;
  return {text.substr(0, slash), number ? std::stoll(digits) : 0};
}

std::int64_t value_of(const std::string& text, const TensorShape& image) {
  const ImageSize size = image_size(text);
  const std::int64_t whole = size.symbol == "channels" ? image.channels
                             : size.symbol == "height" ? image.height
                             : size.symbol == "width"  ? image.width
                                                       : image.values();
  return (whole + size.divisor - 1) / size.divisor;
}

// The numbers that the words stand for. "same" needs a stride of 1, and is kept where one side gets more than the other.
void put_padding(Json& convolution) {
  if (convolution["padding"] == "valid") convolution["padding"] = both(0);
  if (convolution["padding"] != "same") return;
  Json numbers = Json::array();
  for (std::size_t i : {0, 1}) {
    const auto side = [&](const char* name) {
      const Json& value = convolution[name];
      return (value.is_array() ? value.at(i) : value).get<std::int64_t>();
    };
    const std::int64_t wider = side("dilation") * (side("kernel_size") - 1);
    if (side("stride") != 1 || wider % 2 != 0) return;
    numbers.push_back(wider / 2);
  }
  convolution["padding"] = std::move(numbers);
}

Json shape_as_list(const TensorShape& shape) {
  return shape.flat() ? Json::array({shape.channels}) : Json::array({shape.channels, shape.height, shape.width});
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

bool is_image_size(const std::string& text) {
  const ImageSize size = image_size(text);
  const auto& symbols = image_symbols();
  return size.divisor > 0 && std::find(symbols.begin(), symbols.end(), size.symbol) != symbols.end();
}

Json complete_arguments(const LayerSpec& spec, const Json& given) {
  Json all = {{"type", spec.name}};
  for (const LayerArgument& argument : spec.arguments) {
    if (argument.fixed || argument.ignored || argument.type == ArgumentType::layers) continue;
    all[argument.name] = given.contains(argument.name) ? given[argument.name] : argument.default_value;
  }
  if (spec.find("kernel_size") && all["stride"].is_null()) all["stride"] = all["kernel_size"];
  if (spec.name == "conv2d") put_padding(all);
  return all;
}

bool has_parameters(const Layer& layer) {
  for (const std::vector<Layer>* inner : {&layer.layers, &layer.projection}) {
    if (std::any_of(inner->begin(), inner->end(), has_parameters)) return true;
  }
  const std::string type = layer.type();
  for (const char* affine : {"affine", "elementwise_affine"}) {
    if (layer.arguments.contains(affine)) return layer.arguments.at(affine).get<bool>();
  }
  return type == "conv2d" || type == "conv_transpose2d" || type == "linear";
}

void resolve_sizes(Layer& layer, const TensorShape& image, const TensorShape& input) {
  const LayerSpec& spec = *find_layer(layer.type());
  for (const LayerArgument& argument : spec.arguments) {
    auto value = layer.arguments.find(argument.name);
    if (value == layer.arguments.end()) continue;
    if (argument.type == ArgumentType::integer) {
      if (value->is_string()) *value = value_of(value->get<std::string>(), image);
      if (value->is_null()) *value = argument.name == "in_features" ? input.values() : input.channels;
    } else if (argument.type == ArgumentType::sizes && value->is_null()) {
      *value = shape_as_list(input);
    } else if (value->is_array()) {
      for (Json& size : *value) {
        if (size.is_string()) size = value_of(size.get<std::string>(), image);
      }
    }
  }
}

}  // namespace latentgrid
