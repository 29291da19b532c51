#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "store/npy.hpp"

namespace latentgrid {

enum class FileKind {
  npy, idx,                                             // what is read
  gzip, npz, zip, pytorch, archive,                     // archive: tar, bzip2, xz, zstd, 7-Zip, rar
  image, video, document, excel,                        // image: PNG, JPEG, ...; document: PDF, SQLite, ...
  pickle, hdf5, matlab, parquet,
  csv, json, html, lfs_pointer, text,
  damaged,                                              // by a transfer as text
  folder, absent, unreadable, special, empty, unknown,  // special: a device, a pipe
};

// What a file is, whatever it is called.
struct FileContent {
  FileKind kind = FileKind::unknown;
  std::optional<FileKind> inside;  // of gzip: what its start decompresses to
  std::string detail;              // the format's name, a page's title, a text's first line, why a file cannot be read
  std::vector<std::string> names;  // arrays of an .npz; the files of a folder, the first of them
  std::int64_t size = 0;           // of the file; of what a Git LFS pointer stands for
  std::string start = {};          // of a text: its first MiB, in UTF-8; of a pickle and of what is unknown its first 4 KiB
  std::string advice = {};         // of a file that cannot be read; may be empty
  std::string encoding = {};       // of such a text, as Python calls it; empty for ASCII and UTF-8
};

// Whether it may be a text that a person types: a list of names, a table of scores. A pipe is known once it is read.
bool may_be_text(FileKind kind);

// From the first bytes (of archives also the list of their contents); never throws for what is in the file.
FileContent what_is(const std::filesystem::path& path);

}  // namespace latentgrid
