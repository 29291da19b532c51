#include "data/identity.hpp"

#include <fmt/format.h>

#include <functional>

#include "base/key.hpp"
#include "data/dataset.hpp"
#include "data/selection.hpp"

namespace latentgrid {

namespace {

std::string digest_of_indices(const std::vector<std::int64_t>& indices) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(indices)));
  return hash.hex();
}

std::string digest_of_labels(const std::vector<std::int32_t>& labels) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span(labels)));
  return hash.hex();
}

std::string digest_of_mask(const std::vector<bool>& public_mask) {
  std::string bits;
  for (bool is_public : public_mask) bits += is_public ? '1' : '0';
  return sha256_hex(bits);
}

// What, beside the contents of the files, decides which images are selected and what their labels are.
std::string selection_text(const DatasetSource& source) {
  Json text = {{"classes", source.classes}, {"first", Json::array()}};
  text["limit"] = source.limit ? Json(*source.limit) : Json();
  for (const DatasetSource::Labels& part : source.labels) {
    text["first"].push_back(part.first_image);
    if (!part.counts.empty()) text["counts"].push_back(part.counts);
  }
  return text.dump();
}

std::vector<std::filesystem::path> image_and_label_files(const DatasetSource& source) {
  std::vector<std::filesystem::path> files = source.images;
  for (const DatasetSource::Labels& part : source.labels) {
    if (part.counts.empty()) files.push_back(part.file);
  }
  return files;
}

std::string remembered(DigestCache& cache, const std::vector<std::filesystem::path>& files, const std::string& what,
                       const std::function<std::string()>& compute) {
  if (files.empty()) return compute();
  return cache.get(files, what, compute);
}

}  // namespace

Json make_image_identity(const DatasetSource& source, const ImageShape& shape,
                         const std::vector<std::int64_t>& selection, const std::string& sha256) {
  auto count = static_cast<std::int64_t>(selection.size());
  Json identity;
  if (source.synthetic) {
    identity["synthetic"] = source.to_json().at("synthetic");
    if (source.classes.empty()) {
      identity["synthetic"]["images"] = count;  // a shorter set is a prefix of a longer one
    } else {
      identity["indices"] = digest_of_indices(selection);
    }
    put_preparation(identity, source.preparation);
  } else {
    identity["shape"] = {count, shape.height, shape.width, shape.channels};
    identity["sha256"] = sha256;
  }
  if (source.pad_to) identity["pad_to"] = *source.pad_to;
  return identity;
}

Json image_identity(const DatasetSource& source, DigestCache& cache) {
  OpenImages images = open_images(source);
  std::vector<std::int64_t> labels;
  if (!source.classes.empty()) labels = read_labels(source, images).values;
  std::vector<std::int64_t> selection = select_images(source, labels, images.count);
  std::string sha256;
  if (!source.synthetic) {
    // Labels arriving or changing must not make the pixels look new, unless they select.
    auto files = source.classes.empty() ? source.images : image_and_label_files(source);
    std::string what = source.classes.empty() ? fmt::format("pixels of the first {}", selection.size())
                                              : fmt::format("pixels of {}", selection_text(source));
    Json preparation = Json::object();
    put_preparation(preparation, source.preparation);
    if (!preparation.empty()) what += " prepared by " + preparation.dump();
    sha256 = remembered(cache, files, what, [&] {
      Sha256 hash;
      visit_images(images, selection, cache.progress(),
                   [&](std::span<const std::uint8_t> pixels) { hash.update(std::as_bytes(pixels)); });
      return hash.hex();
    });
  }
  return make_image_identity(source, images.shape, selection, sha256);
}

Json label_identity(const DatasetSource& source, DigestCache& cache) {
  if (source.labels.empty() && !source.synthetic) return nullptr;
  return {{"sha256",
           remembered(cache, image_and_label_files(source), fmt::format("labels {}", selection_text(source)), [&] {
             return digest_of_labels(load_labels(source));
           })}};
}

Json identity_of_labels(const std::vector<std::int32_t>& labels) { return {{"sha256", digest_of_labels(labels)}}; }

Json split_identity(const DatasetSource& source, DigestCache& cache) {
  std::vector<std::filesystem::path> files = image_and_label_files(source);
  std::string what = fmt::format("split {}", selection_text(source));
  if (source.split.public_indices.empty()) {
    what += fmt::format(" {} {}", real_to_text(source.split.public_fraction), source.split.seed);
  } else {
    files.push_back(source.split.public_indices);
  }
  return {{"sha256", remembered(cache, files, what, [&] {
             return digest_of_mask(load_public_mask(source));
           })}};
}

Json identity_of_split(const std::vector<bool>& public_mask) { return {{"sha256", digest_of_mask(public_mask)}}; }

}  // namespace latentgrid
