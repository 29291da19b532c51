#include "nn/own_winograd.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <hwy/targets.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "nn/winograd_kernels.hpp"

namespace latentgrid::nn {

namespace {

constexpr auto winograd_format = at::MemoryFormat::ChannelsLast;

std::int64_t quotient_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

// Of one direction: the images that are read and those that are written.
struct Grids {
  std::int64_t images;
  TileGrid from, to;

  std::int64_t tiles() const { return images * to.rows * to.columns; }
};

Grids grids_of(const at::IntArrayRef& input, std::int64_t out_channels, std::array<std::int64_t, 2> padding) {
  Grids grids{input[0], {}, {}};
  grids.from = {input[2], input[3], input[1], 0, 0, padding[0], padding[1]};
  grids.to = {input[2] + 2 * padding[0] - 2, input[3] + 2 * padding[1] - 2, out_channels, 0, 0, 0, 0};
  grids.to.rows = grids.from.rows = quotient_up(grids.to.height, 4);
  grids.to.columns = grids.from.columns = quotient_up(grids.to.width, 4);
  return grids;
}

// Room for planes. Rows and planes are an odd number of cache lines apart: a cache holds few lines whose addresses
// differ by a power of two.
struct Room {
  at::Tensor floats;
  Planes planes;

  Room(std::int64_t rows, std::int64_t channels, std::int64_t count = winograd_planes) {
    constexpr std::int64_t line = 16;
    const auto odd = [](std::int64_t size) { return size / line % 2 == 0 ? size + line : size; };
    const std::int64_t row = odd(channels), plane = odd(quotient_up(rows, winograd_rows) * winograd_rows * row);
    floats = at::empty({count * plane}, at::kFloat);
    planes = {floats.data_ptr<float>(), row, plane};
  }
};

// Measured: a block's planes stay in the second cache beside a panel of filters.
constexpr std::int64_t most_tiles_at_once = 32;

std::int64_t tiles_at_once(const Grids& grids) {
  const std::int64_t each = quotient_up(grids.tiles(), at::get_num_threads());
  return std::min(most_tiles_at_once, quotient_up(each, winograd_rows) * winograd_rows);
}

// Whether it is too large to be found in a cache by whoever reads it next.
bool streams_to(const at::Tensor& output) {
  constexpr std::int64_t fewest_floats = std::int64_t{1} << 20;
  return output.numel() >= fewest_floats && reinterpret_cast<std::uintptr_t>(output.data_ptr()) % 64 == 0;
}

// Panels of filters, one behind the other.
at::Tensor filter_panels(const Taps& taps, std::int64_t in, std::int64_t out) {
  at::Tensor panels = at::empty({winograd_planes * in * out}, at::kFloat);
  auto* data = panels.data_ptr<float>();
  at::parallel_for(0, quotient_up(out, winograd_panel), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t first = begin * winograd_panel; first < std::min(out, end * winograd_panel);
         first += winograd_panel) {
      transform_filters(taps, in, first, std::min(winograd_panel, out - first), data + winograd_planes * in * first);
    }
  });
  return panels;
}

at::Tensor convolve(const at::Tensor& input, const Grids& grids, const at::Tensor& panels, const at::Tensor& bias) {
  const std::int64_t in = grids.from.channels, out = grids.to.channels, at_once = tiles_at_once(grids);
  at::Tensor output = at::empty({grids.images, out, grids.to.height, grids.to.width},
                                at::TensorOptions(at::kFloat).memory_format(winograd_format));
  const auto *read = input.data_ptr<float>(), *filters = panels.data_ptr<float>();
  const auto* shift = bias.defined() ? bias.data_ptr<float>() : nullptr;
  auto* written = output.data_ptr<float>();
  const bool streams = streams_to(output);
  at::parallel_for(0, quotient_up(grids.tiles(), at_once), 1, [&](std::int64_t begin, std::int64_t end) {
    const Room windows(at_once, in), products(at_once, winograd_panel);
    for (std::int64_t tile = begin * at_once; tile < std::min(grids.tiles(), end * at_once); tile += at_once) {
      const std::int64_t count = std::min(at_once, grids.tiles() - tile);
      transform_windows(read, grids.from, tile, count, windows.planes);
      for (std::int64_t first = 0; first < out; first += winograd_panel) {
        const std::int64_t width = std::min(winograd_panel, out - first);
        multiply_tiles(windows.planes, count, in, filters + winograd_planes * in * first, width, products.planes);
        transform_products(products.planes, grids.to, tile, count, first, width, shift, streams, written);
      }
    }
  });
  return output;
}

