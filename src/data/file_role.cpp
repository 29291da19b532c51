#include "data/file_role.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/text.hpp"

namespace latentgrid {

namespace {

bool holds_any(const std::string& text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string::npos; });
}

// y, y_train, trainY, train_y.
bool has_letter(const std::string& written, char small) {
  const char large = static_cast<char>(std::toupper(small));
  const std::string begin{small, '_'}, end{'_', small};
  const std::string name = lower_case(written);
  return name == std::string(1, small) || name.starts_with(begin) || name.ends_with(end) ||
         name.find(end + "_") != std::string::npos || (written.size() > 1 && written.back() == large);
}

bool names_images(const std::string& name) {
  return has_letter(name, 'x') || holds_any(lower_case(name), {"image", "pixel", "data", "img", "feature"});
}

bool names_indices(const std::string& name) {
  return holds_any(lower_case(name), {"index", "indices", "idx", "mask", "public"});
}

}  // namespace

RoleWords words(FileRole role) {
  switch (role) {
    case FileRole::images:
      return {"images", "uint8", "images"};
    case FileRole::labels:
      return {"labels", "whole numbers", "labels"};
    case FileRole::features:
      return {"features", "rows of numbers, one for each image", "features"};
    case FileRole::indices:
      break;
  }
  return {"indices of images", "integers, or booleans", "indices"};
}

bool names_labels(const std::string& name) {
  return has_letter(name, 'y') || holds_any(lower_case(name), {"label", "target", "class", "categor", "species"});
}

std::string likely_name(const std::vector<std::string>& names, FileRole role) {
  auto first = [&](auto fits) -> std::string {
    const auto found = std::find_if(names.begin(), names.end(), fits);
    return found == names.end() ? "" : *found;
  };
  std::string name = first([&](const std::string& one) {
    if (role == FileRole::labels) return names_labels(one);
    if (role == FileRole::features) return holds_any(lower_case(one), {"feature", "embed", "latent", "vector"});
    return role == FileRole::indices ? names_indices(one) : names_images(one) && !names_labels(one);
  });
  // np.savez(images, labels) calls them arr_0 and arr_1.
  if (name.empty() && role == FileRole::labels) name = first([](const std::string& one) { return one == "arr_1"; });
  if (name.empty() && role == FileRole::labels) name = first([](const std::string& one) { return !names_images(one); });
  if (name.empty() && role == FileRole::images) name = first([](const std::string& one) { return !names_labels(one); });
  return name.empty() && !names.empty() ? names.front() : name;
}

}  // namespace latentgrid
