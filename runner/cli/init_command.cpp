#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "base/hinted_error.hpp"
#include "base/json.hpp"
#include "base/output_file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "data/found_dataset.hpp"

namespace latentgrid::cli {

namespace fs = std::filesystem;

namespace {

struct InitOptions {
  std::string folder = ".", out;
};

// A name that a sweep may have.
std::string sweep_name(const fs::path& folder) {
  std::string name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (!plain) c = '_';
  }
  return name.find_first_not_of("_-") == std::string::npos ? "sweep" : name;
}

// As YAML: in quotes where a plain scalar could be read as something else.
std::string yaml_text(const std::string& text) {
  const bool plain = !text.empty() &&
                     text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:~") ==
                         std::string::npos &&
                     std::string_view("-.:~").find(text[0]) == std::string_view::npos &&
                     text.find_first_not_of("0123456789._-:") != std::string::npos;
  return plain || text == "." || text.starts_with("./") || text.starts_with("../") ? text : Json(text).dump();
}

class SweepText {
 public:
  SweepText(const FoundDataset& found, fs::path beside) : found_(found), beside_(std::move(beside)) {}

  std::string text(const std::string& folder, const std::string& name) {
    add(fmt::format("# Written by `latentgrid init {}`. It runs as it is; change what you like.", folder));
    add(fmt::format("name: {}\n", name));
    add("dataset:");
    if (has_images()) add_images();
    if (has_features()) add_features();
    add_labels();
    add("\ngrid:\n  architecture:");
    if (has_images()) {
      add(fmt::format("    AE1: {{epochs: {}}}     # a small autoencoder; AE2 is larger; more epochs take longer", epochs()));
      add("    raw:                  # the pixels themselves, to compare with");
    }
    if (has_features()) add("    features:             # the other model's vectors, as they are");
    add(
        fmt::format("  reduction:\n"
                    "    - none\n"
                    "    - pca: {{dim: {}}}       # try [8, 32, 64] for several, or tsne: {{dim: 2}}",
                    reduced_width()));
    if (found_.header.classes > 1) {
      add(fmt::format(
          "  # clustering: {{kmeans: {{k: {0}}}}}   # k is the number of classes, {0}, unless you say otherwise",
          found_.header.classes));
    } else {
      add(fmt::format("  clustering: {{kmeans: {{k: {}}}}}   # how many clusters to look for",
                      std::min<std::int64_t>(10, found_.header.images)));
    }
    add("  seeds: [0]              # [0, 1, 2] shows what is chance");
    return std::move(text_);
  }

 private:
  void add(const std::string& line) { text_ += line + "\n"; }

  // Of what every encoder here makes, so that nothing has to be excluded.
  std::int64_t reduced_width() const {
    const DatasetHeader& header = found_.header;
    std::int64_t width = std::min<std::int64_t>(16, header.images);
    if (has_images()) width = std::min(width, header.channels * header.height * header.width / 4);
    if (has_features()) width = std::min(width, header.feature_width);
    return std::max<std::int64_t>(width, 1);
  }

  bool has_images() const { return !found_.source.images.empty(); }
  bool has_features() const { return !found_.source.features.empty(); }

  // An epoch of few images is few steps.
  int epochs() const { return found_.header.images < 1000 ? 50 : found_.header.images < 10000 ? 20 : 5; }

  std::string path_text(const fs::path& path) const {
    const fs::path relative = path.lexically_proximate(beside_);
    return yaml_text((relative.string().starts_with("../../") ? path : relative).string());
  }

