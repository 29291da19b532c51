#include "protocol/line_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

#include "base/access.hpp"

namespace latentgrid::protocol {

namespace {

struct NumberedLine {
  std::int64_t number;
  std::string_view text;
};

template <typename Number>
bool take_number(std::string_view& line, Number& number) {
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc() || end == line.data() + line.size() || *end != ' ') return false;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()) + 1);
  return true;
}

// Nothing where it was torn, or where another machine has not sent all of its bytes yet, which are 0 until then.
std::optional<NumberedLine> parse(std::string_view line) {
  std::int64_t number = 0;
  std::size_t size = 0;
  if (!take_number(line, number) || !take_number(line, size)) return std::nullopt;
  if (number < 1 || line.size() != size || line.find('\0') != std::string_view::npos) return std::nullopt;
  return NumberedLine{number, line};
}

}  // namespace

LineWriter::LineWriter(std::filesystem::path file, FileSystem& files) : path_(std::move(file)), files_(files) {
  LineReader before(path_);
  before.read();
  next_ = before.last_number() + 1;
  const std::string all = LineReader::bytes_from(path_, 0);
  torn_ = !all.empty() && all.back() != '\n';
  const int made = files_.create(path_, O_APPEND);
  if (made < 0) throw access_error(path_, Access::write, errno);
  ::close(made);
}

void LineWriter::add(std::string_view text) {
  kept_.push_back(fmt::format("{} {} {}\n", next_, text.size(), text));
  ++next_;
}

bool LineWriter::append(std::string_view text) {
  add(text);
  return flush();
}

bool LineWriter::flush() {
  if (kept_.empty()) return true;
  const int file = files_.create(path_, O_APPEND);
  if (file < 0) return false;
  std::string bytes = torn_ ? "\n" : "";
  for (const std::string& line : kept_) bytes += line;
  // In one write: what others append to the same file, an old coordinator that was thought dead, stays a line of its own.
  ssize_t written;
  do {
    written = files_.write(file, bytes.data(), bytes.size());
  } while (written < 0 && errno == EINTR);
  const bool closed = files_.close(file) == 0;
  torn_ = written != static_cast<ssize_t>(bytes.size()) || !closed;
  if (torn_) return false;
  kept_.clear();
  return true;
}

bool LineWriter::sync() {
  const int file = files_.create(path_, O_APPEND);
  if (file < 0) return false;
  const bool synced = files_.sync(file) == 0;
  return files_.close(file) == 0 && synced;
}

LineReader::LineReader(std::filesystem::path file, Source source) : path_(std::move(file)), source_(std::move(source)) {}

std::vector<std::string> LineReader::read() {
  const std::string bytes = source_(path_, offset_);
  std::vector<std::string> lines;
  std::size_t taken = 0;
  has_gap_ = false;
  for (std::size_t start = 0, end; (end = bytes.find('\n', start)) != std::string::npos; start = end + 1) {
    const auto line = parse(std::string_view(bytes).substr(start, end - start));
    if (!line || line->number < next_) continue;
    has_gap_ = line->number > next_;
    if (has_gap_) break;
    lines.emplace_back(line->text);
    ++next_;
    taken = end + 1;
  }
  offset_ += taken;
  return lines;
}

std::string LineReader::bytes_from(const std::filesystem::path& file, std::uint64_t offset) {
  std::string bytes;
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return bytes;
  char chunk[1 << 16];
  for (ssize_t n; (n = ::pread(opened, chunk, sizeof chunk, static_cast<off_t>(offset + bytes.size()))) != 0;) {
    if (n > 0) bytes.append(chunk, static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) break;
  }
  ::close(opened);
  return bytes;
}

}  // namespace latentgrid::protocol
