// `class_names` of a dataset: whose each name is.
#include "data/class_names.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <numeric>
#include <thread>
#include <vector>

#include "store/npy.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

using testing::SweepText;
using testing::TemporaryFolder;
using Names = std::vector<std::string>;

struct ClassNamesSection : ::testing::Test {
  TemporaryFolder files;

  void SetUp() override {
    const std::vector<std::uint8_t> pixels(10 * 4 * 4 * 3);
    write_npy(files / "x.npy", std::span(pixels), {10, 4, 4, 3});
    std::vector<std::int64_t> labels(10);
    std::iota(labels.begin(), labels.end(), 0);
    write_npy(files / "y.npy", std::span<const std::int64_t>(labels), {10});
  }

  std::string text(const std::string& more) {
    const std::string at = files.path().string();
    return "name: test\ndataset:\n  images: " + at + "/x.npy\n  labels: " + at + "/y.npy\n" + more +
           "grid: {architecture: raw}\n";
  }
  Names names(const std::string& more) {
    SweepText s(text(more));
    EXPECT_EQ(s.said(), "") << more;
    return s.partial.dataset.class_names;
  }
  std::string complaint(const std::string& more) {
    SweepText s(text(more));
    EXPECT_TRUE(s.diagnostics.has_errors()) << more;
    EXPECT_EQ(s.partial.dataset.class_names, Names());
    return s.said();
  }
};

const char* const ten = "  class_names: [n0, n1, n2, n3, n4, n5, n6, n7, n8, n9]\n";

TEST_F(ClassNamesSection, AListNamesTheLabelsInAscendingOrder) {
  EXPECT_EQ(names(ten), (Names{"n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"}));
}

TEST_F(ClassNamesSection, OfChosenClassesAllNamesOrTheirOwnMayBeGiven) {
  EXPECT_EQ(names(std::string("  classes: [3, 5]\n") + ten), (Names{"n3", "n5"}));
  EXPECT_EQ(names("  classes: [3, 5]\n  class_names: [cat, dog]\n"), (Names{"cat", "dog"}));
  EXPECT_EQ(names(std::string("  classes: [5, 3]\n") + ten), (Names{"n3", "n5"}));
}

TEST_F(ClassNamesSection, AMapSaysWhoseEachNameIs) {
  EXPECT_EQ(names("  classes: [5, 3]\n  class_names: {5: dog, 3: cat}\n"), (Names{"cat", "dog"}));
  EXPECT_EQ(names("  classes: [3, 5]\n  class_names: {5: dog, 9: truck}\n"), (Names{"", "dog"}));
}

TEST_F(ClassNamesSection, ALimitLeavesTheNamesBesideTheirLabels) {
  const std::vector<std::int64_t> labels = {2, 0, 2, 0, 1, 1, 1, 1, 1, 1};
  write_npy(files / "y.npy", std::span(labels), {10});
  EXPECT_EQ(names("  limit: 4\n  class_names: [a, b, c]\n"), (Names{"a", "c"})) << "no image of label 1 is among the first four";
}

