#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/image_source.hpp"

namespace latentgrid {

// Files of labels, and of numbers of images. All throw HintedError naming the file, what is wrong with it and what to
// do.

struct LabelFile {
  LabelList labels;
  std::vector<std::string>
      images;  // the picture that each label belongs to; empty: the labels are in the images' order
};

// An array of shape N or N×1, of any integer type, booleans, or floats that are whole numbers, 0 or more, or -1: 'no
// label'. A text with one label a line, a number or a name; a table with a column of labels, beside one of the
// pictures' names. A file or folder of images that has labels of its own.
LabelFile read_label_file(const std::filesystem::path& name);

// For images that are no files of their own: that what stands beside the labels counts the rows.
void check_rows_are_in_order(const LabelFile& file, const std::filesystem::path& name);

// Which of `images` are meant: their numbers, of any integer type or as text, or booleans, one an image (a mask).
std::vector<std::int64_t> read_index_file(const std::filesystem::path& name, std::int64_t images);

}  // namespace latentgrid
