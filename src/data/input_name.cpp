#include "data/input_name.hpp"

#include <system_error>

namespace latentgrid {

InputName input_name(const std::filesystem::path& written) {
  const std::string text = written.string();
  const std::size_t colon = text.rfind(".npz:");
  std::error_code none;
  if (colon == std::string::npos || std::filesystem::exists(written, none)) return {written, ""};
  return {text.substr(0, colon + 4), text.substr(colon + 5)};
}

}  // namespace latentgrid
