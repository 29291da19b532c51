#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/input_file.hpp"
#include "data/element.hpp"
#include "data/file_role.hpp"
#include "data/image_source.hpp"
#include "store/npy.hpp"

namespace latentgrid {

// A file of one array and how Python reads it.
struct ArrayFile {
  std::filesystem::path path;  // as messages name it: "x.npz:member"
  std::string load = "np.load({in})";
  std::string imports = {};
  std::filesystem::path archive = {};  // that `load` opens, if it is another

  const std::filesystem::path& in() const { return archive.empty() ? path : archive; }
};

// One array in a file of the user's: an .npy file, an array of an .npz archive, an IDX file. The file is known to hold
// what the header promises.
struct ArrayInput {
  ArrayFile file;
  std::string dtype;  // as NpyHeader has it
  std::vector<std::int64_t> shape;
  bool fortran_order = false;
  bool axes_are_known = false;  // the format has them in one order only: N first
  // Fills the bytes from this offset of the values on. Going back is slow in a compressed file.
  std::function<void(std::int64_t offset, std::span<std::byte> bytes)> read;
  std::function<void()> check_end = [] {};  // after the last value; throws Error if the file goes on

  std::optional<Element> element() const { return element_of(dtype); }
  std::int64_t size() const;  // number of values
};

// Of an .npy file, or of what is stored as one: `file_size` bytes that `read` gives.
ArrayInput npy_array(ArrayFile file, std::int64_t file_size, const ReadAt& read);

}  // namespace latentgrid
