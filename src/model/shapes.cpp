#include "model/shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "model/layers.hpp"

namespace latentgrid {

namespace {

using Problem = std::optional<ShapeProblem>;

// Sizes beyond these are a mistake in the file; the bounds keep the arithmetic below far from overflow.
constexpr std::int64_t largest_size = 1 << 24;
constexpr double most_values = 1 << 30;

std::array<std::int64_t, 2> pair(const Json& arguments, const char* name) {
  const Json& value = arguments.at(name);
  return {value[0].get<std::int64_t>(), value[1].get<std::int64_t>()};
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

std::string type_of(const Layer& layer) {
  return layer.arguments.at("type").get<std::string>();
}

Problem needs_map(const Layer& layer, const TensorShape& input) {
  if (!input.flat()) return std::nullopt;
  return ShapeProblem{fmt::format("{} expects a feature map, gets a vector of {}", type_of(layer), input.text()),
                      "put an unflatten layer before it"};
}

Problem wrong_channels(const Layer& layer, const char* argument, const TensorShape& input) {
  std::int64_t expected = layer.arguments.at(argument);
  if (expected == input.channels) return std::nullopt;
  return ShapeProblem{fmt::format("{} expects {} input channels, gets {}", type_of(layer), expected, input.channels),
                      fmt::format("{} is the number of channels of the layer before, {}", argument, input.channels)};
}

Problem groups_divide(const Layer& layer) {
  std::int64_t groups = layer.arguments.at("groups");
  for (const char* name : {"in_channels", "out_channels"}) {
    std::int64_t channels = layer.arguments.at(name);
    if (channels % groups != 0) {
      return ShapeProblem{
          fmt::format("{}: {} {} is not a multiple of groups {}", type_of(layer), name, channels, groups),
          "change groups or the number of channels"};
    }
  }
  return std::nullopt;
}

Problem too_large(const Layer& layer, const TensorShape& output) {
  bool large = std::max({output.channels, output.height, output.width}) > largest_size;
  double values =
      1.0 * output.channels * std::max<std::int64_t>(output.height, 1) * std::max<std::int64_t>(output.width, 1);
  if (!large && values <= most_values) return std::nullopt;
  return ShapeProblem{fmt::format("{} makes {}, which is too large", type_of(layer), output.text()),
                      "fewer channels, a smaller size, or a larger stride before it"};
}

Problem check_size(const Layer& layer, const TensorShape& input, const TensorShape& output) {
  for (std::int64_t size : {output.channels, output.height, output.width}) {
    if (size < 1) {
      return ShapeProblem{fmt::format("{} would make {}×{} of {}, which is too small for this layer", type_of(layer), output.height,
                                      output.width, input.text()),
                          "a smaller kernel or stride, more padding, or fewer layers before it"};
    }
  }
  return too_large(layer, output);
}

// floor((n + 2p - d(k-1) - 1)/s + 1), or with ceil_mode, where the last window must start inside the padded input.
std::int64_t window_count(std::int64_t n, std::int64_t k, std::int64_t s, std::int64_t p, std::int64_t d,
                          bool ceil_mode) {
  std::int64_t room = n + 2 * p - d * (k - 1) - 1;
  std::int64_t count = floor_div(room + (ceil_mode ? s - 1 : 0), s) + 1;
  if (ceil_mode && (count - 1) * s >= n + p) --count;
  return count;
}

Problem conv2d(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  if (auto problem = wrong_channels(layer, "in_channels", in)) return problem;
  if (auto problem = groups_divide(layer)) return problem;
  const Json& a = layer.arguments;
  auto k = pair(a, "kernel_size"), s = pair(a, "stride"), p = pair(a, "padding"), d = pair(a, "dilation");
  const std::string mode = a.at("padding_mode");
  std::int64_t widest = mode == "reflect" ? std::min(in.height, in.width) - 1 : std::min(in.height, in.width);
  if (mode != "zeros" && std::max(p[0], p[1]) > widest) {
    return ShapeProblem{
        fmt::format("conv2d: padding {} is too wide for padding_mode {} on {}", std::max(p[0], p[1]), mode, in.text()),
        ""};
  }
  out = {a.at("out_channels"), window_count(in.height, k[0], s[0], p[0], d[0], false),
         window_count(in.width, k[1], s[1], p[1], d[1], false)};
  return check_size(layer, in, out);
}

Problem conv_transpose2d(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  if (auto problem = wrong_channels(layer, "in_channels", in)) return problem;
  if (auto problem = groups_divide(layer)) return problem;
  const Json& a = layer.arguments;
  auto k = pair(a, "kernel_size"), s = pair(a, "stride"), p = pair(a, "padding"), d = pair(a, "dilation");
  auto extra = pair(a, "output_padding");
  for (int i : {0, 1}) {
    if (extra[i] >= std::max(s[i], d[i])) {
      return ShapeProblem{fmt::format("conv_transpose2d: output_padding {} must be below stride or dilation ({})",
                                      extra[i], std::max(s[i], d[i])),
                          "choose a smaller output_padding"};
    }
  }
  auto size = [&](std::int64_t n, int i) { return (n - 1) * s[i] - 2 * p[i] + d[i] * (k[i] - 1) + extra[i] + 1; };
  out = {a.at("out_channels"), size(in.height, 0), size(in.width, 1)};
  return check_size(layer, in, out);
}

Problem pool(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  const Json& a = layer.arguments;
  auto k = pair(a, "kernel_size"), s = pair(a, "stride"), p = pair(a, "padding");
  auto d = a.contains("dilation") ? pair(a, "dilation") : std::array<std::int64_t, 2>{1, 1};
  for (int i : {0, 1}) {
    if (2 * p[i] > k[i]) {
      return ShapeProblem{fmt::format("{}: padding {} is more than half of kernel_size {}", type_of(layer), p[i], k[i]),
                          "choose a smaller padding"};
    }
  }
  bool ceil_mode = a.at("ceil_mode");
  out = {in.channels, window_count(in.height, k[0], s[0], p[0], d[0], ceil_mode),
         window_count(in.width, k[1], s[1], p[1], d[1], ceil_mode)};
  return check_size(layer, in, out);
}

Problem upsample(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  const Json& a = layer.arguments;
  if (a.at("size").is_null() == a.at("scale_factor").is_null()) {
    return ShapeProblem{"upsample takes either size or scale_factor", "give one of them: {upsample: {scale_factor: 2}}"};
  }
  if (a.at("mode") == "nearest" && a.at("align_corners").get<bool>()) {
    return ShapeProblem{"upsample: align_corners has no meaning with mode nearest", "use bilinear or bicubic"};
  }
  if (!a.at("size").is_null()) {
    auto size = pair(a, "size");
    out = {in.channels, size[0], size[1]};
  } else {
    auto scaled = [&](std::int64_t n, int i) {
      double size = std::floor(static_cast<double>(n) * a.at("scale_factor")[i].get<double>());
      return static_cast<std::int64_t>(std::min<double>(size, 2.0 * largest_size));
    };
    out = {in.channels, scaled(in.height, 0), scaled(in.width, 1)};
  }
  return check_size(layer, in, out);
}

Problem batch_norm2d(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  out = in;
  return wrong_channels(layer, "num_features", in);
}

Problem flatten(const Layer&, const TensorShape& in, TensorShape& out) {
  out = {in.values(), 0, 0};
  return std::nullopt;
}

Problem unflatten(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (!in.flat()) return ShapeProblem{"unflatten expects a vector, gets " + in.text(), "put a flatten layer before it"};
  const Json& size = layer.arguments.at("unflattened_size");
  TensorShape shape = {size[0], size[1], size[2]};
  if (auto problem = too_large(layer, shape)) return problem;
  if (shape.values() != in.values()) {
    return ShapeProblem{
        fmt::format("unflatten to {} needs {} values, gets {}", shape.text(), shape.values(), in.values()),
        "choose sizes whose product is the number of values of the layer before"};
  }
  out = shape;
  return std::nullopt;
}

Problem linear(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (!in.flat()) return ShapeProblem{"linear expects a vector, gets " + in.text(), "put a flatten layer before it"};
  std::int64_t expected = layer.arguments.at("in_features");
  if (expected != in.values()) {
    return ShapeProblem{fmt::format("linear expects {} input values, gets {}", expected, in.values()),
                        fmt::format("in_features is the number of values of the layer before, {}", in.values())};
  }
  out = {layer.arguments.at("out_features"), 0, 0};
  return too_large(layer, out);
}

Problem unchanged(const Layer&, const TensorShape& in, TensorShape& out) {
  out = in;
  return std::nullopt;
}

}  // namespace

std::optional<ShapeProblem> infer_shape(const Layer& layer, const TensorShape& input, TensorShape& output) {
  using Rule = Problem (*)(const Layer&, const TensorShape&, TensorShape&);
  static const std::map<std::string, Rule> rules = {
      {"conv2d", conv2d},     {"conv_transpose2d", conv_transpose2d}, {"max_pool2d", pool}, {"avg_pool2d", pool},
      {"upsample", upsample}, {"batch_norm2d", batch_norm2d},         {"flatten", flatten}, {"unflatten", unflatten},
      {"linear", linear},
  };
  auto rule = rules.find(type_of(layer));
  return (rule == rules.end() ? unchanged : rule->second)(layer, input, output);
}

}  // namespace latentgrid
