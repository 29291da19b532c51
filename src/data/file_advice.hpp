#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/what_is.hpp"

namespace latentgrid {

// What a file was to be read as.
enum class FileRole { images, labels, indices };

struct RoleWords {
  const char* plural;
  const char* needed;  // "images must be ..."
};
RoleWords words(FileRole role);

// All refuse_...() throw InputError: what the file is instead, and what to do, with the line of Python that converts it.

// A file of another format.
[[noreturn]] void refuse(const std::filesystem::path& path, const FileContent& content, FileRole role);
// An .npy file of another type.
[[noreturn]] void refuse_npy(const std::filesystem::path& path, const NpyHeader& header, FileRole role);
// Arrays of another shape.
[[noreturn]] void refuse_image_shape(const std::filesystem::path& path, const std::vector<std::int64_t>& shape);
[[noreturn]] void refuse_list_shape(const std::filesystem::path& path, const std::vector<std::int64_t>& shape, FileRole role);

enum class ValueFault { negative, too_large, not_whole, not_a_number };
// The value at `position`, as it should be shown.
[[noreturn]] void refuse_value(const std::filesystem::path& path, FileRole role, std::int64_t position,
                               const std::string& value, ValueFault fault);

// A line for the shell that saves `expression` as `target`; beside the file, as NAME_suffix.npy or NAME.npy, if that is empty. In
// the expression {in} stands for the file's name in quotes, `np` for numpy; `imports` are statements, each with its semicolon.
std::string python_line(const std::filesystem::path& path, const std::string& suffix, std::string expression,
                        const std::string& imports = "", const std::filesystem::path& target = {});

}  // namespace latentgrid
