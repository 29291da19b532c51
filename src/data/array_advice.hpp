#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/file_role.hpp"
#include "store/npy.hpp"

namespace latentgrid {

// A file of one array and how Python reads it.
struct ArrayFile {
  std::filesystem::path path;
  std::string load = "np.load({in})";
  std::string imports = {};
};

// All refuse_...() throw InputError: what the array is instead, and what to do, with the line of Python that converts
// it.

// An .npy file of another type.
[[noreturn]] void refuse_npy(const std::filesystem::path& path, const NpyHeader& header, FileRole role);
// An IDX file of images whose values are `type`, "int16".
[[noreturn]] void refuse_idx_type(const ArrayFile& file, const std::string& type);
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
