#include "figure/figure_files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <thread>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "figure/gnuplot.hpp"
#include "unit/figure/decoded_image.hpp"
#include "unit/figure/sample_figures.hpp"

namespace latentgrid {
namespace {

namespace fs = std::filesystem;

class FigureFilesTest : public testing::Test {
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

TEST_F(FigureFilesTest, StrangeDataIsDrawnToo) {
  for (const Figure& figure : nasty_figures()) EXPECT_EQ(bytes_of(figure).size(), 3u) << figure.name;
}

TEST_F(FigureFilesTest, AFigureWithoutBodyIsNotWritten) {
  EXPECT_FALSE(write_figure({.name = "nothing", .gaps = {"no job finished"}}, folder_ / "figures"));
  EXPECT_FALSE(fs::exists(folder_ / "figures"));
}

TEST_F(FigureFilesTest, TheSameFigureGivesTheSameBytesLater) {
  std::vector<std::vector<std::string>> first;
  for (const Figure& figure : plain_figures()) first.push_back(bytes_of(figure, "first"));
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // files with a date in them count in seconds
  std::size_t i = 0;
  for (const Figure& figure : plain_figures()) EXPECT_TRUE(bytes_of(figure, "second") == first[i++]) << figure.name;
}

TEST_F(FigureFilesTest, ThePdfsCrossReferencesStillHold) {
  std::string pdf = bytes_of(plain_figures()[2])[2];
  EXPECT_NE(pdf.find("/CreationDate (D:20000101000000"), std::string::npos);
  std::size_t at = pdf.rfind("startxref\n");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(pdf.compare(std::stoul(pdf.substr(at + 10)), 4, "xref"), 0);
}

TEST_F(FigureFilesTest, TextsShowAsThemselves) {
  Figure figure = plain_figures()[2];
  std::get<BarChart>(figure.body).series[0].name = strange_text;
  std::string svg = bytes_of(figure)[1];
  EXPECT_NE(svg.find(R"(it's "50%" $PATH `id` \n a_b^c {x}@y &amp; ~z &lt;b> #1 ρ±×)"), std::string::npos);
}

TEST_F(FigureFilesTest, TextsAreNeverCommands) {
  std::string touch = "touch " + (folder_ / "done").string();
  Figure figure = plain_figures()[2];
  BarChart& chart = std::get<BarChart>(figure.body);
  figure.title = fmt::format("'; system('{0}'); print '\n!{0}\nEND\nsystem('{0}')\n`{0}`", touch);
  chart.categories = {"' . system('" + touch + "') . '", "`" + touch + "`", "\n!" + touch + "\n"};
  chart.values.title = "\\'; system(\"" + touch + "\") #";
  chart.series[0].name = "END\nsystem('" + touch + "')";
  EXPECT_EQ(bytes_of(figure).size(), 3u);
  EXPECT_FALSE(fs::exists(folder_ / "done"));
}

TEST_F(FigureFilesTest, TheUsersSettingsDoNotMatter) {
  Figure figure = plain_figures()[1];
  std::vector<std::string> bytes = bytes_of(figure, "without");
  fs::create_directories(folder_ / "home");
  write_file(folder_ / "home" / ".gnuplot", "set title 'mine'\nexit status 3\n");
  EnvironmentVariable home("HOME", (folder_ / "home").string()), terminal("GNUTERM", "dumb"),
      locale("LC_ALL", "de_DE.UTF-8"), numbers("LC_NUMERIC", "de_DE.UTF-8"), library("GNUPLOT_LIB", "/nowhere");
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

TEST_F(FigureFilesTest, WithoutGnuplotTheErrorSaysHowToGetIt) {
  EXPECT_TRUE(gnuplot_is_there());
  EnvironmentVariable path("PATH", folder_.string());
  EXPECT_FALSE(gnuplot_is_there());
  try {
    write_figure(plain_figures()[0], folder_ / "figures");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "figure maps: figures cannot be drawn: there is no program gnuplot on the PATH\n"
                 "  hint: apt-get install gnuplot-nox");
  }
  EXPECT_FALSE(fs::exists(folder_ / "figures"));
}

TEST_F(FigureFilesTest, WhatGnuplotComplainsAboutIsInTheError) {
  try {
    run_gnuplot({"set terminal nonesuch\n", {}});
    FAIL();
  } catch (const Error& error) {
    // gnuplot 5 ends with exit code 1, gnuplot 6 with 0 and without a picture.
    const std::string said = error.what();
    EXPECT_TRUE(said.starts_with("gnuplot ended with exit code 1: ") || said.starts_with("gnuplot wrote no figure.png: ")) << said;
    EXPECT_NE(std::string(error.what()).find("nonesuch"), std::string::npos) << error.what();
  }
  EXPECT_THROW(run_gnuplot({"# draws nothing\n", {}}), Error);
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
