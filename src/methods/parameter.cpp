#include "methods/parameter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace latentgrid {

namespace {

std::string bounds_text(const ParamSpec& spec) {
  auto number = [&](double value) {
    return spec.type == ParamType::integer ? fmt::format("{:.0f}", value) : fmt::format("{}", value);
  };
  if (spec.minimum && spec.maximum) {
    return fmt::format(" {} {} and {} {}", spec.exclusive_minimum ? "above" : "of at least", number(*spec.minimum),
                       spec.exclusive_maximum ? "below" : "at most", number(*spec.maximum));
  }
  if (spec.minimum)
    return fmt::format(" {} {}", spec.exclusive_minimum ? "above" : "of at least", number(*spec.minimum));
  return "";
}

bool in_bounds(const ParamSpec& spec, double value) {
  if (!std::isfinite(value)) return false;
  if (spec.minimum && (spec.exclusive_minimum ? value <= *spec.minimum : value < *spec.minimum)) return false;
  return !spec.maximum || (spec.exclusive_maximum ? value < *spec.maximum : value <= *spec.maximum);
}

bool is_choice(const ParamSpec& spec, const std::string& text) {
  if (spec.choices.empty() || std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end())
    return true;
  const std::string prefix = spec.numbered_choice + ":";
  if (spec.numbered_choice.empty() || !text.starts_with(prefix)) return false;
  const std::string number = text.substr(prefix.size());
  const bool digits = std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && !number.empty() && number.size() <= 3 && (number.size() == 1 || number.front() != '0');
}

bool is_valid(const ParamSpec& spec, const Json& value) {
  if (spec.automatic && value.is_number() && value == *spec.automatic) return true;
  switch (spec.type) {
    case ParamType::integer:
      return value.is_number_integer() && in_bounds(spec, value.get<double>());
    case ParamType::real:
      return value.is_number() && in_bounds(spec, value.get<double>());
    case ParamType::boolean:
      return value.is_boolean();
    case ParamType::text:
      return value.is_string() && is_choice(spec, value.get<std::string>());
  }
  return false;
}

}  // namespace

std::string allowed_values(const ParamSpec& spec) {
  if (!spec.choices.empty()) {
    const std::string numbered = spec.numbered_choice.empty() ? "" : fmt::format(" or {}:0", spec.numbered_choice);
    return fmt::format("{}{}", fmt::join(spec.choices, " or "), numbered);
  }
  const std::string automatic = spec.automatic ? "auto or " : "";
  switch (spec.type) {
    case ParamType::integer:
      return automatic + "an integer" + bounds_text(spec);
    case ParamType::real:
      return automatic + "a number" + bounds_text(spec);
    case ParamType::boolean:
      return "true or false";
    case ParamType::text:
      return "text";
  }
  return "";
}

std::string check_value(const ParamSpec& spec, const Json& value) {
  return is_valid(spec, value) ? "" : "expects " + allowed_values(spec);
}

namespace param {

ParamSpec integer(std::string name, Json default_value, double minimum, std::string doc) {
  return {.name = std::move(name),
          .type = ParamType::integer,
          .default_value = std::move(default_value),
          .minimum = minimum,
          .doc = std::move(doc)};
}

ParamSpec real(std::string name, Json default_value, double minimum, std::string doc) {
  ParamSpec spec = integer(std::move(name), std::move(default_value), minimum, std::move(doc));
  spec.type = ParamType::real;
  return spec;
}

ParamSpec positive_real(std::string name, Json default_value, std::string doc) {
  ParamSpec spec = real(std::move(name), std::move(default_value), 0, std::move(doc));
  spec.exclusive_minimum = true;
  return spec;
}

ParamSpec boolean(std::string name, bool default_value, std::string doc) {
  return {.name = std::move(name), .type = ParamType::boolean, .default_value = default_value, .doc = std::move(doc)};
}

ParamSpec choice(std::string name, std::string default_value, std::vector<std::string> choices, std::string doc) {
  return {.name = std::move(name),
          .type = ParamType::text,
          .default_value = std::move(default_value),
          .choices = std::move(choices),
          .doc = std::move(doc)};
}

ParamSpec at_most(ParamSpec spec, double maximum) {
  spec.maximum = maximum;
  return spec;
}

ParamSpec below(ParamSpec spec, double maximum) {
  spec.maximum = maximum;
  spec.exclusive_maximum = true;
  return spec;
}

ParamSpec only_if(std::string parameter, std::string value, ParamSpec spec) {
  return only_if_any(std::move(parameter), {std::move(value)}, std::move(spec));
}

ParamSpec only_if_any(std::string parameter, std::vector<std::string> values, ParamSpec spec) {
  spec.used_if = std::move(parameter);
  spec.used_if_values = std::move(values);
  return spec;
}

ParamSpec only_above_0(std::string parameter, ParamSpec spec) { return only_if_any(std::move(parameter), {}, std::move(spec)); }

ParamSpec default_dropped(ParamSpec spec) {
  spec.default_is_dropped = true;
  return spec;
}

ParamSpec automatic_at(double value, ParamSpec spec) {
  spec.automatic = value;
  return spec;
}

ParamSpec device(std::string doc) {
  ParamSpec spec = choice("device", "cpu", {"cpu", "cuda", "auto"}, std::move(doc));
  spec.numbered_choice = "cuda";
  return spec;
}

}  // namespace param
}  // namespace latentgrid
