#include "spec/preparation.hpp"

#include <fmt/format.h>

namespace latentgrid {

namespace {

std::optional<std::array<double, 2>> values_range(const YamlNode& node, Reader& reader) {
  const auto items = items_of(node);
  std::vector<double> ends;
  for (const YamlNode* item : items) {
    if (const auto end = reader.real(*item, "values", -1e300, 1e300)) ends.push_back(*end);
  }
  if (ends.size() != items.size()) return std::nullopt;
  if (ends.size() == 2 && ends[0] < ends[1]) return std::array{ends[0], ends[1]};
  reader.error(node.where, fmt::format("values expects two numbers, the smaller first, got {}", shown(node)),
               "the values of the files that become 0 (black) and 255 (white), for example values: [0, 1]");
  return std::nullopt;
}

}  // namespace

std::optional<std::array<std::int64_t, 2>> read_size(const YamlNode& node, const char* key, Reader& reader) {
  const auto items = items_of(node);
  if (items.empty() || items.size() > 2) {
    reader.error(node.where, fmt::format("{} expects one number or [height, width]", key),
                 fmt::format("for example {}: 32", key));
    return std::nullopt;
  }
  const auto height = reader.integer(*items.front(), key, 1, 65536);
  const auto width = items.size() == 1 ? height : reader.integer(*items.back(), key, 1, 65536);
  if (!height || !width) return std::nullopt;
  return std::array<std::int64_t, 2>{*height, *width};
}

void read_preparation(const YamlNode& dataset, Preparation& preparation, Reader& reader) {
  auto written = [&](const char* key) -> const YamlNode* {
    const YamlEntry* entry = dataset.find(key);
    return entry && !entry->value.is_null() ? &entry->value : nullptr;
  };
  if (const YamlNode* node = written("values")) preparation.values = values_range(*node, reader);
  if (const YamlNode* node = written("channels")) {
    const auto channels = reader.integer(*node, "channels", 1, 3);
    if (channels == 2) reader.error(node->where, "channels is 1 (gray) or 3 (RGB)", "");
    preparation.channels = channels;
  }
  if (const YamlNode* node = written("center_crop")) {
    if (node->is_scalar() && node->text == "square") {
      preparation.center_crop = {0, 0};
    } else {
      preparation.center_crop = read_size(*node, "center_crop", reader);
    }
  }
  if (const YamlNode* node = written("resize")) preparation.resize = read_size(*node, "resize", reader);
}

}  // namespace latentgrid
