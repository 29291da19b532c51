// What files are that are not what was asked for, and what is said about them.
#include "data/open_input.hpp"
#include "data/what_is.hpp"

#include "data/array_advice.hpp"
#include "data/file_advice.hpp"
#include "data/formats.hpp"
#include "data/shell_line.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class WhatIsTest : public DataTest {
 protected:
  std::string refused(const std::filesystem::path& file, FileRole role = FileRole::images) const {
    return message_of([&] {
      if (role == FileRole::images) open_images_of(file);
      if (role == FileRole::labels) read_label_file(file);
      if (role == FileRole::indices) read_index_file(file, 4);
    });
  }
  std::string refused_array(const std::filesystem::path& file, FileRole role = FileRole::images) const {
    return message_of([&] { refuse_type(open_array(file, role), role); });
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
      {std::string("BM\x3e\0", 4), FileKind::image},
      {"\x89HDF\r\n\x1a\n", FileKind::hdf5},
      {std::string("MATLAB 5.0 MAT-file\0\1IM", 23), FileKind::matlab},
      {std::string("MATLAB 7.3 MAT-file\0\2IM", 23), FileKind::hdf5},
      {"PAR1\x15\x04", FileKind::parquet},
      {std::string("RIFF\0\0\0\0AVI LIST", 16), FileKind::video},
      {"(lp0\nI1\naI2\na.", FileKind::pickle},
      {"cnumpy.core.multiarray\n_reconstruct\np0\n(tp1\nRp2\n.", FileKind::pickle},
      {"PAR1\nPAR2\n", FileKind::text},
      {"MATLAB 5.0\nPython\n", FileKind::text},
      {"MATLAB 7.3\nPython\n", FileKind::text},
      {"ABC XYZ AVI \nother\n", FileKind::text},
      {"(lp a\n(dp b\n", FileKind::text},
      {"(lp0\nother\n", FileKind::text},
      {"cnumpy\npandas.", FileKind::text},
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
  EXPECT_EQ(refused(write_gz("x.npy.gz", "\x93NUMPY\x01")),
            "x.npy.gz is an .npy file, compressed with gzip\n  hint: decompress it, and use the file without .gz instead: gunzip -k x.npy.gz");
  EXPECT_EQ(refused(write("x.csv", "label,a,b,c,d\n0,1,2,3,4\n")),
            "x.csv is a table in text form; its first line is 'label,a,b,c,d'\n"
            "  hint: if a row is a gray image behind its label, run this, then use x.npy instead: python3 -c \"import numpy as np; "
            "np.save('x.npy', np.loadtxt('x.csv', delimiter=',', skiprows=1, dtype='uint8')[:, 1:].reshape(-1, 2, 2))\"");
  EXPECT_EQ(refused(write("x.h5", "\x89HDF\r\n\x1a\n")),
            "x.h5 is an HDF5 file\n  hint: with python3-h5py installed, put the name of the data set in the place of NAME, run this, then use "
            "x_images.npy instead: python3 -c \"import numpy as np; import h5py; np.save('x_images.npy', "
            "h5py.File('x.h5')['NAME'][:])\"");
  EXPECT_EQ(refused(write("x.pkl", "\x80\x04\x95")),
            "x.pkl is a Python pickle\n  hint: if you trust the file (a pickle can run programs), and it holds a single array, run this, then "
            "use x_images.npy instead: python3 -c \"import numpy as np; import pickle; np.save('x_images.npy', "
            "np.asarray(pickle.load(open('x.pkl', 'rb'), encoding='latin1')))\"");
}

