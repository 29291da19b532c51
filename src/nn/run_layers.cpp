#include "nn/run_layers.hpp"

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/pooling.h>

#include "nn/both_dimensions.hpp"
#include "nn/fused_batch_norm.hpp"

namespace latentgrid::nn {

namespace {

using Position = torch::nn::SequentialImpl::Iterator;

template <typename Module>
Module* as(Position layer, Position end) {
  return layer != end ? layer->ptr()->as<Module>() : nullptr;
}

bool halves(const torch::nn::MaxPool2dImpl& pool) {
  return are_both(pool.options.kernel_size(), 2) && are_both(pool.options.stride(), 2) &&
         are_both(pool.options.padding(), 0) && are_both(pool.options.dilation(), 1);
}

// A batch norm and the layers that are fused with it.
struct Group {
  torch::nn::BatchNorm2dImpl* norm = nullptr;
  FusedBatchNorm fused;
  Position next;  // behind the last
};

// The one that begins with this layer; without a norm if there is none.
Group group_at(Position layer, Position end) {
  Group group{nullptr, {}, layer};
  group.fused.form.relu_before = as<torch::nn::ReLUImpl>(layer, end) != nullptr;
  if (group.fused.form.relu_before) ++group.next;
  group.norm = as<torch::nn::BatchNorm2dImpl>(group.next, end);
  if (!group.norm) return group;
  ++group.next;
  group.fused.form.relu_after = as<torch::nn::ReLUImpl>(group.next, end) != nullptr;
  if (group.fused.form.relu_after) ++group.next;
  const auto* pool = as<torch::nn::MaxPool2dImpl>(group.next, end);
  group.fused.pools = pool && halves(*pool);
  if (group.fused.pools) ++group.next;
  return group;
}

}  // namespace

at::Tensor run_layers(torch::nn::Sequential& layers, const at::Tensor& input) {
  at::Tensor x = input;
  for (Position layer = layers->begin(); layer != layers->end();) {
    const Group group = group_at(layer, layers->end());
    if (group.norm && can_fuse(x, *group.norm, group.fused.pools)) {
      x = fused_batch_norm(x, *group.norm, group.fused);
      layer = group.next;
    } else {
      x = layer->forward(x);
      ++layer;
    }
  }
  return x;
}

}  // namespace latentgrid::nn
