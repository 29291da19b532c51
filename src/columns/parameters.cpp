#include "columns/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "columns/cell.hpp"
#include "columns/fields.hpp"
#include "methods/methods.hpp"
#include "methods/training.hpp"
#include "methods/stages.hpp"

namespace latentgrid {

namespace {

Json value_of(const std::vector<JobParameter>& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const JobParameter& one) { return one.name == name; });
  return found == parameters.end() ? Json() : found->value;
}

}  // namespace

Json complete_parameters(Json params, std::string_view clustering) {
  if (!params.is_object()) return params;
  const auto complete = [](Json& part, const MethodSpec* method) {
    if (method && part.is_object()) part = method->with_dropped_defaults(std::move(part));
  };
  if (const auto train = params.find("train"); train != params.end()) {
    complete(*train, training_in(*train));
    if (const auto steps = train->find(augment_parameter); train->is_object() && steps != train->end()) {
      for (Json& step : *steps) complete(step, find_method(MethodKind::augmentation, step.value("method", "")));
    }
    for (const std::string& former : former_training_options()) {
      if (train->is_object()) train->erase(former);
    }
  }
  if (const auto own = params.find(refine_parameter); own != params.end()) complete(*own, find_method(MethodKind::refinement, own->value("method", "")));
  if (const auto steps = params.find("reduction"); steps != params.end() && steps->is_array()) {
    for (Json& step : *steps) {
      const Json& method = member_of(step, "method");
      if (method.is_string()) complete(step, find_method(MethodKind::reduction, method.get_ref<const std::string&>()));
    }
  }
  if (const auto own = params.find("clustering"); own != params.end()) complete(*own, find_method(MethodKind::clustering, clustering));
  return params;
}

bool reconstructs(const Json& params) {
  const MethodSpec* training = training_in(member_of(params, "train"));
  return training && training->reconstructs;
}

std::string training_kind(const Json& train) {
  const MethodSpec* method = training_in(train);
  Json kind = Json::object();
  for (const auto& [name, value] : train.items()) {
    if (!method || !is_shared_option(*method, name)) kind[name] = value;
  }
  return kind.dump();
}

bool is_axis_of_training(std::string_view axis) {
  const std::size_t dot = axis.find('.');
  if (dot != std::string_view::npos) {
    const std::string_view method = axis.substr(0, std::min(axis.find('['), dot));
    return find_method(MethodKind::training, method) || find_method(MethodKind::augmentation, method) || find_method(MethodKind::refinement, method);
  }
  const JobField* field = find_job_field(axis);
  return !field || field->axis == JobField::Axis::of_training;
}

std::vector<JobParameter> parameters_in(const Json& recorded, std::string_view clustering) {
  using Of = JobParameter::Of;
  const Json params = complete_parameters(recorded, clustering);
  std::vector<JobParameter> all;
  auto add = [&](const Json& object, const std::string& prefix, Of of, const char* repeated) {
    if (!object.is_object()) return;
    for (const auto& [name, value] : object.items()) {
      if (name != "method" && name != "version" && !value.is_null()) all.push_back({prefix + name, value, of, name == repeated});
    }
  };
  if (const Json& train = member_of(params, "train"); train.is_object()) {
    if (const MethodSpec* method = training_in(train)) {
      all.push_back({"training", method->name, Of::training});
      const Json& steps = member_of(train, augment_parameter);
      all.push_back({augment_parameter, augment_name(steps), Of::training});
      for (const Json& step : steps) add(step, step.at("method").get<std::string>() + ".", Of::training, "");
      for (const auto& [name, value] : train.items()) {
        if (name == augment_parameter) continue;
        const std::string prefix = is_shared_option(*method, name) ? "" : method->name + ".";
        if (name != "method" && !value.is_null()) all.push_back({prefix + name, value, Of::training, false});
      }
    }
  }
  if (Json refined = member_of(params, refine_parameter); member_of(params, "train").is_object()) {
    const std::string method = refined.is_object() ? refined.value("method", "") : "none";
    all.push_back({refine_parameter, method, Of::training});
    for (const char* of_training : {"device", "precision", "convolution", "memory_format", arithmetic_parameter}) {
      if (refined.is_object()) refined.erase(of_training);  // earlier records repeat them
    }
    add(refined, method + ".", Of::training, "");
  }
  const Json& steps = member_of(params, "reduction");
  std::map<std::string, int> count;
  for (std::size_t i = 0; steps.is_array() && i < steps.size(); ++i) {
    const Json& method = member_of(steps[i], "method");
    if (!method.is_string()) continue;
    const int number = ++count[method];
    const std::string prefix = method.get<std::string>() + (number == 1 ? "." : fmt::format("[{}].", number));
    add(steps[i], prefix, Of::reduction, i + 1 == steps.size() ? "dim" : "");
  }
  add(member_of(params, "clustering"), std::string(clustering) + ".", Of::clustering, "k");
  for (const char* name : {"threads", arithmetic_parameter}) {
    if (const Json& value = member_of(params, name); !value.is_null()) all.push_back({name, value, Of::run});
  }
  return all;
}

Json parameter_in(const Json& params, std::string_view clustering, std::string_view name) {
  return value_of(parameters_in(params, clustering), name);
}

std::string_view repeated_column(std::string_view axis) {
  const std::size_t dot = axis.find('.');
  if (dot == std::string_view::npos) return "";
  const std::string_view method = axis.substr(0, std::min(axis.find('['), dot)), parameter = axis.substr(dot + 1);
  if (parameter == "dim" && find_method(MethodKind::reduction, method)) return "reduced_dim";
  return parameter == "k" && find_method(MethodKind::clustering, method) ? "k" : "";
}

std::vector<NamedStep> reduction_steps(const Json& params) {
  std::vector<NamedStep> named;
  for (const Json& step : member_of(params, "reduction")) {
    const Json &method = member_of(step, "method"), &dim = member_of(step, "dim");
    if (method.is_string()) named.push_back({method, dim.is_null() ? "" : dim.dump()});
  }
  return named;
}

Json ParameterReader::value(const std::string& name, const std::string& params, const std::string& clustering) {
  if (params != text_ || clustering != clustering_) {
    parameters_ = parameters_in(Json::parse(params, nullptr, false), clustering);
    text_ = params;
    clustering_ = clustering;
  }
  return value_of(parameters_, name);
}

}  // namespace latentgrid
