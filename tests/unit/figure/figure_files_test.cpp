#include "figure/figure_files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <thread>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "figure/draw.hpp"
#include "support/command.hpp"
#include "unit/figure/decoded_image.hpp"
#include "unit/figure/sample_figures.hpp"

namespace latentgrid {
namespace {

namespace fs = std::filesystem;
using testing::CommandResult;
using testing::run_command;

class FigureFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "latentgrid-figures.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Draws it, checks that there are three files of the right kinds, and returns their bytes.
  std::vector<std::string> bytes_of(const Figure& figure, const std::string& subfolder = "figures") {
    std::optional<FigureFiles> files = write_figure(figure, folder_ / subfolder);
    if (!files) return {};
    EXPECT_EQ(files->png, folder_ / subfolder / (figure.name + ".png"));
    std::vector<std::string> bytes{read_file(files->png), read_file(files->svg), read_file(files->pdf)};
    EXPECT_TRUE(bytes[0].starts_with("\x89PNG\r\n\x1a\n")) << figure.name;
    EXPECT_TRUE(bytes[0].ends_with("IEND\xae\x42\x60\x82")) << figure.name;
    EXPECT_TRUE(bytes[1].starts_with("<?xml") && bytes[1].find("</svg>") != std::string::npos) << figure.name;
    EXPECT_TRUE(bytes[2].starts_with("%PDF-1.") && bytes[2].find("%%EOF") != std::string::npos) << figure.name;
    return bytes;
  }

  fs::path folder_;
};

class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = ::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ~EnvironmentVariable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST_F(FigureFilesTest, EveryKindIsDrawnThreeTimes) {
  for (const Figure& figure : plain_figures()) EXPECT_EQ(bytes_of(figure).size(), 3u);
  std::size_t files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "figures")) {
    EXPECT_GT(entry.file_size(), 1000u) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 3 * plain_figures().size());  // and nothing else is left there
}

TEST_F(FigureFilesTest, AFigureWithoutBodyIsNotWritten) {
  EXPECT_FALSE(write_figure({.name = "nothing", .omissions = {"no job finished"}}, folder_ / "figures"));
  EXPECT_FALSE(fs::exists(folder_ / "figures"));
}

TEST_F(FigureFilesTest, TheSameFigureGivesTheSameBytesLater) {
  std::vector<std::vector<std::string>> first;
  for (const Figure& figure : plain_figures()) first.push_back(bytes_of(figure, "first"));
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // files with a date in them count in seconds
  std::size_t i = 0;
  for (const Figure& figure : plain_figures()) EXPECT_TRUE(bytes_of(figure, "second") == first[i++]) << figure.name;
}

TEST_F(FigureFilesTest, WhatWasDrawnBeforeDoesNotMatter) {
  const Figure figure = plain_figures()[5];  // with images, which Cairo 1.16 numbers through the life of the process
  const std::vector<std::string> first = bytes_of(figure, "first");
  bytes_of(plain_figures()[0]);
  EXPECT_TRUE(bytes_of(figure, "second") == first);
  EXPECT_EQ(first[2].find(fmt::format("{:%Y%m%d}", std::chrono::system_clock::now())), std::string::npos) << "no date";
}

