#include "spec/architectures.hpp"

#include <fmt/format.h>

#include "spec/layer_list.hpp"

namespace latentgrid {

namespace {

constexpr const char* parts_of_an_architecture =
    "an architecture has an encoder and, for trainings that reconstruct images, a decoder, each a list of layers";

class ArchitectureReader {
 public:
  explicit ArchitectureReader(Reader& reader) : reader_(reader) {}

  Architecture read(const YamlEntry& entry) {
    Architecture architecture = {.name = entry.key, .where = entry.key_where};
    if (!reader_.expect_map(entry.value, entry.key, parts_of_an_architecture)) return architecture;
    reader_.check_keys(entry.value, {"encoder", "decoder"}, entry.key);
    architecture.encoder = layers(entry, "encoder");
    if (entry.value.find("decoder")) architecture.decoder = layers(entry, "decoder");
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
    return read_layers(entry->value, reader_);
  }

  Reader& reader_;
};

}  // namespace

Architecture read_architecture(const YamlEntry& entry, Reader& reader) { return ArchitectureReader(reader).read(entry); }

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
    if (reader.fails([&] { architecture = read_architecture(entry, reader); })) {
      sweep.unread.architectures.insert(entry.key);
    }
    sweep.architectures.emplace(entry.key, std::move(architecture));
  }
}

}  // namespace latentgrid
