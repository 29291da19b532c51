// `latentgrid init` writes sweep files that are valid as they are.
#include "integration/sweep_fixture.hpp"
#include "support/pictures.hpp"

using latentgrid::Json;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;

namespace {

class Init : public SweepFixture {
 protected:
  // What `init` wrote of the folder `data`, which `validate` must find right.
  std::string init() {
    const std::string file = (folder_ / "sweep.yaml").string();
    std::filesystem::remove(file);
    const CommandResult made = call({"init", (folder_ / "data").string(), "--out", file});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    const CommandResult valid = call({"validate", file});
    EXPECT_EQ(valid.exit_code, 0) << valid.err;
    EXPECT_EQ(valid.err, "");
    said_ = valid.out;
    std::ifstream stream(file);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::size_t from = text.find("dataset:\n");
    return text.substr(from, text.find("\ngrid:") - from);
  }
  void pillow(const std::string& script) {
    std::filesystem::create_directory(folder_ / "data");
    const CommandResult made = latentgrid::testing::run_pillow(folder_ / "data", script);
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  void SetUp() override {
    if (!latentgrid::testing::has_pillow()) GTEST_SKIP() << "python3-numpy and python3-pil are not installed";
  }

  std::string said_;
};

}  // namespace

TEST_F(Init, ArraysWithTheirLabels) {
  pillow(
      "np.save('trainX.npy', np.arange(6 * 64, dtype='uint8').reshape(6, 8, 8)); np.save('trainY.npy', [0, 1, 2, 0, 1, "
      "2])\n"
      "np.save('valX.npy', np.zeros((6, 8, 8), 'uint8')); np.save('valY.npy', [0] * 6)\nopen('classes.txt', "
      "'w').write('a\\nb\\nc\\n')");
  EXPECT_EQ(
      init(),
      "dataset:\n  images: data/trainX.npy  # 6 images of 8×8, gray\n  # There are more images in data/valX.npy.\n"
      "  labels: data/trainY.npy  # 3 classes\n  class_names: data/classes.txt\n");
  EXPECT_NE(said_.find("sweep 'data', 4 jobs on 6 images of 1×8×8, 6 labelled\n"), std::string::npos) << said_;
  const CommandResult again = call({"init", (folder_ / "data").string(), "--out", (folder_ / "sweep.yaml").string()});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_NE(again.err.find("sweep.yaml exists already\n  hint: write another file: --out FILE\n"), std::string::npos)
      << again.err;
}

TEST_F(Init, ArchivesOfFloats) {
  pillow(
      "np.savez('all.npz', x_train=np.linspace(0, 1, 5 * 49, dtype='float32').reshape(5, 7, 7), y_train=[3, 4, 3, 4, "
      "3], "
      "x_test=np.zeros((2, 7, 7), 'float32'), y_test=[3, 4])");
  const std::string file = (folder_ / "sweep.yaml").string();
  ASSERT_EQ(call({"init", (folder_ / "data").string(), "--out", file}).exit_code, 0);
  const CommandResult valid = call({"validate", file});
  EXPECT_EQ(valid.exit_code, 0) << valid.err;
  EXPECT_NE(valid.err.find("the values of " + (folder_ / "data/all.npz:x_train").string() +
                           " are rounded to 256 steps from 0 to 1\n"),
            std::string::npos)
      << valid.err;
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_NE(
      text.find(
          "  images: data/all.npz:x_train  # 5 images of 7×7, gray\n  # There are more images in data/all.npz:x_test.\n"
          "  values: [0, 1]  # these become black and white\n  pad_to: [8, 8]  # even sizes, which the autoencoders "
          "need\n"
          "  labels: data/all.npz:y_train  # 2 classes\n"),
      std::string::npos)
      << text;
}

TEST_F(Init, FoldersOfClasses) {
  pillow("for c in ('cat', 'dog'):\n  for i in range(3): save(f'{c}/{i}.png', np.full((40 + i, 50, 3), 9))");
  EXPECT_EQ(init(),
            "dataset:\n  images: data  # 6 images of several sizes, RGB\n  center_crop: square  # the largest square in the "
            "middle of each\n"
            "  resize: 32  # height and width; larger images take longer\n"
            "  # The labels come with the images, 2 classes: cat, dog.\n");
}

TEST_F(Init, PicturesWithoutLabels) {
  pillow("for i in range(4): save(f'{i}.png', np.full((8, 8), 9 * i))");
  EXPECT_EQ(init(),
            "dataset:\n  images: data  # 4 images of 8×8, gray\n"
            "  # labels: FILE      # labels would give accuracies: a .npy file, or a text with one label a line\n");
  EXPECT_NE(said_.find("4 jobs on 4 images of 1×8×8, 0 labelled\n"), std::string::npos) << said_;
}

TEST_F(Init, PicturesThatATableLabels) {
  pillow(
      "for i in range(4): save(f'{i}.png', np.full((8, 8), 9 * i))\nopen('train.csv', 'w').write('id,label\\n' + "
      "''.join(f'{i},{\"ab\"[i % 2]}\\n' for i in range(4)))");
  EXPECT_EQ(init(), "dataset:\n  images: data  # 4 images of 8×8, gray\n  labels: data/train.csv  # 2 classes: a, b\n");
}

TEST_F(Init, CifarsFilesInAFolderOfTheirOwn) {
  pillow(
      "os.mkdir('cifar-10-batches-bin')\n"
      "for n in ('data_batch_1', 'data_batch_2', 'test_batch'):\n"
      "  np.concatenate([[i] + [i] * 3072 for i in range(3)]).astype('uint8').tofile(f'cifar-10-batches-bin/{n}.bin')\n"
      "open('cifar-10-batches-bin/batches.meta.txt', 'w').write('airplane\\nautomobile\\nbird\\n')");
  EXPECT_EQ(init(),
            "dataset:\n  images: [data/cifar-10-batches-bin/data_batch_1.bin, "
            "data/cifar-10-batches-bin/data_batch_2.bin]  # 6 images of "
            "32×32, RGB\n  # There are more images in data/cifar-10-batches-bin/test_batch.bin.\n"
            "  # The labels come with the images, 3 classes: airplane, automobile, bird.\n");
}

TEST_F(Init, IdxFiles) {
  pillow(
      "import gzip, struct\n"
      "for n, k in (('train', 6), ('t10k', 4)):\n"
      "  gzip.open(f'{n}-images-idx3-ubyte.gz', 'wb').write(struct.pack('>IIII', 0x803, k, 4, 4) + bytes(range(16)) * "
      "k)\n"
      "  gzip.open(f'{n}-labels-idx1-ubyte.gz', 'wb').write(struct.pack('>II', 0x801, k) + bytes([1, 2] * (k // 2)))");
  EXPECT_EQ(init(),
            "dataset:\n  images: data/train-images-idx3-ubyte.gz  # 6 images of 4×4, gray\n"
            "  # There are more images in data/t10k-images-idx3-ubyte.gz.\n"
            "  labels: data/train-labels-idx1-ubyte.gz  # 2 classes\n");
}

TEST_F(Init, LargePicturesOfOneSize) {
  pillow("for i in range(4): save(f'{i}.png', np.full((96, 96), 9 * i))");
  EXPECT_EQ(init(),
            "dataset:\n  images: data  # 4 images of 96×96, gray\n"
            "  resize: 32  # height and width; larger images take longer\n"
            "  # labels: FILE      # labels would give accuracies: a .npy file, or a text with one label a line\n");
}

TEST_F(Init, FeaturesAlone) {
  pillow(
      "rows = np.linspace(0, 1, 6 * 5, dtype='float32').reshape(6, 5)\n"
      "np.save('dino_test.npy', rows[:2]); np.save('dino_train.npy', rows); np.save('train_labels.npy', [0, 1, 2] * 2)");
  EXPECT_EQ(init(),
            "dataset:\n  features: data/dino_train.npy  # 6 rows of 5 values, which another model has made\n"
            "  labels: data/train_labels.npy  # 3 classes\n");
  EXPECT_NE(said_.find("sweep 'data', 2 jobs on 6 "), std::string::npos) << said_;
}

TEST_F(Init, FeaturesBesideImages) {
  pillow(
      "np.save('images.npy', np.arange(6 * 64, dtype='uint8').reshape(6, 8, 8))\n"
      "np.save('others.npy', np.zeros((5, 3))); np.save('dino.npy', np.linspace(0, 1, 18).reshape(6, 3))");
  EXPECT_EQ(init(),
            "dataset:\n  images: data/images.npy  # 6 images of 8×8, gray\n"
            "  features: data/dino.npy  # 6 rows of 3 values, which another model has made\n"
            "  # labels: FILE      # labels would give accuracies: a .npy file, or a text with one label a line\n");
  EXPECT_NE(said_.find("sweep 'data', 6 jobs on 6 images of 1×8×8 with 3 features, 0 labelled\n"), std::string::npos) << said_;
}

TEST_F(Init, AFolderWithoutImagesIsAnError) {
  std::filesystem::create_directory(folder_ / "data");
  const CommandResult result = call({"init", (folder_ / "data").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find((folder_ / "data").string() +
                            " holds no images and no features that can be read\n  hint: images are read from .npy, .npz, "),
            std::string::npos)
      << result.err;
}
