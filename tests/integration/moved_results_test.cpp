// A results folder needs none of the user's files once its sweep has run.
#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Json;
using latentgrid::read_file;
using latentgrid::write_npy;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;

namespace fs = std::filesystem;

namespace {

class MovedResults : public SweepFixture {
 protected:
  void images(const std::string& file, std::int64_t count, int shift) {
    std::vector<std::uint8_t> pixels;
    for (std::int64_t i = 0; i < count * 8 * 8; ++i) pixels.push_back(static_cast<std::uint8_t>((i / 64 % 3) * 80 + (i * 37 + shift) % 60));
    write_npy(folder_ / "data" / file, std::span<const std::uint8_t>(pixels), {count, 8, 8, 1});
  }
  void labels(const std::string& file, std::int64_t count) {
    std::vector<std::int64_t> values;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(10 * (i % 3));
    write_npy(folder_ / "data" / file, std::span<const std::int64_t>(values), {count});
  }
  void SetUp() override {
    fs::create_directory(folder_ / "data");
    images("first.npy", 40, 0);
    images("second.npy", 20, 5);
    images("others.npy", 15, 9);
    labels("first_labels.npy", 40);
    labels("second_labels.npy", 20);
    labels("other_labels.npy", 15);
    write_npy(folder_ / "data" / "public.npy", std::span<const std::int64_t>(std::vector<std::int64_t>{0, 1, 2, 3, 5, 8, 13, 21, 34, 55}), {10});
    write("sweep.yaml", sweep);
  }
  // Every file below a folder, by its path within it.
  static std::map<std::string, std::string> files_below(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
    }
    return files;
  }
  // What all commands that say something of single images write.
  std::map<std::string, std::string> all_that_is_said() {
    std::map<std::string, std::string> said;
    const fs::path out = folder_ / "said";
    fs::remove_all(out);
    const CommandResult report = call({"report", "test", "--out", (out / "report").string()});
    EXPECT_EQ(report.exit_code, 0) << report.err;
    said["report's gaps"] = report.err.substr(0, report.err.find("wrote "));
    for (const Json& row : query("SELECT job FROM results ORDER BY job")) {
      const std::string job = row.at("job");
      for (const char* what : {"labels", "misclustered", "latents", "embedding"}) {
        const CommandResult exported = call({"export", what, job, "--format", "csv", "--out", "-"});
        EXPECT_EQ(exported.exit_code, 0) << exported.err;
        said[std::string(what) + " " + job] = exported.out;
      }
      const CommandResult submission = call({"submission", job, "--images", "all", "--out", "-"});
      EXPECT_EQ(submission.exit_code, 0) << submission.err;
      said["submission " + job] = submission.out + submission.err;
    }
    said.merge(files_below(out));
    return said;
  }

  const std::string sweep =
      "name: test\n"
      "dataset:\n"
      "  images: [data/first.npy, data/second.npy]\n"
      "  labels: [data/first_labels.npy, data/second_labels.npy]\n"
      "  classes: [0, 20]\n"
      "  class_names: {0: north, 20: south}\n"
      "  split: {public_indices: data/public.npy}\n"
      "architectures:\n"
      "  small:\n"
      "    encoder: [{conv2d: {out_channels: 4, kernel_size: 3, stride: 2, padding: 1}}]\n"
      "    decoder: [{conv_transpose2d: {out_channels: 1, kernel_size: 2, stride: 2}}, tanh]\n"
      "train: {epochs: 2, batch_size: 16}\n"
      "grid: {architecture: [raw, small], reduction: {pca: {dim: [2, 3]}}}\n"
      "report:\n"
      "  figures:\n"
      "    - map\n"
      "    - map: {name: others, dataset: {images: data/others.npy, labels: data/other_labels.npy}, reductions: [pca]}\n"
      "    - reconstructions\n"
      "    - confusion\n";
};

}  // namespace

TEST_F(MovedResults, GiveTheSameReportWithoutTheDataSet) {
  run();
  const std::map<std::string, std::string> before = all_that_is_said();
  EXPECT_TRUE(before.contains("report/report.html"));
  fs::create_directory(folder_ / "elsewhere");
  fs::rename(folder_ / "results", folder_ / "elsewhere" / "moved");
  fs::remove_all(folder_ / "data");
  fs::remove(folder_ / "sweep.yaml");
  results_ = "elsewhere/moved";
  const std::map<std::string, std::string> after = all_that_is_said();
  for (const auto& [file, content] : before) {
    ASSERT_TRUE(after.contains(file)) << file;
    EXPECT_TRUE(after.at(file) == content) << file << " differs" << (file.ends_with(".npy") ? "" : ":\n" + after.at(file).substr(0, 2000));
  }
  EXPECT_EQ(after.size(), before.size());
}
