#include "spec/layer_list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "model/layers.hpp"

namespace latentgrid {

namespace {

constexpr const char* example_of_layers =
    "for example residual: [{conv2d: {out_channels: 64, kernel_size: 3, padding: same}}, batch_norm2d, relu]";

class LayerReader {
 public:
  explicit LayerReader(Reader& reader) : reader_(reader) {}

  // Those that can be read.
  std::vector<Layer> layers(const YamlNode& list) {
    std::vector<Layer> read;
    for (const YamlNode& item : list.items) {
      if (auto layer = read_layer(item)) read.push_back(std::move(*layer));
    }
    return read;
  }

 private:
  std::optional<Layer> read_layer(const YamlNode& node) {
    static const YamlNode no_arguments;
    const YamlNode* arguments = &no_arguments;
    std::string name = node.text;
    SourcePosition where = node.where;
    if (node.is_map() && node.entries.size() == 1) {
      name = node.entries[0].key;
      where = node.entries[0].key_where;
      arguments = &node.entries[0].value;
    } else if (!node.is_scalar()) {
      reader_.error(node.where, fmt::format("a layer is a name or one 'name: arguments', got {}", shown(node)),
                    "for example relu, or {conv2d: [channels, 8, 3]}");
      return std::nullopt;
    }
    const LayerSpec* spec = find_layer(name);
    if (!spec) {
      if (is_max_unpool(where, name)) return std::nullopt;
      std::vector<std::string> names;
      for (const LayerSpec& layer : all_layers()) names.push_back(layer.name);
      reader_.unknown(where, "layer", name, names);
      return std::nullopt;
    }
    return complete(*spec, *arguments, where);
  }

  // It would have to be told what its max_pool2d chose, and a decoder gets latents alone: those that it draws or that lie
  // between two images have no such places, and with the places an image would go past its latent.
  bool is_max_unpool(const SourcePosition& where, const std::string& name) {
    std::string letters = lower_case(name);
    std::erase(letters, '_');
    if (letters != "maxunpool2d") return false;
    reader_.error(where, "there is no max_unpool2d: it needs the places that a max_pool2d chose, and a decoder gets latents alone",
                  "use upsample: {scale_factor: 2}, a conv_transpose2d with stride 2, or pixel_shuffle");
    return true;
  }

  std::optional<Layer> complete(const LayerSpec& spec, const YamlNode& node, const SourcePosition& where) {
    auto written = match_arguments(spec, node);
    if (!written) return std::nullopt;
    Layer layer = {.where = where};
    Json given = Json::object();
    bool good = true;
    for (const auto& [argument, value] : *written) {
      if (argument->type == ArgumentType::layers) {
        good = inner_layers(spec, *argument, *value, layer) && good;
      } else if (auto read = read_argument(spec, *argument, *value)) {
        given[argument->name] = std::move(*read);
      } else {
        good = false;
      }
    }
    for (const LayerArgument& argument : spec.arguments) {
      bool present = std::any_of(written->begin(), written->end(), [&](const auto& w) { return w.first == &argument; });
      if (argument.required && !present) {
        reader_.error(where, fmt::format("{} needs {}", spec.name, argument.name), remedy(spec, node));
        good = false;
      }
    }
    if (!good) return std::nullopt;
    layer.arguments = complete_arguments(spec, given);
    return layer;
  }

  // Of a residual.
  bool inner_layers(const LayerSpec& spec, const LayerArgument& argument, const YamlNode& node, Layer& layer) {
    if (!argument.required && node.is_null()) return true;
    const std::string what = argument.required ? spec.name : spec.name + ": " + argument.name;
    if (!node.is_list() || node.items.empty()) {
      reader_.error(node.where, fmt::format("{} expects a list of layers, got {}", what, node.is_list() ? "an empty one" : shown(node)),
                    example_of_layers);
      return false;
    }
    return !reader_.fails([&] { (argument.required ? layer.layers : layer.projection) = layers(node); });
  }

  using Written = std::vector<std::pair<const LayerArgument*, const YamlNode*>>;

