#include "data/label_file.hpp"

#include <cstring>

#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

using V = std::vector<std::int64_t>;

class LabelFileTest : public DataTest {
 protected:
  template <typename T>
  static std::string bytes_of(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
  }
  template <typename T>
  std::filesystem::path write_array(const std::string& name, const std::string& dtype, const std::vector<T>& values) const {
    return write_raw_npy(name, dtype, false, std::to_string(values.size()) + ",", bytes_of(values));
  }
  std::string reading_labels(const std::filesystem::path& file) const {
    return message_of([&] { labels_in(file); });
  }
};

std::string least_bytes_first(std::int64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 255);
  return text;
}

TEST_F(LabelFileTest, EveryIntegerTypeIsRead) {
  for (const char* dtype : {"|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", ">u2", ">i2", ">u4", ">i4", ">u8", ">i8"}) {
    const int bytes = dtype[2] - '0';
    const std::int64_t second = dtype[1] == 'i' ? -1 : 100;
    std::string first_bytes = least_bytes_first(7, bytes), second_bytes = least_bytes_first(second, bytes);
    if (dtype[0] == '>') {
      std::reverse(first_bytes.begin(), first_bytes.end());
      std::reverse(second_bytes.begin(), second_bytes.end());
    }
    EXPECT_EQ(labels_in(write_raw_npy("y.npy", dtype, false, "2,", first_bytes + second_bytes)), (V{7, second})) << dtype;
  }
  EXPECT_EQ(labels_in(write_raw_npy("y.npy", "|u1", true, "3, 1", "\1\2\3")), (V{1, 2, 3}));
  EXPECT_EQ(labels_in(write_array<char>("y.npy", "|b1", {1, 0, 1})), (V{1, 0, 1}));
  EXPECT_EQ(labels_in(write_gz("y.gz", idx_bytes(0x08, {3}, "\1\2\3"))), (V{1, 2, 3}));
  EXPECT_EQ(labels_in(write("y", idx_bytes(0x0C, {1}, "\xff\xff\xff\xff"))), (V{-1}));
  EXPECT_EQ(labels_in(write("y", idx_bytes(0x0B, {1}, "\xff\xff"))), (V{-1}));
  EXPECT_EQ(labels_in(write("y", idx_bytes(0x09, {1}, "\xff"))), (V{-1}));
}

TEST_F(LabelFileTest, EverySpellingThatNumpyReadsIsRead) {
  for (const char* dtype : {"<i8", "=i8", "i8", "int64", "int", "l", "q"}) {
    EXPECT_EQ(labels_in(write_array<std::int64_t>("y.npy", dtype, {3, -1})), (V{3, -1})) << dtype;
  }
  for (const char* dtype : {"<u1", "=u1", ">u1", "u1", "uint8", "B"}) {
    EXPECT_EQ(labels_in(write_raw_npy("y.npy", dtype, false, "2,", "\3\1")), (V{3, 1})) << dtype;
  }
  for (const char* dtype : {"?", "bool", "<b1"}) {
    EXPECT_EQ(labels_in(write_raw_npy("y.npy", dtype, false, "2,", "\1\1")), (V{1, 1})) << dtype;
  }
  EXPECT_EQ(labels_in(write_raw_npy("y.npy", "|u1", false, "2L,", "\3\1")), (V{3, 1}));
  EXPECT_EQ(labels_in(write_npy_header("y.npy", "{\"descr\": \"<u1\", \"fortran_order\": False, \"shape\": (2,)}", "\3\1")),
            (V{3, 1}));
  EXPECT_EQ(labels_in(write_npy_header("y.npy", "{'shape':(2,),\t'fortran_order':False,'descr':u'|u1'}", "\3\1")),
            (V{3, 1}));
}

