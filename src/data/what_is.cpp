#include "data/what_is.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <string_view>

#include "base/access.hpp"
#include "base/error.hpp"
#include "base/input_file.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "data/input_stream.hpp"

namespace latentgrid {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

namespace {

constexpr std::size_t start_bytes = 4096;
constexpr std::size_t most_names = 8;

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  FileKind kind;
  const char* name;
};

constexpr Magic magics[] = {
    {0, "\x93NUMPY"sv, FileKind::npy, "an .npy file"},
    {0, "\x1f\x8b"sv, FileKind::gzip, "a gzip file"},
    {0, "PK\x03\x04"sv, FileKind::zip, "a zip archive"},
    {0, "PK\x05\x06"sv, FileKind::zip, "an empty zip archive"},
    {0, "\x89PNG"sv, FileKind::image, "a PNG image"},
    {0, "\xff\xd8\xff"sv, FileKind::image, "a JPEG image"},
    {0, "GIF8"sv, FileKind::image, "a GIF image"},
    {8, "WEBP"sv, FileKind::image, "a WebP image"},
    {8, "AVI "sv, FileKind::video, "an AVI video"},
    {8, "WAVE"sv, FileKind::document, "a WAVE sound file"},
    {4, "ftypavif"sv, FileKind::image, "an AVIF image"},
    {4, "ftypheic"sv, FileKind::image, "a HEIC image"},
    {4, "ftyp"sv, FileKind::video, "an MP4 video"},
    {0, "\x1a\x45\xdf\xa3"sv, FileKind::video, "a Matroska or WebM video"},
    {0, "\0\0\1\xba"sv, FileKind::video, "an MPEG video"},
    {0, "II*\0"sv, FileKind::image, "a TIFF image"},
    {0, "MM\0*"sv, FileKind::image, "a TIFF image"},
    {0, "BM"sv, FileKind::image, "a BMP image"},
    {0, "P5\n"sv, FileKind::image, "a PGM image"},
    {0, "P6\n"sv, FileKind::image, "a PPM image"},
    {0, "%PDF-"sv, FileKind::document, "a PDF document"},
    {0, "%!PS"sv, FileKind::document, "a PostScript document"},
    {0, "SQLite format 3\0"sv, FileKind::document, "an SQLite database"},
    {0, "\x7f\x45LF"sv, FileKind::document, "a program"},
    {0, "\xd0\xcf\x11\xe0"sv, FileKind::document, "an old Microsoft Office document"},
    {128, "DICM"sv, FileKind::document, "a DICOM file"},
    {0, "SIMPLE  ="sv, FileKind::document, "a FITS file"},
    {0, "ARROW1"sv, FileKind::document, "an Arrow file"},
    {0, "\x89HDF\r\n\x1a\n"sv, FileKind::hdf5, "an HDF5 file"},
    {0, "MATLAB 7.3"sv, FileKind::hdf5, "a MATLAB 7.3 file, which is HDF5"},
    {0, "MATLAB 5.0"sv, FileKind::matlab, "a MATLAB file"},
    {0, "PAR1"sv, FileKind::parquet, "a Parquet file"},
    {257, "ustar"sv, FileKind::archive, "a tar archive"},
    {0, "BZh"sv, FileKind::archive, "a bzip2 file"},
    {0, "\xfd\x37zXZ"sv, FileKind::archive, "an xz file"},
    {0, "\x28\xb5\x2f\xfd"sv, FileKind::archive, "a zstd file"},
    {0, "7z\xbc\xaf"sv, FileKind::archive, "a 7-Zip archive"},
    {0, "Rar!"sv, FileKind::archive, "a RAR archive"},
    {0, "version https://git-lfs"sv, FileKind::lfs_pointer, "a Git LFS pointer"},
};

bool has_text(std::string_view start) {
  return std::none_of(start.begin(), start.end(), [](unsigned char c) { return c < 0x20 && !std::isspace(c); });
}

std::string first_line(std::string_view text) {
  std::string line(text.substr(0, text.find_first_of("\r\n")));
  constexpr std::size_t longest = 60;
  if (line.size() > longest) line = line.substr(0, std::min(line.find_last_of(", ;\t", longest), longest)) + "...";
  return line;
}

// As Python calls it.
std::string encoding_of(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return "utf-16";
  if (bytes.starts_with("\xef\xbb\xbf")) return "utf-8-sig";
  const std::string_view whole = bytes.substr(0, bytes.rfind('\n'));  // the end may be in the middle of a character
  return is_utf8(whole) ? "" : "latin-1";
}

std::string title_of(const std::string& page) {
  const std::string small = lower_case(page);
  const std::size_t begin = small.find("<title>"), end = small.find("</title>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return "";
  return first_line(std::string_view(page).substr(begin + 7, end - begin - 7));
}

FileContent what_text_is(const std::string& start) {
  std::string_view text = start;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // a byte order mark
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(begin == std::string_view::npos ? text.size() : begin);
  const std::string small = lower_case(text.substr(0, 200));
  if (small.starts_with("<!doctype html") || small.starts_with("<html") || small.find("<head") != std::string::npos) {
    return {FileKind::html, {}, title_of(start), {}};
  }
  if (text.starts_with("{") || text.starts_with("[")) return {FileKind::json, {}, "", {}};
  const std::string line = first_line(text);
  const std::size_t key = line.find_first_of(" ,;\t\"'");  // "images: [a, b]" is YAML
  const bool yaml = key != std::string::npos && key > 0 && line[key - 1] == ':';
  const bool table = (line.find_first_of(",;\t") != std::string::npos && !yaml) ||
                     (!line.empty() && line.find_first_not_of("0123456789+-.eE ") == std::string::npos);
  return {table ? FileKind::csv : FileKind::text, {}, line, {}};
}

// Where protocol 0 remembers an object: p, a number, the end of the line.
bool starts_with_put(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789", 1);
  return text.starts_with('p') && end != std::string_view::npos && end > 1 && text[end] == '\n';
}

// A Python pickle of protocol 2 and later; of an earlier one only what numpy and lists begin with. Protocol 0 is text.
bool starts_as_pickle(std::string_view start) {
  if (start.size() >= 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5) return true;
  if (start.size() < start_bytes && !start.ends_with('.')) return false;  // every pickle ends so
  if (start.starts_with("(l") || start.starts_with("(d")) return starts_with_put(start.substr(2));
  if (!start.starts_with("cnumpy")) return false;
  if (!has_text(start)) return true;  // protocol 1
  for (std::size_t line = 0; (line = start.find('\n', line)) != std::string_view::npos;) {
    if (starts_with_put(start.substr(++line))) return true;
  }
  return false;
}

// What a file was before its first byte, which is no ASCII, was cut to 7 bits or rewritten as UTF-8.
const char* damaged_format(std::string_view start) {
  const std::size_t name = start.substr(0, 9).find("NUMPY\x01");
  if (name != std::string_view::npos && name >= 1 && name <= 3) return "an .npy file";
  for (const char* gzip : {"\x1f\xc2\x8b", "\x1f\xef\xbf\xbd", "\x1f\x0b\x08"}) {
    if (start.starts_with(gzip)) return "a gzip file";
  }
  return nullptr;
}

// Names of classes may begin with "BM" or be "P5" or "PAR1". What is text itself, such as PostScript, begins as no name
// does.
bool may_begin_a_text(const Magic& magic) {
  auto is_printable = [](unsigned char c) { return c == '\n' || (c >= 0x20 && c <= 0x7e); };
  const bool is_text = magic.kind == FileKind::lfs_pointer || magic.bytes[0] == '%';
  return !is_text && std::all_of(magic.bytes.begin(), magic.bytes.end(), is_printable);
}

bool starts_as_idx(std::string_view start) {
  return start.size() >= 4 && start[0] == 0 && start[1] == 0 && start[2] >= 0x08 && start[2] <= 0x0E && start[2] != 0x0A &&
         start[3] != 0;
}

FileContent what_bytes_are(const std::string& start) {
  const bool text = has_text(start);
  for (const Magic& magic : magics) {
    if (text && may_begin_a_text(magic)) continue;
    if (start.size() < magic.offset + magic.bytes.size()) continue;
    if (std::string_view(start).substr(magic.offset, magic.bytes.size()) != magic.bytes) continue;
    return {magic.kind, {}, magic.name, {}};
  }
  if (starts_as_idx(start)) {
    return {FileKind::idx, {}, "an IDX file", {}};
  }
  if (const char* format = damaged_format(start)) return {FileKind::damaged, {}, format, {}};
  if (starts_as_pickle(start)) return {FileKind::pickle, {}, "a Python pickle", {}};
  if (const std::string decoded = utf8_of(start); has_text(decoded)) return what_text_is(decoded);
  return {FileKind::unknown, {}, "", {}};
}

std::size_t little_endian(std::string_view bytes, std::size_t at, int count) {
  std::size_t value = 0;
  for (int i = count; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

// The names in a zip archive, from the list at its end (PKWARE's APPNOTE, 4.3.12).
std::vector<std::string> names_in_zip(const InputFile& file) {
  const std::int64_t n = std::min<std::int64_t>(file.size(), 1 << 20);
  std::string end(static_cast<std::size_t>(n), '\0');
  file.read(file.size() - n, std::as_writable_bytes(std::span(end)));
  std::vector<std::string> names;
  for (std::size_t at = 0; (at = end.find("PK\x01\x02", at)) != std::string::npos && at + 46 <= end.size(); at += 46) {
    names.push_back(end.substr(at + 46, little_endian(end, at + 28, 2)));
  }
  return names;
}

void look_into_zip(const InputFile& file, FileContent& content) {
  bool arrays = true;
  const std::vector<std::string> names = names_in_zip(file);
  for (const std::string& name : names) {
    if (name == "xl/workbook.xml") content.kind = FileKind::excel;
    if (name.ends_with("/data.pkl") || name == "data.pkl") content.kind = FileKind::pytorch;
    arrays = arrays && name.ends_with(".npy");
    content.names.push_back(name);
  }
  if (names.empty() || !arrays) {
    if (content.names.size() > most_names) content.names.resize(most_names);
    return;
  }
  content.kind = FileKind::npz;
  for (std::string& name : content.names) name.erase(name.size() - 4);
}

void look_into_gzip(const fs::path& path, FileContent& content) {
  std::string start(start_bytes, '\0');
  std::size_t filled = 0;
  bool damaged = false;
  try {
    InputStream stream(path);
    auto* bytes = reinterpret_cast<std::uint8_t*>(start.data());
    while (filled < start.size()) {
      const std::size_t n = stream.read_some({bytes + filled, start.size() - filled});
      if (n == 0) break;
      filled += n;
    }
  } catch (const Error&) {
    damaged = true;  // what came before the damage tells what it is
  }
  start.resize(filled);
  const FileContent inner = what_bytes_are(start);
  content.inside = filled > 0 ? inner.kind : damaged ? FileKind::damaged : FileKind::empty;
  content.detail = inner.detail;
}

void look_into_text(const InputFile& file, FileContent& content) {
  constexpr std::int64_t longest_start = 1 << 20;
  std::string bytes(static_cast<std::size_t>(std::min(file.size(), longest_start)), '\0');
  file.read(0, std::as_writable_bytes(std::span(bytes)));
  content.encoding = encoding_of(bytes);
  content.start = utf8_of(bytes);
}

void look_into_pointer(const std::string& text, FileContent& content) {
  const std::size_t at = text.find("\nsize ");
  if (at != std::string::npos) std::from_chars(text.data() + at + 6, text.data() + text.size(), content.size);
}

FileContent unreadable(const Error& problem) {
  FileContent content{FileKind::unreadable, {}, problem.what(), {}};
  content.advice = hint_of(problem);
  return content;
}

FileContent what_folder_is(const fs::path& path) {
  FileContent content{FileKind::folder, {}, "", {}};
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    content.names.push_back(entry->path().filename().string());
  }
  if (error) return unreadable(access_error(path, Access::read, error.value()));
  std::sort(content.names.begin(), content.names.end());
  if (content.names.size() > most_names) content.names.resize(most_names);
  return content;
}

}  // namespace

bool may_be_text(FileKind kind) {
  const FileKind texts[] = {FileKind::csv,   FileKind::json,    FileKind::text,
                            FileKind::empty, FileKind::unknown, FileKind::special};
  return std::find(std::begin(texts), std::end(texts), kind) != std::end(texts);
}

FileContent what_is(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return {FileKind::absent, {}, "No such file or directory", {}};
  if (status.type() == fs::file_type::none) return unreadable(access_error(path, Access::read, error.value()));
  if (fs::is_directory(status)) return what_folder_is(path);
  if (!fs::is_regular_file(status)) return {FileKind::special, {}, "", {}};
  try {
    const InputFile file(path);
    if (file.size() == 0) return {FileKind::empty, {}, "", {}};
    std::string start(static_cast<std::size_t>(std::min<std::int64_t>(file.size(), start_bytes)), '\0');
    file.read(0, std::as_writable_bytes(std::span(start)));
    FileContent content = what_bytes_are(start);
    content.size = file.size();
    if (content.kind == FileKind::zip) look_into_zip(file, content);
    if (content.kind == FileKind::gzip) look_into_gzip(path, content);
    if (content.kind == FileKind::csv || content.kind == FileKind::text) look_into_text(file, content);
    if (content.kind == FileKind::pickle || content.kind == FileKind::unknown) content.start = start;
    if (content.kind == FileKind::lfs_pointer) look_into_pointer(start, content);
    return content;
  } catch (const Error& problem) {
    return unreadable(problem);
  }
}

}  // namespace latentgrid
