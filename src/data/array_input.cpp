#include "data/array_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>

#include "base/hinted_error.hpp"
#include "data/input_stream.hpp"
#include "data/shell_line.hpp"

namespace latentgrid {

namespace {

constexpr std::string_view npy_magic = "\x93NUMPY";

// Throws HintedError unless the file holds the values that its header promises and nothing behind them.
void check_promise(const ArrayFile& file, std::int64_t file_size, const NpyHeader& header, const ReadAt& read) {
  const std::string path = file.path.string();
  const std::int64_t held = file_size - static_cast<std::int64_t>(header.data_offset);
  const std::optional<std::size_t> promised = header.data_bytes();
  const std::string promise = fmt::format("the header promises {} values", fmt::join(header.shape, "×"));
  if (!promised) throw HintedError(fmt::format("{} has a damaged header: {}", path, promise), get_it_again);
  const auto expected = static_cast<std::int64_t>(*promised);
  if (held == expected) return;
  if (held < expected || expected < 0) {
    throw HintedError(
        fmt::format("{} is cut off, or its header is damaged: {} of {} byte{}, and the file has {} of {} bytes", path,
                    promise, header.item_bytes(), header.item_bytes() == 1 ? "" : "s", held, *promised),
        get_it_again);
  }
  std::array<char, npy_magic.size()> next{};
  if (held - expected >= std::ssize(next)) {
    read(static_cast<std::int64_t>(header.data_offset) + expected, std::as_writable_bytes(std::span(next)));
  }
  const bool appended = std::string_view(next.data(), next.size()) == npy_magic;
  throw HintedError(fmt::format("{} holds {} byte{} more than its header promises{}", path, held - expected,
                                held - expected == 1 ? "" : "s", appended ? ": another array follows the first" : ""),
                    appended ? "save each array to a file of its own; " +
                                   run_python({.in = file.in(), .suffix = "first", .expression = file.load},
                                              "if the first is meant, ")
                             : fmt::format("{}; {}", get_it_again,
                                           run_python({.in = file.in(), .suffix = "values", .expression = file.load},
                                                      "if it was written like this and its header is right, ")));
}

}  // namespace

std::int64_t ArrayInput::size() const {
  std::int64_t n = 1;
  for (std::int64_t extent : shape) n *= extent;
  return n;
}

ArrayInput npy_array(ArrayFile file, std::int64_t file_size, const ReadAt& read) {
  NpyHeader header;
  try {
    header = read_npy_header(file.path, file_size, read);
  } catch (const MalformedNpy& problem) {
    throw HintedError(problem.what(), get_it_again);
  }
  if (element_of(header.dtype)) check_promise(file, file_size, header, read);
  const auto data = static_cast<std::int64_t>(header.data_offset);
  return {.file = std::move(file),
          .dtype = header.dtype,
          .shape = header.shape,
          .fortran_order = header.fortran_order,
          .read = [read, data](std::int64_t offset, std::span<std::byte> bytes) { read(data + offset, bytes); }};
}

}  // namespace latentgrid
