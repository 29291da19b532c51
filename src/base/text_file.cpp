#include "base/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>

#include "base/access.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"

namespace latentgrid {

std::string read_text_file(const std::filesystem::path& path) {
  constexpr std::size_t largest = 16 << 20, at_once = 1 << 16;
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  while (file && bytes.size() <= largest) {
    const std::size_t before = bytes.size();
    bytes.resize(before + at_once);
    file.read(bytes.data() + before, at_once);
    bytes.resize(before + static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof() && bytes.size() <= largest) {
    throw access_error(path, Access::read, errno);
  }
  if (bytes.size() > largest) throw Error(fmt::format("{} is larger than 16 MiB: is it the right file?", path.string()));
  return utf8_of(bytes);
}

}  // namespace latentgrid
