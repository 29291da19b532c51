#include "nn/onednn_winograd.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace latentgrid::nn {

namespace {

using dnnl::memory;
using Arguments = std::unordered_map<int, memory>;

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

void execute(const dnnl::primitive& primitive, const Arguments& arguments) {
  thread_local dnnl::stream stream(engine());
  primitive.execute(stream, arguments);
}

// What a convolution's kernels depend on: they are made for the sizes and for the threads that will run them.
struct Shape {
  std::int64_t images, in, height, width, out;
  std::array<std::int64_t, 2> padding;
  bool bias;
  int threads = at::get_num_threads();

  auto operator<=>(const Shape&) const = default;

  memory::dims input_sizes() const { return {images, in, height, width}; }
  memory::dims weight_sizes() const { return {out, in, 3, 3}; }
  memory::dims bias_sizes() const { return {out}; }
  memory::dims output_sizes() const { return {images, out, height + 2 * padding[0] - 2, width + 2 * padding[1] - 2}; }
};

// Measured, forward and backward on one core: the transforms cost more than the products they save where there are few
// channels or pixels, and oneDNN fills channels up to 16 with zeros.
bool is_worth_it(const Shape& shape) {
  constexpr std::int64_t block = 16, fewest_channels = 32, fewest_pixels = 1024;
  const auto sizes = shape.output_sizes();
  return shape.in % block == 0 && shape.out % block == 0 && std::min(shape.in, shape.out) >= fewest_channels &&
         sizes[0] * sizes[2] * sizes[3] >= fewest_pixels;
}

// One of a convolution's three directions.
template <typename Primitive>
struct Kernel {
  typename Primitive::primitive_desc desc;
  Primitive primitive;

  explicit Kernel(const typename Primitive::primitive_desc& made) : desc(made), primitive(made) {}
};

struct Kernels {
  Kernel<dnnl::convolution_forward> forward;
  Kernel<dnnl::convolution_backward_data> backward_data;
  Kernel<dnnl::convolution_backward_weights> backward_weights;
};

std::optional<Kernels> make_kernels(const Shape& shape) {
  constexpr auto f32 = memory::data_type::f32;
  constexpr auto winograd = dnnl::algorithm::convolution_winograd;
  const auto any = memory::format_tag::any;
  const memory::desc input(shape.input_sizes(), f32, any), weight(shape.weight_sizes(), f32, any),
      output(shape.output_sizes(), f32, any);
  const memory::desc bias = shape.bias ? memory::desc(shape.bias_sizes(), f32, memory::format_tag::x) : memory::desc();
  const memory::dims stride = {1, 1}, padding = {shape.padding[0], shape.padding[1]};
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);  // LibTorch's allocator reuses it
  constexpr bool may_be_missing = true;
  const dnnl::convolution_forward::primitive_desc forward(
      {dnnl::prop_kind::forward_training, winograd, input, weight, bias, output, stride, padding, padding}, attributes,
      engine(), may_be_missing);
  if (!forward) return std::nullopt;
  const dnnl::convolution_backward_data::primitive_desc backward_data(
      {winograd, input, weight, output, stride, padding, padding}, attributes, engine(), forward, may_be_missing);
  const dnnl::convolution_backward_weights::primitive_desc backward_weights(
      {winograd, input, weight, bias, output, stride, padding, padding}, attributes, engine(), forward, may_be_missing);
  if (!backward_data || !backward_weights) return std::nullopt;
  return Kernels{Kernel<dnnl::convolution_forward>(forward), Kernel<dnnl::convolution_backward_data>(backward_data),
                 Kernel<dnnl::convolution_backward_weights>(backward_weights)};
}

// Null if oneDNN has none here. A model has a few shapes; none is ever dropped.
const Kernels* kernels(const Shape& shape) {
  static std::mutex mutex;
  static std::map<Shape, std::optional<Kernels>> made;
  const std::lock_guard lock(mutex);
  auto found = made.find(shape);
  if (found == made.end()) found = made.emplace(shape, make_kernels(shape)).first;
  return found->second ? &*found->second : nullptr;
}

Shape shape_of(const std::vector<std::int64_t>& input_sizes, const at::Tensor& weight, const at::Tensor& bias,
               std::array<std::int64_t, 2> padding) {
  return {input_sizes[0], input_sizes[1], input_sizes[2], input_sizes[3], weight.size(0), padding, bias.defined()};
}

// Floats in a layout of oneDNN's own. They have no dimensions, as it may pad them.
struct Stored {
  at::Tensor floats;
  memory::desc layout;

  explicit Stored(const memory::desc& desc)
      : floats(at::empty({static_cast<std::int64_t>(desc.get_size() / sizeof(float))}, at::kFloat)), layout(desc) {}
  Stored(at::Tensor tensor, const memory::desc& desc) : floats(std::move(tensor)), layout(desc) {}

  memory view() const { return memory(layout, engine(), floats.data_ptr()); }
};

Stored channels_last(const at::Tensor& tensor) {
  const memory::desc layout(tensor.sizes().vec(), memory::data_type::f32, memory::format_tag::nhwc);
  return {tensor.contiguous(at::MemoryFormat::ChannelsLast), layout};
}

Stored in_layout(const Stored& from, const memory::desc& layout) {
  if (from.layout == layout) return from;
  Stored to(layout);
  execute(dnnl::reorder(from.view(), to.view()), {{DNNL_ARG_FROM, from.view()}, {DNNL_ARG_TO, to.view()}});
  return to;
}

