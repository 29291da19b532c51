// The binary version of CIFAR-10 and CIFAR-100 (A. Krizhevsky): records of a label, or of a coarse and a fine one, and
// 32×32 red values, then as many green and blue ones. The classes' names stand in a file beside it.
#include "data/formats.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t cifar_side = 32, cifar_pixels = cifar_side * cifar_side;

// The bytes of labels before each image: 1 in CIFAR-10, 2 in CIFAR-100; 0 if the file is neither. Nothing but its size
// and its first labels tells.
std::int64_t cifar_label_bytes(const FoundFile& found) {
  if (found.content.kind == FileKind::folder || found.input.file.extension() != ".bin") return 0;
  for (const std::int64_t labels : {1, 2}) {
    const std::int64_t record = labels + 3 * cifar_pixels;
    if (found.content.size == 0 || found.content.size % record != 0) continue;
    const std::string& start = found.content.start;
    auto within = [&](std::size_t at, int classes) {
      return at >= start.size() || static_cast<unsigned char>(start[at]) < classes;
    };
    if (labels == 1 ? within(0, 10) && within(static_cast<std::size_t>(record), 10) : within(0, 20) && within(1, 100))
      return labels;
  }
  return 0;
}

bool is_cifar(const FoundFile& found) {
  return cifar_label_bytes(found) != 0;
}

class Cifar : public ImageSource {
 public:
  explicit Cifar(const FoundFile& found)
      : ImageSource(found.name), file_(found.input.file), label_bytes_(cifar_label_bytes(found)) {
    shape_ = {cifar_side, cifar_side, 3};
    count_ = file_.size() / record();
    planes_.resize(static_cast<std::size_t>(3 * cifar_pixels));
    values_.resize(planes_.size());
  }

  RawImage image(std::int64_t i) override {
    file_.read(i * record() + label_bytes_, planes_);
    for (std::size_t p = 0; p < cifar_pixels; ++p) {
      for (std::size_t c = 0; c < 3; ++c) values_[3 * p + c] = planes_[c * cifar_pixels + p];
    }
    return {values_, shape_, element_};
  }

  bool labelled() const override { return true; }

  LabelList labels() override {
    std::vector<std::int64_t> values;
    for (std::int64_t i = 0; i < count_; ++i) {
      std::byte label{};
      file_.read(i * record() + label_bytes_ - 1, {&label, 1});
      values.push_back(static_cast<std::int64_t>(label));
    }
    return named_labels(std::move(values),
                        file_.path().parent_path() / (label_bytes_ == 1 ? "batches.meta.txt" : "fine_label_names.txt"));
  }

 private:
  std::int64_t record() const { return label_bytes_ + 3 * cifar_pixels; }

  InputFile file_;
  std::int64_t label_bytes_;
  std::vector<std::byte> planes_, values_;
};

std::unique_ptr<ImageSource> images_of_cifar(const FoundFile& found) {
  return std::make_unique<Cifar>(found);
}

}  // namespace

extern const Format cifar_format{
    .name = "CIFAR-10's and CIFAR-100's binary files", .reads = is_cifar, .images = images_of_cifar};

}  // namespace latentgrid
