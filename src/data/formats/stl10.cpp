// STL-10's binary files (A. Coates): 96×96 images without a header, all red
// values, then all green and all blue ones, each colour column by column.
// Labels are a file of their own, one byte each, from 1; the classes' names
// stand in a file beside it.
#include <fmt/format.h>

#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "data/formats.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t stl10_side = 96, stl10_pixels = stl10_side * stl10_side;

// train_X.bin, test_X.bin and unlabeled_X.bin: nothing but the name and the
// size tells.
bool is_stl10(const FoundFile& found) {
  return lower_case(found.input.file.filename().string()).ends_with("_x.bin") && found.content.size > 0 &&
         found.content.size % (3 * stl10_pixels) == 0;
}

class Stl10 : public ImageSource {
 public:
  explicit Stl10(const FoundFile& found) : ImageSource(found.name), file_(found.input.file) {
    shape_ = {stl10_side, stl10_side, 3};
    count_ = file_.size() / shape_.values();
    planes_.resize(static_cast<std::size_t>(shape_.values()));
    values_.resize(planes_.size());
  }

  RawImage image(std::int64_t i) override {
    file_.read(i * shape_.values(), planes_);
    for (std::int64_t y = 0; y < stl10_side; ++y) {
      for (std::int64_t x = 0; x < stl10_side; ++x) {
        for (std::int64_t c = 0; c < 3; ++c) {
          values_[static_cast<std::size_t>((y * stl10_side + x) * 3 + c)] =
              planes_[static_cast<std::size_t>(c * stl10_pixels + x * stl10_side + y)];
        }
      }
    }
    return {values_, shape_, element_};
  }

  bool labelled() const override {
    std::error_code none;
    return std::filesystem::exists(label_file(), none);
  }

  LabelList labels() override {
    const InputFile file(label_file());
    if (file.size() != count_) {
      throw HintedError(fmt::format("{} holds {}, but {} holds {}", file.path().string(), counted(file.size(), "label"),
                                    name_.string(), counted(count_, "image")),
                        "download both files again");
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(count_));
    file.read(0, bytes);
    std::vector<std::int64_t> values;
    for (const std::byte label : bytes) values.push_back(static_cast<std::int64_t>(label) - 1);
    return named_labels(std::move(values), file_.path().parent_path() / "class_names.txt");
  }

 private:
  // train_y.bin of train_X.bin.
  std::filesystem::path label_file() const {
    std::string name = file_.path().filename().string();
    name.replace(name.size() - 5, 1, "y");
    return file_.path().parent_path() / name;
  }

  InputFile file_;
  std::vector<std::byte> planes_, values_;
};

std::unique_ptr<ImageSource> images_of_stl10(const FoundFile& found) {
  return std::make_unique<Stl10>(found);
}

}  // namespace

extern const Format stl10_format{.name = "STL-10's binary files", .reads = is_stl10, .images = images_of_stl10};

}  // namespace latentgrid