  std::optional<Written> match_arguments(const LayerSpec& spec, const YamlNode& node) {
    Written written;
    if (node.is_map()) {
      bool good = true;
      std::vector<std::string> names;
      for (const LayerArgument& argument : spec.arguments) names.push_back(argument.name);
      for (const YamlEntry& entry : node.entries) {
        if (const LayerArgument* argument = spec.find(entry.key)) {
          written.emplace_back(argument, &entry.value);
        } else {
          reader_.unknown(entry.key_where, "argument", entry.key, names, spec.name);
          good = false;
        }
      }
      return good ? std::optional(written) : std::nullopt;
    }
    if (!spec.arguments.empty() && spec.arguments[0].type == ArgumentType::layers) {
      if (!node.is_null()) written.emplace_back(&spec.arguments[0], &node);
      return written;
    }
    auto items = items_of(node);
    if (items.size() > spec.arguments.size()) {
      reader_.error(items[spec.arguments.size()]->where,
                    spec.arguments.empty()
                        ? fmt::format("{} takes no arguments", spec.name)
                        : fmt::format("{} takes at most {} argument{}", spec.name, spec.arguments.size(),
                                      spec.arguments.size() == 1 ? "" : "s"),
                    remedy(spec, node));
      return std::nullopt;
    }
    for (std::size_t i = 0; i < items.size(); ++i) written.emplace_back(&spec.arguments[i], items[i]);
    return written;
  }

  // What to write, with the numbers of `node` where it is plain which argument they are meant for.
  static std::string remedy(const LayerSpec& spec, const YamlNode& node) {
    if (spec.arguments.empty()) return fmt::format("write only its name, {}", spec.name);
    if (spec.arguments[0].type == ArgumentType::layers) return example_of_layers;
    std::vector<std::string> in_order, may_follow;
    const LayerArgument* only_required = nullptr;
    int required = 0;
    for (const LayerArgument& argument : spec.arguments) {
      may_follow.push_back(argument.name);
      if (!argument.required) continue;
      std::move(may_follow.begin(), may_follow.end(), std::back_inserter(in_order));
      may_follow.clear();
      only_required = ++required == 1 ? &argument : nullptr;
    }
    if (!required) return fmt::format("it takes {}, in this order", fmt::join(may_follow, ", "));
    const std::string rest = may_follow.empty() ? "" : fmt::format("; {} may follow", fmt::join(may_follow, ", "));
    const std::string listed = fmt::format("{}: [{}]{}", spec.name, fmt::join(in_order, ", "), rest);
    const std::string value = only_required ? meant_for(*only_required, node) : "";
    if (value.empty()) return "write " + listed;
    return fmt::format("write {}: {{{}: {}}}, or {}", spec.name, only_required->name, value, listed);
  }

  static std::string meant_for(const LayerArgument& argument, const YamlNode& node) {
    std::vector<std::string> values;
    for (const YamlNode* item : items_of(node)) {
      if (!item->is_scalar()) return "";
      values.push_back(item->text);
    }
    if (argument.type == ArgumentType::shape) return values.size() == 3 ? fmt::format("[{}]", fmt::join(values, ", ")) : "";
    const bool of_two = argument.type == ArgumentType::pair || argument.type == ArgumentType::size_pair;
    if (of_two && values.size() == 2) return fmt::format("[{}]", fmt::join(values, ", "));
    return values.size() == 1 ? values[0] : "";
  }

  std::optional<Json> read_argument(const LayerSpec& spec, const LayerArgument& argument, const YamlNode& node) {
    const std::string what = spec.name + ": " + argument.name;
    if (node.is_null() && !argument.required && argument.default_value.is_null()) return Json();
    std::optional<Json> value;
    switch (argument.type) {
      case ArgumentType::integer:
        value = size(node, argument, what);
        break;
      case ArgumentType::pair:
      case ArgumentType::size_pair:
      case ArgumentType::real_pair:
        value = pair(node, argument, what);
        break;
      case ArgumentType::shape:
        value = shape(node, argument, what);
        break;
      case ArgumentType::sizes:
        value = sizes(node, argument, what);
        break;
      case ArgumentType::layers:
        break;
      case ArgumentType::real:
        value = scalar(node, argument, ParamType::real, what);
        break;
      case ArgumentType::boolean:
        value = scalar(node, argument, ParamType::boolean, what);
        break;
      case ArgumentType::text:
        value = scalar(node, argument, ParamType::text, what);
        break;
    }
    if (value && argument.fixed && *value != argument.default_value) {
      reader_.error(node.where, fmt::format("{} can only be {} here", what, argument.default_value.dump()), "leave it out");
      return std::nullopt;
    }
    return value;
  }

