#include "store/npy.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/input_file.hpp"
#include "base/file_system.hpp"
#include "support/temporary_folder.hpp"

using namespace latentgrid;
using latentgrid::testing::TemporaryFolder;

namespace {

NpyHeader header_of(const std::filesystem::path& path) {
  const InputFile file(path);
  return read_npy_header(path, file.size(), [&](std::int64_t offset, std::span<std::byte> bytes) { file.read(offset, bytes); });
}

// What numpy 1.24's np.save writes for
// np.array([[1, 2, 3], [4, 5, 6.5]], '<f4'), np.asfortranarray(np.array([[1, 2, 3], [4, 5, 6]], 'u1')), np.array([7, -8], '<i8').
constexpr const char* floats_hex =
    "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c202773686170"
    "65273a2028322c2033292c207d20202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    "2020202020202020202020202020200a0000803f0000004000004040000080400000a0400000d040";
constexpr const char* fortran_hex =
    "934e554d5059010076007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a20547275652c20277368617065"
    "273a2028322c2033292c207d2020202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    "2020202020202020202020202020200a010402050306";
constexpr const char* longs_hex =
    "934e554d5059010076007b276465736372273a20273c6938272c2027666f727472616e5f6f72646572273a2046616c73652c202773686170"
    "65273a2028322c292c207d202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
    "2020202020202020202020202020200a0700000000000000f8ffffffffffffff";

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

std::string error_of(const std::filesystem::path& path) {
  try {
    NpyFile file(path);
    file.floats();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Npy, WritesTheBytesThatNumpyWrites) {
  TemporaryFolder folder;
  std::vector<float> floats{1, 2, 3, 4, 5, 6.5};
  write_npy(folder / "a.npy", std::span<const float>(floats), {2, 3});
  EXPECT_EQ(read_file(folder / "a.npy"), bytes_of(floats_hex));
  std::vector<std::int64_t> longs{7, -8};
  write_npy(folder / "b.npy", std::span<const std::int64_t>(longs), {2});
  EXPECT_EQ(read_file(folder / "b.npy"), bytes_of(longs_hex));
}

TEST(Npy, ReadsWhatNumpyWrites) {
  TemporaryFolder folder;
  write_file_atomically(folder / "a.npy", bytes_of(floats_hex));
  NpyFile file(folder / "a.npy");
  EXPECT_EQ(file.header().shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(file.floats()[5], 6.5f);
  write_file_atomically(folder / "f.npy", bytes_of(fortran_hex));
  NpyHeader header = header_of(folder / "f.npy");
  EXPECT_TRUE(header.fortran_order);
  EXPECT_EQ(header.dtype, "|u1");
  write_file_atomically(folder / "l.npy", bytes_of(longs_hex));
  const NpyFile longs(folder / "l.npy");
  EXPECT_EQ((std::vector<std::int64_t>(longs.int64s().begin(), longs.int64s().end())), (std::vector<std::int64_t>{7, -8}));
}

TEST(Npy, SaysWhatIsWrongWithAFile) {
  TemporaryFolder folder;
  std::string path = (folder / "a.npy").string(), prefix = path + " is not an .npy file that can be read: ";
  std::string good = bytes_of(floats_hex);
  write_file_atomically(path, "hello, world");
  EXPECT_EQ(error_of(path), prefix + "it doesn't start with \\x93NUMPY");
  write_file_atomically(path, good.substr(0, 40));
  EXPECT_EQ(error_of(path), prefix + "it is cut off in its header");
  write_file_atomically(path, good.substr(0, good.size() - 4));
  EXPECT_EQ(error_of(path), prefix + "its header promises 24 bytes of data (shape 2×3, <f4), the file holds 20");
  write_file_atomically(path, bytes_of(longs_hex));
  EXPECT_EQ(error_of(path), path + ": expected dtype <f4 in C order, found <i8");
}

TEST(Npy, AHeaderEndsWhereItsLengthSays) {
  TemporaryFolder folder;
  const std::string path = (folder / "a.npy").string(), good = bytes_of(longs_hex);
  auto with_last = [&](const std::string& last) {
    std::string bytes = good;
    bytes.replace(127, 1, last);
    write_file_atomically(path, bytes);
    return error_of(path);
  };
  const std::string carriage_return = path + " is not an .npy file that can be read: its header ends in a carriage return, so it was copied, "
                                             "sent or written as text, which changes its data";
  EXPECT_EQ(with_last("\r"), carriage_return);
  EXPECT_EQ(with_last("\r\n"), carriage_return);
  EXPECT_EQ(with_last("x"), path + " is not an .npy file that can be read: its header does not end where its length says");
  EXPECT_EQ(with_last(" "), path + ": expected dtype <f4 in C order, found <i8") << "some programs leave the line feed out";
}

TEST(Npy, AHeaderIsReadWhateverItsElementsAre) {
  TemporaryFolder folder;
  const std::string good = bytes_of(longs_hex);
  auto dtype_of = [&](const std::string& written) {
    std::string bytes = good;
    bytes.replace(bytes.find("'<i8'"), 5, written);
    bytes[8] = static_cast<char>(bytes[8] + written.size() - 5);
    write_file_atomically(folder / "a.npy", bytes);
    return header_of(folder / "a.npy").dtype;
  };
  for (const char* text : {"'<i8'", "\"<i8\"", "u'<i8'", "'=i8'", "'i8'", "'int64'"}) EXPECT_EQ(dtype_of(text), "<i8") << text;
  EXPECT_EQ(dtype_of("'>i8'"), ">i8");
  EXPECT_EQ(dtype_of("'|O'"), "|O");
  EXPECT_EQ(dtype_of("'<U12'"), "<U12");
  EXPECT_EQ(dtype_of("[('x', '<f4'), ('y', '<i8', [2])]"), "[('x', '<f4'), ('y', '<i8', [2])]");
  EXPECT_THROW(NpyFile{folder / "a.npy"}, Error);
}

TEST(Npy, AHeaderLongerThanTheFileTakesNoMemory) {
  TemporaryFolder folder;
  std::string bytes = bytes_of(longs_hex);
  bytes[6] = 2;  // a version whose length has four bytes
  bytes.replace(8, 4, "\xff\xff\xff\x7f");
  write_file_atomically(folder / "a.npy", bytes);
  EXPECT_THROW(header_of(folder / "a.npy"), Error);
}

TEST(Npy, RefusesDataThatDoesNotFillTheShape) {
  TemporaryFolder folder;
  std::vector<float> floats(5);
  EXPECT_THROW(write_npy(folder / "a.npy", std::span<const float>(floats), {2, 3}), Error);
}
