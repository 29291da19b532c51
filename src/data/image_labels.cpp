#include "data/image_labels.hpp"

#include "base/file_system.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace {

constexpr const char* labels_file = "labels.npy";
constexpr const char* public_file = "public.npy";
constexpr const char* numbers_file = "numbers.npy";

template <typename T>
std::vector<T> copied(std::span<const T> values) {
  return {values.begin(), values.end()};
}

}  // namespace

ImageLabels::ImageLabels(const DatasetSource& source)
    : labels(load_labels(source)), is_public(load_public_mask(source)), class_values(latentgrid::class_values(source)), images(source) {}

ImageLabels::ImageLabels(const std::filesystem::path& artifact) : ImageLabels(artifact, Json::parse(read_file(artifact / file))) {}

ImageLabels::ImageLabels(const std::filesystem::path& artifact, const Json& json)
    : labels(copied(NpyFile(artifact / labels_file).int32s())),
      class_values(json.at("class_values").get<std::vector<std::int64_t>>()),
      images(json.at("images"), copied(NpyFile(artifact / numbers_file).int64s())) {
  const NpyFile mask(artifact / public_file);
  for (std::uint8_t value : mask.uint8s()) is_public.push_back(value != 0);
}

void ImageLabels::write(const std::filesystem::path& folder) const {
  const auto count = static_cast<std::int64_t>(labels.size());
  const std::vector<std::uint8_t> mask(is_public.begin(), is_public.end());
  write_npy(folder / labels_file, std::span<const std::int32_t>(labels), {count});
  write_npy(folder / public_file, std::span<const std::uint8_t>(mask), {count});
  write_npy(folder / numbers_file, std::span<const std::int64_t>(images.numbers()), {count});
  write_file(folder / file, Json{{"class_values", class_values}, {"images", images.to_json()}}.dump() + "\n");
}

}  // namespace latentgrid
