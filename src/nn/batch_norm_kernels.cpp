#include "nn/batch_norm_kernels.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/batch_norm_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace latentgrid::nn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;  // channels come in multiples of 16
using V = hn::Vec<Floats>;

HWY_INLINE V relu(V x) {
  const Floats d;
  return hn::IfThenElse(hn::Le(x, hn::Zero(d)), hn::Zero(d), x);
}

// A vector of channels' values.
struct Norm {
  V mean, scale, shift;

  HWY_INLINE Norm(const ChannelNorm& norm, std::int64_t channel)
      : mean(hn::LoadU(Floats(), norm.mean + channel)),
        scale(hn::LoadU(Floats(), norm.scale + channel)),
        shift(hn::LoadU(Floats(), norm.shift + channel)) {}

  HWY_INLINE V operator()(V r) const { return hn::MulAdd(hn::Sub(r, mean), scale, shift); }
};

// The gradient of y before its ReLU.
template <bool kReluAfter>
HWY_INLINE V before_relu(V r, V gradient, const Norm& norm) {
  if constexpr (!kReluAfter) return gradient;
  return hn::IfThenZeroElse(hn::Le(norm(r), hn::Zero(Floats())), gradient);
}

struct Gradient {
  V mean_gradient, slope;

  HWY_INLINE Gradient(const ChannelGradient& channel_gradient, std::int64_t channel)
      : mean_gradient(hn::LoadU(Floats(), channel_gradient.mean_gradient + channel)),
        slope(hn::LoadU(Floats(), channel_gradient.slope + channel)) {}

  // Of x, from that of y before its ReLU.
  template <bool kReluBefore>
  HWY_INLINE V of_x(V x, V r, V gradient, const Norm& norm) const {
    const V centred = hn::Sub(hn::Sub(gradient, mean_gradient), hn::Mul(hn::Sub(r, norm.mean), slope));
    const V result = hn::Mul(norm.scale, centred);
    if constexpr (!kReluBefore) return result;
    return hn::IfThenZeroElse(hn::Le(x, hn::Zero(Floats())), result);
  }
};

template <bool kRelu>
HWY_INLINE V after_relu(V x) {
  if constexpr (kRelu) return relu(x);
  return x;
}

