#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace latentgrid {

enum class ParamType { integer, real, boolean, text };

// One parameter of a method: name, type, default, bounds. No computation here: the coordinator checks and fills in
// parameters without linking what computes.
struct ParamSpec {
  std::string name;
  ParamType type = ParamType::integer;
  Json default_value;                 // null: required
  std::vector<std::string> choices;   // of a text parameter; empty: any
  std::string numbered_choice;  // of these, the one that a number may follow: "cuda" takes "cuda:0", "cuda:1", ...
  std::optional<double> minimum;      // inclusive unless exclusive_...
  std::optional<double> maximum;
  bool exclusive_minimum = false;
  bool exclusive_maximum = false;
  std::string doc;                    // one line, with unit
  std::string used_if;                // another text parameter of the method: this one is ignored, and dropped, ...
  std::string used_if_value;          // ... unless that one has this value; "" : always used
  bool default_is_dropped = false;    // younger than artifacts whose keys must stay: complete() leaves its default out
};

enum class MethodKind { training, reduction, clustering };

struct MethodSpec {
  MethodKind kind;
  std::string name;           // "pca", "tsne", "kmeans"; training: "autoencoder"
  bool stochastic = false;    // draws from the seed ...
  std::string stochastic_if;        // ... always, or, if this parameter is named, ...
  std::string stochastic_if_value;  // ... only while it has this value
  std::string extent;         // the parameter along which a run is a prefix of (or a slice of) a longer one, or ""
  std::vector<ParamSpec> params;

  const ParamSpec* find(std::string_view name) const;
  // Every parameter once, defaults filled in, those that the method ignores dropped; so that equal work has equal
  // parameters. `given` must hold checked values; a required parameter that is missing stays missing.
  Json complete(const Json& given) const;
  // A parameter's value among complete ones, a dropped default too; null if they have none.
  Json value(const Json& complete_params, std::string_view parameter) const;
  bool draws_random_numbers(const Json& complete_params) const;
};

// Checks type, choices and bounds. Returns "" or what is wrong, e.g. "expects an integer of at least 1".
std::string check_value(const ParamSpec& spec, const Json& value);

const std::vector<MethodSpec>& all_methods();
const MethodSpec* find_method(MethodKind kind, std::string_view name);
std::vector<std::string> method_names(MethodKind kind);

// Stages of the protocol and of the keys. Raise a stage's version when its output changes for equal inputs.
int stage_version(std::string_view stage);
const std::vector<std::string>& stage_names();  // in the order of the data's way

}  // namespace latentgrid