TEST_F(LabelFileTest, LabelsMayBeFloatsThatAreWholeNumbers) {
  EXPECT_EQ(labels_in(write_array<double>("y.npy", "<f8", {3, -1, 0, 9007199254740992.0})), (V{3, -1, 0, 9007199254740992}));
  EXPECT_EQ(labels_in(write_array<float>("y.npy", "<f4", {3, -1})), (V{3, -1}));
  EXPECT_EQ(labels_in(write_array<std::uint16_t>("y.npy", "<f2", {0x4200, 0xbc00, 0x0000})), (V{3, -1, 0}));
  EXPECT_EQ(labels_in(write("y", idx_bytes(0x0D, {1}, std::string("\x40\x40\0\0", 4)))), (V{3}));
  const std::string whole = "; labels are whole numbers";
  EXPECT_EQ(reading_labels(write_array<double>("y.npy", "<f8", {3, 0.25})),
            "y.npy: value 1 is 0.25" + whole +
                "\n  hint: if these are probabilities of the second of two classes, run this, then use y_int.npy instead: python3 -c \"import numpy as np; "
                "np.save('y_int.npy', (np.load('y.npy') > 0.5).astype('int64'))\"");
  EXPECT_EQ(reading_labels(write_array<float>("y.npy", "<f4", {3, std::nanf("")})),
            "y.npy: value 1 is NaN" + whole +
                ", and -1 is 'no label'\n  hint: if NaN means 'no label', run this, then use y_int.npy instead: python3 -c \"import numpy as np; "
                "np.save('y_int.npy', np.nan_to_num(np.load('y.npy'), nan=-1))\"");
  for (double value : {1e300, 9223372036854775808.0, static_cast<double>(INFINITY)}) {
    EXPECT_EQ(reading_labels(write_array<double>("y.npy", "<f8", {value})),
              fmt::format("y.npy: value 0 is {}; labels go up to 9223372036854775807\n  hint: if each number is a class, run this, "
                          "then use y_int.npy instead: python3 -c \"import numpy as np; np.save('y_int.npy', np.unique(np.load('y.npy'), return_inverse=True)[1])\"",
                          value));
  }
}

TEST_F(LabelFileTest, NumbersThatAreNoLabelsAreErrors) {
  const std::string renumber =
      "if each number is a class, run this, then use y_int.npy instead: python3 -c \"import numpy as np; np.save('y_int.npy', np.unique(np.load('y.npy'), "
      "return_inverse=True)[1])\"";
  EXPECT_EQ(reading_labels(write_array<std::int64_t>("y.npy", "<i8", {3, -1, -5, -2})),
            "y.npy: value 2 is -5; labels are 0 or more, and -1 is 'no label'\n  hint: if negative numbers mean 'no label', run this, then use "
            "y_int.npy instead: python3 -c \"import numpy as np; np.save('y_int.npy', np.maximum(np.load('y.npy'), -1))\"; "
            "if each number is a class, run this, then use y_classes.npy instead: python3 -c \"import numpy as np; "
            "np.save('y_classes.npy', np.unique(np.load('y.npy'), return_inverse=True)[1])\"");
  EXPECT_EQ(reading_labels(write_array<std::uint64_t>("y.npy", "<u8", {3, 9223372036854775808u})),
            "y.npy: value 1 is 9223372036854775808; labels go up to 9223372036854775807\n  hint: " + renumber);
  EXPECT_EQ(reading_labels(write_array<std::uint64_t>("y.npy", "<u8", {18446744073709551615u})),
            "y.npy: value 0 is 18446744073709551615, which is -1 as an unsigned number\n  hint: if it means 'no label', run this, then use "
            "y_int.npy instead: python3 -c \"import numpy as np; np.save('y_int.npy', np.load('y.npy').astype('int64'))\"");
  EXPECT_EQ(reading_labels(write("y.idx", idx_bytes(0x09, {1}, "\xfb"))).substr(0, 226),
            "y.idx: value 0 is -5; labels are 0 or more, and -1 is 'no label'\n  hint: if negative numbers mean 'no label', run this, then use "
            "y_int.npy instead: python3 -c \"import numpy as np; np.save('y_int.npy', np.maximum(np.frombuffer(");
  EXPECT_EQ(labels_in(write_array<std::uint64_t>("y.npy", "<u8", {9223372036854775807u})), (V{9223372036854775807}));
}

