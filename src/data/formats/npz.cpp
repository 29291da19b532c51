// numpy's .npz: a zip archive in which each member is an .npy file, stored or deflated.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <minizip/unzip.h>

#include <algorithm>
#include <exception>
#include <limits>

#include "base/hinted_error.hpp"
#include "data/formats.hpp"
#include "data/input_stream.hpp"

namespace latentgrid {

namespace {

bool is_npz(const FoundFile& found) {
  return found.content.kind == FileKind::npz;
}

// minizip reads through InputFile, which notices that the file changed. No exception may cross minizip's own frames.
struct ZipInput {
  InputFile file;
  std::int64_t at = 0;
  std::exception_ptr failure = nullptr;
};

voidpf open_zip_input(voidpf opaque, const void*, int) {
  return opaque;
}
uLong write_zip_input(voidpf, voidpf, const void*, uLong) {
  return 0;
}
int close_zip_input(voidpf, voidpf) {
  return 0;
}
ZPOS64_T tell_zip_input(voidpf, voidpf stream) {
  return static_cast<ZPOS64_T>(static_cast<ZipInput*>(stream)->at);
}
int failed_zip_input(voidpf, voidpf stream) {
  return static_cast<ZipInput*>(stream)->failure != nullptr;
}

long seek_zip_input(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  auto& input = *static_cast<ZipInput*>(stream);
  const std::int64_t from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? input.at
                            : origin == ZLIB_FILEFUNC_SEEK_END ? input.file.size()
                                                               : 0;
  const std::int64_t to = from + static_cast<std::int64_t>(offset);
  if (to < 0 || to > input.file.size()) return -1;
  input.at = to;
  return 0;
}

uLong read_zip_input(voidpf, voidpf stream, void* buffer, uLong size) {
  auto& input = *static_cast<ZipInput*>(stream);
  const auto n =
      static_cast<uLong>(std::min<std::int64_t>(static_cast<std::int64_t>(size), input.file.size() - input.at));
  try {
    input.file.read(input.at, {static_cast<std::byte*>(buffer), n});
  } catch (...) {
    input.failure = std::current_exception();
    return 0;
  }
  input.at += static_cast<std::int64_t>(n);
  return n;
}

// One member, read forward.
class ZipMember {
 public:
  ZipMember(const FoundFile& found, std::string member)
      : input_{InputFile(found.input.file)}, name_(found.name), member_(std::move(member)) {
    zlib_filefunc64_def functions{open_zip_input, read_zip_input,  write_zip_input,  tell_zip_input,
                                  seek_zip_input, close_zip_input, failed_zip_input, &input_};
    archive_.reset(unzOpen2_64(found.input.file.c_str(), &functions));
    if (!archive_) fail("its list of contents cannot be read");
    open();
  }

  std::int64_t size() const { return size_; }

  void read(std::int64_t offset, std::span<std::byte> bytes) {
    if (offset < at_) open();
    std::vector<std::byte> passed_over(static_cast<std::size_t>(std::min<std::int64_t>(offset - at_, 1 << 18)));
    while (at_ < offset) {
      fill(std::span(passed_over).first(static_cast<std::size_t>(std::min(offset - at_, std::ssize(passed_over)))));
    }
    fill(bytes);
    // Closing a member that was read to its end compares its checksum.
    if (at_ == size_ && unzCloseCurrentFile(archive_.get()) == UNZ_CRCERROR) fail("its checksum is wrong");
  }

 private:
  void open() {
    unz_file_info64 info{};
    if (unzLocateFile(archive_.get(), (member_ + ".npy").c_str(), 1) != UNZ_OK ||
        unzGetCurrentFileInfo64(archive_.get(), &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK ||
        unzOpenCurrentFile(archive_.get()) != UNZ_OK) {
      fail("it cannot be opened");
    }
    size_ = static_cast<std::int64_t>(info.uncompressed_size);
    at_ = 0;
  }

  void fill(std::span<std::byte> bytes) {
    while (!bytes.empty()) {
      const auto wanted = static_cast<unsigned>(std::min<std::size_t>(bytes.size(), 1 << 30));
      const int n = unzReadCurrentFile(archive_.get(), bytes.data(), wanted);
      if (n <= 0) fail("its compressed data has no end");
      bytes = bytes.subspan(static_cast<std::size_t>(n));
      at_ += n;
    }
  }

  [[noreturn]] void fail(const char* what) {
    if (input_.failure) std::rethrow_exception(input_.failure);
    throw HintedError(fmt::format("{} is damaged: {}", name_.string(), what), get_it_again);
  }

  ZipInput input_;
  std::filesystem::path name_;
  std::string member_;
  std::unique_ptr<void, int (*)(unzFile)> archive_{nullptr, unzClose};
  std::int64_t size_ = 0, at_ = 0;
};

std::string chosen_member(const FoundFile& found, FileRole role) {
  const std::vector<std::string>& names = found.content.names;
  if (found.input.member.empty()) {
    if (names.size() == 1) return names[0];
    throw HintedError(
        fmt::format("{} holds the arrays {}", found.name.string(), fmt::join(names, ", ")),
        fmt::format("say which one is meant: {}:{}", found.name.filename().string(), likely_name(names, role)));
  }
  if (std::find(names.begin(), names.end(), found.input.member) != names.end()) return found.input.member;
  throw HintedError(fmt::format("{} has no array '{}'", found.input.file.string(), found.input.member),
                    fmt::format("its arrays are {}", fmt::join(names, ", ")));
}

ArrayInput array_of_npz(const FoundFile& found, FileRole role) {
  const std::string member = chosen_member(found, role);
  auto bytes = std::make_shared<ZipMember>(found, member);
  ArrayFile file{found.name, fmt::format("np.load({{in}})['{}']", member), "", found.input.file};
  return npy_array(std::move(file), bytes->size(),
                   [bytes](std::int64_t offset, std::span<std::byte> to) { bytes->read(offset, to); });
}

}  // namespace

extern const Format npz_format{.name = ".npz", .reads = is_npz, .array = array_of_npz};

}  // namespace latentgrid
