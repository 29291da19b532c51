#include "nn/fused_batch_norm.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace latentgrid::nn {

namespace {

constexpr std::int64_t vector_of_channels = 16;
constexpr std::int64_t floats_of_a_block = 8192;  // fits the first cache, and a thread's turn is worth waking it
constexpr auto nhwc = at::MemoryFormat::ChannelsLast;

at::Tensor images_like(const at::Tensor& x, std::int64_t height, std::int64_t width) {
  return at::empty({x.size(0), x.size(1), height, width}, x.options().memory_format(nhwc));
}

std::int64_t pixels_of(const at::Tensor& x) {
  return x.size(0) * x.size(2) * x.size(3);
}

// Two values a channel of every block of pixels. The blocks don't depend on the threads.
class BlockPairs {
 public:
  // block(first pixel, pixels, first values, second values)
  template <typename Block>
  BlockPairs(std::int64_t pixels, std::int64_t channels, const Block& block)
      : pixels_(pixels),
        channels_(channels),
        block_(std::max<std::int64_t>(1, floats_of_a_block / channels)),
        pairs_(static_cast<std::size_t>(blocks() * 2 * channels)) {
    at::parallel_for(0, blocks(), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t b = begin; b < end; ++b) block(b * block_, size(b), first(b), first(b) + channels_);
    });
  }

  std::int64_t blocks() const { return (pixels_ + block_ - 1) / block_; }
  std::int64_t size(std::int64_t b) const { return std::min(block_, pixels_ - b * block_); }
  const float* of(std::int64_t b) const { return pairs_.data() + b * 2 * channels_; }

 private:
  float* first(std::int64_t b) { return pairs_.data() + b * 2 * channels_; }

  std::int64_t pixels_, channels_, block_;
  std::vector<float> pairs_;
};

struct Moments {
  std::vector<double> mean, squares;  // of deviations
};

// Those of blocks put together by Chan, Golub & LeVeque's formula (Updating Formulae and a Pairwise Algorithm for
// Computing Sample Variances, 1979), which loses no digits where the mean is large.
Moments moments(const at::Tensor& x, BatchNormForm form) {
  const std::int64_t channels = x.size(1);
  const auto* data = x.data_ptr<float>();
  const BlockPairs pairs(pixels_of(x), channels,
                         [&](std::int64_t first, std::int64_t pixels, float* mean, float* squares) {
                           channel_moments(data + first * channels, pixels, channels, form, mean, squares);
                         });
  Moments all{std::vector<double>(channels), std::vector<double>(channels)};
  double seen = 0;
  for (std::int64_t b = 0; b < pairs.blocks(); ++b) {
    const auto size = static_cast<double>(pairs.size(b));
    for (std::int64_t c = 0; c < channels; ++c) {
      const double delta = pairs.of(b)[c] - all.mean[c];
      all.mean[c] += delta * size / (seen + size);
      all.squares[c] += pairs.of(b)[channels + c] + delta * delta * seen * size / (seen + size);
    }
    seen += size;
  }
  return all;
}

struct Statistics {
  at::Tensor mean, inverse_deviation;
};

at::Tensor inverse_deviation(const at::Tensor& variance, double eps) {
  return variance.to(at::kDouble).add(eps).rsqrt().to(at::kFloat);
}

// Of the running statistics, as torch.nn.functional.batch_norm does it: the variance that goes in is the unbiased one.
void update(torch::nn::BatchNorm2dImpl& norm, const at::Tensor& mean, const at::Tensor& variance, std::int64_t pixels) {
  if (!norm.running_mean.defined()) return;
  norm.num_batches_tracked.add_(1);
  const auto momentum = norm.options.momentum();
  const double weight = momentum ? *momentum : 1 / norm.num_batches_tracked.item<double>();
  const double unbiased = static_cast<double>(pixels) / static_cast<double>(pixels - 1);
  norm.running_mean.mul_(1 - weight).add_(mean.to(at::kFloat), weight);
  norm.running_var.mul_(1 - weight).add_(variance.mul(unbiased).to(at::kFloat), weight);
}

Statistics statistics(const at::Tensor& x, torch::nn::BatchNorm2dImpl& norm, BatchNormForm form) {
  const double eps = norm.options.eps();
  if (!norm.is_training()) return {norm.running_mean, inverse_deviation(norm.running_var, eps)};
  const at::NoGradGuard no_graph;
  const std::int64_t pixels = pixels_of(x);
  const Moments found = moments(x, form);
  const at::Tensor mean = at::tensor(found.mean, at::kDouble);
  const at::Tensor variance = at::tensor(found.squares, at::kDouble).div_(static_cast<double>(pixels));
  update(norm, mean, variance, pixels);
  return {mean.to(at::kFloat), inverse_deviation(variance, eps)};
}