// weight: in channels_last, that is O×3×3×C.
at::Tensor forward_panels(const at::Tensor& weight) {
  const std::int64_t out = weight.size(0), in = weight.size(1);
  const at::Tensor taps = weight.permute({0, 2, 3, 1}).reshape({out, 9 * in}).t().contiguous();
  return filter_panels({taps.data_ptr<float>(), in * out, out, false}, in, out);
}

// The gradient of the input is a convolution of the output's with turned filters.
at::Tensor input_gradient(const at::Tensor& gradient, const at::Tensor& weight, std::array<std::int64_t, 2> padding) {
  const std::int64_t out = weight.size(0), in = weight.size(1);
  const at::Tensor panels = filter_panels({weight.data_ptr<float>(), in, 9 * in, true}, out, in);
  return convolve(gradient, grids_of(gradient.sizes(), in, {2 - padding[0], 2 - padding[1]}), panels, at::Tensor());
}

// Measured: with more tiles their planes leave the cache, with fewer the sums are read and written more often.
constexpr std::int64_t tiles_of_a_sum = 64;

// Adds products of tiles that all threads have transformed together, so that sums don't depend on how many there are.
void add_tiles(const Planes& windows, const Planes& gradients, std::int64_t tiles, const Grids& grids, float* sums) {
  constexpr std::int64_t rows_of_a_turn = 64;
  const std::int64_t in = grids.from.channels, out = grids.to.channels;
  const std::int64_t turns = quotient_up(out, rows_of_a_turn);
  at::parallel_for(0, winograd_planes * turns, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t p = i / turns, first = i % turns * rows_of_a_turn;
      const std::int64_t last = std::min(out, first + rows_of_a_turn);
      for (std::int64_t t = 0; t < tiles; t += tiles_of_a_sum) {
        add_products(gradients.data + p * gradients.plane + t * gradients.row, gradients.row,
                     windows.data + p * windows.plane + t * windows.row, windows.row,
                     std::min(tiles_of_a_sum, tiles - t), in, first, last, sums + p * out * in);
      }
    }
  });
}

// Of the weight, and of a bias.
std::array<at::Tensor, 2> parameter_gradients(const at::Tensor& gradient, const at::Tensor& input, const Grids& grids) {
  const std::int64_t at_once = tiles_of_a_sum * at::get_num_threads();
  const std::int64_t in = grids.from.channels, out = grids.to.channels;
  const at::Tensor sums = at::zeros({winograd_planes, out, in}, at::kFloat);
  at::Tensor bias = at::zeros({out}, at::kFloat);
  at::Tensor weight = at::empty({out, in, 3, 3}, at::TensorOptions(at::kFloat).memory_format(winograd_format));
  const Room windows(at_once, in), gradients(at_once, out, winograd_planes + 1);
  const auto *read = input.data_ptr<float>(), *errors = gradient.data_ptr<float>();
  for (std::int64_t tile = 0; tile < grids.tiles(); tile += at_once) {
    const std::int64_t count = std::min(at_once, grids.tiles() - tile);
    at::parallel_for(0, quotient_up(count, winograd_rows), 1, [&](std::int64_t begin, std::int64_t end) {
      const std::int64_t first = begin * winograd_rows, some = std::min(count, end * winograd_rows) - first;
      const auto from = [&](const Planes& all) { return Planes{all.data + first * all.row, all.row, all.plane}; };
      transform_windows(read, grids.from, tile + first, some, from(windows.planes));
      transform_gradients(errors, grids.to, tile + first, some, from(gradients.planes));
    });
    add_tiles(windows.planes, gradients.planes, count, grids, sums.data_ptr<float>());
    const float* of_tiles = gradients.planes.data + winograd_planes * gradients.planes.plane;
    for (std::int64_t t = 0; t < count; t += tiles_of_a_sum) {
      add_rows(of_tiles + t * gradients.planes.row, gradients.planes.row, std::min(tiles_of_a_sum, count - t), out,
               bias.data_ptr<float>());
    }
  }
  const auto* sum = sums.data_ptr<float>();
  auto* filters = weight.data_ptr<float>();
  at::parallel_for(0, out, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) transform_sums(sum, out * in, in, o, filters + o * 9 * in);
  });
  return {weight, bias};
}

