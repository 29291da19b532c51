#include "spec/synthetic_section.hpp"

namespace latentgrid {

DatasetSource::Synthetic read_synthetic(const YamlNode& node, Reader& reader) {
  DatasetSource::Synthetic set;
  if (!reader.expect_map(node, "synthetic")) return set;
  reader.check_keys(node, {"images", "classes", "channels", "height", "width", "seed", "noise"}, "synthetic");
  struct Field {
    const char* name;
    std::int64_t* value;
    std::int64_t minimum, maximum;
  };
  for (const Field& field :
       {Field{"images", &set.images, 1, 100'000'000}, Field{"classes", &set.classes, 1, 1'000'000},
        Field{"channels", &set.channels, 1, 4096}, Field{"height", &set.height, 1, 65536},
        Field{"width", &set.width, 1, 65536}, Field{"seed", &set.seed, 0, 2147483647}}) {
    const YamlEntry* entry = node.find(field.name);
    if (!entry) continue;
    if (auto value = reader.integer(entry->value, field.name, field.minimum, field.maximum)) *field.value = *value;
  }
  if (!node.find("images")) reader.missing(node, "images", "synthetic needs images, their number");
  if (auto* entry = node.find("noise")) set.noise = reader.real(entry->value, "noise", 0, 1).value_or(set.noise);
  return set;
}

}  // namespace latentgrid