  void add_images() {
    std::vector<std::string> files;
    for (const fs::path& path : found_.source.images) files.push_back(path_text(path));
    const DatasetHeader& header = found_.header;
    const std::string what =
        fmt::format("{} of {}, {}", counted(header.images, "image"),
                    found_.one_size ? fmt::format("{}×{}", found_.height, found_.width) : "several sizes",
                    header.channels == 1   ? "gray"
                    : header.channels == 3 ? "RGB"
                                           : counted(header.channels, "channel"));
    add(files.size() == 1 ? fmt::format("  images: {}  # {}", files[0], what)
                          : fmt::format("  images: [{}]  # {}", fmt::join(files, ", "), what));
    std::vector<std::string> others;
    for (const fs::path& path : found_.others) others.push_back(path_text(path));
    if (!others.empty()) add(fmt::format("  # There are more images in {}.", fmt::join(others, ", ")));
    const Preparation& how = found_.source.preparation;
    if (how.values)
      add(fmt::format("  values: [{:.6g}, {:.6g}]  # these become black and white", (*how.values)[0],
                      (*how.values)[1]));
    if (how.channels) add(fmt::format("  channels: {}  # some are gray and others have colours", *how.channels));
    if (how.center_crop) add("  center_crop: square  # the largest square in the middle of each");
    if (how.resize) add(fmt::format("  resize: {}  # height and width; larger images take longer", (*how.resize)[0]));
    if (header.height % 2 != 0 || header.width % 2 != 0) {
      add(fmt::format("  pad_to: [{}, {}]  # even sizes, which the autoencoders need",
                      header.height + header.height % 2, header.width + header.width % 2));
    }
  }

  void add_features() {
    add(fmt::format("  features: {}  # {} of {}, which another model has made", path_text(found_.source.features[0]),
                    counted(found_.header.images, "row"), counted(found_.header.feature_width, "value")));
  }

  void add_labels() {
    const DatasetHeader& header = found_.header;
    if (header.labelled == 0)
      return add("  # labels: FILE      # labels would give accuracies: a .npy file, or a text with one label a line");
    const std::vector<std::string> names = names_in_files(found_.source);
    constexpr std::size_t most_named = 6;
    const std::string named =
        names.empty()
            ? ""
            : fmt::format(": {}{}",
                          fmt::join(names.begin(),
                                    names.begin() + std::min<std::ptrdiff_t>(most_named, std::ssize(names)), ", "),
                          names.size() > most_named ? ", ..." : "");
    if (found_.labels_of_images)
      return add(fmt::format("  # The labels come with the images, {} classes{}.", header.classes, named));
    add(fmt::format("  labels: {}  # {} classes{}", path_text(found_.source.labels[0].file), header.classes, named));
    if (!found_.class_names.empty()) add(fmt::format("  class_names: {}", path_text(found_.class_names)));
  }

  const FoundDataset& found_;
  fs::path beside_;
  std::string text_;
};

int init(const InitOptions& options, const Context& context) {
  std::error_code none;
  if (!fs::is_directory(options.folder, none)) {
    throw UsageError(
        fmt::format("there is no folder {}\n  hint: name the folder that holds your images or features", options.folder));
  }
  const fs::path folder = fs::absolute(options.folder).lexically_normal();
  const std::string name = sweep_name(folder);
  const std::string out = options.out.empty() ? name + ".yaml" : options.out;
  if (!is_stdout(out) && fs::exists(out, none)) {
    throw UsageError(fmt::format("{} exists already\n  hint: write another file: --out FILE", out));
  }
  const FoundDataset found = find_dataset(folder);
  const fs::path beside = is_stdout(out) ? fs::current_path() : fs::absolute(out).lexically_normal().parent_path();
  OutputFile file(out);
  file.write(SweepText(found, beside).text(options.folder, name));
  file.commit();
  if (is_stdout(out)) return 0;
  fmt::print("wrote {}: {}, {}\nnext: {} run {}\n", out, found.source.images.empty() ? counted(found.header.images, "row") + " of features" : counted(found.header.images, "image"),
             found.header.labelled > 0 ? fmt::format("{} classes", found.header.classes) : std::string("no labels"),
             context.program, out);
  return 0;
}

}  // namespace

void add_init(CLI::App& app, Context& context) {
  auto options = std::make_shared<InitOptions>();
  CLI::App* command = app.add_subcommand("init", "Look at a folder of images or features and write a sweep file that runs on them");
  command
      ->add_option("folder", options->folder, "the folder: arrays (.npy, .npz, IDX), binary files of CIFAR or STL-10, or pictures")
      ->capture_default_str()
      ->type_name("DIR");
  command
      ->add_option("--out", options->out,
                   "the sweep file to write, - for standard output; the default is called like the folder")
      ->type_name("FILE");
  command->callback([options, &context] { context.action = [options, &context] { return init(*options, context); }; });
}

}  // namespace latentgrid::cli
