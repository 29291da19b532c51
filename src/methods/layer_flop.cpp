#include "methods/layer_flop.hpp"

#include <array>
#include <string>

namespace latentgrid {

namespace {

using Pair = std::array<double, 2>;

// One number for both dimensions, or two.
Pair pair_of(const Json& layer, const char* name, const Pair& fallback) {
  if (!layer.contains(name)) return fallback;
  const Json& value = layer[name];
  if (value.is_array() && value.size() == 2) return {value[0].get<double>(), value[1].get<double>()};
  return value.is_number() ? Pair{value.get<double>(), value.get<double>()} : fallback;
}

double number(const Json& layer, const char* name) {
  return layer.contains(name) && layer[name].is_number() ? layer[name].get<double>() : 1;
}

double convolution(const Json& layer, bool transposed, MapSize& size) {
  const Pair stride = pair_of(layer, "stride", {1, 1}), kernel = pair_of(layer, "kernel_size", {1, 1});
  const MapSize output = transposed ? MapSize{size.height * stride[0], size.width * stride[1]}
                                    : MapSize{size.height / stride[0], size.width / stride[1]};
  const MapSize& positions = transposed ? size : output;  // where the kernel is laid
  const double flop = 2 * positions.height * positions.width * kernel[0] * kernel[1] * number(layer, "in_channels") *
                      number(layer, "out_channels") / number(layer, "groups");
  size = output;
  return flop;
}

void resample(const std::string& type, const Json& layer, MapSize& size) {
  if (type == "max_pool2d" || type == "avg_pool2d") {
    const Pair stride = pair_of(layer, "stride", pair_of(layer, "kernel_size", {1, 1}));
    size = {size.height / stride[0], size.width / stride[1]};
  } else if (type == "adaptive_avg_pool2d") {
    const Pair output = pair_of(layer, "output_size", {1, 1});
    size = {output[0], output[1]};
  } else if (type == "upsample") {
    const Pair scale = pair_of(layer, "scale_factor", {1, 1});
    const Pair output = pair_of(layer, "size", {size.height * scale[0], size.width * scale[1]});
    size = {output[0], output[1]};
  } else if (type == "pixel_shuffle") {
    const double factor = number(layer, "upscale_factor");
    size = {size.height * factor, size.width * factor};
  } else if (type == "unflatten" && layer.contains("unflattened_size")) {
    size = {layer["unflattened_size"].at(1).get<double>(), layer["unflattened_size"].at(2).get<double>()};
  }
}

}  // namespace

double forward_flop(const Json& layers, MapSize& size) {
  double total = 0;
  for (const Json& layer : layers) {
    const std::string type = layer.value("type", "");
    if (type == "conv2d" || type == "conv_transpose2d") {
      total += convolution(layer, type == "conv_transpose2d", size);
    } else if (type == "linear") {
      total += 2 * number(layer, "in_features") * number(layer, "out_features");
    } else if (type == "residual") {
      MapSize beside = size;
      total += forward_flop(layer.value("projection", Json::array()), beside);
      total += forward_flop(layer.value("layers", Json::array()), size);
    } else {
      resample(type, layer, size);
    }
  }
  return total;
}

}  // namespace latentgrid
