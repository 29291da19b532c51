// What files are that are not what was asked for, and what is said about them.
#include "data/what_is.hpp"

#include "data/file_advice.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class WhatIsTest : public DataTest {
 protected:
  std::string refused(const std::filesystem::path& file, FileRole role = FileRole::images) const {
    return message_of([&] { refuse(file, what_is(file), role); });
  }
  std::string refused_array(const std::filesystem::path& file, FileRole role = FileRole::images) const {
    return message_of([&] { refuse_npy(file, read_npy_header(InputFile(file)), role); });
  }
  template <typename T>
  std::filesystem::path write_array(const std::string& name, const std::string& dtype, const std::vector<T>& values) const {
    return write_raw_npy(name, dtype, false, fmt::format("{}, 1, 1", values.size()),
                         {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
  }

  // A zip archive's list of contents, which names what is in it.
  static std::string zip_bytes(const std::vector<std::string>& names) {
    std::string bytes("PK\x03\x04", 4), list;
    for (const std::string& name : names) {
      list += std::string("PK\x01\x02", 4) + std::string(24, '\0') + static_cast<char>(name.size()) + std::string(17, '\0') + name;
    }
    return bytes + list;
  }
};

TEST_F(WhatIsTest, FilesAreKnownByTheirFirstBytes) {
  struct Case {
    std::string bytes;
    FileKind kind;
  };
  const Case cases[] = {
      {"\x93NUMPY\x01", FileKind::npy},
      {idx_bytes(0x08, {1}, "a"), FileKind::idx},
      {"\x89PNG\r\n\x1a\n", FileKind::image},
      {"\xff\xd8\xff\xe0", FileKind::image},
      {"\x89HDF\r\n\x1a\n", FileKind::hdf5},
      {"MATLAB 5.0 MAT-file", FileKind::matlab},
      {"MATLAB 7.3 MAT-file", FileKind::hdf5},
      {"PAR1....", FileKind::parquet},
      {std::string("\x80\x04\x95\0\0", 5), FileKind::pickle},
      {"version https://git-lfs.github.com/spec/v1\n", FileKind::lfs_pointer},
      {"\n  <!doctype HTML><html>", FileKind::html},
      {"id,label\n0,1\n", FileKind::csv},
      {"0\n1\n1\n", FileKind::csv},
      {"{\"a\": 1}", FileKind::json},
      {"no array", FileKind::text},
      {std::string(257, '\0') + "ustar", FileKind::archive},
      {zip_bytes({"a.npy", "b.npy"}), FileKind::npz},
      {zip_bytes({"archive/data.pkl", "archive/data/0"}), FileKind::pytorch},
      {zip_bytes({"a.npy", "b.png"}), FileKind::zip},
      {"", FileKind::empty},
      {std::string("\1\2\3\0", 4), FileKind::unknown},
  };
  for (const Case& one : cases) EXPECT_EQ(what_is(write("x", one.bytes)).kind, one.kind) << one.bytes;
  EXPECT_EQ(what_is(folder_).kind, FileKind::folder);
  EXPECT_EQ(what_is(path("none")).kind, FileKind::absent);
  EXPECT_EQ(what_is("/dev/null").kind, FileKind::special);
  EXPECT_EQ(what_is(write_gz("x.gz", idx_bytes(0x08, {1}, "a"))).inside, FileKind::idx);
  EXPECT_EQ(what_is(write_gz("x.gz", "\x93NUMPY\x01")).inside, FileKind::npy);
}

TEST_F(WhatIsTest, ArchivesAndTablesComeWithTheLineThatConvertsThem) {
  EXPECT_EQ(refused(write("x.npz", zip_bytes({"arr_0.npy"}))),
            "x.npz is an .npz archive with the array arr_0\n"
            "  hint: python3 -c \"import numpy as np; np.save('x.npy', np.load('x.npz')['arr_0'])\"");
  EXPECT_EQ(refused(write("mnist.npz", zip_bytes({"x_test.npy", "y_test.npy"}))),
            "mnist.npz is an .npz archive with the arrays x_test, y_test\n"
            "  hint: python3 -c \"import numpy as np; np.save('mnist.npy', np.load('mnist.npz')['x_test'])\"");
  EXPECT_EQ(refused(write_gz("x.npy.gz", "\x93NUMPY\x01")),
            "x.npy.gz is an .npy file, compressed with gzip\n  hint: decompress it: gunzip -k x.npy.gz");
  EXPECT_EQ(refused(write("y.csv", "id,label\n0,1\n"), FileRole::labels),
            "y.csv is a table in text form; its first line is 'id,label'\n"
            "  hint: python3 -c \"import numpy as np; np.save('y.npy', np.loadtxt('y.csv', delimiter=',', skiprows=1, "
            "usecols=1).astype('int64'))\"");
  EXPECT_EQ(refused(write("y.txt", "3\n1\n"), FileRole::labels),
            "y.txt is a table in text form; its first line is '3'\n"
            "  hint: python3 -c \"import numpy as np; np.save('y.npy', np.loadtxt('y.txt').astype('int64'))\"");
  EXPECT_EQ(refused(write("x.csv", "label,pixel0\n0,1\n")),
            "x.csv is a table in text form; its first line is 'label,pixel0'\n"
            "  hint: if a row is an image of 28×28 pixels behind its label: python3 -c \"import numpy as np; np.save('x.npy', "
            "np.loadtxt('x.csv', delimiter=',', skiprows=1, dtype='uint8')[:, 1:].reshape(-1, 28, 28))\"");
  EXPECT_EQ(refused(write("x.h5", "\x89HDF\r\n\x1a\n")),
            "x.h5 is an HDF5 file\n  hint: replace NAME by the name of the data set: python3 -c \"import numpy as np; import "
            "h5py; np.save('x.npy', h5py.File('x.h5')['NAME'][:])\"");
  EXPECT_EQ(refused(write("x.pkl", "\x80\x04\x95")),
            "x.pkl is a Python pickle\n  hint: if it holds an array: python3 -c \"import numpy as np; import pickle; "
            "np.save('x.npy', np.asarray(pickle.load(open('x.pkl', 'rb'), encoding='latin1')))\"");
}

TEST_F(WhatIsTest, DownloadsThatFailedAreNamed) {
  EXPECT_EQ(refused(write("x.npy", "<!DOCTYPE html><html><title>Google Drive - Quota exceeded</title></html>")),
            "x.npy is an HTML page ('Google Drive - Quota exceeded'), not data\n"
            "  hint: the download fetched a web page: download the file again, in a browser if need be");
  EXPECT_EQ(refused(write("x.npy", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 26112128\n")),
            "x.npy is a Git LFS pointer; the 26112128 bytes that it stands for were not fetched\n"
            "  hint: fetch them: git -C " + folder_.string() + " lfs pull");
  EXPECT_EQ(refused(write("x.npy", "")),
            "x.npy is empty (0 bytes)\n  hint: the download or copy did not finish: get the file again");
}

TEST_F(WhatIsTest, APictureAndAFolderOfThem) {
  std::filesystem::create_directory(path("photos"));
  const std::string stack =
      "python3 -c \"import numpy as np; import glob; from PIL import Image; np.save('{}', "
      "np.stack([np.array(Image.open(f).convert('RGB')) for f in sorted(glob.glob({}))]))\"";
  EXPECT_EQ(refused(path("photos")), "photos is a folder\n  hint: name a file; the folder is empty");
  const auto picture = write("photos/a.png", "\x89PNG\r\n");
  EXPECT_EQ(refused(path("photos")),
            "photos is a folder\n  hint: " + fmt::format(fmt::runtime(stack), "photos.npy", "'photos' + '/*.png'"));
  EXPECT_EQ(refused(picture), "photos/a.png is a PNG image, a single picture\n  hint: put all pictures into one array: " + fmt::format(fmt::runtime(stack), "photos/images.npy", "'photos/*.png'"));
  std::filesystem::remove(picture);
  write("photos/a.npy", "");
  EXPECT_EQ(refused(path("photos"), FileRole::labels),
            "photos is a folder\n  hint: name the file, or several in a list; the folder holds a.npy");
}

TEST_F(WhatIsTest, WhatNobodyKnowsSaysWhatIsRead) {
  EXPECT_EQ(refused(write("x.npy", "no array"), FileRole::labels),
            "x.npy is a text file; its first line is 'no array'\n  hint: labels are read from .npy, IDX and IDX.gz files");
  EXPECT_EQ(refused(write("x.npy", std::string("\1\2\3\0", 4))),
            "x.npy has an unknown format\n  hint: images are read from .npy, IDX and IDX.gz files");
}

TEST_F(WhatIsTest, ImagesOfOtherTypesComeWithTheLineThatMakesThemUint8) {
  auto line = [](const std::string& expression) {
    return "; images must be uint8, from 0 to 255\n  hint: python3 -c \"import numpy as np; np.save('x_uint8.npy', " + expression + ")\"";
  };
  EXPECT_EQ(refused_array(write_array<float>("x.npy", "<f4", {0, 0.5, 1})),
            "x.npy holds float32 from 0 to 1" + line("(np.load('x.npy') * 255).round().astype('uint8')"));
  EXPECT_EQ(refused_array(write_array<double>("x.npy", "<f8", {-1, 0.5})),
            "x.npy holds float64 from -1 to 0.5" + line("((np.load('x.npy') + 1) * 127.5).round().astype('uint8')"));
  EXPECT_EQ(refused_array(write_array<float>("x.npy", "<f4", {0, 200.5})),
            "x.npy holds float32 from 0 to 200.5" + line("np.load('x.npy').round().astype('uint8')"));
  EXPECT_EQ(refused_array(write_array<std::int64_t>("x.npy", "<i8", {0, 255})),
            "x.npy holds int64 from 0 to 255" + line("np.load('x.npy').astype('uint8')"));
  EXPECT_EQ(refused_array(write_array<char>("x.npy", "|b1", {0, 1})),
            "x.npy holds booleans" + line("np.load('x.npy').astype('uint8') * 255"));
  EXPECT_EQ(refused_array(write_array<float>("x.npy", "<f4", {-2.5, 3})),
            "x.npy holds float32 from -2.5 to 3; images must be uint8, from 0 to 255\n  hint: this stretches the values to 0 to 255: "
            "python3 -c \"import numpy as np; np.save('x_uint8.npy', (lambda x: (x - x.min()) / (x.max() - x.min()) * "
            "255)(np.load('x.npy')).round().astype('uint8'))\"");
  EXPECT_EQ(refused_array(write_array<float>("x.npy", "<f4", {0, std::nanf("")})),
            "x.npy holds float32 from 0 to 0, and NaN; images must be uint8, from 0 to 255\n"
            "  hint: find out first where the NaN values come from");
}

TEST_F(WhatIsTest, NamesThatWouldNeedQuotesAreNotQuoted) {
  EXPECT_EQ(python_line("it's.npz", "", "np.load({in})['a']"),
            "python3 -c \"import numpy as np; np.save('FILE_new.npy', np.load('FILE')['a'])\"");
  EXPECT_EQ(python_line("x.npy", "", "np.load({in})"), "python3 -c \"import numpy as np; np.save('x_new.npy', np.load('x.npy'))\"");
}

}  // namespace
}  // namespace latentgrid
