#include "store/npy_array.hpp"

#include <cstring>
#include <span>

#include "store/npy.hpp"

namespace latentgrid {

namespace {

template <typename T>
Array::Values copied(std::span<const std::byte> bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

}  // namespace

void write_npy(const std::filesystem::path& path, const Array& array) {
  std::visit([&](const auto& values) { write_npy(path, std::span(values), array.shape); }, array.values);
}

Array read_array(const std::filesystem::path& path) {
  const NpyFile file(path);
  const std::string& dtype = file.header().dtype;
  if (dtype == "<f8") return {file.header().shape, copied<double>(file.bytes())};
  if (dtype == "<i4") return {file.header().shape, copied<std::int32_t>(file.bytes())};
  if (dtype == "<i8") return {file.header().shape, copied<std::int64_t>(file.bytes())};
  file.floats();  // says what is wrong with any other
  return {file.header().shape, copied<float>(file.bytes())};
}

}  // namespace latentgrid
