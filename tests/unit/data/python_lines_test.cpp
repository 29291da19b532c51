// The lines of Python that hints give do what they promise.
#include <cstring>

#include "support/command.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

using V = std::vector<std::int64_t>;

constexpr const char* python = "/usr/bin/python3";

class PythonLinesTest : public DataTest {
 protected:
  static bool has(const std::string& modules) {
    return testing::run_command({python, "-c", "import " + modules}, {}).exit_code == 0;
  }

  // A refusal's line is run with those of the others, and `check` gets the file that it made.
  void expect(const std::string& refusal, std::function<void(const std::filesystem::path&)> check) {
    const std::size_t begin = refusal.find("python3 -c \""), end = refusal.find('"', begin + 12),
                      use = refusal.find("then use ");
    ASSERT_TRUE(begin != std::string::npos && end != std::string::npos && use != std::string::npos) << refusal;
    const std::string name = refusal.substr(use + 9, refusal.find(' ', use + 9) - use - 9);
    script_ += refusal.substr(begin, end + 1 - begin) + "\n";
    checks_.push_back([this, check, name, refusal] {
      SCOPED_TRACE(refusal);
      check(path(name));
    });
  }
  void expect_labels(const std::filesystem::path& file, const V& labels) {
    expect(message_of([&] { labels_in(file); }),
           [labels](const auto& made) { EXPECT_EQ(labels_in(made), labels); });
  }
  void expect_indices(const std::filesystem::path& file, const V& indices) {
    expect(message_of([&] { read_index_file(file, 4); }),
           [indices](const auto& made) { EXPECT_EQ(read_index_file(made, 4), indices); });
  }
  void expect_pixels(const std::filesystem::path& file, const ImageShape& shape, const V& first_pixels) {
    expect_pixels_of(message_of([&] { open_images_of(file); }), shape, first_pixels);
  }
  // The second line of the hint.
  void expect_overruled(const std::filesystem::path& file, const ImageShape& shape, const V& first_pixels) {
    const std::string refusal = message_of([&] { open_images_of(file); });
    expect_pixels_of(refusal.substr(refusal.find("; if these are ")), shape, first_pixels);
  }
  void expect_pixels_of(const std::string& refusal, const ImageShape& shape, const V& first_pixels) {
    expect(refusal, [shape, first_pixels](const auto& made) {
      auto images = open_images_of(made);
      EXPECT_EQ(images->shape(), shape);
      V pixels;
      for (std::int64_t i = 0; i < images->count(); ++i) {
        pixels.push_back(images->image(i)[0]);
      }
      EXPECT_EQ(pixels, first_pixels);
    });
  }
  void run_all() {
    // The shell takes the lines apart, and one Python runs them all: each would import numpy anew.
    const std::string lines = "cd '" + folder_.string() + "'\npython3() { printf '%s\\n' \"$2\" >> lines.py; }\n" +
                              script_ + python + " lines.py\n";
    const testing::CommandResult result =
        testing::run_command({"/bin/sh", "-c", lines}, {{"OPENBLAS_NUM_THREADS", "1"}});
    ASSERT_EQ(result.exit_code, 0) << script_ << result.err;
    for (const auto& check : checks_) check();
  }

  template <typename T>
  std::filesystem::path write_array(const std::string& name, const std::string& dtype, const std::string& shape,
                                    const std::vector<T>& values) const {
    return write_raw_npy(name, dtype, false, shape,
                         {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
  }

 private:
  std::string script_;
  std::vector<std::function<void()>> checks_;
};

TEST_F(PythonLinesTest, MakeLabels) {
  if (!has("numpy")) GTEST_SKIP() << "python3-numpy is not installed";
  expect_labels(write("negative.idx", idx_bytes(0x0B, {3}, std::string("\xff\x00\x00\x02\xff\xff", 6))), {-1, 2, -1});
  expect_labels(write_gz("onehot.gz", idx_bytes(0x08, {2, 3}, std::string("\0\0\1\0\1\0", 6))), {2, 1});
  expect_labels(write_array<double>("nan.npy", "<f8", "2,", {std::nan(""), 3}), {-1, 3});
  expect_labels(write_array<std::uint64_t>("unsigned.npy", "<u8", "2,", {18446744073709551615u, 3}), {-1, 3});
  expect_labels(write_raw_npy("strings.npy", "|S1", false, "3,", "bab"), {1, 0, 1});
  expect_labels(write_npy_header("records.npy",
                                 "{'descr': [('id', '|u1'), ('label', '|u1')], 'fortran_order': False, 'shape': (2,)}",
                                 "\1\2\3\4"),
                {2, 4});
  expect_indices(write_array<float>("mask.npy", "<f4", "4,", {0, 1, 1, 0}), {1, 2});
  expect_indices(write("mask.idx", idx_bytes(0x08, {4}, std::string("\0\1\1\0", 4))), {1, 2});
  run_all();
}

TEST_F(PythonLinesTest, MakeImages) {
  if (!has("numpy")) GTEST_SKIP() << "python3-numpy is not installed";
  expect_pixels(write_raw_npy("first.npy", "|u1", false, "1, 3, 5, 5", counting(75)), {5, 5, 3}, {0});
  expect_overruled(write_raw_npy("narrow.npy", "|u1", false, "2, 3, 5, 5", counting(150)), {5, 3, 5}, {0, 75});
  expect_overruled(write_raw_npy("gray.npy", "|u1", false, "2, 8, 3", counting(48)), {8, 3, 1}, {0, 24});
  expect_overruled(write_raw_npy("parted.npy", "|u1", false, "5, 5, 1, 6", counting(150)), {5, 1, 6}, {0});
  expect_pixels(write_gz("packed.gz", idx_bytes(0x08, {2, 1, 5, 5}, counting(50))), {5, 5, 1}, {0, 25});
  expect_pixels(write("flat.idx", idx_bytes(0x08, {2, 4}, counting(8))), {2, 2, 1}, {0, 4});
  expect_pixels(write("label_first.csv", "label,a,b,c,d\n1,20,3,4,5\n2,30,1,2,3\n"), {2, 2, 1}, {20, 30});
  expect_pixels(write("label_last.csv", "a;b;c;d;class\n20;3;4;5;1\n30;1;2;3;2\n"), {2, 2, 1}, {20, 30});
  expect_pixels(write("plain.txt", "20 3 4 5\n30 1 2 3\n"), {2, 2, 1}, {20, 30});
  run_all();
}

}  // namespace
}  // namespace latentgrid