TEST_F(WhatIsTest, DownloadsThatFailedAreNamed) {
  EXPECT_EQ(refused(write("x.npy", "<!DOCTYPE html><html><title>Google Drive - Quota exceeded</title></html>")),
            "x.npy is an HTML page ('Google Drive - Quota exceeded'), not data\n"
            "  hint: the download fetched a web page: download the file again, in a browser if need be");
  EXPECT_EQ(refused(write("x.npy", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 26112128\n")),
            "x.npy is a Git LFS pointer; the 26112128 bytes that it stands for were not fetched\n"
            "  hint: fetch them: git -C " + folder_.string() + " lfs pull");
  EXPECT_EQ(refused(write("x.npy", "")),
            "x.npy is empty (0 bytes)\n  hint: copy or download the file again, in binary mode");
}

TEST_F(WhatIsTest, APictureAndFoldersWithoutAny) {
  std::filesystem::create_directory(path("photos"));
  EXPECT_EQ(refused(path("photos")), "photos is a folder\n  hint: name a file; the folder is empty");
  EXPECT_EQ(refused(write("photos/a.png", "\x89PNG\r\n")),
            "photos/a.png is a PNG image, a single picture\n  hint: name the folder that holds the pictures: images: photos");
  EXPECT_EQ(refused(write("photos/a.webp", std::string("RIFF\0\0\0\0WEBP", 12))),
            "photos/a.webp is a WebP image, a single picture\n  hint: convert your pictures to PNG, and name their folder");
  std::filesystem::remove_all(path("photos"));
  std::filesystem::create_directories(path("photos/empty"));
  EXPECT_EQ(refused(path("photos")), "photos is a folder\n  hint: name a file, or a folder with PNG or JPEG pictures in it or in its "
                                     "folders; the folder holds empty");
  write("photos/a.npy", "");
  EXPECT_EQ(refused(path("photos"), FileRole::labels),
            "photos is a folder\n  hint: name the file, or several in a list; the folder holds a.npy, empty");
}

TEST_F(WhatIsTest, DocumentsAndVideosAreKnown) {
  EXPECT_EQ(refused(write("x.pdf", "%PDF-1.4\n")), "x.pdf is a PDF document\n  hint: images are read from " + formats_that_hold(FileRole::images));
  EXPECT_EQ(refused(write("x.db", std::string("SQLite format 3\0", 16)), FileRole::labels),
            "x.db is an SQLite database\n  hint: labels are read from .npy, .npz, IDX (.gz) and text files");
  EXPECT_EQ(refused(write("my film.mp4", std::string("\0\0\0\x20" "ftypisom", 12))),
            "my film.mp4 is an MP4 video\n  hint: save its frames as pictures, and name their folder here: mkdir frames && ffmpeg -i "
            "'my film.mp4' frames/%06d.png");
  EXPECT_EQ(what_is(write("x.yaml", "name: a, b\n")).kind, FileKind::text);
  EXPECT_EQ(what_is(write("makes.txt", "BMW\nAudi\n")).kind, FileKind::text);
}

TEST_F(WhatIsTest, WhatIsInsideAGzipFileIsNamed) {
  EXPECT_EQ(refused(write_gz("x.gz", "<html><title>No</title>")),
            "x.gz is an HTML page, compressed with gzip\n"
            "  hint: the download fetched a web page: download the file again, in a browser if need be");
  EXPECT_EQ(refused(write_gz("x.gz", "")),
            "x.gz is an empty file, compressed with gzip\n  hint: copy or download the file again, in binary mode");
  EXPECT_EQ(refused(write("x.gz", "\x1f\x8b\x08")),
            "x.gz is a gzip file that is cut off or damaged\n  hint: copy or download the file again, in binary mode");
  EXPECT_EQ(refused(write_gz("x.gz", "1,2\n")),
            "x.gz is a table in text form, compressed with gzip\n  hint: decompress it, and use the file without .gz instead: gunzip -k x.gz");
  EXPECT_EQ(refused(write_gz("x.npy", "\x93NUMPY\x01")),
            "x.npy is an .npy file, compressed with gzip\n  hint: decompress it, and use the new file instead: gunzip < x.npy > x_unpacked.npy");
}

TEST_F(WhatIsTest, WhatNobodyKnowsSaysWhatIsRead) {
  EXPECT_EQ(refused(write("x.npy", "no array")), "x.npy is a text file; its first line is 'no array'\n  hint: images are read from " + formats_that_hold(FileRole::images));
  EXPECT_EQ(refused(write("x.npy", std::string("\1\2\3\0", 4))),
            "x.npy has an unknown format\n  hint: images are read from " + formats_that_hold(FileRole::images));
}

TEST_F(WhatIsTest, EveryTypeOfNumpyHasARemedy) {
  auto said = [&](const std::string& dtype, FileRole role) {
    const std::string descr = dtype[0] == '[' ? dtype : "'" + dtype + "'";
    const std::string text = refused_array(write_npy_header("x.npy", "{'descr': " + descr + ", 'fortran_order': False, 'shape': (0,)}", ""), role);
    const std::size_t save = text.find("np.save(");
    return text.substr(0, text.find("python3 -c")) + (save == std::string::npos ? "" : text.substr(save));
  };
  const std::string run = "run this, then use x_", instead = ".npy instead: np.save('x_";
  EXPECT_EQ(said("<M8[D]", FileRole::labels), "x.npy holds dates (datetime64); labels are whole numbers\n  hint: if each value is a class, " + run + "int" +
                                                  instead + "int.npy', np.unique(np.load('x.npy'), return_inverse=True)[1])\"");
  EXPECT_EQ(said("<c16", FileRole::labels), "x.npy holds complex128; labels are whole numbers\n  hint: if the real parts are the labels, " + run +
                                                "real" + instead + "real.npy', np.load('x.npy').real)\"");
  EXPECT_EQ(said("[('id', '<i8'), ('label', '<i8')]", FileRole::labels),
            "x.npy holds records with the fields id, label; labels are whole numbers\n  hint: " + run + "labels" + instead +
                "labels.npy', np.load('x.npy')['label'])\"");
  EXPECT_EQ(said("<f16", FileRole::labels), "x.npy holds float128; labels are whole numbers\n  hint: " + run + "float" + instead +
                                                "float.npy', np.load('x.npy').astype('float64'))\"");
  EXPECT_EQ(said("|V2", FileRole::images), "x.npy holds values of the type '|V2'; the values of images are numbers\n"
                                           "  hint: is this the right file? If so, save the pixels as uint8 where it is made");
  EXPECT_EQ(said("<U9", FileRole::indices), "x.npy holds strings; indices of images are integers, or booleans\n  hint: if these are numbers, " + run +
                                                "int" + instead + "int.npy', np.load('x.npy').astype('int64'))\"");
  EXPECT_EQ(said("<c8", FileRole::images), "x.npy holds complex64; the values of images are numbers\n  hint: if their absolute values are the "
                                           "pixels, " + run + "abs" + instead + "abs.npy', np.abs(np.load('x.npy')))\"");
}

TEST_F(WhatIsTest, NamesThatWouldNeedQuotesAreNotQuoted) {
  EXPECT_EQ(run_python({.in = "it's.npz", .suffix = "", .expression = "np.load({in})['a']"}),
            "run this, then use FILE_new.npy instead: python3 -c \"import numpy as np; np.save('FILE_new.npy', np.load('FILE')['a'])\"");
}

TEST_F(WhatIsTest, NoLineOverwritesAFile) {
  const auto file = write("x.npy", "");
  EXPECT_EQ(message_of([&] { throw Error(run_python({.in = file, .suffix = "", .expression = "np.load({in})"})); }),
            "run this, then use x_2.npy instead: python3 -c \"import numpy as np; np.save('x_2.npy', np.load('x.npy'))\"");
}

}  // namespace
}  // namespace latentgrid
