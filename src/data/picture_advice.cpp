#include "data/picture_advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "data/lower_case.hpp"
#include "data/shell_line.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr const char* extensions[] = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"};
constexpr std::size_t most_entries = 1000;  // of a folder that are looked at

struct Entries {
  std::vector<std::string> pictures, folders;
};

Entries entries_of(const fs::path& folder) {
  Entries entries;
  std::error_code error;
  std::size_t seen = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end && seen < most_entries;
       entry.increment(error), ++seen) {
    const std::string name = entry->path().filename().string();
    std::error_code none;
    if (entry->is_directory(none)) {
      entries.folders.push_back(name);
    } else if (is_picture_name(name)) {
      entries.pictures.push_back(name);
    }
  }
  std::sort(entries.pictures.begin(), entries.pictures.end());
  std::sort(entries.folders.begin(), entries.folders.end());
  return entries;
}

// 9.png comes before 10.png where the names are numbers.
bool are_numbers(const std::vector<std::string>& pictures) {
  return std::all_of(pictures.begin(), pictures.end(), [](const std::string& name) {
    const std::string stem = fs::path(name).stem().string();
    return stem.find_first_not_of("0123456789") == std::string::npos;
  });
}

constexpr const char* stack = "np.stack([np.array(Image.open(x).convert('RGB').resize(s)) for x in f])";

// `f` becomes the list of the files, `s` the size of the first.
std::string listing(const std::string& pattern, bool by_length) {
  std::vector<std::string> endings;
  for (const char* extension : extensions) endings.push_back(fmt::format("'{}'", extension));
  return fmt::format(
      "import glob; from PIL import Image; f = sorted([x for x in glob.glob({} + '{}') if "
      "x.lower().endswith(({}))]{}); "
      "s = Image.open(f[0]).size; ",
      "{in}", pattern, fmt::join(endings, ", "), by_length ? ", key=lambda x: (len(x), x)" : "");
}

constexpr const char* with_pillow = "with python3-pil installed (all pictures get the size of the first), ";

std::vector<std::string> class_folders(const fs::path& folder, const Entries& entries) {
  std::vector<std::string> classes;
  for (const std::string& name : entries.folders) {
    if (!entries_of(folder / name).pictures.empty()) classes.push_back(name);
  }
  return classes;
}

PictureFolder advice_for_classes(const fs::path& folder, const std::vector<std::string>& classes) {
  constexpr std::size_t most_named = 6;
  std::vector<std::string> named(classes.begin(),
                                 classes.begin() + static_cast<std::ptrdiff_t>(std::min(most_named, classes.size())));
  return {fmt::format("is a folder with a folder of pictures for each class: {}{}", fmt::join(named, ", "),
                      classes.size() > most_named ? ", ..." : ""),
          run_python({.in = folder,
                      .suffix = "images",
                      .expression = stack,
                      .imports = "import os; " + listing("/*/*", false),
                      .second = "np.unique([os.path.basename(os.path.dirname(x)) for x in f], return_inverse=True)[1]"},
                     with_pillow)};
}

}  // namespace

bool is_picture_name(const std::string& name) {
  const std::string extension = lower_case(fs::path(name).extension().string());
  return std::find(std::begin(extensions), std::end(extensions), extension) != std::end(extensions);
}

std::string advice_for_picture(const fs::path& picture) {
  const fs::path folder = picture.parent_path();
  if (!is_picture_name(picture.filename().string())) {
    return "images are an array of many pictures. Put all of them into a folder named pictures beside this file, with "
           "their usual names (.png, .jpg); " +
           run_python({.in = folder / "pictures", .suffix = "", .expression = stack, .imports = listing("/*", false)},
                      with_pillow);
  }
  return "to put all pictures of this folder into one array, " +
         run_python({.in = folder.empty() ? "." : folder,
                     .suffix = "",
                     .expression = stack,
                     .imports = listing("/*", are_numbers(entries_of(folder.empty() ? "." : folder).pictures)),
                     .out = folder / "images.npy"},
                    with_pillow);
}

std::optional<PictureFolder> picture_folder(const fs::path& path) {
  const fs::path folder = path.has_filename() ? path : path.parent_path();  // photos/
  const Entries entries = entries_of(folder);
  if (!entries.pictures.empty()) {
    return PictureFolder{
        "is a folder of pictures",
        run_python(
            {.in = folder, .suffix = "", .expression = stack, .imports = listing("/*", are_numbers(entries.pictures))},
            with_pillow)};
  }
  if (const auto classes = class_folders(folder, entries); !classes.empty()) return advice_for_classes(folder, classes);
  for (const std::string& name : entries.folders) {  // train, test
    const auto classes = class_folders(folder / name, entries_of(folder / name));
    if (classes.empty()) continue;
    PictureFolder inner = advice_for_classes(folder / name, classes);
    return PictureFolder{fmt::format("is a folder of folders: {}", fmt::join(entries.folders, ", ")),
                         fmt::format("{} {}; {}", name, inner.is, inner.advice)};
  }
  return std::nullopt;
}

std::string stack_listed_pictures(const fs::path& array, bool bytes) {
  const char* list = bytes ? "f = [x.decode() for x in np.load({in})]; " : "f = np.load({in}); ";
  return run_python({.in = array,
                     .suffix = "images",
                     .expression = stack,
                     .imports = std::string("from PIL import Image; ") + list + "s = Image.open(f[0]).size; "},
                    with_pillow);
}

}  // namespace latentgrid
