#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "methods/methods.hpp"
#include "spec/yaml.hpp"

namespace latentgrid {

// Gives YAML nodes a type. Every function reports what is wrong at the node and then returns nothing; `what` names the
// value in messages.
class Reader {
 public:
  explicit Reader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void error(const SourcePosition& where, std::string message, std::string hint = "");
  void warning(const SourcePosition& where, std::string message, std::string hint = "");
  // How often error() was called: unlike the diagnostics, repetitions count.
  std::size_t errors() const { return errors_; }
  // Whether `action` reports an error.
  template <typename Action>
  bool fails(Action&& action) {
    const std::size_t before = errors_;
    action();
    return errors_ > before;
  }

  // The value as the parameter's type, within its bounds and choices. Integers may be written as 3e6.
  std::optional<Json> parameter(const YamlNode& node, const ParamSpec& spec);
  std::optional<std::int64_t> integer(const YamlNode& node, const std::string& what, std::int64_t minimum,
                                      std::int64_t maximum = std::numeric_limits<std::int32_t>::max());
  std::optional<double> real(const YamlNode& node, const std::string& what, double minimum, double maximum);
  std::optional<bool> boolean(const YamlNode& node, const std::string& what);
  std::optional<std::string> text(const YamlNode& node, const std::string& what);

  // `hint` says what is meant by something else than a map, where that is plain.
  bool expect_map(const YamlNode& node, const std::string& what,
                  const std::string& hint = "write each as 'key: value', in {} or in indented lines");
  // Reports keys that are not known in `what`. One that was known to an older version is a warning.
  void check_keys(const YamlNode& map, const std::vector<std::string>& known, const std::string& what,
                  const std::vector<std::string>& former = {});
  // `key` is not in the map. Nothing is said where check_keys() has found it misspelt: one mistake is one error.
  void missing(const YamlNode& map, const std::string& key, std::string message, std::string hint = "");
  void missing(const SourcePosition& where, const YamlNode& map, const std::string& key, std::string message, std::string hint = "");
  // An unknown name, with the closest known one or all of them. `value` is that of an unknown key.
  void unknown(const SourcePosition& where, const std::string& kind, const std::string& word,
               const std::vector<std::string>& known, const std::string& what = "", const YamlNode* value = nullptr);

 private:
  Diagnostics& diagnostics_;
  std::size_t errors_ = 0;
  std::set<std::pair<const YamlNode*, std::string>> misspelt_;  // what unknown keys of a map are meant to be
};

// The scalar as a JSON value of this type, or its text if it isn't one.
Json typed_scalar(const YamlNode& node, ParamType type);
// "'abc'" or "a list": how a value is quoted in messages.
std::string shown(const YamlNode& node);
// A list's items; anything else is a list of itself; nothing is an empty list.
std::vector<const YamlNode*> items_of(const YamlNode& node);

}  // namespace latentgrid
