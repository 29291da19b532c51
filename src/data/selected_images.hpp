#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace latentgrid {

// Which images of its files a dataset selects. A selected image has a position, 0, 1, ... in the order of the
// selection, as every artifact counts; a number in its own file, from 0; and a number over all files in order, as
// `first_image` and `public_indices` count.
class SelectedImages {
 public:
  struct File {
    std::string name;           // without its folder, or with as many as tell it from the others; "": synthetic images
    std::int64_t images = 0;    // that it holds
    std::int64_t selected = 0;  // of them
  };
  struct Place {
    std::size_t file = 0;     // of files()
    std::int64_t number = 0;  // in that file
  };

  // Reads the files' headers, and the label files where classes select. Throws as read_dataset_header() does.
  explicit SelectedImages(const DatasetSource& source);
  // As they were when to_json() and numbers() described them.
  SelectedImages(const Json& json, std::vector<std::int64_t> numbers);

  std::size_t size() const { return numbers_.size(); }
  const std::vector<std::int64_t>& numbers() const { return numbers_; }  // over all files, ascending
  Json to_json() const;   // the files and, where each image is a file, the names of all; not the numbers
  Json identity() const;  // the files, and a digest of the rest
  const std::vector<File>& files() const { return files_; }
  const std::string& file_name(std::size_t file) const { return files_.at(file).name; }
  Place place(std::size_t position) const;
  std::int64_t number_over_all(std::size_t position) const { return numbers_[position]; }
  std::optional<std::size_t> position_of(std::int64_t number_over_all) const;  // nothing: it is not selected
  // "image 17"; of several files "image 17 of valX.npy"; "photos/cat/1.png" where each image is a file.
  std::string title(std::size_t position) const;
  // Where each image is a file: "photos/cat/1.png". Else the name of the file that holds it.
  std::string name_of_file(std::size_t position) const;
  bool pictures() const { return !pictures_.empty(); }  // each image is a file

 private:
  void add_file(File file);

  std::vector<File> files_;
  std::vector<std::int64_t> first_;    // of every file, over all
  std::vector<std::int64_t> numbers_;  // over all, ascending
  std::vector<std::string> pictures_;  // by position, within their folders; empty unless each image is a file
};

}  // namespace latentgrid
