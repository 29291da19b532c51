#include "exports/job_labels.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "unit/exports/exported_job.hpp"

namespace latentgrid {
namespace {

using namespace testing;
namespace fs = std::filesystem;

// A complete job on the four images of classes 3 and 7 in a file of five; the last has no label. Two clusters.
struct JobLabelsTest : ExportedJob {
  void SetUp() override {
    job.row["accuracy"] = 0.5;
    leaves({"load", "encode", "cluster", "labels", "score"});
    write<std::int32_t>("cluster", "clusters.npy", {0, 1, 1, 0});
    write<std::int32_t>("score", "assignment.npy", {1, 0});
    write<float>("encode", "errors.npy", {0.25f, 0.125f, 0.5f, 0.1f});
    images("images.npy", 5);
    label({3, 9, 7, 7, 7});
    source.classes = {3, 7};
    keep();
  }
  JobLabels made() const { return labels_of_job(job, revision, store); }
  static std::string csv(const JobLabels& labels) {
    std::string text;
    write_csv(labels, [&](std::string_view part) { text += part; });
    return text;
  }
};

TEST_F(JobLabelsTest, ARowAnImageWithItsOwnNumberAndTheLabelFilesValues) {
  EXPECT_EQ(csv(made()),
            "image,file,label,cluster,predicted,correct,squared_error\n"
            "0,images.npy,3,0,7,0,0.25\n"
            "2,images.npy,7,1,3,0,0.125\n"
            "3,images.npy,7,1,3,0,0.5\n"
            "4,images.npy,7,0,7,1,0.1\n");
}

TEST_F(JobLabelsTest, MisclusteredImagesAreTheWrongOnesTheWorstReconstructionFirst) {
  EXPECT_EQ(csv(misclustered(made())),
            "image,file,label,cluster,predicted,correct,squared_error\n"
            "3,images.npy,7,1,3,0,0.5\n"
            "0,images.npy,3,0,7,0,0.25\n"
            "2,images.npy,7,1,3,0,0.125\n");
}

TEST_F(JobLabelsTest, ClassesHaveTheirNamesWhereTheyHaveAny) {
  source.class_names = {"sea, calm", "wood"};
  keep();
  const JobLabels labels = made();
  EXPECT_EQ(csv(labels).substr(0, csv(labels).find("2,images")),
            "image,file,label,label_name,cluster,predicted,predicted_name,correct,squared_error\n"
            "0,images.npy,3,\"sea, calm\",0,7,wood,0,0.25\n");
}

TEST_F(JobLabelsTest, WhatIsUnknownIsEmpty) {
  write<std::int32_t>("score", "assignment.npy", {1, -1});
  write<std::int32_t>("", "labels.npy", {3, 9, 7, 7, -1});
  source.classes.clear();
  keep();
  write<std::int32_t>("cluster", "clusters.npy", {0, 1, 1, 0, 0});
  job.row.architecture = "raw";
  EXPECT_EQ(csv(made()),
            "image,file,label,cluster,predicted,correct,squared_error\n"
            "0,images.npy,3,0,7,0,\n"
            "1,images.npy,9,1,,0,\n"
            "2,images.npy,7,1,,0,\n"
            "3,images.npy,7,0,7,1,\n"
            "4,images.npy,,0,7,,\n");
  job.row["accuracy"] = std::nullopt;
  EXPECT_EQ(csv(made()).substr(57, 23), "0,images.npy,,0,,,\n1,im") << "no image has a label";
}

TEST_F(JobLabelsTest, NoiseIsClusterMinusOneWithoutAPredictedClassAndWrong) {
  write<std::int32_t>("cluster", "clusters.npy", {0, -1, 1, -1});
  EXPECT_EQ(csv(made()),
            "image,file,label,cluster,predicted,correct,squared_error\n"
            "0,images.npy,3,0,7,0,0.25\n"
            "2,images.npy,7,-1,,0,0.125\n"
            "3,images.npy,7,1,3,0,0.5\n"
            "4,images.npy,7,-1,,0,0.1\n");
  EXPECT_EQ(misclustered(made()).images.size(), 4);
}

TEST_F(JobLabelsTest, AsAStructuredArrayWithTheSameNumbers) {
  std::string bytes;
  write_npy(misclustered(made()), [&](std::string_view part) { bytes += part; });
  EXPECT_NE(bytes.find("{'descr': [('image', '<i8'), ('file', '<i8'), ('label', '<i8'), ('cluster', '<i8'), "
                       "('predicted', '<i8'), ('correct', '<i8'), ('squared_error', '<f8')], 'fortran_order': False, "
                       "'shape': (3,), }"),
            std::string::npos)
      << bytes;
  ASSERT_EQ(bytes.size() % 64, (3 * 7 * 8) % 64);
  std::int64_t first[7];
  std::memcpy(first, bytes.data() + bytes.size() - 3 * sizeof first, sizeof first);
  EXPECT_EQ((std::vector<std::int64_t>(first, first + 6)), (std::vector<std::int64_t>{3, 0, 7, 1, 3, 0}));
  double error;
  std::memcpy(&error, &first[6], sizeof error);
  EXPECT_EQ(error, 0.5);
}

TEST_F(JobLabelsTest, AreThoseOfTheFilesThatTheJobSaw) {
  const std::string before = csv(made());
  write<std::int32_t>("", "labels.npy", {7, 9, 7, 7, 3});
  fs::remove(results.folder() / "images.npy");
  EXPECT_EQ(csv(made()), before);
}

TEST_F(JobLabelsTest, ArtifactsOfAnotherNumberOfImagesAreRefused) {
  write<float>("encode", "errors.npy", {0.25f, 0.125f});
  EXPECT_EQ(error_of([&] { made(); }), "errors.npy of job 0123456789ab has 2 rows, but its data set has 4 images");
  fs::remove_all(store.folder("encode", job.path[1].artifact));
  EXPECT_EQ(error_of([&] { made(); }),
            "errors.npy of job 0123456789ab is missing: " +
                (store.folder("encode", job.path[1].artifact) / "errors.npy").string() +
                "\n  hint: `latentgrid run scenes.yaml` makes it anew");
}

}  // namespace
}  // namespace latentgrid