// Keeps what ChannelNorm points to.
struct Affine {
  at::Tensor mean, scale, shift;

  ChannelNorm view() const { return {mean.data_ptr<float>(), scale.data_ptr<float>(), shift.data_ptr<float>()}; }
};

Affine affine(const Statistics& statistics, const at::Tensor& weight, const at::Tensor& bias) {
  return {statistics.mean, weight.defined() ? statistics.inverse_deviation * weight : statistics.inverse_deviation,
          bias.defined() ? bias.detach().clone() : at::zeros_like(statistics.mean)};
}

// line(first pixel of a pair of lines, first pixel of their line of windows)
template <typename Line>
void for_lines_of_windows(const at::Tensor& x, const Line& line) {
  const std::int64_t width = x.size(3), lines = x.size(0) * x.size(2) / 2;
  const std::int64_t at_once = std::max<std::int64_t>(1, floats_of_a_block / (2 * width * x.size(1)));
  at::parallel_for(0, lines, at_once, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) line(i * 2 * width, i * (width / 2));
  });
}

template <typename Range>
void for_pixels(const at::Tensor& x, const Range& range) {
  at::parallel_for(0, pixels_of(x), std::max<std::int64_t>(1, floats_of_a_block / x.size(1)),
                   [&](std::int64_t begin, std::int64_t end) { range(begin, end - begin); });
}

// `chosen`: where to keep what a pooling chose, or null.
at::Tensor forward_pass(const at::Tensor& x, const Affine& affine, const FusedBatchNorm& fused, at::Tensor* chosen) {
  const std::int64_t channels = x.size(1);
  const auto* data = x.data_ptr<float>();
  const ChannelNorm norm = affine.view();
  if (!fused.pools) {
    at::Tensor y = images_like(x, x.size(2), x.size(3));
    auto* out = y.data_ptr<float>();
    for_pixels(x, [&](std::int64_t first, std::int64_t pixels) {
      normalise(data + first * channels, pixels, channels, fused.form, norm, out + first * channels);
    });
    return y;
  }
  at::Tensor y = images_like(x, x.size(2) / 2, x.size(3) / 2);
  if (chosen) *chosen = at::empty_like(y);
  auto* out = y.data_ptr<float>();
  auto* kept = chosen ? chosen->data_ptr<float>() : nullptr;
  for_lines_of_windows(x, [&](std::int64_t line, std::int64_t windows) {
    normalise_and_pool(data + line * channels, x.size(3), channels, fused.form, norm, out + windows * channels,
                       kept ? kept + windows * channels : nullptr);
  });
  return y;
}

// Sums over pixels of the gradient and of its products with r - mean.
std::array<at::Tensor, 2> sums(const at::Tensor& r, bool r_given, const at::Tensor& gradient, const Affine& affine,
                               BatchNormForm form) {
  const std::int64_t channels = r.size(1);
  const auto *data = r.data_ptr<float>(), *gradients = gradient.data_ptr<float>();
  const ChannelNorm norm = affine.view();
  const BlockPairs pairs(pixels_of(r), channels,
                         [&](std::int64_t first, std::int64_t pixels, float* sum, float* products) {
                           gradient_sums(data + first * channels, gradients + first * channels, pixels, channels, form,
                                         r_given, norm, sum, products);
                         });
  std::vector<double> all(2 * channels);
  for (std::int64_t b = 0; b < pairs.blocks(); ++b) {
    for (std::int64_t i = 0; i < 2 * channels; ++i) all[i] += pairs.of(b)[i];
  }
  const at::Tensor both = at::tensor(all, at::kDouble);
  return {both.narrow(0, 0, channels), both.narrow(0, channels, channels)};
}

at::Tensor backward_pass(const at::Tensor& x, const at::Tensor& chosen, const at::Tensor& gradient,
                         const Affine& affine, const ChannelGradient& channel, const FusedBatchNorm& fused) {
  const std::int64_t channels = x.size(1);
  at::Tensor x_gradient = at::empty_like(x);
  const auto *data = x.data_ptr<float>(), *gradients = gradient.data_ptr<float>();
  auto* out = x_gradient.data_ptr<float>();
  const ChannelNorm norm = affine.view();
  if (!fused.pools) {
    for_pixels(x, [&](std::int64_t first, std::int64_t pixels) {
      const std::int64_t at = first * channels;
      normalise_backward(data + at, gradients + at, pixels, channels, fused.form, norm, channel, out + at);
    });
    return x_gradient;
  }
  const auto* kept = chosen.data_ptr<float>();
  for_lines_of_windows(x, [&](std::int64_t line, std::int64_t windows) {
    normalise_and_pool_backward(data + line * channels, kept + windows * channels, gradients + windows * channels,
                                x.size(3), channels, fused.form, norm, channel, out + line * channels);
  });
  return x_gradient;
}

