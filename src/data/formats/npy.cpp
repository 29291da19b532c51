#include "data/formats.hpp"

namespace latentgrid {

namespace {

bool is_npy(const FoundFile& found) {
  return found.content.kind == FileKind::npy;
}

ArrayInput array_of_npy(const FoundFile& found, FileRole) {
  auto file = std::make_shared<InputFile>(found.input.file);
  return npy_array({found.name}, file->size(),
                   [file](std::int64_t offset, std::span<std::byte> bytes) { file->read(offset, bytes); });
}

}  // namespace

extern const Format npy_format{.name = ".npy", .reads = is_npy, .array = array_of_npy};

}  // namespace latentgrid