at::Tensor to_tensor(const Stored& from, const memory::dims& sizes) {
  const at::Tensor tensor =
      at::empty(sizes, at::TensorOptions(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast));
  const memory to = channels_last(tensor).view();
  execute(dnnl::reorder(from.view(), to), {{DNNL_ARG_FROM, from.view()}, {DNNL_ARG_TO, to}});
  return tensor;
}

template <typename Primitive>
void run(const Kernel<Primitive>& kernel, Arguments arguments) {
  const Stored scratchpad(kernel.desc.scratchpad_desc());
  arguments.emplace(DNNL_ARG_SCRATCHPAD, scratchpad.view());
  execute(kernel.primitive, arguments);
}

memory plain(const at::Tensor& bias) {
  return memory({bias.sizes().vec(), memory::data_type::f32, memory::format_tag::x}, engine(), bias.data_ptr());
}

at::Tensor input_gradient(const Kernels& kernels, const Shape& shape, const Stored& gradient,
                          const at::Tensor& weight) {
  const auto& kernel = kernels.backward_data;
  const Stored filters = in_layout(channels_last(weight), kernel.desc.weights_desc()),
               result(kernel.desc.diff_src_desc());
  run(kernel,
      {{DNNL_ARG_DIFF_DST, gradient.view()}, {DNNL_ARG_WEIGHTS, filters.view()}, {DNNL_ARG_DIFF_SRC, result.view()}});
  return to_tensor(result, shape.input_sizes());
}

// Of the weight and, unless it is undefined, the bias.
std::array<at::Tensor, 2> parameter_gradients(const Kernels& kernels, const Shape& shape, const Stored& gradient,
                                              const Stored& input) {
  const auto& kernel = kernels.backward_weights;
  const Stored source = in_layout(input, kernel.desc.src_desc()),
               gradients = in_layout(gradient, kernel.desc.diff_dst_desc()), result(kernel.desc.diff_weights_desc());
  Arguments arguments = {
      {DNNL_ARG_SRC, source.view()}, {DNNL_ARG_DIFF_DST, gradients.view()}, {DNNL_ARG_DIFF_WEIGHTS, result.view()}};
  at::Tensor bias_gradient;
  if (shape.bias) {
    bias_gradient = at::empty({shape.out}, at::kFloat);
    arguments.emplace(DNNL_ARG_DIFF_BIAS, plain(bias_gradient));
  }
  run(kernel, std::move(arguments));
  return {to_tensor(result, shape.weight_sizes()), bias_gradient};
}

struct OneDnnWinograd : torch::autograd::Function<OneDnnWinograd> {
  using Context = torch::autograd::AutogradContext;
  using Variables = torch::autograd::variable_list;

  static at::Tensor forward(Context* context, const at::Tensor& input, const at::Tensor& weight,
                            const c10::optional<at::Tensor>& given_bias, std::int64_t padding_rows,
                            std::int64_t padding_columns) {
    const at::Tensor bias = given_bias.value_or(at::Tensor());
    const Shape shape = shape_of(input.sizes().vec(), weight, bias, {padding_rows, padding_columns});
    const auto& kernel = kernels(shape)->forward;
    const Stored source = in_layout(channels_last(input), kernel.desc.src_desc()),
                 filters = in_layout(channels_last(weight), kernel.desc.weights_desc()), result(kernel.desc.dst_desc());
    Arguments arguments = {
        {DNNL_ARG_SRC, source.view()}, {DNNL_ARG_WEIGHTS, filters.view()}, {DNNL_ARG_DST, result.view()}};
    if (shape.bias) arguments.emplace(DNNL_ARG_BIAS, plain(bias));
    run(kernel, std::move(arguments));
    context->saved_data["input_sizes"] = input.sizes().vec();
    context->saved_data["padding"] = std::vector<std::int64_t>{padding_rows, padding_columns};
    context->save_for_backward({source.floats, weight, bias});
    return to_tensor(result, shape.output_sizes());
  }

  static Variables backward(Context* context, const Variables& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &weight = saved[1], &bias = saved[2];
    const std::vector<std::int64_t> padding = context->saved_data["padding"].toIntVector();
    const Shape shape =
        shape_of(context->saved_data["input_sizes"].toIntVector(), weight, bias, {padding[0], padding[1]});
    const Kernels& made = *kernels(shape);
    const Stored gradient = in_layout(channels_last(gradients[0]), made.backward_data.desc.diff_dst_desc());
    Variables result(5);  // one for each argument of forward
    if (context->needs_input_grad(0)) result[0] = input_gradient(made, shape, gradient, weight);
    if (context->needs_input_grad(1) || (shape.bias && context->needs_input_grad(2))) {
      const Stored input(saved[0], made.forward.desc.src_desc());
      const auto [weight_gradient, bias_gradient] = parameter_gradients(made, shape, gradient, input);
      result[1] = weight_gradient;
      result[2] = bias_gradient;
    }
    return result;
  }
};

}  // namespace

bool has_onednn_winograd_kernels() {
  constexpr auto needed = static_cast<unsigned>(dnnl::cpu_isa::avx512_core);  // a bit for each extension
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & needed) == needed;
}

bool has_onednn_winograd(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                         std::array<std::int64_t, 2> padding) {
  if (input.dim() != 4 || input.numel() == 0) return false;
  const Shape shape = shape_of(input.sizes().vec(), weight, bias, padding);
  return is_worth_it(shape) && kernels(shape) != nullptr;
}

at::Tensor onednn_winograd_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                                       std::array<std::int64_t, 2> padding) {
  // Autograd takes no undefined tensor.
  const auto given_bias = bias.defined() ? c10::make_optional(bias) : c10::nullopt;
  return OneDnnWinograd::apply(input, weight, given_bias, padding[0], padding[1]);
}

}  // namespace latentgrid::nn
