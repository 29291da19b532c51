#include "data/input_stream.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.hpp"
#include "base/hinted_error.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t block_size = 1 << 18;
// RFC 1951: two bits stand for at most 258 bytes.
constexpr std::int64_t largest_ratio = 1032;

bool starts_as_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

}  // namespace

struct InputStream::Inflater {
  Inflater() {
    if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();  // 16: a gzip header
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
  bool ended = false;
};

InputStream::InputStream(const std::filesystem::path& path) : file_(path) {
  fill();
  if (starts_as_gzip(unread_)) inflater_ = std::make_unique<Inflater>();
}

InputStream::~InputStream() = default;
InputStream::InputStream(InputStream&&) noexcept = default;
InputStream& InputStream::operator=(InputStream&&) noexcept = default;

bool InputStream::fill() {
  const std::int64_t n = std::min<std::int64_t>(block_size, file_.size() - offset_);
  if (n <= 0) return false;
  block_.resize(static_cast<std::size_t>(n));
  file_.read(offset_, std::as_writable_bytes(std::span(block_)));
  offset_ += n;
  unread_ = block_;
  return true;
}

std::size_t InputStream::inflate_some(std::span<std::uint8_t> bytes) {
  z_stream& stream = inflater_->stream;
  const auto wanted = static_cast<unsigned>(std::min<std::size_t>(bytes.size(), 1 << 30));
  stream.next_out = bytes.data();
  stream.avail_out = wanted;
  while (stream.avail_out == wanted && !inflater_->ended) {
    if (unread_.empty() && !fill()) {
      throw HintedError(fmt::format("{} is cut off: its compressed data has no end", path().string()), get_it_again);
    }
    stream.next_in = const_cast<std::uint8_t*>(unread_.data());  // zlib only reads it
    stream.avail_in = static_cast<unsigned>(unread_.size());
    const int code = ::inflate(&stream, Z_NO_FLUSH);
    unread_ = unread_.last(stream.avail_in);
    if (code == Z_STREAM_END) {
      // Files may be chained; what follows otherwise, such as padding, is not part of it, as for gunzip.
      if (unread_.size() < 2 && offset_ < file_.size()) {
        offset_ -= static_cast<std::int64_t>(unread_.size());
        fill();
      }
      inflater_->ended = !starts_as_gzip(unread_);
      inflateReset(&stream);
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      throw HintedError(fmt::format("{} is damaged: {}", path().string(), stream.msg ? stream.msg : "not gzip data"),
                       get_it_again);
    }
  }
  return wanted - stream.avail_out;
}

std::size_t InputStream::read_some(std::span<std::uint8_t> bytes) {
  if (bytes.empty()) return 0;
  if (compressed()) return inflate_some(bytes);
  if (unread_.empty() && !fill()) return 0;
  const std::size_t n = std::min(bytes.size(), unread_.size());
  std::memcpy(bytes.data(), unread_.data(), n);
  unread_ = unread_.subspan(n);
  return n;
}

void InputStream::read(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const std::size_t n = read_some(bytes);
    if (n == 0) {
      throw HintedError(fmt::format("{} is cut off or damaged: it ends too early", path().string()), get_it_again);
    }
    bytes = bytes.subspan(n);
  }
}

void InputStream::skip(std::int64_t bytes) {
  if (!compressed() && bytes > static_cast<std::int64_t>(unread_.size())) {
    offset_ += bytes - static_cast<std::int64_t>(unread_.size());  // beyond the end: the next read says so
    unread_ = {};
    return;
  }
  std::array<std::uint8_t, 1 << 14> scratch;
  while (bytes > 0) {
    auto n = std::min<std::int64_t>(bytes, scratch.size());
    read(std::span(scratch).first(static_cast<std::size_t>(n)));
    bytes -= n;
  }
}

std::strong_ordering InputStream::size_against(std::int64_t bytes) const {
  if (!compressed()) return file_.size() <=> bytes;
  if (bytes / largest_ratio > file_.size()) return std::strong_ordering::less;
  std::array<std::uint8_t, 4> end{};
  if (file_.size() >= 4) file_.read(file_.size() - 4, std::as_writable_bytes(std::span(end)));
  const std::int64_t length = end[0] | end[1] << 8 | end[2] << 16 | std::int64_t{end[3]} << 24;
  if (bytes >> 32 == 0 && length == bytes) return std::strong_ordering::equal;  // the length is known modulo 2^32 only
  InputStream counted(path());
  std::vector<std::uint8_t> scratch(block_size);
  std::int64_t left = bytes;
  while (left >= 0) {
    const std::size_t n = counted.read_some(scratch);
    if (n == 0) break;
    left -= static_cast<std::int64_t>(n);
  }
  return 0 <=> left;
}

}  // namespace latentgrid
