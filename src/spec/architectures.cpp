#include "spec/architectures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "model/layers.hpp"

namespace latentgrid {

namespace {

// As the second course report prints them; its 3 channels are the dataset's.
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
)";

constexpr const char* parts_of_an_architecture = "an architecture has an encoder and a decoder, each a list of layers";

class ArchitectureReader {
 public:
  explicit ArchitectureReader(Reader& reader) : reader_(reader) {}

  Architecture read(const YamlEntry& entry) {
    Architecture architecture = {.name = entry.key, .where = entry.key_where};
    if (!reader_.expect_map(entry.value, entry.key, parts_of_an_architecture)) return architecture;
    reader_.check_keys(entry.value, {"encoder", "decoder"}, entry.key);
    architecture.encoder = layers(entry, "encoder");
    architecture.decoder = layers(entry, "decoder");
    return architecture;
  }

 private:
  std::vector<Layer> layers(const YamlEntry& architecture, const char* part) {
    std::vector<Layer> list;
    const YamlEntry* entry = architecture.value.find(part);
    if (!entry) {
      reader_.missing(architecture.key_where, architecture.value, part, fmt::format("{} has no {}", architecture.key, part),
                      parts_of_an_architecture);
      return list;
    }
    if (entry->value.is_list() && entry->value.items.empty()) {
      reader_.error(entry->value.where, fmt::format("the {} of {} has no layers", part, architecture.key),
                    "for clustering without an autoencoder, the grid takes architecture: raw");
      return list;
    }
    if (!entry->value.is_list()) {
      reader_.error(entry->value.where, fmt::format("{} expects a list of layers, got {}", part, shown(entry->value)),
                    "for example [{conv2d: [channels, 8, 3, 2, 1]}, relu]");
      return list;
    }
    for (const YamlNode& item : entry->value.items) {
      if (auto layer = read_layer(item)) list.push_back(std::move(*layer));
    }
    return list;
  }

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
      std::vector<std::string> names;
      for (const LayerSpec& layer : all_layers()) names.push_back(layer.name);
      reader_.unknown(where, "layer", name, names);
      return std::nullopt;
    }
    return complete(*spec, *arguments, where);
  }

  std::optional<Layer> complete(const LayerSpec& spec, const YamlNode& node, const SourcePosition& where) {
    auto written = match_arguments(spec, node);
    Json given = Json::object();
    bool good = written.has_value();
    if (!good) return std::nullopt;
    for (const auto& [argument, value] : *written) {
      if (auto read = read_argument(spec, *argument, *value)) {
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
    return Layer{complete_arguments(spec, given), where};
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
    auto items = items_of(node);
    if (items.size() > spec.arguments.size()) {
      reader_.error(items[spec.arguments.size()]->where,
                    spec.arguments.empty()
                        ? fmt::format("{} takes no arguments", spec.name)
                        : fmt::format("{} takes at most {} arguments", spec.name, spec.arguments.size()),
                    remedy(spec, node));
      return std::nullopt;
    }
    for (std::size_t i = 0; i < items.size(); ++i) written.emplace_back(&spec.arguments[i], items[i]);
    return written;
  }

  // What to write, with the numbers of `node` where it is plain which argument they are meant for.
  static std::string remedy(const LayerSpec& spec, const YamlNode& node) {
    if (spec.arguments.empty()) return fmt::format("write only its name, {}", spec.name);
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
      case ArgumentType::real_pair:
        value = pair(node, argument, what);
        break;
      case ArgumentType::shape:
        value = shape(node, argument, what);
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
      spec.maximum = argument.maximum;
      if (type == ParamType::integer && !spec.maximum) spec.maximum = 1 << 24;
    }
    return reader_.parameter(node, spec);
  }

  std::optional<Json> size(const YamlNode& node, const LayerArgument& argument, const std::string& what) {
    const auto& symbols = image_symbols();
    if (node.is_scalar() && std::find(symbols.begin(), symbols.end(), node.text) != symbols.end()) return node.text;
    return scalar(node, argument, ParamType::integer, what);
  }

  std::optional<Json> pair(const YamlNode& node, const LayerArgument& argument, const std::string& what) {
    ParamType type = argument.type == ArgumentType::pair ? ParamType::integer : ParamType::real;
    if (node.is_list() && node.items.size() != 2) {
      reader_.error(node.where, fmt::format("{} expects one number or [height, width]", what), "for example 3, or [3, 5]");
      return std::nullopt;
    }
    auto height = scalar(node.is_list() ? node.items[0] : node, argument, type, what);
    if (!node.is_list()) return height ? std::optional<Json>(Json::array({*height, *height})) : std::nullopt;
    auto width = scalar(node.items[1], argument, type, what);
    return height && width ? std::optional<Json>(Json::array({*height, *width})) : std::nullopt;
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

std::map<std::string, Architecture> built_in_architectures() {
  Diagnostics diagnostics;
  Reader reader(diagnostics);
  std::map<std::string, Architecture> all;
  YamlNode root = parse_yaml(built_in_text, "built-in", diagnostics);
  for (const YamlEntry& entry : root.entries) {
    Architecture architecture = ArchitectureReader(reader).read(entry);
    architecture.where = {};  // errors belong to where it is used
    for (auto* layers : {&architecture.encoder, &architecture.decoder}) {
      for (Layer& layer : *layers) layer.where = {};
    }
    all.emplace(entry.key, std::move(architecture));
  }
  if (diagnostics.has_errors()) throw std::logic_error(diagnostics.render());
  return all;
}

void read_architectures(const YamlNode& node, Sweep& sweep, Reader& reader) {
  if (!reader.expect_map(node, "architectures")) return;
  for (const YamlEntry& entry : node.entries) {
    if (untrained_encoder(entry.key) || sweep.architectures.contains(entry.key)) {
      reader.error(entry.key_where, fmt::format("the name '{}' is taken by a built-in architecture", entry.key),
                   "choose another name");
      sweep.unread.architectures.insert(entry.key);
      continue;
    }
    Architecture architecture;
    if (reader.fails([&] { architecture = ArchitectureReader(reader).read(entry); })) {
      sweep.unread.architectures.insert(entry.key);
    }
    sweep.architectures.emplace(entry.key, std::move(architecture));
  }
}

}  // namespace latentgrid
