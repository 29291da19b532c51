#include "spec/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "base/utf8.hpp"
#include "spec/yaml_mistake.hpp"

namespace latentgrid {

namespace {

// Aliases are copied: a few lines of them can stand for billions of values. No honest sweep comes near this.
constexpr std::size_t most_nodes = 1'000'000;

struct TooManyNodes {};

std::size_t node_count(const YamlNode& node) {
  std::size_t count = 1;
  for (const YamlNode& item : node.items) count += node_count(item);
  for (const YamlEntry& entry : node.entries) count += node_count(entry.value);
  return count;
}

// yaml-cpp's Node forgets duplicate keys and where an alias stands, so the tree is made from its events.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string file, Diagnostics& diagnostics) : file_(std::move(file)), diagnostics_(diagnostics) {}

  YamlNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark&, const std::string&) override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add({.where = at(mark)}, anchor); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      diagnostics_.error(at(mark), "this '*' stands inside the value at its own '&'", "write the value out");
      return add({.where = at(mark)}, YAML::NullAnchor);
    }
    nodes_ += known->second.second;
    if (nodes_ > most_nodes) throw TooManyNodes{};
    add(YamlNode(known->second.first), YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = {.kind = YamlNode::Kind::scalar, .where = at(mark), .text = value, .quoted = tag == "!"};
    refuse_tag(mark, tag);
    if (!node.quoted && (value == "~" || value == "null" || value == "Null" || value == "NULL")) {
      node.kind = YamlNode::Kind::null;
    }
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open_.push_back({{.kind = YamlNode::Kind::list, .where = at(mark)}, anchor, {}, false});
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open_.push_back({{.kind = YamlNode::Kind::map, .where = at(mark)}, anchor, {}, false});
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    YamlNode key;
    bool has_key;
  };

  // yaml-cpp leaves a tag out of the text: of "!new" nothing would be left.
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.size() < 2 || tag.starts_with("tag:yaml.org")) return;
    diagnostics_.error(at(mark), "a text that begins with '!' needs quotes", "put the text in quotes");
  }

  SourcePosition at(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    add(std::move(done.node), done.anchor);
  }

  void add(YamlNode node, YAML::anchor_t anchor) {
    if (++nodes_ > most_nodes) throw TooManyNodes{};
    if (anchor != YAML::NullAnchor) {
      anchors_[anchor] = {node, node_count(node)};
    }
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (Open& parent = open_.back(); parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      parent.key = std::move(node);
      parent.has_key = true;
    } else {
      add_entry(parent, std::move(node));
    }
  }

  void add_entry(Open& parent, YamlNode value) {
    parent.has_key = false;
    const YamlNode& key = parent.key;
    if (key.is_list() || key.is_map())
      return diagnostics_.error(key.where, fmt::format("a key is a name, not {}", key.kind_name()), "write name: value");
    if (key.text == "<<" && !key.quoted) {
      return diagnostics_.error(key.where, "merge keys (<<) are not supported",
                                "write the keys out, or use an alias for a whole value");
    }
    if (key.text.starts_with("\xC2\xA0")) {  // as web pages and word processors write blanks
      return diagnostics_.error(key.where, "this line is indented with no-break spaces",
                                "delete the blanks before the text and type spaces");
    }
    if (const YamlEntry* first = parent.node.find(key.text)) {
      return diagnostics_.error(key.where, fmt::format("duplicate key '{}'", key.text),
                                fmt::format("it stands in line {} already: remove one of them", first->key_where.line));
    }
    if (value.is_null()) value.where = key.where;  // an empty value has no place of its own
    parent.node.entries.push_back({key.text, key.where, std::move(value)});
  }

  std::string file_;
  Diagnostics& diagnostics_;
  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::pair<YamlNode, std::size_t>> anchors_;
  std::size_t nodes_ = 0;
};

