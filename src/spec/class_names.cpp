#include "spec/class_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "spec/file_names.hpp"

namespace latentgrid {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_listed = 12;

struct WrittenName {
  std::optional<std::int64_t> label;  // of a map
  SourcePosition where;
  std::string name;
};

bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string listed(const std::vector<std::int64_t>& labels) {
  if (labels.size() <= most_listed) return fmt::format("{}", fmt::join(labels, ", "));
  return fmt::format("{}, ..., {}", fmt::join(labels.begin(), labels.begin() + 3, ", "), labels.back());
}

class ClassNamesReader {
 public:
  ClassNamesReader(const ClassNamesContext& context, Reader& reader) : context_(context), reader_(reader) {}

  std::vector<std::string> read(const YamlNode& node) {
    std::vector<WrittenName> written;
    const bool wrong = reader_.fails([&] {
      if (node.is_map()) {
        written = from_map(node);
      } else if (node.is_list()) {
        written = from_list(node);
      } else {
        written = from_file(node);
      }
      check(written);
    });
    if (wrong || written.empty() || !context_.source_is_whole) return {};
    try {
      return by_class(node, written);
    } catch (const Error&) {
      return {};  // the labels cannot be read, which is said where they are needed
    }
  }

 private:
  std::vector<WrittenName> from_list(const YamlNode& node) {
    std::vector<WrittenName> names;
    for (const YamlNode& item : node.items) {
      names.push_back({std::nullopt, item.where, std::string(trimmed(reader_.text(item, "a class name").value_or("")))});
    }
    if (names.empty()) reader_.error(node.where, "class_names is an empty list", "class_names: [landscape, other]");
    return names;
  }

  std::vector<WrittenName> from_map(const YamlNode& node) {
    std::vector<WrittenName> names;
    for (const YamlEntry& entry : node.entries) {
      YamlNode key;
      key.kind = YamlNode::Kind::scalar;
      key.where = entry.key_where;
      key.text = entry.key;
      const std::optional<std::int64_t> label = reader_.integer(key, "a class", 0);
      names.push_back({label.value_or(0), entry.key_where,
                       std::string(trimmed(reader_.text(entry.value, "a class name").value_or("")))});
    }
    if (names.empty()) reader_.error(node.where, "class_names is an empty map", "class_names: {0: landscape, 1: other}");
    return names;
  }

  std::vector<WrittenName> from_file(const YamlNode& node) {
    const std::optional<TextFile> file =
        existing_text(node.text, context_.folder, "class_names is a file with one name per line, or a list: [landscape, other]",
                      node.where, reader_);
    if (!file) return {};
    const auto& [path, text] = *file;
    return from_lines(node, path, text);
  }

