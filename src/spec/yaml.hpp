#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.hpp"

namespace latentgrid {

struct YamlEntry;

// A YAML value that remembers where it was written. Scalars are text; readers (spec/reader.hpp) give them a type.
struct YamlNode {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  SourcePosition where;
  std::string text;                // of a scalar
  bool quoted = false;             // a quoted scalar is text, whatever it looks like
  std::vector<YamlNode> items;     // of a list
  std::vector<YamlEntry> entries;  // of a map, in the order of the file

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  const YamlEntry* find(const std::string& key) const;  // null if absent
  YamlEntry* find(const std::string& key);
  const char* kind_name() const;  // "nothing", "a single value", "a list", "a map"
};

struct YamlEntry {
  std::string key;
  SourcePosition key_where;
  YamlNode value;
};

// Parses one document. Duplicate keys, merge keys (`<<`), keys that aren't scalars, a second document and syntax errors are
// reported; what could be read is returned. An alias is a copy of the node at its anchor, positions included.
YamlNode parse_yaml(const std::string& text, const std::string& file, Diagnostics& diagnostics);

}  // namespace latentgrid
