// Sweeps on a folder of pictures, by the real programs.
#include "integration/sweep_fixture.hpp"
#include "support/pictures.hpp"

using latentgrid::Json;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;

namespace {

class PictureSweep : public SweepFixture {
 protected:
  void SetUp() override {
    if (!latentgrid::testing::has_pillow()) GTEST_SKIP() << "python3-numpy and python3-pil are not installed";
    const CommandResult made = latentgrid::testing::run_pillow(
        folder_ / "",
        "r = np.random.default_rng(1)\n"
        "for name, low in (('cat', 0), ('dog', 200)):\n"
        "  for i in range(6): save(f'photos/{name}/{i}.png', low + r.integers(0, 50, (9, 8 + i % 2, 3)))\n"
        "x = [np.array(Image.open(f'photos/{c}/{i}.png').crop((0, 0, 8, 8))) for c in ('cat', 'dog') for i in "
        "range(6)]\n"
        "np.save('x.npy', np.stack(x))\nopen('y.txt', 'w').write('cat\\n' * 6 + 'dog\\n' * 6)");
    ASSERT_EQ(made.exit_code, 0) << made.err;
    write("sweep.yaml", "name: test\ndataset: {images: photos, center_crop: square, resize: 4}\n" + grid);
  }

  const std::string grid = "grid: {architecture: raw, reduction: [none, {pca: {dim: 2}}]}\nreport: {figures: []}\n";
};

}  // namespace

TEST_F(PictureSweep, FoldersAreLabelsAndNames) {
  EXPECT_EQ(run(), summary(2, 0, 0, 8, 0, 0));
  EXPECT_EQ(query("SELECT DISTINCT accuracy FROM results"),
            Json::parse(R"([{"accuracy": 1.0}])"));
  EXPECT_EQ(run(), summary(2, 0, 0, 0, 8, 0)) << "a second run has nothing to do";
  const std::string job = query("SELECT min(job) AS job FROM results")[0]["job"];
  const std::string rows = call({"export", "labels", job, "--out", "-"}).out;
  EXPECT_TRUE(
      rows.starts_with("image,file,label,label_name,cluster,predicted,predicted_name,correct,squared_error\n"
                       "0,photos/cat/0.png,0,cat,"))
      << rows;
  EXPECT_NE(rows.find("\n11,photos/dog/5.png,1,dog,"), std::string::npos) << rows;
  EXPECT_EQ(call({"report", "test"}).exit_code, 0);
  const CommandResult unlabelled = call({"validate", (folder_ / "sweep.yaml").string(), "--set", "dataset.labels=[]", "--set",
                                         "grid.clustering={kmeans: {k: 2}}"});
  EXPECT_NE(unlabelled.out.find(" 12 images of 3×4×4, 0 labelled\n"), std::string::npos) << unlabelled.out << unlabelled.err;
}

TEST_F(PictureSweep, ClassesAreChosenByTheirNames) {
  const std::string file = (folder_ / "sweep.yaml").string();
  const CommandResult dogs = call({"validate", file, "--set", "dataset.classes=[dog]"});
  EXPECT_NE(dogs.out.find(" 6 images of 3×4×4, 6 labelled\n"), std::string::npos) << dogs.out << dogs.err;
  EXPECT_EQ(call({"validate", file, "--set", "dataset.classes=[1]"}).out, dogs.out);
  const CommandResult unknown = call({"validate", file, "--set", "dataset.classes=[dgo]"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("error: unknown class 'dgo'\n  hint: did you mean 'dog'?\n"), std::string::npos) << unknown.err;
}

// The pixels count, not how they are stored.
TEST_F(PictureSweep, TheSamePixelsInAnArrayAreTheSameWork) {
  write("sweep.yaml", "name: test\ndataset: {images: photos, center_crop: 8}\n" + grid);
  EXPECT_EQ(run(), summary(2, 0, 0, 8, 0, 0));
  ASSERT_EQ(latentgrid::testing::run_pillow(
                folder_ / "",
                "x = np.load('x.npy')\n"
                "for i in range(12):\n"
                "  c = ('cat', 'dog')[i // 6]; p = np.array(Image.open(f'photos/{c}/{i % 6}.png'))\n"
                "  h, w = (p.shape[0] - 8) // 2, (p.shape[1] - 8) // 2\n"
                "  x[i] = p[h:h + 8, w:w + 8]\nnp.savez_compressed('all.npz', x=x, y=np.arange(12) // 6)")
                .exit_code,
            0);
  write("sweep.yaml", "name: test\ndataset: {images: 'all.npz:x', labels: 'all.npz:y'}\n" + grid);
  EXPECT_EQ(run(), summary(2, 0, 0, 1, 7, 0));
  write("sweep.yaml", "name: test\ndataset: {images: 'all.npz:x', labels: y.txt}\n" + grid);
  EXPECT_EQ(run(), summary(2, 0, 0, 0, 8, 0));
}

TEST_F(PictureSweep, ADamagedPictureIsNamedBeforeAnythingRuns) {
  std::filesystem::resize_file(folder_ / "photos/dog/3.png", 60);
  const CommandResult result = call({"run", (folder_ / "sweep.yaml").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("sweep.yaml:2:19: error: " + (folder_ / "photos/dog/3.png").string() +
                            " is damaged: the file ends too early\n"),
            std::string::npos)
      << result.err;
}
