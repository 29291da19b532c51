#include "spec/built_in_architectures.hpp"

#include <stdexcept>

#include "spec/architectures.hpp"

namespace latentgrid {

namespace {

// AE1 and AE2 as the second course report prints them; its 3 channels are the dataset's. conv5 and small_resnet end in an
// average over the map, 256 values for images of any size; small_resnet has the basic blocks of He et al. (Deep Residual Learning
// for Image Recognition, CVPR 2016) as torchvision writes them. Their decoders go the same way back.
constexpr const char* built_in_text = R"(
AE1:
  encoder:
    - conv2d: [channels, 8, 3, 2, 1]
  decoder:
    - conv_transpose2d: [8, channels, 2, 2]
    - tanh
AE2:
  encoder:
    - conv2d: [channels, 64, 3, 1, 1]
    - relu
    - batch_norm2d: 64
    - max_pool2d: [2, 2]
    - conv2d: [64, 128, 3, 1, 1]
    - relu
    - batch_norm2d: 128
    - max_pool2d: [2, 2]
    - conv2d: [128, 256, 3, 1, 1]
    - relu
    - batch_norm2d: 256
    - max_pool2d: [2, 2]
  decoder:
    - conv_transpose2d: [256, 128, 2, 2]
    - relu
    - conv_transpose2d: [128, 64, 2, 2]
    - relu
    - conv_transpose2d: [64, channels, 2, 2]
    - tanh
conv5:
  encoder:
    - conv2d: {out_channels: 32, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - max_pool2d: 2
    - conv2d: {out_channels: 64, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - max_pool2d: 2
    - conv2d: {out_channels: 128, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - max_pool2d: 2
    - conv2d: {out_channels: 256, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - conv2d: {out_channels: 256, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - adaptive_avg_pool2d: 1
    - flatten
  decoder:
    - linear: {out_features: 4096}
    - unflatten: {unflattened_size: [256, 4, 4]}
    - conv2d: {out_channels: 256, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - conv2d: {out_channels: 128, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - upsample: {size: [height/4, width/4]}
    - conv2d: {out_channels: 64, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - upsample: {size: [height/2, width/2]}
    - conv2d: {out_channels: 32, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - upsample: {size: [height, width]}
    - conv2d: [32, channels, 3, 1, 1]
    - tanh
small_resnet:
  encoder:
    - conv2d: {out_channels: 32, kernel_size: 3, padding: 1, bias: false}
    - batch_norm2d
    - relu
    - residual:
        - conv2d: {out_channels: 32, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
        - relu
        - conv2d: {out_channels: 32, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
    - relu
    - residual:
        - conv2d: {out_channels: 64, kernel_size: 3, stride: 2, padding: 1, bias: false}
        - batch_norm2d
        - relu
        - conv2d: {out_channels: 64, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
    - relu
    - residual:
        - conv2d: {out_channels: 128, kernel_size: 3, stride: 2, padding: 1, bias: false}
        - batch_norm2d
        - relu
        - conv2d: {out_channels: 128, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
    - relu
    - residual:
        - conv2d: {out_channels: 256, kernel_size: 3, stride: 2, padding: 1, bias: false}
        - batch_norm2d
        - relu
        - conv2d: {out_channels: 256, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
    - relu
    - adaptive_avg_pool2d: 1
    - flatten
  decoder:
    - linear: {out_features: 4096}
    - unflatten: {unflattened_size: [256, 4, 4]}
    - batch_norm2d
    - relu
    - residual:
        - conv2d: {out_channels: 128, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
        - relu
        - conv2d: {out_channels: 128, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
    - relu
    - upsample: {size: [height/4, width/4]}
    - residual:
        - conv2d: {out_channels: 64, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
        - relu
        - conv2d: {out_channels: 64, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
    - relu
    - upsample: {size: [height/2, width/2]}
    - residual:
        - conv2d: {out_channels: 32, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
        - relu
        - conv2d: {out_channels: 32, kernel_size: 3, padding: 1, bias: false}
        - batch_norm2d
    - relu
    - upsample: {size: [height, width]}
    - conv2d: [32, channels, 3, 1, 1]
    - tanh
)";

void forget_positions(std::vector<Layer>& layers) {
  for (Layer& layer : layers) {
    layer.where = {};
    forget_positions(layer.layers);
    forget_positions(layer.projection);
  }
}

}  // namespace

std::map<std::string, Architecture> built_in_architectures() {
  Diagnostics diagnostics;
  Reader reader(diagnostics);
  std::map<std::string, Architecture> all;
  YamlNode root = parse_yaml(built_in_text, "built-in", diagnostics);
  for (const YamlEntry& entry : root.entries) {
    Architecture architecture = read_architecture(entry, reader);
    architecture.where = {};  // errors belong to where it is used
    for (auto* layers : {&architecture.encoder, &architecture.decoder}) forget_positions(*layers);
    all.emplace(entry.key, std::move(architecture));
  }
  if (diagnostics.has_errors()) throw std::logic_error(diagnostics.render());
  return all;
}

}  // namespace latentgrid