  std::vector<WrittenName> from_lines(const YamlNode& node, const fs::path& path, const std::string& text) {
    std::vector<WrittenName> names;
    std::istringstream lines(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text);
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with('\r')) line.pop_back();
      names.push_back({std::nullopt, node.where, std::string(trimmed(line))});
    }
    while (!names.empty() && names.back().name.empty()) names.pop_back();  // blank lines at the end
    if (names.empty()) {
      reader_.error(node.where, fmt::format("{} is empty", path.string()), "class_names expects one name per line");
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!names[i].name.empty()) continue;
      reader_.error(node.where, fmt::format("line {} of {} is empty", i + 1, path.string()),
                    "class_names expects one name per line, in ascending order of the labels");
      return {};
    }
    return names;
  }

  void check(const std::vector<WrittenName>& written) {
    std::set<std::string> names;
    for (const WrittenName& one : written) {
      if (!is_utf8(one.name)) {
        reader_.error(one.where, fmt::format("the class name {} is not UTF-8 text", shown_as_utf8(one.name)),
                      "save the file as UTF-8");
      } else if (has_control_characters(one.name)) {
        reader_.error(one.where, "a class name has a control character in it", "write the name on one line");
      } else if (one.name.empty()) {
        reader_.error(one.where, "a class name is empty", "give each class a name, or leave class_names out");
      } else if (!names.insert(one.name).second) {
        reader_.error(one.where, fmt::format("two classes are named '{}'", one.name), "give each class its own name");
      }
    }
  }

  std::vector<std::string> by_class(const YamlNode& node, const std::vector<WrittenName>& written) {
    const DatasetSource& source = context_.source;
    if (source.labels.empty() && !source.synthetic) {
      problem(node.where, "the dataset has no labels, so there are no classes to name", "add labels to the dataset, or leave class_names out");
      return {};
    }
    DatasetSource whole = source;
    whole.classes.clear();
    whole.limit.reset();
    const std::vector<std::int64_t> all = class_values(whole);
    const std::map<std::int64_t, std::string> names =
        node.is_map() ? names_of_labels(written, all) : names_in_order(node, written, all);
    if (names.empty()) return {};
    if (context_.replaced && in_file(node.where)) {
      reader_.warning(node.where,
                      "these class names were written for the file's own images, and are now used for the images of --data",
                      "write --set dataset.class_names=[...] to name their classes");
    }
    std::vector<std::string> by_class;
    const bool selects = !source.classes.empty() || source.limit;
    for (std::int64_t label : selects ? class_values(source) : all) {
      auto named = names.find(label);
      by_class.push_back(named == names.end() ? "" : named->second);
    }
    return by_class;
  }

  std::map<std::int64_t, std::string> names_of_labels(const std::vector<WrittenName>& written,
                                                      const std::vector<std::int64_t>& all) {
    std::map<std::int64_t, std::string> names;
    bool wrong = false;
    for (const WrittenName& one : written) {
      if (!std::binary_search(all.begin(), all.end(), *one.label)) {
        wrong = true;
        problem(one.where, fmt::format("no image has the label {}", *one.label),
                fmt::format("the labels are {}", listed(all)));
      } else if (!names.emplace(*one.label, one.name).second) {
        wrong = true;
        problem(one.where, fmt::format("label {} has two names", *one.label), "remove one of them");
      }
    }
    return wrong ? std::map<std::int64_t, std::string>() : names;
  }

  std::map<std::int64_t, std::string> names_in_order(const YamlNode& node, const std::vector<WrittenName>& written,
                                                     const std::vector<std::int64_t>& all) {
    const std::vector<std::int64_t>& chosen = context_.source.classes;
    const bool of_chosen = !chosen.empty() && written.size() == chosen.size();
    if (of_chosen && !context_.classes_ascend) {
      problem(node.where, "it is not clear which name belongs to which class, because the classes are not listed in ascending order",
              fmt::format("give the label of each name: class_names: {{{}: ..., {}: ...}}", chosen.front(), chosen.back()));
      return {};
    }
    if (!of_chosen && written.size() != all.size()) {
      const std::string or_chosen = chosen.empty() ? "" : fmt::format(", of which {} are chosen", chosen.size());
      problem(node.where,
              fmt::format("{} class name{} for {} classes{}", written.size(), written.size() == 1 ? "" : "s",
                          all.size(), or_chosen),
              fmt::format("the labels are {}: list a name for each, in this order, or give the label of each name: {{{}: "
                          "{}}}",
                          listed(all), all.empty() ? 0 : all.front(), written.front().name));
      return {};
    }
    const std::vector<std::int64_t>& labels = of_chosen ? chosen : all;
    std::map<std::int64_t, std::string> names;
    for (std::size_t i = 0; i < labels.size(); ++i) names[labels[i]] = written[i].name;
    return names;
  }

  // The names were written for other files than --data gives.
  void problem(const SourcePosition& where, const std::string& message, const std::string& hint) {
    if (!context_.replaced) return reader_.error(where, message, hint);
    reader_.warning(where, message + ": the classes of the --data folder have no names",
                    "write --set dataset.class_names=[...] to name them");
  }

  const ClassNamesContext& context_;
  Reader& reader_;
};

}  // namespace

std::vector<std::string> read_class_names(const YamlNode& node, const ClassNamesContext& context, Reader& reader) {
  return ClassNamesReader(context, reader).read(node);
}

}  // namespace latentgrid