TEST_F(FigureFilesTest, StrangeDataIsDrawnTooAndSvgsAreWellFormed) {
  for (const std::vector<Figure>& figures : {plain_figures(), nasty_figures()}) {
    for (const Figure& figure : figures) EXPECT_EQ(bytes_of(figure).size(), 3u) << figure.name;
  }
  if (run_command({"/usr/bin/env", "python3", "--version"}).exit_code != 0) GTEST_SKIP() << "needs python3";
  const CommandResult result = run_command({"/usr/bin/env", "python3", "-c", R"py(
import glob, re, sys, xml.etree.ElementTree
for name in glob.glob(sys.argv[1] + "/*.svg"):
    svg = xml.etree.ElementTree.parse(name).getroot()
    assert svg.tag == "{http://www.w3.org/2000/svg}svg" and svg.get("width").endswith("pt"), name
    text = open(name).read()
    ids = set(re.findall(r'\bid="([^"]*)"', text))
    assert len(ids) == len(re.findall(r'\bid="', text)), "an id twice in " + name
    assert set(re.findall(r'"#([^"]*)"', text)) <= ids, "a reference to nothing in " + name
print("well-formed"))py", (folder_ / "figures").string()});
  EXPECT_EQ(result.out, "well-formed\n") << result.err;
}

// The texts of a PDF can be searched and copied; its fonts go along.
TEST_F(FigureFilesTest, PdfsHoldTheirTexts) {
  if (run_command({"/usr/bin/env", "pdftotext", "-v"}).exit_code == 127) GTEST_SKIP() << "apt-get install poppler-utils";
  Figure figure = plain_figures()[2];
  figure.title = "Häufigkeit α ≤ β";
  std::get<BarChart>(figure.body).series[0].name = strange_text;
  bytes_of(figure);
  const std::string pdf = (folder_ / "figures" / "bars.pdf").string();
  const CommandResult text = run_command({"/usr/bin/env", "pdftotext", "-layout", pdf, "-"});
  EXPECT_EQ(text.err, "");
  EXPECT_NE(text.out.find("Häufigkeit α ≤ β"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find(strange_text), std::string::npos) << text.out;
  const std::string info = run_command({"/usr/bin/env", "pdfinfo", "-isodates", pdf}).out;
  EXPECT_NE(info.find("CreationDate:    2000-01-01T00:00:00"), std::string::npos) << info;
  EXPECT_NE(info.find("Pages:           1\n"), std::string::npos) << info;
  const std::string fonts = run_command({"/usr/bin/env", "pdffonts", pdf}).out;
  EXPECT_NE(fonts.find("+DejaVuSans "), std::string::npos) << fonts;
  EXPECT_EQ(fonts.find("Type 3"), std::string::npos) << fonts;
}

TEST_F(FigureFilesTest, TheThreeFormsHaveOneSize) {
  const Figure figure = plain_figures()[4];
  const Canvas page = draw(figure);
  const std::vector<std::string> bytes = bytes_of(figure);
  const DecodedImage png = decode_image(bytes[0]);
  EXPECT_EQ(png.width, std::lround(3 * page.width));
  EXPECT_EQ(png.height, std::lround(3 * page.height));
  double width = 0, height = 0;
  const std::size_t size = bytes[1].find("width=");
  ASSERT_NE(size, std::string::npos);
  ASSERT_EQ(std::sscanf(bytes[1].c_str() + size, "width=\"%lfpt\" height=\"%lfpt\"", &width, &height), 2);
  EXPECT_NEAR(width, page.width, 0.01);
  EXPECT_NEAR(height, page.height, 0.01);
  const CommandResult info = run_command({"/usr/bin/env", "pdfinfo", (folder_ / "figures" / "heatmap.pdf").string()});
  if (info.exit_code == 127) GTEST_SKIP() << "apt-get install poppler-utils";
  const std::size_t page_size = info.out.find("Page size:");
  ASSERT_NE(page_size, std::string::npos) << info.out << info.err;
  ASSERT_EQ(std::sscanf(info.out.c_str() + page_size, "Page size: %lf x %lf pts", &width, &height), 2);
  EXPECT_NEAR(width, page.width, 0.01);
  EXPECT_NEAR(height, page.height, 0.01);
}

TEST_F(FigureFilesTest, TheUsersSettingsDoNotMatter) {
  const Figure figure = plain_figures()[1];
  const std::vector<std::string> bytes = bytes_of(figure, "without");
  EnvironmentVariable locale("LC_ALL", "de_DE.UTF-8"), numbers("LC_NUMERIC", "de_DE.UTF-8"), date("SOURCE_DATE_EPOCH", "1");
  EXPECT_TRUE(bytes_of(figure, "with") == bytes);
}

// Four pixels of pure colours: red and green above blue and yellow.
TEST_F(FigureFilesTest, ImagesStandUprightAndSharp) {
  ImageGrid grid{{1, 2, 2, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0}}, {}, {{"", {{0, ""}}}}};
  DecodedImage image = decode_image(bytes_of({.name = "image", .body = grid})[0]);
  std::map<std::array<int, 3>, std::array<int, 4>> extents;  // left, right, top, bottom
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      auto [entry, is_new] = extents.try_emplace(image.at(x, y), std::array<int, 4>{x, x, y, y});
      std::array<int, 4>& e = entry->second;
      e = {std::min(e[0], x), std::max(e[1], x), std::min(e[2], y), std::max(e[3], y)};
    }
  }
  std::array<int, 4> red = extents[{255, 0, 0}], green = extents[{0, 255, 0}], blue = extents[{0, 0, 255}],
                     yellow = extents[{255, 255, 0}];
  EXPECT_GT(red[1] - red[0], 100);
  EXPECT_LT(red[1], green[0]);  // left of
  EXPECT_LT(red[3], blue[2]);   // above
  EXPECT_LT(blue[1], yellow[0]);
  EXPECT_LT(green[3], yellow[2]);
  EXPECT_LE(green[0] - red[1], 2);  // next to each other, with nothing in between
  EXPECT_LE(blue[2] - red[3], 2);
}

TEST_F(FigureFilesTest, ANameThatLeavesTheFolderIsRefused) {
  for (const char* name : {"", "../up", "a/b", ".hidden"}) {
    Figure figure = plain_figures()[2];
    figure.name = name;
    EXPECT_THROW(write_figure(figure, folder_), Error) << name;
  }
}

}  // namespace
}  // namespace latentgrid
