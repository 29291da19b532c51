#include "data/npy_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>

#include "data/input_error.hpp"
#include "data/shell_line.hpp"

namespace latentgrid {

namespace {

bool another_array_begins(const InputFile& file, std::int64_t offset) {
  constexpr std::string_view magic = "\x93NUMPY";
  std::array<char, 6> bytes{};
  if (file.size() - offset < std::ssize(bytes)) return false;
  file.read(offset, std::as_writable_bytes(std::span(bytes)));
  return std::string_view(bytes.data(), bytes.size()) == magic;
}

}  // namespace

NpyHeader read_input_header(const InputFile& file) {
  try {
    return read_npy_header(file);
  } catch (const MalformedNpy& problem) {
    throw InputError(problem.what(), get_it_again);
  }
}

void check_input_size(const InputFile& file, const NpyHeader& header) {
  const std::string path = file.path().string();
  const auto held = file.size() - static_cast<std::int64_t>(header.data_offset);
  const std::optional<std::size_t> promised = header.data_bytes();
  const std::string promise = fmt::format("the header promises {} values", fmt::join(header.shape, "×"));
  if (!promised) throw InputError(fmt::format("{} has a damaged header: {}", path, promise), get_it_again);
  const auto expected = static_cast<std::int64_t>(*promised);
  if (held == expected) return;
  if (held < expected || expected < 0) {
    throw InputError(
        fmt::format("{} is cut off, or its header is damaged: {} of {} byte{}, and the file has {} of {} bytes", path,
                    promise, header.item_bytes(), header.item_bytes() == 1 ? "" : "s", held, *promised),
        get_it_again);
  }
  const bool appended = another_array_begins(file, static_cast<std::int64_t>(header.data_offset) + expected);
  throw InputError(fmt::format("{} holds {} byte{} more than its header promises{}", path, held - expected,
                               held - expected == 1 ? "" : "s", appended ? ": another array follows the first" : ""),
                   appended
                       ? "save each array to a file of its own; " +
                             run_python({.in = file.path(), .suffix = "first", .expression = "np.load({in})"},
                                        "if the first is meant, ")
                       : fmt::format("{}; {}", get_it_again,
                                     run_python({.in = file.path(), .suffix = "values", .expression = "np.load({in})"},
                                                "if it was written like this and its header is right, ")));
}

}  // namespace latentgrid
