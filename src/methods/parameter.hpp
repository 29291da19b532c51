#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace latentgrid {

enum class ParamType { integer, real, boolean, text };

// One parameter of a method: name, type, default, bounds. Everybody who reads, checks, shows or documents it asks here.
struct ParamSpec {
  std::string name;
  ParamType type = ParamType::integer;
  Json default_value;                 // null: required
  std::vector<std::string> choices;   // of a text parameter; empty: any
  std::string numbered_choice;        // of these, the one that a number may follow: "cuda" takes "cuda:0", "cuda:1", ...
  std::optional<double> minimum;      // inclusive unless exclusive_...
  std::optional<double> maximum;
  bool exclusive_minimum = false;
  bool exclusive_maximum = false;
  std::string doc;                    // one line, with unit
  std::string used_if;                // another parameter of the method: this one is ignored, and dropped, ...
  std::vector<std::string> used_if_values;  // ... unless that one, a text, has one of these; none: unless that one, a number, is above 0
  bool default_is_dropped = false;    // younger than artifacts whose keys must stay: complete() leaves its default out
  std::optional<double> automatic;    // this number leaves the choice to the method, and is shown as "auto"; it may be out of bounds

  Json automatic_value() const { return type == ParamType::integer ? Json(static_cast<std::int64_t>(*automatic)) : Json(*automatic); }
};

// Checks type, choices and bounds. Returns "" or what is wrong, e.g. "expects an integer of at least 1".
std::string check_value(const ParamSpec& spec, const Json& value);

// "an integer of at least 1", "adam or sgd": what a value may be.
std::string allowed_values(const ParamSpec& spec);

// How the descriptors say what a parameter is.
namespace param {

ParamSpec integer(std::string name, Json default_value, double minimum, std::string doc);
ParamSpec real(std::string name, Json default_value, double minimum, std::string doc);
ParamSpec positive_real(std::string name, Json default_value, std::string doc);
ParamSpec boolean(std::string name, bool default_value, std::string doc);
ParamSpec choice(std::string name, std::string default_value, std::vector<std::string> choices, std::string doc);
ParamSpec at_most(ParamSpec spec, double maximum);
ParamSpec below(ParamSpec spec, double maximum);
ParamSpec only_if(std::string parameter, std::string value, ParamSpec spec);
ParamSpec only_above_0(std::string parameter, ParamSpec spec);
ParamSpec only_if_any(std::string parameter, std::vector<std::string> values, ParamSpec spec);
ParamSpec default_dropped(ParamSpec spec);
ParamSpec automatic_at(double value, ParamSpec spec);
// Which GPU (cuda:1) is a matter of the machine: the plan takes the number off, and decides what auto is.
ParamSpec device(std::string doc);

}  // namespace param
}  // namespace latentgrid
