// Lines through a file of a shared folder: torn, late, repeated and reordered reads.
#include "protocol/line_file.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "base/error.hpp"
#include "support/faulty_file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid::protocol {
namespace {

using testing::FaultyFileSystem;
using testing::TemporaryFolder;
using Strings = std::vector<std::string>;

class LineFile : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "lines";

  void put(const std::string& bytes) { write_file(file_, bytes); }
};

// What another machine may see of the file: any prefix, with the last bytes still 0.
class LateSource {
 public:
  explicit LateSource(std::string bytes, std::uint64_t seed) : bytes_(std::move(bytes)), random_(seed) {}

  std::string operator()(const std::filesystem::path&, std::uint64_t offset) {
    std::size_t visible = bytes_.size();
    if (++looks_ < 400) visible = std::min<std::size_t>(bytes_.size(), random_() % (2 * looks_ + 1));  // a later look may see less
    if (visible <= offset) return "";
    std::string seen = bytes_.substr(offset, visible - offset);
    const std::size_t blank = looks_ < 400 ? std::min<std::size_t>(seen.size(), random_() % 5) : 0;
    std::fill(seen.end() - static_cast<std::ptrdiff_t>(blank), seen.end(), '\0');
    return seen;
  }
  bool shows_all() const { return looks_ >= 400; }

 private:
  std::string bytes_;
  std::mt19937_64 random_;
  std::size_t looks_ = 0;
};

TEST_F(LineFile, HoldsNumberLengthAndText) {
  LineWriter writer(file_);
  EXPECT_TRUE(writer.append("hello"));
  EXPECT_TRUE(writer.append(""));
  EXPECT_EQ(read_file(file_), "1 5 hello\n2 0 \n");
  EXPECT_EQ(writer.last_number(), 2);
}

TEST_F(LineFile, EveryLineIsReadOnce) {
  LineReader reader(file_);
  EXPECT_EQ(reader.read(), Strings{}) << "there is no file yet";
  LineWriter writer(file_);
  writer.append("one");
  writer.append("two");
  EXPECT_EQ(reader.read(), (Strings{"one", "two"}));
  EXPECT_EQ(reader.read(), Strings{});
  writer.append("three");
  EXPECT_EQ(reader.read(), Strings{"three"});
  EXPECT_EQ(reader.last_number(), 3);
}

TEST_F(LineFile, AnUnfinishedLineIsReadOnceItIsWhole) {
  LineReader reader(file_);
  put("1 3 one\n2 3 tw");
  EXPECT_EQ(reader.read(), Strings{"one"});
  put("1 3 one\n2 3 two\n");
  EXPECT_EQ(reader.read(), Strings{"two"});
}

TEST_F(LineFile, ATornLineIsFollowedByItselfAndReadOnce) {
  LineReader reader(file_);
  put("1 3 one\n2 3 tw\n2 3 two\n2 3 two\n3 5 three\n");
  EXPECT_EQ(reader.read(), (Strings{"one", "two", "three"}));
}

TEST_F(LineFile, BytesThatHaveNotArrivedAreZeroAndNoLine) {
  LineReader reader(file_);
  put(std::string("1 3 o\0e\n", 8));
  EXPECT_EQ(reader.read(), Strings{});
  put("1 3 one\n");
  EXPECT_EQ(reader.read(), Strings{"one"});
}

TEST_F(LineFile, AMissingLineIsWaitedFor) {
  LineReader reader(file_);
  put("2 3 two\n");
  EXPECT_EQ(reader.read(), Strings{});
  EXPECT_TRUE(reader.has_gap());
  put("2 3 two\n1 3 one\n2 3 two\n");
  EXPECT_EQ(reader.read(), Strings{}) << "one process writes the lines, in order: the first comes before what follows it";
  put("1 3 one\n2 3 two\n");
  EXPECT_EQ(reader.read(), (Strings{"one", "two"}));
  EXPECT_FALSE(reader.has_gap());
}

TEST_F(LineFile, WhateverAReaderSeesAndWhenItTakesEachLineOnceInOrder) {
  LineWriter writer(file_);
  Strings said;
  for (int i = 0; i < 60; ++i) {
    said.push_back(std::string(static_cast<std::size_t>(i % 7), 'x') + std::to_string(i));
    writer.append(said.back());
  }
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    auto source = std::make_shared<LateSource>(read_file(file_), seed);
    LineReader reader(file_, [source](const auto& file, std::uint64_t offset) { return (*source)(file, offset); });
    Strings heard;
    while (!source->shows_all()) {
      for (std::string& line : reader.read()) heard.push_back(std::move(line));
    }
    EXPECT_EQ(heard, said) << "seed " << seed;
  }
}

TEST_F(LineFile, AWriterGoesOnWhereAnotherOneStopped) {
  { LineWriter(file_).append("one"); }
  LineWriter writer(file_);
  writer.append("two");
  EXPECT_EQ(LineReader(file_).read(), (Strings{"one", "two"}));
}

TEST_F(LineFile, AWriterGoesOnBehindALineThatAKillHasTorn) {
  put("1 3 one\n2 3 tw");
  LineWriter writer(file_);
  writer.append("two");
  EXPECT_EQ(LineReader(file_).read(), (Strings{"one", "two"}));
}

// A full disk, a server that is away: whichever operation fails, nothing is lost and nothing comes twice.
TEST_F(LineFile, AWriteThatFailsIsMadeUpFor) {
  for (int failing = 1; failing <= 12; ++failing) {  // each line is an open, a write and a close
    std::filesystem::remove(file_);
    FaultyFileSystem files(folder_.path());
    LineWriter writer(file_, files);
    LineReader reader(file_);
    Strings heard;
    const auto hear = [&] {
      for (std::string& line : reader.read()) heard.push_back(std::move(line));
    };
    files.fail(failing, false);
    bool all_written = true;
    for (const char* text : {"one", "two", "three", "four"}) {
      all_written = writer.append(text) && all_written;
      hear();
    }
    EXPECT_EQ(all_written, false) << failing;
    EXPECT_TRUE(writer.flush());
    hear();
    EXPECT_EQ(heard, (Strings{"one", "two", "three", "four"})) << "operation " << failing;
    EXPECT_EQ(LineReader(file_).read(), heard);
  }
}

TEST_F(LineFile, WhileNothingCanBeWrittenLinesAreKept) {
  FaultyFileSystem files(folder_.path());
  LineWriter writer(file_, files);
  files.fail(1, true);
  EXPECT_FALSE(writer.append("one"));
  EXPECT_FALSE(writer.append("two"));
  EXPECT_FALSE(writer.flush());
  files.succeed();
  EXPECT_TRUE(writer.append("three"));
  EXPECT_EQ(LineReader(file_).read(), (Strings{"one", "two", "three"}));
}

TEST_F(LineFile, AFolderThatIsNotThereIsAnError) {
  EXPECT_THROW(LineWriter(folder_.path() / "none" / "lines"), Error);
}

}  // namespace
}  // namespace latentgrid::protocol
