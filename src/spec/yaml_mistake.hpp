#pragma once

#include <optional>
#include <string_view>

#include "spec/yaml_cursor.hpp"

namespace latentgrid {

// The first mistake in a text that is not YAML, in the words of somebody who writes sweep files: yaml-cpp names the place
// where it gave up, often lines behind the mistake, and its own state. Nothing where no mistake is known. Thread-safe.
std::optional<YamlMistake> find_yaml_mistake(std::string_view text);

// "write epochs: 4" for the text epochs:4, and empty for what is no key with its value.
std::string missing_colon_hint(std::string_view written);

}  // namespace latentgrid
