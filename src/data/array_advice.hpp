#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/array_input.hpp"
#include "data/file_role.hpp"

namespace latentgrid {

// All refuse_...() throw HintedError: what the array is instead, and what to do, with the line of Python that converts
// it or the words for the sweep file.

// Values of a type that is not read.
[[noreturn]] void refuse_type(const ArrayInput& array, FileRole role);
// "float32" of "<f4", as numpy calls it.
std::string type_name(const std::string& dtype);
// What the axes of an array seem to be that could also be N×H×W×C or N×H×W; nothing if they are likely to be that.
enum class OtherOrder { nchw, hwcn, hwc };
std::optional<OtherOrder> other_order(const std::vector<std::int64_t>& shape);
// Says also how to overrule it.
[[noreturn]] void refuse_other_order(const ArrayFile& file, const std::vector<std::int64_t>& shape, OtherOrder order);
// Arrays of another shape.
[[noreturn]] void refuse_image_shape(const ArrayFile& file, const std::vector<std::int64_t>& shape);
[[noreturn]] void refuse_list_shape(const ArrayFile& file, const std::vector<std::int64_t>& shape, FileRole role);

enum class ValueFault { negative, too_large, not_whole, not_a_number };
// The value at `position`, as it should be shown.
[[noreturn]] void refuse_value(const ArrayFile& file, FileRole role, std::int64_t position, const std::string& value,
                               ValueFault fault);

}  // namespace latentgrid