TEST_F(LabelFileTest, ABooleanArrayOfAllImagesIsAMask) {
  const auto mask = write_array<char>("mask.npy", "|b1", {1, 0, 0, 1, 1});
  EXPECT_EQ(read_index_file(mask, 5), (V{0, 3, 4}));
  EXPECT_EQ(message_of([&] { read_index_file(mask, 6); }),
            "mask.npy is a mask of 5 booleans, but there are 6 images\n"
            "  hint: a mask has one value for each image of all image files, in order; a list of image numbers may be shorter");
  EXPECT_EQ(message_of([&] { read_index_file(write_raw_npy("m.npy", "|u1", false, "4,", std::string("\1\0\1\1", 4)), 4); }),
            "m.npy holds 4 values that are all 0 or 1; as numbers of images they name only the first two images\n"
            "  hint: a mask must be saved as booleans: run this, then use m_mask.npy instead: python3 -c \"import numpy as np; np.save('m_mask.npy', np.load('m.npy').astype(bool))\"");
}

TEST_F(LabelFileTest, IndicesAreNumbersOfImages) {
  EXPECT_EQ(message_of([&] { read_index_file(write_raw_npy("i.npy", "|u1", false, "2, 2", "abcd"), 5); }),
            "i.npy: indices of images are a list (shape N), not an array of shape 2×2\n"
            "  hint: an array like this may be the images: name the file that lists the image numbers");
  EXPECT_EQ(read_index_file(write_array<std::int64_t>("i.npy", "<i8", {4, 0, 4}), 5), (V{4, 0, 4}));
  EXPECT_EQ(read_index_file(write_array<std::int64_t>("i.npy", "<i8", {0, 1}), 5), (V{0, 1}));
  for (std::int64_t index : {-1, 5}) {
    EXPECT_EQ(message_of([&] { read_index_file(write_array<std::int64_t>("i.npy", "<i8", {2, index}), 5); }),
              fmt::format("i.npy names image {}, but there are only 5 images\n  hint: images are numbered from 0 to 4", index));
  }
  EXPECT_EQ(message_of([&] { read_index_file(write_array<double>("i.npy", "<f8", {2}), 5); }),
            "i.npy holds float64; indices of images are integers, or booleans\n"
            "  hint: run this, then use i_int.npy instead: python3 -c \"import numpy as np; np.save('i_int.npy', np.load('i.npy').astype('int64'))\"");
  EXPECT_EQ(message_of([&] { read_index_file(write_array<double>("i.npy", "<f8", {0, 1, 1}), 5); }),
            "i.npy holds float64; indices of images are integers, or booleans\n"
            "  hint: if this is a mask, run this, then use i_mask.npy instead: python3 -c \"import numpy as np; np.save('i_mask.npy', "
            "np.load('i.npy').astype(bool))\"");
}

TEST_F(LabelFileTest, WhatIsNoListIsAnErrorWithItsRemedy) {
  EXPECT_EQ(reading_labels(write_raw_npy("y.npy", "|u1", false, "2, 2", "abcd")),
            "y.npy: labels are a list (shape N), not an array of shape 2×2\n"
            "  hint: if each row has a 1 at its class (one-hot), or a probability for each class, run this, then use y_int.npy instead: python3 -c \"import numpy as np; "
            "np.save('y_int.npy', np.load('y.npy').argmax(1))\"");
  EXPECT_EQ(reading_labels(write_raw_npy("y.npy", "|u1", false, "1, 2", "ab")),
            "y.npy: labels are a list (shape N), not an array of shape 1×2\n"
            "  hint: run this, then use y_list.npy instead: python3 -c \"import numpy as np; np.save('y_list.npy', np.load('y.npy').ravel())\"");
  EXPECT_EQ(reading_labels(write("y", idx_bytes(0x08, {2, 2, 2}, counting(8)))),
            "y: labels are a list (shape N), not an array of shape 2×2×2\n"
            "  hint: an array like this may be the images: name the file of the labels");
  EXPECT_EQ(reading_labels(write_raw_npy("y.npy", "<i8", false, "", std::string(8, '\0'))),
            "y.npy: labels are a list (shape N), not an array of shape ()\n"
            "  hint: np.save was given one number: save the whole array");
  EXPECT_EQ(reading_labels(write_raw_npy("y.npy", "<U3", false, "2,", std::string(24, 'a'))),
            "y.npy holds strings; labels are whole numbers\n"
            "  hint: run this, then use y_int.npy instead: python3 -c \"import numpy as np; np.save('y_int.npy', "
            "np.unique(np.load('y.npy'), return_inverse=True)[1]); print(np.unique(np.load('y.npy')).astype(str).tolist())\"; "
            "this numbers the classes in alphabetical order and prints them: list class_names in this order");
  EXPECT_EQ(reading_labels(write_raw_npy("y.npy", "|O", false, "2,", "pickled")),
            "y.npy holds Python objects (a pickle inside an .npy file), not numbers\n"
            "  hint: if you trust the file (a pickle can run programs), run this, then use y_list.npy instead: python3 -c \"import numpy as np; "
            "np.save('y_list.npy', np.array(np.load('y.npy', allow_pickle=True).tolist()))\"");
}