struct Fused : torch::autograd::Function<Fused> {
  using Context = torch::autograd::AutogradContext;
  using Variables = torch::autograd::variable_list;
  using OptionalTensor = c10::optional<at::Tensor>;

  static at::Tensor forward(Context* context, const at::Tensor& x, const OptionalTensor& weight,
                            const OptionalTensor& bias, const at::Tensor& mean, const at::Tensor& inverse_deviation,
                            bool relu_before, bool relu_after, bool pools) {
    const FusedBatchNorm fused{{relu_before, relu_after}, pools};
    const Affine norm = affine({mean, inverse_deviation}, weight.value_or(at::Tensor()), bias.value_or(at::Tensor()));
    at::Tensor chosen;
    at::Tensor y = forward_pass(x, norm, fused, &chosen);
    context->saved_data["form"] = std::vector<std::int64_t>{relu_before, relu_after, pools};
    context->save_for_backward({x, chosen, norm.mean, norm.scale, norm.shift, inverse_deviation});
    return y;
  }

  static Variables backward(Context* context, const Variables& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "a fused batch norm has no second derivative");
    const auto saved = context->get_saved_variables();
    const std::vector<std::int64_t> form = context->saved_data["form"].toIntVector();
    const FusedBatchNorm fused{{form[0] != 0, form[1] != 0}, form[2] != 0};
    const at::Tensor &x = saved[0], &chosen = saved[1], &inverse_deviation = saved[5];
    const Affine norm{saved[2], saved[3], saved[4]};
    const at::Tensor gradient = gradients[0].contiguous(nhwc);
    const auto [sum, products] = sums(fused.pools ? chosen : x, fused.pools, gradient, norm, fused.form);
    const auto pixels = static_cast<double>(pixels_of(x));
    const at::Tensor mean_gradient = sum.div(pixels).to(at::kFloat);
    const at::Tensor weight_gradient = products.mul(inverse_deviation);
    const at::Tensor slope = weight_gradient.mul(inverse_deviation).div(pixels).to(at::kFloat);
    Variables result(8);  // one for each argument of forward
    if (context->needs_input_grad(0)) {
      const ChannelGradient channel{mean_gradient.data_ptr<float>(), slope.data_ptr<float>()};
      result[0] = backward_pass(x, chosen, gradient, norm, channel, fused);
    }
    if (context->needs_input_grad(1)) result[1] = weight_gradient.to(at::kFloat);
    if (context->needs_input_grad(2)) result[2] = sum.to(at::kFloat);
    return result;
  }
};

bool records_gradients(const at::Tensor& input, const torch::nn::BatchNorm2dImpl& norm) {
  const auto needs = [](const at::Tensor& tensor) { return tensor.defined() && tensor.requires_grad(); };
  return at::GradMode::is_enabled() && (needs(input) || needs(norm.weight) || needs(norm.bias));
}

}  // namespace

bool can_fuse(const at::Tensor& input, const torch::nn::BatchNorm2dImpl& norm, bool pools) {
  if (input.dim() != 4 || input.scalar_type() != at::kFloat || !input.is_cpu()) return false;
  if (!input.is_contiguous(nhwc) || input.size(1) % vector_of_channels != 0) return false;
  if (input.numel() == 0 || input.size(1) != norm.options.num_features()) return false;
  if (pools && (input.size(2) % 2 != 0 || input.size(3) % 2 != 0)) return false;
  if (norm.is_training()) return pixels_of(input) > 1;  // PyTorch refuses a single value
  return norm.running_mean.defined() && !records_gradients(input, norm);
}

at::Tensor fused_batch_norm(const at::Tensor& input, torch::nn::BatchNorm2dImpl& norm, const FusedBatchNorm& fused) {
  const Statistics found = statistics(input, norm, fused.form);
  if (!records_gradients(input, norm)) {
    const at::NoGradGuard no_graph;
    return forward_pass(input, affine(found, norm.weight, norm.bias), fused, nullptr);
  }
  // Autograd takes no undefined tensor.
  const auto optional = [](const at::Tensor& tensor) {
    return tensor.defined() ? c10::make_optional(tensor) : c10::nullopt;
  };
  return Fused::apply(input, optional(norm.weight), optional(norm.bias), found.mean, found.inverse_deviation,
                      fused.form.relu_before, fused.form.relu_after, fused.pools);
}

}  // namespace latentgrid::nn
