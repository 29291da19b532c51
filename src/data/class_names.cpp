#include "data/class_names.hpp"

#include <fmt/format.h>

namespace latentgrid {

namespace {

template <typename T>
std::vector<T> list_in(const Json& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) return {};
  return object.at(name).get<std::vector<T>>();
}

}  // namespace

ClassNames ClassNames::recorded(const Json& dataset) {
  if (!dataset.is_object()) return {};
  return {list_in<std::string>(dataset.value("source", Json()), "class_names"),
          list_in<std::int64_t>(dataset, "class_labels")};
}

std::optional<std::string> ClassNames::name(std::int64_t class_) const {
  const auto at = static_cast<std::size_t>(class_);
  if (class_ < 0 || at >= names_.size() || names_[at].empty()) return std::nullopt;
  return names_[at];
}

std::int64_t ClassNames::label(std::int64_t class_) const {
  const auto at = static_cast<std::size_t>(class_);
  return class_ >= 0 && at < labels_.size() ? labels_[at] : class_;
}

std::string ClassNames::shown(std::int64_t class_) const {
  const std::optional<std::string> known = name(class_);
  return known ? *known : fmt::format("class {}", label(class_));
}

std::string ClassNames::brief(std::int64_t class_) const {
  const std::optional<std::string> known = name(class_);
  return known ? *known : fmt::format("{}", label(class_));
}

void record_class_labels(const DatasetSource& source, Json& dataset) {
  const std::vector<std::int64_t> labels = class_values(source);
  for (std::size_t c = 0; c < labels.size(); ++c) {
    if (labels[c] == static_cast<std::int64_t>(c)) continue;
    dataset["class_labels"] = labels;
    return;
  }
}

}  // namespace latentgrid
