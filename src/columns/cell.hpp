#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json.hpp"

namespace latentgrid {

// One value of a row: NULL, integer, real or text (a blob comes as hex digits).
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

// As the database keeps a value: true is 1, lists and objects are their JSON.
Cell to_cell(const Json& value);
Json json_value(const Cell& cell);

std::string text_of(const Cell& cell);  // "none" for NULL
bool is_nothing(const Cell& cell);      // NULL or an empty text

std::optional<double> number_of(const Cell& cell);  // of an integer or a real, nothing of a text

// A member of an object; null if there is none, or if it is no object.
const Json& member_of(const Json& object, std::string_view name);

// The number that all of the text is ("4", "+.5", "1e-3", "inf").
std::optional<double> number_in(std::string_view text);
std::optional<std::int64_t> integer_in(std::string_view text);  // "4", "+4", "-4", and neither "4.0" nor "1e3"

}  // namespace latentgrid
