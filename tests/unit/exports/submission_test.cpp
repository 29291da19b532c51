#include "exports/submission.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "unit/exports/exported_job.hpp"

namespace latentgrid {
namespace {

using namespace testing;
namespace fs = std::filesystem;

// A complete job on six images in two clusters; the first four have the labels 3 and 7.
struct Submissions : ExportedJob {
  void SetUp() override {
    job.row.latent = "native";
    job.row.reduction = "pca";
    job.row.steps = {{"pca", "32"}};
    job.row.reduced_dim = 32;
    job.row.epochs = 20;
    job.row.k = 2;
    job.row.seed = 1;
    job.row["accuracy"] = 0.75;
    leaves({"load", "cluster", "labels", "score"});
    write<std::int32_t>("cluster", "clusters.npy", {0, 1, 1, 0, 1, 0});
    write<std::int32_t>("score", "assignment.npy", {1, 0});
    images("images.npy", 6);
    label({7, 3, 3, 3});
    revision.dataset = {{"name", "scenes"}, {"images", 6}, {"labelled", 4}, {"classes", 2}};
    keep();
  }
  Submission made(const std::string& file = "") const { return make_submission(job, revision, store, file); }
  std::string error() const {
    return error_of([&] { made(); });
  }
};

TEST_F(Submissions, ClustersBecomeTheLabelsOfTheLabelFile) {
  const Submission submission = made();
  EXPECT_EQ(submission.job, "0123456789ab");
  EXPECT_EQ(submission.images, 6);
  EXPECT_EQ(submission.rows, 6);
  EXPECT_EQ(submission.image_file, "images.npy");
  EXPECT_EQ(submission.images_in_file, 6);
  EXPECT_EQ(submission.without_rows, std::vector<std::string>());
  EXPECT_EQ(submission.labelled, 4);
  EXPECT_EQ(submission.accuracy, 0.75);
  EXPECT_EQ(submission.without_class, 0);
  ASSERT_EQ(submission.files.size(), 1u);
  EXPECT_EQ(submission.files[0].mapping, "");
  EXPECT_EQ(submission.files[0].labels, (std::vector<std::int64_t>{7, 3}));
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,7\n1,3\n2,3\n3,7\n4,3\n5,7\n");
  EXPECT_EQ(submission.files[0].description, "latentgrid job 0123456789ab: AE1(native) + PCA(dim = 32), 20 epochs, k = 2, seed 1");
}

TEST_F(Submissions, ClassesAndNumbersAreThoseOfTheFilesThatTheJobSaw) {
  label({3, 7, 5, 3});
  EXPECT_EQ(made().files[0].labels, (std::vector<std::int64_t>{7, 3}));
  fs::remove(results.folder() / "labels.npy");
  fs::remove(results.folder() / "images.npy");
  const Submission submission = made();
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,7\n1,3\n2,3\n3,7\n4,3\n5,7\n");
  EXPECT_EQ(submission.images_in_file, 6);
}

TEST_F(Submissions, AJobOfAnOlderProgramHasNoLabelsYet) {
  std::erase_if(job.path, [](const PathStep& step) { return step.stage == "labels"; });
  EXPECT_EQ(error(),
            "job 0123456789ab was run by an older latentgrid, which kept no labels and no names of image files\n"
            "  hint: `latentgrid run scenes.yaml` adds them and does no finished work again");
}

TEST_F(Submissions, AClusterWithoutAClassIsMinusOneAndCounted) {
  job.row.k = 3;
  write<std::int32_t>("cluster", "clusters.npy", {0, 1, 2, 0, 2, 0});
  write<std::int32_t>("score", "assignment.npy", {1, 0, -1});
  const Submission submission = made();
  EXPECT_EQ(submission.files[0].labels, (std::vector<std::int64_t>{7, 3, -1}));
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,7\n1,3\n2,-1\n3,7\n4,-1\n5,7\n");
  EXPECT_EQ(submission.without_class, 2);
}

TEST_F(Submissions, NoiseIsMinusOneAndCountedApart) {
  write<std::int32_t>("cluster", "clusters.npy", {0, -1, 1, 0, -1, 2});
  write<std::int32_t>("score", "assignment.npy", {1, 0, -1});
  const Submission submission = made();
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,7\n1,-1\n2,3\n3,7\n4,-1\n5,-1\n");
  EXPECT_EQ(submission.without_class, 1);
  EXPECT_EQ(submission.noise, 2);
}

TEST_F(Submissions, AClusteringThatFindsKSaysHowManyItFound) {
  job.row.k = 0;
  job.row["accuracy"] = std::nullopt;
  write<std::int32_t>("cluster", "clusters.npy", {0, -1, 1, 2, -1, 0});
  const Submission three = made();
  ASSERT_EQ(three.files.size(), 1);
  EXPECT_EQ(three.files[0].csv, "id,label\n0,0\n1,-1\n2,1\n3,2\n4,-1\n5,0\n");
  EXPECT_EQ(three.files[0].description, "latentgrid job 0123456789ab: AE1(native) + PCA(dim = 32), 20 epochs, k = 3, seed 1");
  write<std::int32_t>("cluster", "clusters.npy", {0, -1, 1, 1, -1, 0});
  const Submission two = made();
  ASSERT_EQ(two.files.size(), 2);
  EXPECT_EQ(two.files[1].csv, "id,label\n0,1\n1,-1\n2,0\n3,0\n4,-1\n5,1\n");
  write<std::int32_t>("cluster", "clusters.npy", {-1, -1, -1, -1, -1, -1});
  EXPECT_EQ(made().noise, 6);
}

TEST_F(Submissions, TwoClustersWithoutLabelsGiveBothMappings) {
  job.row["accuracy"] = std::nullopt;
  fs::remove(file_of("score", "assignment.npy"));
  const Submission submission = made();
  EXPECT_EQ(submission.labelled, 0);
  EXPECT_EQ(submission.accuracy, std::nullopt);
  ASSERT_EQ(submission.files.size(), 2u);
  EXPECT_EQ(submission.files[0].mapping, "a");
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,0\n1,1\n2,1\n3,0\n4,1\n5,0\n");
  EXPECT_EQ(submission.files[1].mapping, "b");
  EXPECT_EQ(submission.files[1].csv, "id,label\n0,1\n1,0\n2,0\n3,1\n4,0\n5,1\n");
  EXPECT_EQ(submission.files[1].description,
            "latentgrid job 0123456789ab: AE1(native) + PCA(dim = 32), 20 epochs, k = 2, seed 1, mapping b");
}

TEST_F(Submissions, MoreClustersWithoutLabelsKeepTheirNumbers) {
  job.row["accuracy"] = std::nullopt;
  job.row.k = 3;
  write<std::int32_t>("cluster", "clusters.npy", {0, 1, 2, 0, 2, 0});
  const Submission submission = made();
  ASSERT_EQ(submission.files.size(), 1u);
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,0\n1,1\n2,2\n3,0\n4,2\n5,0\n");
}

TEST_F(Submissions, AJobThatIsNotCompleteHasNone) {
  job.row.state = "failed";
  job.row.reason = "train: loss is NaN";
  EXPECT_EQ(error(),
            "job 0123456789ab is not complete (failed, train: loss is NaN): `latentgrid run scenes.yaml` does the work that is missing");
  job.row.state = "pending";
  job.row.reason = "";
  EXPECT_EQ(error(), "job 0123456789ab is not complete (pending): `latentgrid run scenes.yaml` does the work that is missing");
}

TEST_F(Submissions, AMissingArtifactIsNamedWithWhatMakesItAnew) {
  for (const auto& [stage, name] : {std::pair("score", "assignment.npy"), std::pair("cluster", "clusters.npy")}) {
    const fs::path file = file_of(stage, name);
    const std::string missing = fmt::format("{} of job 0123456789ab is missing: {}\n  hint: ", name, file.string());
    fs::remove(file);
    EXPECT_EQ(error(), missing + fmt::format("remove {}, then `latentgrid run scenes.yaml` makes it anew",
                                             file.parent_path().string()));
    fs::remove(file.parent_path());
    EXPECT_EQ(error(), missing + "`latentgrid run scenes.yaml` makes it anew");
  }
}

TEST_F(Submissions, ArtifactsThatDontFitEachOtherAreRefused) {
  write<std::int32_t>("cluster", "clusters.npy", {0, 1, 2, 0, 1, 0});
  EXPECT_EQ(
      error(),
      "job 0123456789ab: row 2 of clusters.npy is cluster 2, but there are 2 clusters; its artifacts don't fit each "
      "other: remove the folders that `latentgrid show 0123456789ab` names for cluster and score, and run the sweep "
      "again");
}

// The competition scores four images of images.npy; the last two are in labelled.npy beside it.
TEST_F(Submissions, RowsAreThoseOfTheCompetitionsFile) {
  images("images.npy", 4);
  images("labelled.npy", 2);
  source.images.push_back(results.folder() / "labelled.npy");
  keep();
  Submission submission = made();
  EXPECT_EQ(submission.rows, 4);
  EXPECT_EQ(submission.image_file, "images.npy");
  EXPECT_EQ(submission.without_rows, std::vector<std::string>{"labelled.npy"});
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,7\n1,3\n2,3\n3,7\n");
  for (const std::string& chosen : {std::string("labelled.npy"), source.images[1].string()}) {
    submission = made(chosen);
    EXPECT_EQ(submission.image_file, "labelled.npy");
    EXPECT_EQ(submission.files[0].csv, "id,label\n0,3\n1,7\n");
  }
  submission = made("all");
  EXPECT_EQ(submission.image_file, "");
  EXPECT_EQ(submission.images_in_file, 6);
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,7\n1,3\n2,3\n3,7\n4,3\n5,7\n");
  EXPECT_EQ(error_of([&] { made("test.npy"); }),
            "--images test.npy: the data set has no such image file; its files are images.npy, labelled.npy");
}

TEST_F(Submissions, IdsAreTheImagesOwnNumbersWhereSomeAreSelected) {
  images("images.npy", 9);
  label({3, 7, 5, 3, 5, 5, 7, 3, 3});
  source.classes = {3, 7};
  keep();
  const Submission submission = made();
  EXPECT_EQ(submission.files[0].csv, "id,label\n0,7\n1,3\n3,3\n6,7\n7,3\n8,7\n");
  EXPECT_EQ(submission.rows, 6);
  EXPECT_EQ(submission.images_in_file, 9);
  EXPECT_EQ(submission.selection, "classes 3, 7");
}

TEST_F(Submissions, AFileOfWhichNothingIsSelectedIsRefused) {
  images("images.npy", 6);
  images("more.npy", 2);
  source.images.push_back(results.folder() / "more.npy");
  source.limit = 6;
  keep();
  EXPECT_EQ(made().rows, 6);
  EXPECT_EQ(error_of([&] { made("more.npy"); }),
            "the sweep uses no image of more.npy (limit 6), so there is nothing to submit");
}

}  // namespace
}  // namespace latentgrid