template <bool kBefore, bool kAfter>
struct Loops {
  static void moments(const float* x, std::int64_t pixels, std::int64_t channels, float* mean, float* squares) {
    const Floats d;
    const auto step = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t c = 0; c < channels; c += step) {
      V sum = hn::Zero(d), square = hn::Zero(d);
      for (std::int64_t i = 0; i < pixels; ++i) {
        sum = hn::Add(sum, after_relu<kBefore>(hn::LoadU(d, x + i * channels + c)));
      }
      const V average = hn::Div(sum, hn::Set(d, static_cast<float>(pixels)));
      for (std::int64_t i = 0; i < pixels; ++i) {
        const V deviation = hn::Sub(after_relu<kBefore>(hn::LoadU(d, x + i * channels + c)), average);
        square = hn::MulAdd(deviation, deviation, square);
      }
      hn::StoreU(average, d, mean + c);
      hn::StoreU(square, d, squares + c);
    }
  }

  static void forward(const float* x, std::int64_t pixels, std::int64_t channels, const ChannelNorm& given, float* y) {
    const Floats d;
    const auto step = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t i = 0; i < pixels; ++i, x += channels, y += channels) {
      for (std::int64_t c = 0; c < channels; c += step) {
        const Norm norm(given, c);
        hn::StoreU(after_relu<kAfter>(norm(after_relu<kBefore>(hn::LoadU(d, x + c)))), d, y + c);
      }
    }
  }

  static void pool(const float* line, std::int64_t width, std::int64_t channels, const ChannelNorm& given, float* y,
                   float* chosen) {
    const Floats d;
    const auto step = static_cast<std::int64_t>(hn::Lanes(d));
    const std::int64_t corners[] = {0, channels, width * channels, (width + 1) * channels};
    for (std::int64_t i = 0; i < width; i += 2, line += 2 * channels, y += channels) {
      for (std::int64_t c = 0; c < channels; c += step) {
        const Norm norm(given, c);
        V best_r = after_relu<kBefore>(hn::LoadU(d, line + c)), best = norm(best_r);
#pragma GCC unroll 3
        for (int corner = 1; corner < 4; ++corner) {
          const V r = after_relu<kBefore>(hn::LoadU(d, line + corners[corner] + c)), value = norm(r);
          const auto larger = hn::Or(hn::Gt(value, best), hn::IsNaN(value));
          best = hn::IfThenElse(larger, value, best);
          best_r = hn::IfThenElse(larger, r, best_r);
        }
        hn::StoreU(after_relu<kAfter>(best), d, y + c);
        if (chosen) hn::StoreU(best_r, d, chosen + c);
      }
      if (chosen) chosen += channels;
    }
  }

  template <bool kGiven>
  static void sums(const float* x, const float* gradient, std::int64_t pixels, std::int64_t channels,
                   const ChannelNorm& given, float* sum, float* product_sum) {
    const Floats d;
    const auto step = static_cast<std::int64_t>(hn::Lanes(d));
    constexpr bool kReluFirst = kBefore && !kGiven;
    for (std::int64_t c = 0; c < channels; c += step) {
      const Norm norm(given, c);
      V total = hn::Zero(d), products = hn::Zero(d);
      for (std::int64_t i = 0; i < pixels; ++i) {
        const V r = after_relu<kReluFirst>(hn::LoadU(d, x + i * channels + c));
        const V g = before_relu<kAfter>(r, hn::LoadU(d, gradient + i * channels + c), norm);
        total = hn::Add(total, g);
        products = hn::MulAdd(g, hn::Sub(r, norm.mean), products);
      }
      hn::StoreU(total, d, sum + c);
      hn::StoreU(products, d, product_sum + c);
    }
  }

  static void backward(const float* x, const float* gradient, std::int64_t pixels, std::int64_t channels,
                       const ChannelNorm& given, const ChannelGradient& channel, float* x_gradient) {
    const Floats d;
    const auto step = static_cast<std::int64_t>(hn::Lanes(d));
    for (std::int64_t i = 0; i < pixels; ++i, x += channels, gradient += channels, x_gradient += channels) {
      for (std::int64_t c = 0; c < channels; c += step) {
        const Norm norm(given, c);
        const V value = hn::LoadU(d, x + c), r = after_relu<kBefore>(value);
        const V g = before_relu<kAfter>(r, hn::LoadU(d, gradient + c), norm);
        hn::StoreU(Gradient(channel, c).template of_x<kBefore>(value, r, g, norm), d, x_gradient + c);
      }
    }
  }

  static void pool_backward(const float* line, const float* chosen, const float* gradient, std::int64_t width,
                            std::int64_t channels, const ChannelNorm& given, const ChannelGradient& channel,
                            float* line_gradient) {
    const Floats d;
    const auto step = static_cast<std::int64_t>(hn::Lanes(d));
    const std::int64_t corners[] = {0, channels, width * channels, (width + 1) * channels};
    for (std::int64_t i = 0; i < width; i += 2) {
      for (std::int64_t c = 0; c < channels; c += step) {
        const Norm norm(given, c);
        const Gradient of_channel(channel, c);
        const V winner = hn::LoadU(d, chosen + c);
        V left = before_relu<kAfter>(winner, hn::LoadU(d, gradient + c), norm);  // for the first that is the winner
#pragma GCC unroll 4
        for (const std::int64_t corner : corners) {
          const V x = hn::LoadU(d, line + corner + c), r = after_relu<kBefore>(x);
          const auto wins = hn::Eq(r, winner);
          const V g = hn::IfThenElseZero(wins, left);
          left = hn::IfThenZeroElse(wins, left);
          hn::StoreU(of_channel.template of_x<kBefore>(x, r, g, norm), d, line_gradient + corner + c);
        }
      }
      line += 2 * channels, line_gradient += 2 * channels, chosen += channels, gradient += channels;
    }
  }
};

// Calls `with` on the loops of the form.
template <typename With>
HWY_INLINE void for_form(BatchNormForm form, const With& with) {
  if (form.relu_before && form.relu_after) return with(Loops<true, true>());
  if (form.relu_before) return with(Loops<true, false>());
  if (form.relu_after) return with(Loops<false, true>());
  with(Loops<false, false>());
}

