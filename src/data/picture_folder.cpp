#include "data/picture_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "base/access.hpp"
#include "base/text.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

// Those that are not read are errors: a picture must not be left out without a word.
constexpr const char* picture_extensions[] = {".png",  ".jpg",  ".jpeg", ".jpe", ".jfif", ".bmp",  ".gif",  ".tif",
                                              ".tiff", ".webp", ".ppm",  ".pgm", ".pbm",  ".avif", ".heic", ".jp2"};

bool is_picture_name(const std::string& name) {
  const std::string extension = lower_case(fs::path(name).extension().string());
  return std::find(std::begin(picture_extensions), std::end(picture_extensions), extension) !=
         std::end(picture_extensions);
}

struct FolderEntries {
  std::vector<std::string> pictures, folders;
};

FolderEntries entries_of(const fs::path& folder) {
  FolderEntries entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    std::error_code none;
    if (name.starts_with('.') || name == "__MACOSX") continue;
    if (entry->is_directory(none)) {
      entries.folders.push_back(std::move(name));
    } else if (is_picture_name(name)) {
      entries.pictures.push_back(std::move(name));
    }
  }
  if (error) throw access_error(folder, Access::read, error.value());
  std::sort(entries.pictures.begin(), entries.pictures.end());
  std::sort(entries.folders.begin(), entries.folders.end());
  return entries;
}

std::string stem_of(const std::string& name) {
  return name.substr(0, name.rfind('.'));
}

void sort_by_numbers(std::vector<std::string>& pictures) {
  const bool numbers = std::all_of(pictures.begin(), pictures.end(), [](const std::string& name) {
    return stem_of(name).find_first_not_of("0123456789") == std::string::npos;
  });
  if (!numbers) return;
  std::stable_sort(pictures.begin(), pictures.end(), [](const std::string& a, const std::string& b) {
    auto key = [](const std::string& name) {
      const std::string digits = stem_of(name).substr(std::min(name.find_first_not_of('0'), stem_of(name).size()));
      return std::pair(digits.size(), digits);
    };
    return key(a) < key(b);
  });
}

// The files of a folder come before those of the folders in it, as os.walk gives them.
void add_pictures(const fs::path& root, const std::string& folder, const FolderEntries& entries, int depth,
                  std::vector<std::string>& files) {
  constexpr int deepest = 16;  // a link may lead back
  for (const std::string& name : entries.pictures) files.push_back(folder + "/" + name);
  if (depth == deepest) return;
  for (const std::string& name : entries.folders) {
    const std::string inner = folder + "/" + name;
    add_pictures(root, inner, entries_of(root / inner), depth + 1, files);
  }
}

[[noreturn]] void refuse_folders_of_folders(const fs::path& folder, const std::vector<std::string>& folders) {
  std::vector<std::string> paths;
  for (const std::string& name : folders) paths.push_back((folder / name).string());
  throw HintedError(fmt::format("{} is a folder of folders whose own folders hold the pictures: {}", folder.string(),
                                fmt::join(folders, ", ")),
                    fmt::format("name those that are meant: images: [{}]", fmt::join(paths, ", ")));
}

}  // namespace

bool holds_pictures(const fs::path& folder) {
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') || name == "__MACOSX" || entry.depth() > 2) {
      entry.disable_recursion_pending();
    } else if (is_picture_name(name)) {
      return true;
    }
  }
  return false;
}

PictureFolder list_pictures(const fs::path& folder) {
  FolderEntries entries = entries_of(folder);
  PictureFolder all;
  bool direct = false;  // whether a class's own folder holds pictures
  for (const std::string& name : entries.folders) {
    const FolderEntries inner = entries_of(folder / name);
    const std::size_t before = all.files.size();
    add_pictures(folder, name, inner, 1, all.files);
    if (all.files.size() == before) continue;
    direct = direct || !inner.pictures.empty();
    all.labels.insert(all.labels.end(), all.files.size() - before, std::ssize(all.classes));
    all.classes.push_back(name);
  }
  if (entries.pictures.empty()) {
    if (!direct && !all.files.empty()) refuse_folders_of_folders(folder, all.classes);
    return all;
  }
  if (!all.files.empty()) {
    throw HintedError(fmt::format("{} holds pictures, such as {}, and folders of pictures, such as {}", folder.string(),
                                  entries.pictures.front(), all.classes.front()),
                      "keep either the pictures or the folders, one for each class, in it");
  }
  sort_by_numbers(entries.pictures);
  return {{}, std::move(entries.pictures), {}};
}

}  // namespace latentgrid
