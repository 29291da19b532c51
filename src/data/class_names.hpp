#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "data/dataset.hpp"

namespace latentgrid {

// What the classes of a data set are called. Class c is the c-th label of the selected images, as load_labels() counts.
class ClassNames {
 public:
  ClassNames() = default;
  // `names`: by class, "" for one without a name. `labels`: by class, what its label file has. Where either is shorter, a
  // class has no name, and is its own label.
  ClassNames(std::vector<std::string> names, std::vector<std::int64_t> labels)
      : names_(std::move(names)), labels_(std::move(labels)) {}

  // As the database has them in a revision's `dataset`; the label files are not needed.
  static ClassNames recorded(const Json& dataset);

  std::optional<std::string> name(std::int64_t class_) const;
  std::string shown(std::int64_t class_) const;  // "landscape", or "class 3" by its label
  std::string brief(std::int64_t class_) const;  // "landscape", or "3"
  std::int64_t label(std::int64_t class_) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::int64_t> labels_;
};

// What `recorded` reads beside the source: {"class_labels": [3, 5]}; nothing where labels are counted from 0 anyway. Reads
// the label files.
void record_class_labels(const DatasetSource& source, Json& dataset);

}  // namespace latentgrid