void moments(const float* x, std::int64_t pixels, std::int64_t channels, BatchNormForm form, float* mean,
             float* squares) {
  for_form(form, [&](auto loops) HWY_ATTR { loops.moments(x, pixels, channels, mean, squares); });
}

void forward(const float* x, std::int64_t pixels, std::int64_t channels, BatchNormForm form, const ChannelNorm& norm,
             float* y) {
  for_form(form, [&](auto loops) HWY_ATTR { loops.forward(x, pixels, channels, norm, y); });
}

void pool(const float* line, std::int64_t width, std::int64_t channels, BatchNormForm form, const ChannelNorm& norm,
          float* y, float* chosen) {
  for_form(form, [&](auto loops) HWY_ATTR { loops.pool(line, width, channels, norm, y, chosen); });
}

void sums(const float* x, const float* gradient, std::int64_t pixels, std::int64_t channels, BatchNormForm form,
          bool r_given, const ChannelNorm& norm, float* sum, float* product_sum) {
  for_form(form, [&](auto loops) HWY_ATTR {
    if (r_given) return loops.template sums<true>(x, gradient, pixels, channels, norm, sum, product_sum);
    loops.template sums<false>(x, gradient, pixels, channels, norm, sum, product_sum);
  });
}

void backward(const float* x, const float* gradient, std::int64_t pixels, std::int64_t channels, BatchNormForm form,
              const ChannelNorm& norm, const ChannelGradient& channel, float* x_gradient) {
  for_form(form,
           [&](auto loops) HWY_ATTR { loops.backward(x, gradient, pixels, channels, norm, channel, x_gradient); });
}

void pool_backward(const float* line, const float* chosen, const float* gradient, std::int64_t width,
                   std::int64_t channels, BatchNormForm form, const ChannelNorm& norm, const ChannelGradient& channel,
                   float* line_gradient) {
  for_form(form, [&](auto loops) HWY_ATTR {
    loops.pool_backward(line, chosen, gradient, width, channels, norm, channel, line_gradient);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid::nn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace latentgrid::nn {

HWY_EXPORT(moments);
HWY_EXPORT(forward);
HWY_EXPORT(pool);
HWY_EXPORT(sums);
HWY_EXPORT(backward);
HWY_EXPORT(pool_backward);

void channel_moments(const float* x, std::int64_t pixels, std::int64_t channels, BatchNormForm form, float* mean,
                     float* squares) {
  HWY_DYNAMIC_DISPATCH(moments)(x, pixels, channels, form, mean, squares);
}

void normalise(const float* x, std::int64_t pixels, std::int64_t channels, BatchNormForm form, const ChannelNorm& norm,
               float* y) {
  HWY_DYNAMIC_DISPATCH(forward)(x, pixels, channels, form, norm, y);
}

void normalise_and_pool(const float* line, std::int64_t width, std::int64_t channels, BatchNormForm form,
                        const ChannelNorm& norm, float* y, float* chosen) {
  HWY_DYNAMIC_DISPATCH(pool)(line, width, channels, form, norm, y, chosen);
}

void gradient_sums(const float* x, const float* gradient, std::int64_t pixels, std::int64_t channels,
                   BatchNormForm form, bool r_given, const ChannelNorm& norm, float* sum, float* product_sum) {
  HWY_DYNAMIC_DISPATCH(sums)(x, gradient, pixels, channels, form, r_given, norm, sum, product_sum);
}

void normalise_backward(const float* x, const float* gradient, std::int64_t pixels, std::int64_t channels,
                        BatchNormForm form, const ChannelNorm& norm, const ChannelGradient& channel,
                        float* x_gradient) {
  HWY_DYNAMIC_DISPATCH(backward)(x, gradient, pixels, channels, form, norm, channel, x_gradient);
}

void normalise_and_pool_backward(const float* line, const float* chosen, const float* gradient, std::int64_t width,
                                 std::int64_t channels, BatchNormForm form, const ChannelNorm& norm,
                                 const ChannelGradient& channel, float* line_gradient) {
  HWY_DYNAMIC_DISPATCH(pool_backward)(line, chosen, gradient, width, channels, form, norm, channel, line_gradient);
}

}  // namespace latentgrid::nn
#endif  // HWY_ONCE
