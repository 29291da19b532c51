#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/architecture.hpp"

namespace latentgrid {

enum class ArgumentType {
  integer,    // a number, or a size of the images: is_image_size()
  pair,       // one integer for both, or [height, width]; stored as a list of two
  size_pair,  // the same, each a number or a size of the images
  real_pair,
  shape,      // [channels, height, width]
  sizes,      // one to three integers: the last sizes of an input
  layers,     // a list of layers: Layer::layers, Layer::projection
  real,
  boolean,
  text,
};

// One argument of a layer, as PyTorch 1.13 documents it.
struct LayerArgument {
  std::string name;
  ArgumentType type = ArgumentType::integer;
  Json default_value;       // null: see `required`
  bool required = false;
  double minimum = 0;       // of numbers
  bool above_minimum = false;  // the minimum itself is too small
  std::optional<double> maximum;
  std::vector<std::string> choices;
  std::vector<std::string> words;  // what a pair may be instead: "same"
  bool fixed = false;       // PyTorch has it, here only the default can be asked for; not stored
  bool ignored = false;     // changes how a result is computed, not the result; not stored
};

struct LayerSpec {
  std::string name;
  std::vector<LayerArgument> arguments;  // in PyTorch's order

  const LayerArgument* find(std::string_view argument) const;
};

const std::vector<LayerSpec>& all_layers();
const LayerSpec* find_layer(std::string_view name);
const std::vector<std::string>& image_symbols();  // "channels", "height", "width", "values"
// One of the symbols, or a part of one, rounded up: "height/8".
bool is_image_size(const std::string& text);

// The arguments to store for those given: defaults filled in, a pooling's stride equal to its kernel, padding "same" as the
// numbers it stands for where both sides get as much, "type" added. Layers inside the layer are no part of it.
Json complete_arguments(const LayerSpec& spec, const Json& given);

// Whether the layer, or one inside it, has weights that training changes.
bool has_parameters(const Layer& layer);

// Replaces symbols by the image's sizes and fills in input sizes left out, from what the layer before it gives. Layers inside
// the layer stay as they are.
void resolve_sizes(Layer& layer, const TensorShape& image, const TensorShape& input);

}  // namespace latentgrid