TEST_F(ClassNamesSection, AFileHasOneNameALine) {
  std::ofstream(files / "names.txt") << "\xEF\xBB\xBF" "air plane\r\nn1\nn2\nn3\nn4\nn5\nn6\nn7\nn8\n  n9\n\n";
  EXPECT_EQ(names("  class_names: " + files.path().string() + "/names.txt\n"),
            (Names{"air plane", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"}));
  std::ofstream(files / "latin.txt") << "caf\xe9\nother\n";
  EXPECT_NE(complaint("  class_names: " + files.path().string() + "/latin.txt\n").find("is not UTF-8 text\n"), std::string::npos);
  std::ofstream(files / "gap.txt") << "n0\n\nn2\n";
  EXPECT_NE(complaint("  class_names: " + files.path().string() + "/gap.txt\n").find("error: line 2 of "), std::string::npos);
  EXPECT_NE(complaint("  class_names: " + files.path().string() + "/x.npy\n").find("x.npy is an .npy file\n"), std::string::npos);
  EXPECT_NE(complaint("  class_names: nowhere.txt\n").find("  hint: class_names is a file with one name per line, or a list: [landscape, other]\n"), std::string::npos);
}

TEST_F(ClassNamesSection, AFileInUtf16IsRead) {
  const std::string text = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
  std::string bytes = "\xFF\xFE";
  for (char c : text) bytes += c, bytes += '\0';
  std::ofstream(files / "names.txt") << bytes;
  EXPECT_EQ(names("  class_names: " + files.path().string() + "/names.txt\n"),
            (Names{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}));
}

TEST_F(ClassNamesSection, NamesMayComeFromAPipeOrBeginLikeABinaryFile) {
  ASSERT_EQ(::mkfifo((files / "pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(files / "pipe") << "cat\ndog\n"; });
  EXPECT_EQ(names("  classes: [3, 5]\n  class_names: " + files.path().string() + "/pipe\n"), (Names{"cat", "dog"}));
  const int end = ::open((files / "pipe").c_str(), O_RDONLY | O_NONBLOCK);  // lets the writer go if nobody read
  writer.join();
  ::close(end);
  std::ofstream(files / "names.txt") << "PAR1\nPAR2\n";
  EXPECT_EQ(names("  classes: [3, 5]\n  class_names: " + files.path().string() + "/names.txt\n"), (Names{"PAR1", "PAR2"}));
}

TEST_F(ClassNamesSection, AFileThatIsNotThereIsSearchedFor) {
  std::ofstream(files / "names.txt") << "a\n";
  std::ofstream(files / "large.txt") << "a\n";
  std::filesystem::resize_file(files / "large.txt", (16 << 20) + 1);
  const std::string at = files.path().string();
  EXPECT_NE(complaint("  class_names: " + at + "/nmaes.txt\n").find("  hint: did you mean '" + at + "/names.txt'?\n"), std::string::npos);
  EXPECT_NE(complaint("  class_names: " + at + "/large.txt\n")
                .find("large.txt is larger than 16 MiB: is it the right file?\n"),
            std::string::npos);
  EXPECT_NE(complaint("  class_names: " + at + "\n").find("error: " + at + " is a folder\n"), std::string::npos);
}

TEST_F(ClassNamesSection, TextThatLooksLikeANumberIsAName) {
  EXPECT_EQ(names("  classes: [3, 5]\n  class_names: [1e5, yes]\n"), (Names{"1e5", "yes"}));
}

TEST_F(ClassNamesSection, NamesThatFitNoLabelsAreWrong) {
  EXPECT_EQ(complaint("  class_names: [landscape, other]\n"),
            "sweep.yaml:5:16: error: 2 class names for 10 classes\n"
            "    class_names: [landscape, other]\n"
            "                 ^\n"
            "  hint: the labels are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9: list a name for each, in this order, or give the label of each "
            "name: {0: landscape}\n");
  EXPECT_EQ(complaint("  classes: [5, 3]\n  class_names: [dog, cat]\n"),
            "sweep.yaml:6:16: error: it is not clear which name belongs to which class, because the classes are not listed in ascending order\n"
            "    class_names: [dog, cat]\n"
            "                 ^\n"
            "  hint: give the label of each name: class_names: {3: ..., 5: ...}\n");
  EXPECT_EQ(complaint("  class_names: {10: truck}\n"),
            "sweep.yaml:5:17: error: no image has the label 10\n"
            "    class_names: {10: truck}\n"
            "                  ^\n"
            "  hint: the labels are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\n");
  EXPECT_EQ(complaint("  classes: [3, 5]\n  class_names: [cat, cat]\n"),
            "sweep.yaml:6:22: error: two classes are named 'cat'\n"
            "    class_names: [cat, cat]\n"
            "                       ^\n"
            "  hint: give each class its own name\n");
}

TEST_F(ClassNamesSection, NamesOfAnotherFolderThanTheDataOptionsAreOnlyWarnedOf) {
  TemporaryFolder data;
  const std::vector<std::uint8_t> pixels(2 * 4 * 4 * 3);
  const std::vector<std::int64_t> labels = {0, 1};
  write_npy(data / "trainX.npy", std::span(pixels), {2, 4, 4, 3});
  write_npy(data / "trainY.npy", std::span(labels), {2});
  SweepText s(text(ten), {{}, data.path()});
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->dataset.class_names, Names());
  EXPECT_NE(s.said().find("sweep.yaml:5:16: warning: 10 class names for 2 classes: the classes of the --data folder have no names\n"),
            std::string::npos)
      << s.said();
}

TEST_F(ClassNamesSection, NamesThatOnlyHappenToFitTheDataOptionsFolderAreWarnedOf) {
  TemporaryFolder data;
  const std::vector<std::uint8_t> pixels(2 * 4 * 4 * 3);
  const std::vector<std::int64_t> labels = {0, 1};
  write_npy(data / "trainX.npy", std::span(pixels), {2, 4, 4, 3});
  write_npy(data / "trainY.npy", std::span(labels), {2});
  const SweepText s(text("  class_names: [cat, dog]\n"), {{}, data.path()});
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->dataset.class_names, (Names{"cat", "dog"}));
  EXPECT_NE(s.said().find("sweep.yaml:5:16: warning: these class names were written for the file's own images, and are now used "
                          "for the images of --data\n"),
            std::string::npos)
      << s.said();
  EXPECT_NE(s.said().find("  hint: write --set dataset.class_names=[...] to name their classes\n"), std::string::npos) << s.said();
  const SweepText set(text("  class_names: [cat, dog]\n"), {{"dataset.class_names=[ship, car]"}, data.path()});
  ASSERT_TRUE(set.sweep) << set.said();
  EXPECT_EQ(set.sweep->dataset.class_names, (Names{"ship", "car"}));
  EXPECT_EQ(set.said().find("own images"), std::string::npos) << set.said();
}

TEST_F(ClassNamesSection, AFiguresOwnImagesHaveTheirOwn) {
  SweepText s(text("report:\n  figures: [map: {job: best, dataset: {synthetic: {images: 4, classes: 2}, class_names: [a, b]}}]\n"));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->figures.at(0).dataset->class_names, (Names{"a", "b"}));
  EXPECT_EQ(s.sweep->figures.at(0).json["dataset"]["class_names"], (Json{"a", "b"}));
}

TEST(RecordedClassNames, AClassWithoutANameIsCalledByItsLabel) {
  DatasetSource source;
  source.class_names = {"cat", ""};
  const Json dataset = {{"source", source.to_json()}, {"class_labels", {3, 5}}};
  const ClassNames names = ClassNames::recorded(dataset);
  EXPECT_EQ(names.shown(0), "cat");
  EXPECT_EQ(names.shown(1), "class 5");
  EXPECT_EQ(names.brief(1), "5");
  EXPECT_EQ(names.name(1), std::nullopt);
  EXPECT_EQ(ClassNames::recorded({{"images", 3}}).shown(1), "class 1") << "an earlier database";
  EXPECT_EQ(DatasetSource::from_json(source.to_json()).class_names, source.class_names);
}

TEST_F(ClassNamesSection, LabelsThatCountFromZeroAreNotRecorded) {
  SweepText all(text("")), some(text("  classes: [3, 5]\n"));
  Json of_all = Json::object(), of_some = Json::object();
  record_class_labels(all.partial.dataset, of_all);
  record_class_labels(some.partial.dataset, of_some);
  EXPECT_EQ(of_all, Json::object());
  EXPECT_EQ(of_some, (Json{{"class_labels", {3, 5}}}));
}

}  // namespace
}  // namespace latentgrid
