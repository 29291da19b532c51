// What planning says about a dataset's files, and where.
#include "data/digest_cache.hpp"
#include "plan/make_plan.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "data/formats.hpp"
#include "store/npy.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

class DatasetFiles : public ::testing::Test {
 protected:
  void write_integers(const std::string& name, std::vector<std::int64_t> values) {
    write_npy(folder_ / name, std::span<const std::int64_t>(values), {static_cast<std::int64_t>(values.size())});
  }
  void SetUp() override {
    std::vector<std::uint8_t> pixels(5 * 4 * 4 * 3);
    write_npy(folder_ / "images.npy", std::span<const std::uint8_t>(pixels), {5, 4, 4, 3});
    write_npy(folder_ / "flat.npy", std::span<const std::uint8_t>(pixels), {5, 48});
    write_integers("labels.npy", {0, 1, 0, 1, 1});
    std::ofstream(folder_ / "text.npy") << "no array";
  }

  std::string said(const std::string& dataset, const std::string& rest = "grid: {architecture: raw}\n",
                   const SpecOptions& options = {}) {
    std::ofstream(folder_ / "sweep.yaml") << "name: test\ndataset:\n" + dataset + rest;
    Diagnostics diagnostics;
    DigestCache digests;
    auto plan = make_plan(folder_ / "sweep.yaml", options, ArtifactStore(folder_ / "results"), digests, diagnostics);
    EXPECT_NE(plan.has_value(), diagnostics.has_errors());
    std::string text = diagnostics.render();
    const std::string prefix = folder_.path().string() + "/";
    for (std::size_t at; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(DatasetFiles, ThatFitGiveAPlan) {
  EXPECT_EQ(said("  images: images.npy\n  labels: labels.npy\n"), "");
}

// A table without jobs is found before anything runs.
TEST_F(DatasetFiles, ATablesConditionThatNoJobMeetsIsAnError) {
  const std::string images = "  images: images.npy\n  labels: labels.npy\n";
  const std::string grid = "grid: {architecture: raw, reduction: [none, pca: {dim: [2, 4]}]}\n";
  const auto with = [&](const std::string& where) {
    return grid + "report: {tables: [{columns: [label, silhouette], where: {" + where + "}}]}\n";
  };
  EXPECT_EQ(said(images, with("pca.dim: [2, 4], reduction: PCA, silhouette: '> 0.5'")), "");
  EXPECT_EQ(said(images, with("latent_dim: 48")), "") << "what `native` is, in numbers";
  EXPECT_EQ(said(images, with("pca.dim: [8, 16]")),
            "sweep.yaml:6:67: error: no job has pca.dim 8 or 16\n"
            "  report: {tables: [{columns: [label, silhouette], where: {pca.dim: [8, 16]}}]}\n"
            "                                                                    ^\n"
            "  hint: there are 2, 4\n");
  EXPECT_EQ(said(images, with("tsne.perplexity: 30")),
            "sweep.yaml:6:58: error: no job has a column or parameter 'tsne.perplexity'\n"
            "  report: {tables: [{columns: [label, silhouette], where: {tsne.perplexity: 30}}]}\n"
            "                                                           ^\n"
            "  hint: the axes are architecture, clustering, k, pca.dim, reduced_dim, reduction, seed\n");
  EXPECT_EQ(said(images, with("architecture: AE9")),
            "sweep.yaml:6:72: error: no job has architecture AE9\n"
            "  report: {tables: [{columns: [label, silhouette], where: {architecture: AE9}}]}\n"
            "                                                                         ^\n"
            "  hint: there is only raw\n");
  EXPECT_EQ(said(images, with("epochs: 7")),
            "sweep.yaml:6:66: error: no job has epochs 7\n"
            "  report: {tables: [{columns: [label, silhouette], where: {epochs: 7}}]}\n"
            "                                                                   ^\n"
            "  hint: no job has a value there\n");
  EXPECT_EQ(said(images, with("pca.dim: 2, reduced_dim: 4")),
            "sweep.yaml:6:57: error: no job of the grid meets all of these conditions\n"
            "  report: {tables: [{columns: [label, silhouette], where: {pca.dim: 2, reduced_dim: 4}}]}\n"
            "                                                          ^\n"
            "  hint: each of them is met, but by different jobs\n");
}

TEST_F(DatasetFiles, ADefaultThatIsNotRecordedMayBeACondition) {
  const std::string images = "  images: images.npy\n  labels: labels.npy\n", grid = "grid: {architecture: raw, reduction: {pca: {dim: 2}}}\n";
  EXPECT_EQ(said(images, grid + "report: {tables: [{columns: [label, silhouette], where: {pca.whiten: false}}]}\n"), "");
  EXPECT_EQ(said(images, grid + "report: {tables: [{columns: [label, silhouette], where: {pca.whiten: true}}]}\n"),
            "sweep.yaml:6:70: error: no job has pca.whiten true\n"
            "  report: {tables: [{columns: [label, silhouette], where: {pca.whiten: true}}]}\n"
            "                                                                       ^\n"
            "  hint: there is only false\n");
}

TEST_F(DatasetFiles, AValueThatNoJobHasBesideOthersIsAWarning) {
  const std::string images = "  images: images.npy\n  labels: labels.npy\n";
  EXPECT_EQ(said(images,
                 "grid: {architecture: raw, reduction: [none, pca: {dim: [2, 4]}]}\n"
                 "report: {tables: [{columns: [label, silhouette], where: {pca.dim: [2, 16]}}]}\n"),
            "sweep.yaml:6:67: warning: no job has pca.dim 16\n"
            "  report: {tables: [{columns: [label, silhouette], where: {pca.dim: [2, 16]}}]}\n"
            "                                                                    ^\n"
            "  hint: there are 2, 4\n");
}

TEST_F(DatasetFiles, OfImagesAreBlamedWhereTheyAreWritten) {
  EXPECT_EQ(said("  images: [images.npy, flat.npy]\n"),
            "sweep.yaml:3:24: error: flat.npy: images must have the shape N×H×W×C or N×H×W, not 5×48\n"
            "    images: [images.npy, flat.npy]\n"
            "                         ^\n"
            "  hint: if all red values of an image come first, as in CIFAR, run this, then use flat_images.npy instead: python3 -c \"import numpy as np; "
            "np.save('flat_images.npy', np.load('flat.npy').reshape(-1, 3, 4, 4).transpose(0, 2, 3, 1))\"\n");
  EXPECT_EQ(said("  images: [text.npy, images.npy]\n  labels: [labels.npy, labels.npy]\n"),
            "sweep.yaml:3:12: error: text.npy is a text file; its first line is 'no array'\n"
            "    images: [text.npy, images.npy]\n"
            "             ^\n"
            "  hint: images are read from " + formats_that_hold(FileRole::images) + "\n");
}

TEST_F(DatasetFiles, WhoseValuesAreRoundedAreAWarning) {
  const std::vector<float> values(5 * 4 * 4, 0.5f);
  write_npy(folder_ / "halves.npy", std::span<const float>(values), {5, 4, 4});
  EXPECT_EQ(said("  images: halves.npy\n  values: [0, 1]\n  labels: labels.npy\n"),
            "sweep.yaml:3:11: warning: the values of halves.npy are rounded to 256 steps from 0 to 1\n"
            "    images: halves.npy\n"
            "            ^\n"
            "  hint: images are kept as bytes; finer differences are lost\n");
}

TEST_F(DatasetFiles, WhoseImagesCannotBePreparedSoAreBlamed) {
  EXPECT_EQ(said("  images: images.npy\n  values: [1, 0]\n  center_crop: sqare\n  channels: 2\n  resize: [1, 2, 3]\n"),
            "sweep.yaml:4:11: error: values expects two numbers, the smaller first, got a list\n"
            "    values: [1, 0]\n"
            "            ^\n"
            "  hint: the values of the files that become 0 (black) and 255 (white), for example values: [0, 1]\n"
            "sweep.yaml:5:16: error: center_crop expects an integer of at least 1 and at most 65536, got 'sqare'\n"
            "    center_crop: sqare\n"
            "                 ^\n"
            "sweep.yaml:6:13: error: channels is 1 (gray) or 3 (RGB)\n"
            "    channels: 2\n"
            "              ^\n"
            "sweep.yaml:7:11: error: resize expects one number or [height, width]\n"
            "    resize: [1, 2, 3]\n"
            "            ^\n"
            "  hint: for example resize: 32\n");
  EXPECT_EQ(said("  images: images.npy\n  labels: labels.npy\n  center_crop: 5\n"),
            "sweep.yaml:3:11: error: images.npy: image 0 has 4×4 pixels, too few for center_crop: [5, 5]\n"
            "    images: images.npy\n"
            "            ^\n"
            "  hint: choose a smaller center_crop, or center_crop: square\n");
}

TEST_F(DatasetFiles, OfLabelsAreBlamedWhereTheyAreWritten) {
  write_integers("many.npy", {0, 1, 0, 1, 1, 0});
  EXPECT_EQ(said("  images: images.npy\n  labels: many.npy\n"),
            "sweep.yaml:4:11: error: many.npy holds 6 labels, but there are only 5 images\n"
            "    labels: many.npy\n"
            "            ^\n"
            "  hint: are these the labels of other images? There must be one label for each image, in order\n");
  EXPECT_EQ(said("  images: images.npy\n  labels: {first_image: 3, file: labels.npy}\n"),
            "sweep.yaml:4:34: error: labels.npy holds 5 labels, the first for image 3, but there are only 5 images\n"
            "    labels: {first_image: 3, file: labels.npy}\n"
            "                                   ^\n"
            "  hint: are these the labels of other images? There must be one label for each image, in order\n");
}

TEST_F(DatasetFiles, ALimitAboveTheNumberOfImagesIsAWarning) {
  EXPECT_EQ(said("  images: images.npy\n  labels: labels.npy\n  limit: 6\n"),
            "sweep.yaml:5:10: warning: limit is 6, but there are only 5 images\n"
            "    limit: 6\n"
            "           ^\n"
            "  hint: all of them are used; remove the limit, or check whether images are missing\n");
  EXPECT_EQ(said("  images: images.npy\n  labels: labels.npy\n  limit: 5\n"), "");
}

TEST_F(DatasetFiles, OfIndicesAreBlamedWhereTheyAreWritten) {
  write_integers("public.npy", {0, 7});
  EXPECT_EQ(said("  images: images.npy\n  labels: labels.npy\n  split: {public_indices: public.npy}\n"),
            "sweep.yaml:5:27: error: public.npy names image 7, but there are only 5 images\n"
            "    split: {public_indices: public.npy}\n"
            "                            ^\n"
            "  hint: images are numbered from 0 to 4\n");
}

TEST_F(DatasetFiles, WithFewerLabelsThanImagesSayWhereTheyBelong) {
  write_integers("few.npy", {0, 1, 1});
  EXPECT_EQ(said("  images: images.npy\n  labels: few.npy\n"),
            "sweep.yaml:4:11: error: few.npy holds 3 labels, but there are 5 images\n"
            "    labels: few.npy\n"
            "            ^\n"
            "  hint: are these the labels of other images? If not, and the other images have no labels, say which image the first "
            "label belongs to: labels: {file: few.npy, first_image: 0}\n");
  EXPECT_EQ(said("  images: images.npy\n  labels: {file: few.npy, first_image: 2}\n"), "");
  EXPECT_EQ(said("  images: images.npy\n  labels: {counts: [2, 2]}\n"),
            "sweep.yaml:4:20: error: the counts add up to 4 labels, but there are 5 images\n"
            "    labels: {counts: [2, 2]}\n"
            "                     ^\n"
            "  hint: are these the labels of other images? If not, and the other images have no labels, say which image the first "
            "label belongs to: labels: {counts: [2, 2], first_image: 0}\n");
}

TEST_F(DatasetFiles, WithLabelsOfOneClassOrNoneAreAWarning) {
  write_integers("signs.npy", {-1, 1, -1, 1, 1});
  EXPECT_EQ(said("  images: images.npy\n  labels: signs.npy\n"),
            "sweep.yaml:4:11: warning: all 3 labelled images are of class 1: k is 1 unless the sweep says otherwise, and accuracy "
            "means nothing\n"
            "    labels: signs.npy\n"
            "            ^\n"
            "  hint: 2 images have no label, which is what -1 means; if -1 is one of your classes, run this, then use "
            "signs_int.npy instead: python3 -c \"import numpy as np; np.save('signs_int.npy', np.unique(np.load('signs.npy'), "
            "return_inverse=True)[1])\"\n");
  write_integers("none.npy", {-1, -1, -1, -1, -1});
  EXPECT_EQ(said("  images: images.npy\n  labels: none.npy\n",
                 "grid: {architecture: raw, clustering: {kmeans: {k: 2}}}\n"),
            "sweep.yaml:4:11: warning: none of the images has a label, so there is no accuracy\n"
            "    labels: none.npy\n"
            "            ^\n"
            "  hint: -1 means 'no label', and so does a place that no label file reaches\n");
  write_integers("ones.npy", {7, 7, 7, 7, 7});
  EXPECT_EQ(said("  images: images.npy\n  labels: ones.npy\n"),
            "sweep.yaml:4:11: warning: all 5 labelled images are of class 7: k is 1 unless the sweep says otherwise, and accuracy "
            "means nothing\n"
            "    labels: ones.npy\n"
            "            ^\n");
}

TEST_F(DatasetFiles, WhoseImagesAreAllZerosAndOnesAreAWarning) {
  std::vector<std::uint8_t> pixels(5 * 4 * 4);
  pixels[7] = 1;
  write_npy(folder_ / "cast.npy", std::span<const std::uint8_t>(pixels), {5, 4, 4});
  EXPECT_EQ(said("  images: cast.npy\n  labels: labels.npy\n"),
            "sweep.yaml:3:11: warning: the images of cast.npy hold only the values 0 and 1, but pixels go from 0 (black) to 255 (white)\n"
            "    images: cast.npy\n"
            "            ^\n"
            "  hint: if they are black and white, write values: [0, 1] beside images; if floats from 0 to 1 were cast to uint8, use those floats "
            "with values: [0, 1] instead\n");
  EXPECT_EQ(said("  images: cast.npy\n  values: [0, 1]\n  labels: labels.npy\n"), "");
  pixels[8] = 2;
  write_npy(folder_ / "dark.npy", std::span<const std::uint8_t>(pixels), {5, 4, 4});
  EXPECT_EQ(said("  images: dark.npy\n  labels: labels.npy\n"), "");
}

TEST_F(DatasetFiles, WhoseLabelsHoldMinusOneCastToAnUnsignedTypeAreAWarning) {
  auto warning = [](const std::string& file, const std::string& value, int bits) {
    return "sweep.yaml:4:11: warning: the label " + value + " is -1 as an unsigned number of " + std::to_string(bits) +
           " bits\n    labels: " + file + ".npy\n            ^\n"
           "  hint: if it means 'no label', run this, then use " + file + "_int.npy instead: python3 -c \"import numpy as np; np.save('" +
           file + "_int.npy', (lambda y: np.where(y == " + value + ", -1, y))(np.load('" + file + ".npy').astype('int64')))\"\n";
  };
  write_integers("some.npy", {0, 255, 1, 255, 1});
  EXPECT_EQ(said("  images: images.npy\n  labels: some.npy\n"), warning("some", "255", 8));
  write_integers("wide.npy", {0, 65535, 1, 1, 1});
  EXPECT_EQ(said("  images: images.npy\n  labels: wide.npy\n"), warning("wide", "65535", 16));
  write_integers("all.npy", {255, 255, 255, 255, 255});
  EXPECT_EQ(said("  images: images.npy\n  labels: all.npy\n"),
            warning("all", "255", 8) +
                "sweep.yaml:4:11: warning: all 5 labelled images are of class 255: k is 1 unless the sweep says otherwise, and "
                "accuracy means nothing\n    labels: all.npy\n            ^\n");
  write_integers("many.npy", {253, 254, 255, 0, 1});
  EXPECT_EQ(said("  images: images.npy\n  labels: many.npy\n"), "");
}

TEST_F(DatasetFiles, WhoseImagesMayBeHWNAreAWarning) {
  const std::vector<std::uint8_t> pixels(5 * 5 * 21, 9);
  write_npy(folder_ / "hwn.npy", std::span<const std::uint8_t>(pixels), {5, 5, 21});
  EXPECT_EQ(said("  images: hwn.npy\n  labels: labels.npy\n"),
            "sweep.yaml:3:11: warning: hwn.npy is read as 5 images of 5×21, but it may hold 21 images of 5×5 as H×W×N\n"
            "    images: hwn.npy\n"
            "            ^\n"
            "  hint: if it does, run this, then use hwn_images.npy instead: python3 -c \"import numpy as np; "
            "np.save('hwn_images.npy', np.load('hwn.npy').reshape(5, 5, 21).transpose(2, 0, 1))\"\n");
  write_npy(folder_ / "square.npy", std::span(pixels).first(5 * 5 * 20), {5, 5, 20});
  EXPECT_EQ(said("  images: square.npy\n  labels: labels.npy\n"), "");
}

TEST_F(DatasetFiles, ASplitThatLeavesOnePartEmptyIsAWarning) {
  const std::string data = "  images: images.npy\n  labels: labels.npy\n";
  write_integers("nobody.npy", {});
  EXPECT_EQ(said(data + "  split: {public_indices: nobody.npy}\n"),
            "sweep.yaml:5:27: warning: the split leaves no labelled image public, so there is no public score\n"
            "    split: {public_indices: nobody.npy}\n"
            "                            ^\n"
            "  hint: without `split:` the tables show one accuracy, of all labelled images\n");
  write_integers("everybody.npy", {4, 3, 2, 1, 0});
  EXPECT_EQ(said(data + "  split: {public_indices: everybody.npy}\n"),
            "sweep.yaml:5:27: warning: the split leaves no labelled image private, so there is no private score\n"
            "    split: {public_indices: everybody.npy}\n"
            "                            ^\n"
            "  hint: without `split:` the tables show one accuracy, of all labelled images\n");
  EXPECT_EQ(said(data + "  split: {public_fraction: 1}\n"),
            "sweep.yaml:5:10: warning: the split leaves no labelled image private, so there is no private score\n"
            "    split: {public_fraction: 1}\n"
            "           ^\n"
            "  hint: without `split:` the tables show one accuracy, of all labelled images\n");
  write_integers("some.npy", {0, 3});
  EXPECT_EQ(said(data + "  split: {public_indices: some.npy}\n"), "");
}

TEST_F(DatasetFiles, WhoseLimitLeavesOneClassAreAWarning) {
  write_integers("ordered.npy", {3, 3, 3, 5, 8});
  EXPECT_EQ(said("  images: images.npy\n  labels: ordered.npy\n  limit: 2\n"),
            "sweep.yaml:5:10: warning: limit 2 keeps only the first images, and their labels are all of class 3: k is 1 unless the "
            "sweep says otherwise, and accuracy means nothing\n"
            "    limit: 2\n"
            "           ^\n"
            "  hint: classes 5, 8 come later in the files: raise the limit, or leave it out\n");
  EXPECT_EQ(said("  images: images.npy\n  labels: ordered.npy\n  limit: 4\n"), "");
}

TEST_F(DatasetFiles, ThatLackAClassOrAreLargerThanThePaddingPointAtTheValue) {
  EXPECT_EQ(said("  images: images.npy\n  labels: labels.npy\n  classes: [3, 1]\n"),
            "sweep.yaml:5:13: error: dataset 'images' has no image of class 3\n"
            "    classes: [3, 1]\n"
            "              ^\n"
            "  hint: its classes are 0, 1\n");
  EXPECT_EQ(said("  images: images.npy\n  pad_to: 2\n  name: mine\n"),
            "sweep.yaml:4:11: error: images of 4×4 in dataset 'mine' cannot be padded to the smaller 2×2\n"
            "    pad_to: 2\n"
            "            ^\n"
            "  hint: choose a pad_to of at least [4, 4]\n");
}

TEST_F(DatasetFiles, ThatAreWrongHideNoLayersThatDontFit) {
  const std::string rest =
      "architectures: {mine: {encoder: [relu], decoder: [{max_pool2d: 2}]}}\n"
      "grid: {architecture: mine, epochs: 1}\n";
  const std::string layers =
      "error: the decoder of mine returns 3×2×2, but the images are 3×4×4\n"
      "  architectures: {mine: {encoder: [relu], decoder: [{max_pool2d: 2}]}}\n"
      "                                                     ^\n"
      "  hint: the decoder's strides must undo those of the encoder: its last layer, max_pool2d(2×2), returns 3×2×2\n";
  write_integers("public.npy", {7});
  EXPECT_EQ(said("  images: images.npy\n  labels: labels.npy\n  split: {public_indices: public.npy}\n", rest),
            "sweep.yaml:5:27: error: public.npy names image 7, but there are only 5 images\n"
            "    split: {public_indices: public.npy}\n"
            "                            ^\n"
            "  hint: images are numbered from 0 to 4\n"
            "sweep.yaml:6:52: " +
                layers);
  EXPECT_EQ(said("  images: images.npy\n  labels: text.npy\n  classes: [1]\n", rest),
            "sweep.yaml:4:11: error: text.npy is a text file; its first line is 'no array'\n"
            "    labels: text.npy\n"
            "            ^\n"
            "  hint: labels are read from .npy, .npz, IDX (.gz) and text files\n"
            "sweep.yaml:6:52: " +
                layers);
}

TEST_F(DatasetFiles, OfAFolderAreBlamedOnTheOption) {
  std::filesystem::create_directory(folder_ / "course");
  std::filesystem::copy(folder_ / "images.npy", folder_ / "course/trainX.npy");
  std::filesystem::copy(folder_ / "text.npy", folder_ / "course/trainY.npy");
  EXPECT_EQ(said("  images: images.npy\n", "grid: {architecture: raw}\n", {{}, folder_ / "course"}),
            "--data course: error: course/trainY.npy is a text file; its first line is 'no array'\n"
            "  hint: labels are read from .npy, .npz, IDX (.gz) and text files\n");
}

}  // namespace
}  // namespace latentgrid