// YAML forbids tabs before a key, and yaml-cpp then complains of something else, further on. Nothing if there is none
// up to that line.
std::optional<SourcePosition> tab_in_the_indentation(const std::string& text, const std::string& file, int last_line) {
  std::optional<SourcePosition> found;
  std::istringstream lines(text);
  int number = 1;
  for (std::string line; number <= last_line && std::getline(lines, line); ++number) {
    const std::size_t tab = line.substr(0, line.find_first_not_of(" \t\r")).find('\t');
    if (tab != std::string::npos) found = {file, number, static_cast<int>(tab) + 1};
  }
  return found;
}

SourcePosition position_in(std::string_view text, std::size_t at, const std::string& file) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {file, static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(at - line_start) + 1};
}

// yaml-cpp's own words, where find_yaml_mistake() has none: they are about the state of its parser.
YamlMistake mistake_of(const YAML::Exception& problem) {
  const int line = std::max(problem.mark.line, 0) + 1, column = std::max(problem.mark.column, 0) + 1;
  const auto says = [&](std::string_view words) { return problem.msg.find(words) != std::string::npos; };
  const std::string quotes = "put the text in quotes";
  if (says("bad file")) {  // DeepRecursion's words
    return {line, column, "there are too many brackets or lists inside one another", "close each bracket that is opened"};
  }
  if (says("anchor is not defined")) {
    return {line, column, "this '*' stands for the value at an '&' before it, and there is none", quotes + " if it begins with a '*'"};
  }
  if (says("anchor") || says("alias")) return {line, column, "a text that begins with '&' or '*' needs quotes", quotes};
  if (says("tag")) return {line, column, "a text that begins with '!' needs quotes", quotes};
  return {line, column, fmt::format("this is not YAML ({})", problem.msg),
          "compare this line and the one above it with a sweep that works: look for a bracket, a quote or a space that is missing"};
}

void report(const YamlMistake& mistake, const std::string& file, Diagnostics& diagnostics) {
  diagnostics.error({file, mistake.line, mistake.column}, mistake.message, mistake.hint);
}

}  // namespace

const YamlEntry* YamlNode::find(const std::string& key) const {
  auto found = std::find_if(entries.begin(), entries.end(), [&](const YamlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

YamlEntry* YamlNode::find(const std::string& key) {
  return const_cast<YamlEntry*>(std::as_const(*this).find(key));
}

const char* YamlNode::kind_name() const {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a single value";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "";
}

YamlNode parse_yaml(const std::string& text, const std::string& file, Diagnostics& diagnostics) {
  if (const auto bad = first_that_is_not_utf8(text)) {
    diagnostics.error(
        position_in(text, *bad, file), "this character is not UTF-8",
        "save the file as UTF-8; a file that is named here and whose name is not UTF-8 needs another name");
    return {};
  }
  TreeBuilder builder(file, diagnostics);
  std::istringstream stream(text);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    YamlNode root = builder.take_root();
    const std::optional<YamlMistake> mistake = find_yaml_mistake(text);
    TreeBuilder rest(file, diagnostics);
    if (mistake && mistake->accepted) {
      report(*mistake, file, diagnostics);
      return {};
    }
    if (parser.HandleNextDocument(rest)) {
      const SourcePosition second = rest.take_root().where;
      if (mistake && mistake->line <= second.line) {
        report(*mistake, file, diagnostics);  // yaml-cpp takes a key that is not in the columns of the others for a new document
        return {};
      }
      diagnostics.error(second, "this is a second document in one file",
                        "one file is one sweep: remove the line '---' and what follows it, or move that to a file of its own");
    }
    return root;
  } catch (const YAML::Exception& problem) {
    const YamlMistake last = mistake_of(problem);
    const std::optional<YamlMistake> mistake = find_yaml_mistake(text);
    if (const auto tab = tab_in_the_indentation(text, file, last.line)) {
      diagnostics.error(*tab, "this line is indented with a tab", "YAML takes spaces only: replace the tab by spaces");
    } else {
      report(mistake && mistake->line <= last.line ? *mistake : last, file, diagnostics);
    }
  } catch (const TooManyNodes&) {
    diagnostics.error({file, 1, 1}, fmt::format("this file has more than {} values, each '*' counted with the value it stands for", most_nodes), "use fewer of them");
  }
  return {};
}

}  // namespace latentgrid
