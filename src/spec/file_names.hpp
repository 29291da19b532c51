#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/file_advice.hpp"
#include "spec/reader.hpp"

namespace latentgrid {

// A name of a file becomes part of JSON messages and of the database, which are UTF-8: base/utf8.hpp asks whether it is.
std::string shown_as_utf8(const std::string& text);  // in quotes; what is not UTF-8 becomes U+FFFD

// ~ and ~/ are the user's home folder.
std::filesystem::path with_home(const std::string& written);

// The absolute path of a file as it is written in a sweep file of `folder`; ~ is the user's home folder. Whatever is there
// instead of a file, or near it, is reported, and then nothing is returned.
std::optional<std::filesystem::path> existing_file(const std::string& written, const std::filesystem::path& folder,
                                                   FileRole role, const SourcePosition& where, Reader& reader);
// The same of a text file, and what it holds, in UTF-8. `expected` says in hints what the file should be.
struct TextFile {
  std::filesystem::path path;
  std::string text;
};
std::optional<TextFile> existing_text(const std::string& written, const std::filesystem::path& folder, const std::string& expected,
                                      const SourcePosition& where, Reader& reader);

}  // namespace latentgrid
