#include "model/resolve.hpp"

#include <fmt/format.h>

#include <array>

#include "model/layers.hpp"
#include "model/shapes.hpp"

namespace latentgrid {

namespace {

Layer make(const char* type, const Json& given, const SourcePosition& where) {
  return {complete_arguments(*find_layer(type), given), where};
}

// The smallest stride of a 1×1 convolution that makes `to` of `from`; 0 if none does.
std::int64_t stride_between(std::int64_t from, std::int64_t to) {
  const std::int64_t stride = (from + to - 1) / to;
  return (from + stride - 1) / stride == to ? stride : 0;
}

std::optional<ShapeProblem> make_projection(Layer& residual, const TensorShape& in, const TensorShape& out) {
  if (in.flat() && out.flat()) {
    residual.projection = {make("linear", {{"out_features", out.channels}, {"bias", false}}, residual.where),
                           make("batch_norm1d", Json::object(), residual.where)};
    return std::nullopt;
  }
  if (in.flat() != out.flat()) {
    return ShapeProblem{fmt::format("residual cannot add the {} that its layers make to its input of {}", out.text(), in.text()),
                        "end its layers in as many dimensions as they begin with, or write a projection of your own: "
                        "residual: {layers: [...], projection: [...]}"};
  }
  const std::array<std::int64_t, 2> stride = {stride_between(in.height, out.height), stride_between(in.width, out.width)};
  if (stride[0] == 0 || stride[1] == 0) {
    return ShapeProblem{fmt::format("residual cannot add the {} that its layers make to its input of {}: no 1×1 convolution makes {}×{} "
                                    "of {}×{}",
                                    out.text(), in.text(), out.height, out.width, in.height, in.width),
                        fmt::format("{}, or write a projection of your own: residual: {{layers: [...], projection: [...]}}",
                                    out.height > in.height || out.width > in.width
                                        ? "put layers that enlarge before or behind the residual"
                                        : "pad the convolutions inside so that they keep the size or divide it")};
  }
  const Json convolution = {{"out_channels", out.channels}, {"kernel_size", {1, 1}}, {"stride", stride}, {"bias", false}};
  residual.projection = {make("conv2d", convolution, residual.where), make("batch_norm2d", Json::object(), residual.where)};
  return std::nullopt;
}

bool resolve_residual(Layer& residual, const TensorShape& image, const TensorShape& in, Diagnostics& diagnostics) {
  TensorShape out = in, beside = in;
  if (!resolve_layers(residual.layers, image, out, residual.where, diagnostics)) return false;
  if (residual.projection.empty() && out != in) {
    if (auto problem = make_projection(residual, in, out)) {
      diagnostics.error(residual.where, std::move(problem->message), std::move(problem->hint));
      return false;
    }
  }
  return resolve_layers(residual.projection, image, beside, residual.where, diagnostics);
}

}  // namespace

bool resolve_layers(std::vector<Layer>& layers, const TensorShape& image, TensorShape& shape, const SourcePosition& used_at,
                    Diagnostics& diagnostics) {
  for (Layer& layer : layers) {
    if (layer.where.line == 0) layer.where = used_at;
    resolve_sizes(layer, image, shape);
    if (!layer.layers.empty() && !resolve_residual(layer, image, shape, diagnostics)) return false;
    TensorShape output;
    if (auto problem = infer_shape(layer, shape, output)) {
      diagnostics.error(layer.where, std::move(problem->message), std::move(problem->hint));
      return false;
    }
    shape = output;
  }
  return true;
}

}  // namespace latentgrid