  std::optional<Json> scalar(const YamlNode& node, const LayerArgument& argument, ParamType type,
                             const std::string& what) {
    ParamSpec spec = {.name = what, .type = type, .choices = argument.choices};
    if (type == ParamType::integer || type == ParamType::real) {
      if (!argument.fixed) spec.minimum = argument.minimum;
      spec.exclusive_minimum = argument.above_minimum;
      spec.maximum = argument.maximum;
      if (type == ParamType::integer && !spec.maximum) spec.maximum = 1 << 24;
    }
    return reader_.parameter(node, spec);
  }

  std::optional<Json> size(const YamlNode& node, const LayerArgument& argument, const std::string& what) {
    if (node.is_scalar() && is_image_size(node.text)) return node.text;
    return scalar(node, argument, ParamType::integer, what);
  }

  std::optional<Json> pair(const YamlNode& node, const LayerArgument& argument, const std::string& what) {
    const auto& words = argument.words;
    if (node.is_scalar() && std::find(words.begin(), words.end(), node.text) != words.end()) return node.text;
    if (!words.empty() && node.is_scalar() && !typed_scalar(node, ParamType::integer).is_number()) {
      const std::string close = closest_match(node.text, words);
      reader_.error(node.where, fmt::format("{} expects a number, [height, width], {}, got {}", what, fmt::join(words, " or "), shown(node)),
                    close.empty() ? "" : fmt::format("did you mean '{}'?", close));
      return std::nullopt;
    }
    auto side = [&](const YamlNode& one) {
      if (argument.type == ArgumentType::size_pair) return size(one, argument, what);
      return scalar(one, argument, argument.type == ArgumentType::pair ? ParamType::integer : ParamType::real, what);
    };
    if (node.is_list() && node.items.size() != 2) {
      reader_.error(node.where, fmt::format("{} expects one number or [height, width]", what), "for example 3, or [3, 5]");
      return std::nullopt;
    }
    auto height = side(node.is_list() ? node.items[0] : node);
    if (!node.is_list()) return height ? std::optional<Json>(Json::array({*height, *height})) : std::nullopt;
    auto width = side(node.items[1]);
    return height && width ? std::optional<Json>(Json::array({*height, *width})) : std::nullopt;
  }

  std::optional<Json> sizes(const YamlNode& node, const LayerArgument& argument, const std::string& what) {
    const auto items = items_of(node);
    if (items.empty() || items.size() > 3) {
      reader_.error(node.where, fmt::format("{} expects one to three numbers, got {}", what, shown(node)), "for example 64, or [8, 4, 4]");
      return std::nullopt;
    }
    Json all = Json::array();
    for (const YamlNode* item : items) {
      auto one = size(*item, argument, what);
      if (!one) return std::nullopt;
      all.push_back(std::move(*one));
    }
    return all;
  }

  std::optional<Json> shape(const YamlNode& node, const LayerArgument& argument, const std::string& what) {
    if (!node.is_list() || node.items.size() != 3) {
      reader_.error(node.where, fmt::format("{} expects [channels, height, width], got {}", what, shown(node)),
                    "for example [8, 4, 4]");
      return std::nullopt;
    }
    Json sizes = Json::array();
    for (const YamlNode& item : node.items) {
      auto side = size(item, argument, what);
      if (!side) return std::nullopt;
      sizes.push_back(std::move(*side));
    }
    return sizes;
  }

  Reader& reader_;
};

}  // namespace

std::vector<Layer> read_layers(const YamlNode& list, Reader& reader) { return LayerReader(reader).layers(list); }

}  // namespace latentgrid
