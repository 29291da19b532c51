#include "model/shapes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

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

Problem needs_map(const Layer& layer, const TensorShape& input) {
  if (!input.flat()) return std::nullopt;
  return ShapeProblem{fmt::format("{} expects a feature map, gets a vector of {}", layer.type(), input.text()),
                      "put an unflatten layer before it"};
}

Problem wrong_channels(const Layer& layer, const char* argument, const TensorShape& input) {
  std::int64_t expected = layer.arguments.at(argument);
  if (expected == input.channels) return std::nullopt;
  return ShapeProblem{fmt::format("{} expects {} input channels, gets {}", layer.type(), expected, input.channels),
                      fmt::format("{} is the number of channels of the layer before, {}", argument, input.channels)};
}

Problem groups_divide(const Layer& layer) {
  std::int64_t groups = layer.arguments.at("groups");
  for (const char* name : {"in_channels", "out_channels"}) {
    std::int64_t channels = layer.arguments.at(name);
    if (channels % groups != 0) {
      return ShapeProblem{
          fmt::format("{}: {} {} is not a multiple of groups {}", layer.type(), name, channels, groups),
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
  return ShapeProblem{fmt::format("{} makes {}, which is too large", layer.type(), output.text()),
                      "fewer channels, a smaller size, or a larger stride before it"};
}

Problem check_size(const Layer& layer, const TensorShape& input, const TensorShape& output) {
  for (std::int64_t size : {output.channels, output.height, output.width}) {
    if (size < 1) {
      return ShapeProblem{fmt::format("{} would make {}×{} of {}, which is too small for this layer", layer.type(), output.height,
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

// A padding that repeats more than the border has to find as much of the map.
Problem too_wide_padding(const Json& convolution, const std::array<std::int64_t, 2>& padding, const TensorShape& in) {
  const std::string mode = convolution.at("padding_mode");
  if (mode != "reflect" && mode != "circular") return std::nullopt;
  for (const auto& [wide, size] : {std::pair(padding[0], in.height), {padding[1], in.width}}) {
    if (wide <= (mode == "reflect" ? size - 1 : size)) continue;
    return ShapeProblem{fmt::format("conv2d: padding {} is too wide for padding_mode {} on {}", wide, mode, in.text()), ""};
  }
  return std::nullopt;
}

Problem conv2d(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  if (auto problem = wrong_channels(layer, "in_channels", in)) return problem;
  if (auto problem = groups_divide(layer)) return problem;
  const Json& a = layer.arguments;
  auto k = pair(a, "kernel_size"), s = pair(a, "stride"), d = pair(a, "dilation");
  const bool same = a.at("padding") == "same";
  if (same && std::max(s[0], s[1]) > 1) {
    return ShapeProblem{"conv2d: padding same needs stride 1", "give the padding as a number, or leave the stride out"};
  }
  // The wider side, of what same leaves uneven.
  auto p = same ? std::array<std::int64_t, 2>{(d[0] * (k[0] - 1) + 1) / 2, (d[1] * (k[1] - 1) + 1) / 2} : pair(a, "padding");
  if (auto problem = too_wide_padding(a, p, in)) return problem;
  out = {a.at("out_channels"), in.height, in.width};
  if (!same) {
    out.height = window_count(in.height, k[0], s[0], p[0], d[0], false);
    out.width = window_count(in.width, k[1], s[1], p[1], d[1], false);
  }
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
      return ShapeProblem{fmt::format("{}: padding {} is more than half of kernel_size {}", layer.type(), p[i], k[i]),
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

Problem adaptive_avg_pool2d(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  const auto size = pair(layer.arguments, "output_size");
  out = {in.channels, size[0], size[1]};
  return check_size(layer, in, out);
}

Problem pixel_shuffle(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  const std::int64_t factor = std::min(layer.arguments.at("upscale_factor").get<std::int64_t>(), largest_size);
  if (in.channels % (factor * factor) != 0) {
    return ShapeProblem{fmt::format("pixel_shuffle by {} makes one channel of {}, and {} channels are not a multiple of that", factor,
                                    factor * factor, in.channels),
                        fmt::format("the layer before needs {} channels for each that is wanted", factor * factor)};
  }
  out = {in.channels / (factor * factor), in.height * factor, in.width * factor};
  return check_size(layer, in, out);
}

Problem batch_norm1d(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (!in.flat()) {
    return ShapeProblem{"batch_norm1d expects a vector, gets " + in.text(), "use batch_norm2d, or put a flatten layer before it"};
  }
  out = in;
  const std::int64_t expected = layer.arguments.at("num_features");
  if (expected == in.channels) return std::nullopt;
  return ShapeProblem{fmt::format("batch_norm1d expects {} input values, gets {}", expected, in.channels),
                      fmt::format("num_features is the number of values of the layer before, {}", in.channels)};
}

Problem batch_norm2d(const Layer& layer, const TensorShape& in, TensorShape& out) {
  if (auto problem = needs_map(layer, in)) return problem;
  out = in;
  return wrong_channels(layer, "num_features", in);
}

Problem layer_norm(const Layer& layer, const TensorShape& in, TensorShape& out) {
  const auto wanted = layer.arguments.at("normalized_shape").get<std::vector<std::int64_t>>();
  const std::vector<std::int64_t> sizes =
      in.flat() ? std::vector{in.channels} : std::vector{in.channels, in.height, in.width};
  out = in;
  if (wanted.size() <= sizes.size() && std::equal(wanted.rbegin(), wanted.rend(), sizes.rbegin())) return std::nullopt;
  return ShapeProblem{fmt::format("layer_norm of {} cannot normalize {}", fmt::join(wanted, "×"), in.text()),
                      in.flat() ? fmt::format("normalized_shape is the number of values of the layer before, {}; it may be left out", in.text())
                                : fmt::format("normalized_shape is [{}] or its last sizes; left out it is all of them", fmt::join(sizes, ", "))};
}

Problem group_norm(const Layer& layer, const TensorShape& in, TensorShape& out) {
  out = in;
  if (auto problem = wrong_channels(layer, "num_channels", in)) return problem;
  const std::int64_t groups = layer.arguments.at("num_groups");
  if (in.channels % groups == 0) return std::nullopt;
  return ShapeProblem{fmt::format("group_norm: {} channels are not a multiple of num_groups {}", in.channels, groups),
                      "change num_groups or the number of channels"};
}

Problem dropout2d(const Layer&, const TensorShape& in, TensorShape& out) {
  out = in;
  if (!in.flat()) return std::nullopt;
  return ShapeProblem{"dropout2d drops whole channels of a feature map, gets a vector of " + in.text(),
                      "use dropout, or put an unflatten layer before it"};
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

// Of the layers inside, which have their sizes.
Problem shape_behind(const std::vector<Layer>& layers, TensorShape& shape) {
  for (const Layer& layer : layers) {
    TensorShape output;
    if (auto problem = infer_shape(layer, shape, output)) return problem;
    shape = output;
  }
  return std::nullopt;
}

Problem residual(const Layer& layer, const TensorShape& in, TensorShape& out) {
  TensorShape beside = in;
  out = in;
  if (auto problem = shape_behind(layer.layers, out)) return problem;
  if (auto problem = shape_behind(layer.projection, beside)) return problem;
  if (out == beside) return std::nullopt;
  return ShapeProblem{fmt::format("residual cannot add the {} of its layers to the {} of its projection", out.text(), beside.text()),
                      "end both in the same shape, or leave the projection out: it is made where one is needed"};
}

Problem unchanged(const Layer&, const TensorShape& in, TensorShape& out) {
  out = in;
  return std::nullopt;
}

}  // namespace

std::optional<ShapeProblem> infer_shape(const Layer& layer, const TensorShape& input, TensorShape& output) {
  using Rule = Problem (*)(const Layer&, const TensorShape&, TensorShape&);
  static const std::map<std::string, Rule> rules = {
      {"conv2d", conv2d},
      {"conv_transpose2d", conv_transpose2d},
      {"max_pool2d", pool},
      {"avg_pool2d", pool},
      {"adaptive_avg_pool2d", adaptive_avg_pool2d},
      {"pixel_shuffle", pixel_shuffle},
      {"upsample", upsample},
      {"batch_norm1d", batch_norm1d},
      {"batch_norm2d", batch_norm2d},
      {"layer_norm", layer_norm},
      {"group_norm", group_norm},
      {"dropout2d", dropout2d},
      {"flatten", flatten},
      {"unflatten", unflatten},
      {"linear", linear},
      {"residual", residual},
  };
  auto rule = rules.find(layer.type());
  return (rule == rules.end() ? unchanged : rule->second)(layer, input, output);
}

}  // namespace latentgrid
