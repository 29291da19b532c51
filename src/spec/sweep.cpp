#include "spec/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/access.hpp"
#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/text_file.hpp"
#include "base/utf8.hpp"
#include "columns/metrics.hpp"
#include "data/what_is.hpp"
#include "spec/architectures.hpp"
#include "spec/built_in_architectures.hpp"
#include "spec/dataset_section.hpp"
#include "spec/cluster_workers.hpp"
#include "spec/grid_section.hpp"
#include "spec/report_figures.hpp"
#include "spec/probe_section.hpp"
#include "spec/report_section.hpp"
#include "spec/set.hpp"
#include "spec/train_section.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t longest_name = 100;

std::string sweep_name(const YamlNode& root, Reader& reader) {
  const YamlEntry* entry = root.find("name");
  if (!entry) {
    reader.missing(root, "name", "the sweep has no name", "add a line at the top: name: my_sweep");
    return "";
  }
  std::string name = reader.text(entry->value, "name").value_or("");
  if (name.size() > longest_name) {
    reader.error(entry->value.where, fmt::format("the sweep's name has {} characters", name.size()),
                 fmt::format("it may have at most {}: files and folders are named after it", longest_name));
  }
  bool good = !name.empty() && std::all_of(name.begin(), name.end(),
                                           [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
  if (!good && entry->value.is_scalar()) {
    reader.error(entry->value.where, fmt::format("'{}' cannot be a sweep's name", name), "a name has letters, digits, _ and - only");
  }
  return name;
}

// Whether some text in it is the name of a column that needs a split.
bool shows_split(const Json& part) {
  if (part.is_string()) return needs_split(part.get_ref<const std::string&>());
  return part.is_structured() && std::any_of(part.begin(), part.end(), shows_split);
}

void read_sections(const YamlNode& root, const SpecOptions& options, Sweep& sweep, Reader& reader) {
  const bool unknown_keys = reader.fails([&] {
    reader.check_keys(root, {"name", "dataset", "architectures", "train", "grid", "seeds", "probe", "slurm", "launcher", "report"}, "");
  });
  sweep.name = sweep_name(root, reader);
  const auto folder = std::filesystem::absolute(sweep.file).parent_path();
  if (auto* entry = root.find("dataset")) {
    sweep.dataset_where.section = entry->key_where;
    read_dataset(entry->value, folder, options.data, sweep, reader);
  } else {
    reader.missing(root, "dataset", "the sweep has no dataset", "for example dataset: {images: trainX.npy, labels: trainY.npy}");
    sweep.unread.add(DatasetError::Part::images, false);
  }
  sweep.architectures = built_in_architectures();
  if (auto* entry = root.find("architectures")) read_architectures(entry->value, sweep, reader);
  if (auto* entry = root.find("train")) {
    sweep.unread.train = reader.fails([&] { sweep.train = read_train(entry->value, reader); });
  } else {
    sweep.unread.train = unknown_keys;  // it may be misspelt
  }
  if (auto* entry = root.find("grid")) {
    sweep.grids = read_grids(entry->value, root.find("seeds"), sweep.architectures, reader);
  } else {
    reader.missing(root, "grid", "the sweep has no grid", "for example grid: {architecture: [AE1, raw]}");
  }
  if (auto* entry = root.find("probe")) {
    sweep.probe = read_probe(entry->value, reader);
    sweep.probe_where = entry->key_where;
  }
  if (auto* entry = root.find("slurm")) sweep.slurm = read_cluster_workers(entry->value, "slurm", {}, reader);
  if (auto* entry = root.find("launcher")) sweep.launcher = read_launcher(entry->value, reader);
  if (auto* entry = root.find("report")) {
    read_report(entry->value, folder, options.data, sweep, reader);
    if (!sweep.dataset.split.written && shows_split(sweep.report)) {
      reader.warning(entry->key_where, "the report shows public and private scores, but the dataset has no split: they are of two random halves",
                     "show accuracy only, or write dataset: {split: {public_fraction: 0.5}} if you want the halves");
    }
  }
  if (!sweep.report.contains("figures")) sweep.figures = default_figures();
}

// "an .npy file" for what is plainly no sweep file; "" for a text, however faulty.
std::string other_kind(const std::filesystem::path& file, const std::string& text) {
  const FileContent content = what_is(file);
  switch (content.kind) {
    case FileKind::folder:
      return "a folder";
    case FileKind::html:
      if (text.find_first_not_of(" \t\r\n") == text.find('<')) return "an HTML page";
      break;
    case FileKind::lfs_pointer:
      return content.detail;
    case FileKind::npz:
      return "an .npz archive";
    case FileKind::pytorch:
      return "a PyTorch file";
    case FileKind::gzip:
      return "a gzip file";
    default:
      break;
  }
  const bool is_text = !text.empty() && text.find('\0') == std::string::npos && !first_that_is_not_utf8(text);
  const bool named_by_detail = content.kind != FileKind::csv && content.kind != FileKind::text && content.kind != FileKind::json && content.kind != FileKind::html &&
                               content.kind != FileKind::absent && content.kind != FileKind::unreadable;
  return is_text || !named_by_detail ? "" : content.detail;
}

// The text of the file; nothing after an error.
std::optional<std::string> text_of(const std::filesystem::path& file, Diagnostics& diagnostics) {
  const SourcePosition where = {file.string(), 0, 0};
  std::string text, problem, remedy;
  try {
    text = read_text_file(file);
  } catch (const Error& error) {
    problem = error.what();
    remedy = hint_of(error);
    // The position says which file it is.
    if (const std::size_t at = problem.find(file.string()); at != std::string::npos) problem.replace(at, file.string().size(), "this file");
  }
  if (const std::string kind = other_kind(file, text); !kind.empty()) {
    diagnostics.error(where, fmt::format("this is {}, not a sweep file (YAML)", kind), "give the sweep file, which names the files of the data set");
  } else if (!problem.empty()) {
    diagnostics.error(where, problem, remedy);
  } else {
    return text;
  }
  return std::nullopt;
}

}  // namespace

void Unread::add(DatasetError::Part part, bool selects_classes) {
  using Part = DatasetError::Part;
  if (part == Part::public_indices || part == Part::features) return;  // they enter the scores, and the jobs on them, alone
  if (part == Part::images || part == Part::pad_to) image_shape = selection = labels = true;
  if (part == Part::classes) selection = true;
  if (part == Part::labels) {
    labels = true;
    selection = selection || selects_classes;
  }
}

Sweep read_sweep(const std::filesystem::path& file, const SpecOptions& options, Diagnostics& diagnostics) {
  Sweep sweep;
  sweep.file = file.string();
  sweep.unread.everything = true;
  const std::optional<std::string> text = text_of(file, diagnostics);
  if (!text) return sweep;
  sweep.text = *text;
  diagnostics.add_source(sweep.file, sweep.text);
  YamlNode root = parse_yaml(sweep.text, sweep.file, diagnostics);
  for (const std::string& option : options.sets) apply_set(root, option, diagnostics);
  for (const std::string& option : options.slurm) apply_slurm(root, option, diagnostics);
  const bool readable = !diagnostics.has_errors();
  if (!root.is_map()) {
    if (readable) {
      diagnostics.error({sweep.file, 1, 1},
                        fmt::format("a sweep is a map with name, dataset and grid, got {}", shown(root)),
                        "begin with a line such as name: my_sweep");
    }
    return sweep;
  }
  Reader reader(diagnostics);
  sweep.unread.everything = !readable;
  read_sections(root, options, sweep, reader);
  return sweep;
}

}  // namespace latentgrid