struct OwnWinograd : torch::autograd::Function<OwnWinograd> {
  using Context = torch::autograd::AutogradContext;
  using Variables = torch::autograd::variable_list;

  static at::Tensor forward(Context* context, const at::Tensor& given_input, const at::Tensor& given_weight,
                            const c10::optional<at::Tensor>& bias, std::int64_t padding_rows,
                            std::int64_t padding_columns) {
    const at::Tensor input = given_input.contiguous(winograd_format), weight = given_weight.contiguous(winograd_format);
    context->saved_data["bias"] = bias.has_value();
    context->saved_data["padding"] = std::vector<std::int64_t>{padding_rows, padding_columns};
    context->save_for_backward({input, weight});
    return convolve(input, grids_of(input.sizes(), weight.size(0), {padding_rows, padding_columns}),
                    forward_panels(weight), bias ? bias->contiguous() : at::Tensor());
  }

  static Variables backward(Context* context, const Variables& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "a Winograd convolution has no second derivative");
    const auto saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &weight = saved[1];
    const std::vector<std::int64_t> given = context->saved_data["padding"].toIntVector();
    const std::array<std::int64_t, 2> padding = {given[0], given[1]};
    const at::Tensor gradient = gradients[0].contiguous(winograd_format);
    const bool needs_bias = context->saved_data["bias"].toBool() && context->needs_input_grad(2);
    Variables result(5);  // one for each argument of forward
    if (context->needs_input_grad(0)) result[0] = input_gradient(gradient, weight, padding);
    if (context->needs_input_grad(1)) {
      const auto [weight_gradient, bias_gradient] =
          parameter_gradients(gradient, input, grids_of(input.sizes(), weight.size(0), padding));
      result[1] = weight_gradient;
      if (needs_bias) result[2] = bias_gradient;
    } else if (needs_bias) {
      result[2] = gradient.sum({0, 2, 3});
    }
    return result;
  }
};

}  // namespace

bool has_own_winograd_kernels() {
  return (hwy::SupportedTargets() & HWY_AVX2) != 0;
}

// Measured, forward and backward on one core: a direct convolution's time for a pixel is what ours takes for an eighth
// of a tile, and of a few tiles the transform of the filters takes longer than their products.
bool has_own_winograd(const at::Tensor& input, const at::Tensor& weight, const at::Tensor&,
                      std::array<std::int64_t, 2> padding) {
  constexpr std::int64_t block = 16, fewest_tiles = 16, fewest_pixels_of_a_tile = 8;
  if (!has_own_winograd_kernels() || input.dim() != 4 || input.numel() == 0) return false;
  if (std::max(padding[0], padding[1]) > 1) return false;
  if (weight.size(0) % block != 0 || weight.size(1) % block != 0) return false;
  const Grids grids = grids_of(input.sizes(), weight.size(0), padding);
  if (std::min(grids.to.height, grids.to.width) < 1) return false;
  return grids.tiles() >= fewest_tiles &&
         grids.images * grids.to.height * grids.to.width >= fewest_pixels_of_a_tile * grids.tiles();
}

at::Tensor own_winograd_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                                    std::array<std::int64_t, 2> padding) {
  // Autograd takes no undefined tensor.
  const auto given_bias = bias.defined() ? c10::make_optional(bias) : c10::nullopt;
  return OwnWinograd::apply(input, weight, given_bias, padding[0], padding[1]);
}

}  // namespace latentgrid::nn
