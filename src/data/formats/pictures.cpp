// A folder of PNG and JPEG pictures.
#include <fmt/format.h>

#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "data/file_advice.hpp"
#include "data/formats.hpp"
#include "data/jpeg_picture.hpp"
#include "data/picture.hpp"
#include "data/picture_folder.hpp"
#include "data/png_picture.hpp"

namespace latentgrid {

namespace {

bool is_picture_folder(const FoundFile& found) {
  return found.content.kind == FileKind::folder && holds_pictures(found.input.file);
}

class Pictures : public ImageSource {
 public:
  explicit Pictures(const std::filesystem::path& folder) : ImageSource(folder), all_(list_pictures(folder)) {
    count_ = std::ssize(all_.files);
    decode(0);
    shape_ = picture_.shape;
    element_ = picture_.element;
  }

  RawImage image(std::int64_t i) override {
    if (i != decoded_) decode(i);
    if (picture_.element.bytes != element_.bytes) {
      throw HintedError(fmt::format("{} has {} bits a value, but {} has {}", title(i), 8 * picture_.element.bytes,
                                    title(0), 8 * element_.bytes),
                        "save all pictures with the same number of bits");
    }
    return {picture_.values, picture_.shape, picture_.element};
  }

  std::string file_of(std::int64_t i) const override { return all_.files[static_cast<std::size_t>(i)]; }
  bool labelled() const override { return !all_.labels.empty(); }
  LabelList labels() override { return {all_.labels, all_.classes}; }

 private:
  void decode(std::int64_t i) {
    const std::filesystem::path path = name_ / file_of(i);
    const InputFile file(path);
    bytes_.resize(static_cast<std::size_t>(file.size()));
    file.read(0, bytes_);
    decoded_ = -1;
    const std::string_view start(reinterpret_cast<const char*>(bytes_.data()), std::min<std::size_t>(bytes_.size(), 4));
    if (start == "\x89PNG") {
      decode_png(bytes_, path, picture_);
    } else if (start.starts_with("\xff\xd8\xff")) {
      decode_jpeg(bytes_, path, picture_);
    } else {
      refuse_picture(path);
    }
    decoded_ = i;
  }

  [[noreturn]] static void refuse_picture(const std::filesystem::path& path) {
    const FileContent content = what_is(path);
    if (content.kind == FileKind::image) {
      const std::string extension = path.extension().string().substr(1);
      throw HintedError(fmt::format("{} is {}; pictures are read from PNG and JPEG", path.string(), content.detail),
                        fmt::format("convert it, for example with ImageMagick: mogrify -format png {}",
                                    shell_word(path.parent_path().string() + "/*." + extension)));
    }
    throw HintedError(fmt::format("{} is not a picture: it {}", path.string(), what_it_is(content)),
                      "remove it from the folder, or copy it again");
  }

  PictureFolder all_;
  std::int64_t decoded_ = -1;  // which image `picture_` is
  Picture picture_;
  std::vector<std::byte> bytes_;
};

std::unique_ptr<ImageSource> pictures_of_folder(const FoundFile& found) {
  return std::make_unique<Pictures>(found.input.file);
}

}  // namespace

extern const Format pictures_format{
    .name = "folders of PNG and JPEG pictures", .reads = is_picture_folder, .images = pictures_of_folder};

}  // namespace latentgrid