TEST_F(LabelFileTest, AHeaderThatPromisesMoreThanThereIsIsNotBelieved) {
  EXPECT_EQ(reading_labels(write_raw_npy("y.npy", "<i8", false, "3000000000,", std::string(16, '\0'))),
            "y.npy is cut off, or its header is damaged: the header promises 3000000000 values of 8 bytes, and the file has 16 of "
            "24000000000 bytes\n  hint: copy or download the file again, in binary mode");
  EXPECT_EQ(reading_labels(write_gz("y.gz", idx_bytes(0x08, {4000000000u}, "\1\2\3"))),
            "y.gz is cut off, or its header is damaged: the header promises 4000000000 values, and the file has fewer\n"
            "  hint: copy or download the file again, in binary mode");
}

TEST_F(LabelFileTest, BytesBehindTheLastValueAreAnError) {
  const std::string one = least_bytes_first(3, 8);
  EXPECT_EQ(reading_labels(write_raw_npy("y.npy", "<i8", false, "1,", one + "ab")),
            "y.npy holds 2 bytes more than its header promises\n  hint: copy or download the file again, in binary mode; if it was "
            "written like this and its header is right, run this, then use y_values.npy instead: "
            "python3 -c \"import numpy as np; np.save('y_values.npy', np.load('y.npy'))\"");
  const auto first = write_raw_npy("y.npy", "<i8", false, "1,", one);
  std::ifstream file(first, std::ios::binary);
  const std::string array{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(reading_labels(write("y.npy", array + array)),
            "y.npy holds 136 bytes more than its header promises: another array follows the first\n  hint: save each array to a file of "
            "its own; if the first is meant, run this, then use y_first.npy instead: python3 -c \"import numpy as np; np.save('y_first.npy', np.load('y.npy'))\"");
  EXPECT_EQ(message_of([&] { read_index_file(write_raw_npy("i.npy", "|b1", false, "2,", std::string("\1\0\1", 3)), 2); }).substr(0, 48),
            "i.npy holds 1 byte more than its header promises");
  const std::string promise = " more than its header promises, which are 2 values of 1 byte\n  hint: copy or download the file again, in binary mode";
  EXPECT_EQ(reading_labels(write("y", idx_bytes(0x08, {2}, "\1\2\3"))), "y holds 1 byte" + promise);
  EXPECT_EQ(reading_labels(write_gz("y.gz", idx_bytes(0x08, {2}, "\1\2\3"))), "y.gz holds more bytes than" + promise.substr(10));
}

TEST_F(LabelFileTest, FashionMnistOfDebianIsRead) {
  const std::filesystem::path file = "/usr/share/datasets/fashion-mnist/train-labels-idx1-ubyte.gz";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  const V labels = labels_in(file);
  ASSERT_EQ(labels.size(), 60000u);
  EXPECT_EQ(V(labels.begin(), labels.begin() + 10), (V{9, 0, 0, 3, 0, 2, 7, 2, 5, 5}));  // as its authors' viewer shows them
  std::vector<int> count(10);
  for (auto label : labels) ++count[static_cast<std::size_t>(label)];
  EXPECT_EQ(count, std::vector<int>(10, 6000));
}

}  // namespace
}  // namespace latentgrid
