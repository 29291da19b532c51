#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/architecture.hpp"

namespace latentgrid {

enum class ArgumentType {
  integer,    // a number, or one of image_symbols()
  pair,       // one integer for both, or [height, width]; stored as a list of two
  real_pair,
  shape,      // [channels, height, width]
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
  std::optional<double> maximum;
  std::vector<std::string> choices;
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

// The arguments to store for those given: defaults filled in, a pooling's stride equal to its kernel, "type" added.
Json complete_arguments(const LayerSpec& spec, const Json& given);

// Whether the layer has weights that training changes.
bool has_parameters(const Layer& layer);

// Replaces symbols by the image's sizes and fills in input sizes left out, from what the layer before it gives.
void resolve_sizes(Layer& layer, const TensorShape& image, const TensorShape& input);

}  // namespace latentgrid
