#include "data/input_stream.hpp"

#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class InputStreamTest : public DataTest {
 protected:
  static std::string all(InputStream& stream) {
    std::string text;
    std::vector<std::uint8_t> block(1000);
    while (const std::size_t n = stream.read_some(block)) text.append(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(n));
    return text;
  }
};

TEST_F(InputStreamTest, PlainAndCompressedFilesGiveTheSameBytes) {
  const std::string bytes = noise(700'000);
  for (const auto& path : {write("plain", bytes), write_gz("packed", bytes)}) {
    InputStream stream(path);
    EXPECT_EQ(stream.compressed(), path.filename() == "packed");
    EXPECT_EQ(all(stream), bytes);
    InputStream parts(path);
    std::vector<std::uint8_t> ten(10);
    parts.skip(300'000);
    parts.read(ten);
    EXPECT_EQ(as_text(ten), bytes.substr(300'000, 10));
    parts.skip(1);
    parts.read(ten);
    EXPECT_EQ(as_text(ten), bytes.substr(300'011, 10));
  }
}

TEST_F(InputStreamTest, ChainedGzipFilesAreOneAndPaddingIsIgnored) {
  write_gz("a", "one");
  write_gz("b", "two");
  auto text = [&](const std::string& name) {
    std::ifstream file(path(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  InputStream chained(write("ab", text("a") + text("b") + std::string(100, '\0')));
  EXPECT_EQ(all(chained), "onetwo");
}

TEST_F(InputStreamTest, DamageIsAnErrorThatNamesTheFile) {
  auto reading = [&](const std::filesystem::path& file) {
    return message_of([&] {
      InputStream stream(file);
      all(stream);
    });
  };
  const auto packed = write_gz("packed", noise(5000));
  std::fstream(packed, std::ios::binary | std::ios::in | std::ios::out).seekp(2000) << std::string(100, '\xff');
  EXPECT_EQ(reading(packed), "packed is damaged: incorrect data check\n  hint: copy or download the file again, in binary mode");
  std::filesystem::resize_file(packed, 1000);
  EXPECT_EQ(reading(packed), "packed is cut off: its compressed data has no end\n  hint: copy or download the file again, in binary mode");
}

TEST_F(InputStreamTest, WhatAFileHoldsIsKnownWithoutTakingMemoryForIt) {
  const InputStream plain(write("plain", "12345"));
  EXPECT_TRUE(plain.size_against(5) == 0);
  EXPECT_TRUE(plain.size_against(4) > 0);
  EXPECT_TRUE(plain.size_against(6) < 0);
  const InputStream packed(write_gz("packed", noise(5000)));
  EXPECT_TRUE(packed.size_against(5000) == 0);
  EXPECT_TRUE(packed.size_against(4999) > 0);
  EXPECT_TRUE(packed.size_against(5001) < 0);
  EXPECT_TRUE(packed.size_against(5000 + (std::int64_t{1} << 32)) < 0) << "the length at a gzip file's end is known modulo 2^32";
  EXPECT_TRUE(packed.size_against(std::int64_t{1} << 60) < 0);
}

}  // namespace
}  // namespace latentgrid
