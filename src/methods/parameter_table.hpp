#pragma once

#include <string>
#include <vector>

#include "methods/method.hpp"

namespace latentgrid {

// One parameter as a reader is told of it.
struct ParameterRow {
  std::string name;
  std::string default_value;  // "0.001", "adam", "auto"; "required" where there is none, "classes" where labels give it
  std::string values;         // "an integer of at least 1", "adam or sgd"
  std::string meaning;
};
// Of a training, options that all have are rows of the first alone.
std::vector<ParameterRow> parameter_rows(const MethodSpec& method);

// What it is, whose behaviour it has, what one run serves, whether it finds k, has noise or depends on the seed, and what it records.
std::vector<std::string> sentences_about(const MethodSpec& method);

// Both as Markdown, below a heading of the third level.
std::string markdown_of(const MethodSpec& method);

}  // namespace latentgrid
