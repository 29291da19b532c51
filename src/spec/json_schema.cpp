#include "spec/json_schema.hpp"

#include "columns/figure_kinds.hpp"
#include "methods/parameter_table.hpp"
#include "methods/probe.hpp"
#include "methods/stages.hpp"
#include "methods/training.hpp"
#include "model/layers.hpp"
#include "spec/dataset_section.hpp"
#include "spec/report_section.hpp"
#include "spec/launcher_section.hpp"

namespace latentgrid {

namespace {

Json any_of(std::vector<Json> choices) { return {{"anyOf", std::move(choices)}}; }
Json list_of(const Json& item) { return {{"type", "array"}, {"items", item}}; }
Json one_or_list_of(const Json& item) { return any_of({item, list_of(item)}); }
Json reference(const char* definition) { return {{"$ref", std::string("#/$defs/") + definition}}; }
const Json a_text = {{"type", "string"}};
const Json no_value = {{"type", "null"}};

Json object_of(Json properties, std::vector<std::string> required = {}) {
  Json object = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) object["required"] = std::move(required);
  return object;
}

// Every key with any value, but for those that `known` has a schema of.
Json keys_of(const std::vector<std::string>& keys, const Json& known) {
  Json properties = Json::object();
  for (const std::string& key : keys) properties[key] = known.value(key, Json(true));
  return object_of(std::move(properties));
}

void put_bounds(const ParamSpec& param, Json& schema) {
  auto number = [&](double value) { return param.type == ParamType::integer ? Json(static_cast<std::int64_t>(value)) : Json(value); };
  if (param.minimum) schema[param.exclusive_minimum ? "exclusiveMinimum" : "minimum"] = number(*param.minimum);
  if (param.maximum) schema[param.exclusive_maximum ? "exclusiveMaximum" : "maximum"] = number(*param.maximum);
}

Json value_of(const ParamSpec& param) {
  Json schema = Json::object();
  switch (param.type) {
    case ParamType::integer:
    case ParamType::real:
      schema["type"] = param.type == ParamType::integer ? "integer" : "number";
      put_bounds(param, schema);
      break;
    case ParamType::boolean:
      schema["type"] = "boolean";
      break;
    case ParamType::text:
      schema = param.choices.empty() ? a_text : Json{{"enum", param.choices}};
      break;
  }
  if (param.automatic) schema = any_of({schema, {{"const", "auto"}}});
  if (!param.numbered_choice.empty()) {
    schema = any_of({schema, {{"type", "string"}, {"pattern", "^" + param.numbered_choice + ":(0|[1-9][0-9]{0,2})$"}}});
  }
  return schema;
}

Json described(const ParamSpec& param, Json schema) {
  schema["description"] = param.doc;
  if (!param.default_value.is_null()) schema["default"] = param.default_value;
  return schema;
}

// A value, a list of them, or a range of numbers.
Json axis_of(const ParamSpec& param) {
  const Json value = value_of(param);
  std::vector<Json> forms = {value, list_of(value)};
  if (param.type == ParamType::integer || param.type == ParamType::real) forms.push_back(reference("range"));
  return described(param, any_of(std::move(forms)));
}

Json axes_of(const std::vector<ParamSpec>& params) {
  Json properties = Json::object();
  for (const ParamSpec& param : params) properties[param.name] = axis_of(param);
  return properties;
}

// A name, or names with their parameters.
Json methods_of(MethodKind kind) {
  Json names = Json::array(), properties = Json::object();
  if (may_be_none(kind)) {
    names.push_back("none");
    properties["none"] = no_value;
  }
  for (const MethodSpec& method : all_methods()) {
    if (method.kind != kind) continue;
    names.push_back(method.name);
    Json choice = any_of({object_of(axes_of(method.params)), no_value});
    choice["description"] = method.doc;
    properties[method.name] = std::move(choice);
  }
  return any_of({{{"enum", names}}, object_of(std::move(properties))});
}

Json latent_axis() {
  const Json latent = any_of({{{"type", "integer"}, {"minimum", 1}}, {{"const", "native"}}});
  return any_of({latent, list_of(latent), reference("range")});
}

Json grid_axes() {
  Json below = {{"latent_dim", latent_axis()}, {"training", one_or_list_of(reference("training"))},
                {augment_parameter, one_or_list_of(any_of({reference(augment_parameter), list_of(reference(augment_parameter))}))},
                {refine_parameter, one_or_list_of(reference(refine_parameter))}};
  for (const ParamSpec& param : training_options()) below[param.name] = {{"$ref", "#/$defs/" + param.name}};
  const Json architectures = {{"type", "object"}, {"additionalProperties", any_of({object_of(below), no_value})}};
  Json axes = below;
  axes["architecture"] = any_of({a_text, architectures, list_of(any_of({a_text, architectures}))});
  axes["reduction"] = one_or_list_of(any_of({reference("reduction"), list_of(reference("reduction"))}));
  axes["clustering"] = one_or_list_of(reference("clustering"));
  axes["seeds"] = reference("seeds");
  return axes;
}

Json grid() {
  const Json axes = grid_axes();
  Json exclusion = axes, keys = axes;
  exclusion["reduced_dim"] = any_of({{{"type", "integer"}}, list_of({{"type", "integer"}}), reference("range")});
  keys["zip"] = one_or_list_of(object_of(axes));
  keys["exclude"] = one_or_list_of(object_of(exclusion));
  keys["include"] = one_or_list_of(object_of(axes, {"architecture"}));
  return object_of(keys, {"architecture"});
}

Json layer() {
  Json names = Json::array(), properties = Json::object();
  for (const LayerSpec& spec : all_layers()) {
    names.push_back(spec.name);
    Json arguments = Json::object();
    for (const LayerArgument& argument : spec.arguments) {
      arguments[argument.name] = argument.type == ArgumentType::layers ? list_of(reference("layer"))
                                 : argument.choices.empty()             ? Json(true)
                                                                        : Json{{"enum", argument.choices}};
    }
    const bool of_layers = !spec.arguments.empty() && spec.arguments[0].type == ArgumentType::layers;
    const Json by_position = of_layers ? list_of(reference("layer")) : Json{{"type", "array"}};
    properties[spec.name] = any_of({by_position, object_of(std::move(arguments)), {{"type", {"string", "number", "null"}}}});
  }
  return any_of({{{"enum", names}}, object_of(std::move(properties))});
}

Json dataset() {
  const Json count = {{"type", "integer"}, {"minimum", 1}};
  return keys_of(dataset_keys(), {{"name", a_text}, {"limit", count}, {"range", {{"enum", {{-1, 1}, {0, 1}}}}}});
}

Json train() {
  Json properties = Json::object();
  for (const ParamSpec& param : training_options()) properties[param.name] = described(param, value_of(param));
  return object_of(std::move(properties));
}

Json probe() {
  Json properties = Json::object();
  for (const ParamSpec& param : probe_params()) properties[param.name] = described(param, value_of(param));
  return any_of({{{"type", "boolean"}}, object_of(std::move(properties)), no_value});
}

// `more`: what the section has besides.
Json cluster_workers(const Json& more) {
  Json needs = Json::object();
  for (const ParamSpec& param : worker_needs()) needs[param.name] = described(param, value_of(param));
  needs["extra"] = one_or_list_of(a_text);
  Json all = needs;
  all.update(more);
  all["coordinator"] = object_of(needs);
  for (const StageSpec& stage : all_stages()) {
    if (!stage.is_cache) all[std::string(stage.name)] = object_of(needs);
  }
  return any_of({object_of(std::move(all)), no_value});
}

Json launcher() {
  Json properties{{"states", {{"type", "object"}, {"additionalProperties", {{"enum", launcher_states()}}}}}};
  for (const ParamSpec& param : launcher_commands()) properties[param.name] = described(param, a_text);
  return cluster_workers(properties);
}

Json report() {
  Json figures = Json::object(), names = Json::array();
  for (const FigureKind& kind : figure_kinds()) {
    std::vector<std::string> keys = {"name", "title"};
    for (FigureParameter parameter : kind.parameters) keys.emplace_back(key_of(parameter));
    figures[kind.name] = any_of({keys_of(keys, {{"name", a_text}, {"title", a_text}}), no_value});
    names.push_back(kind.name);
  }
  const Json figure = any_of({{{"enum", names}}, object_of(std::move(figures))});
  return keys_of(report_keys(), {{"tables", one_or_list_of({{"type", "object"}})}, {"figures", one_or_list_of(figure)}});
}

}  // namespace

Json sweep_schema() {
  const Json whole = {{"type", "integer"}, {"minimum", 0}};
  const Json layers = list_of(reference("layer"));
  Json schema = object_of({{"name", {{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]+$"}}},
                           {"dataset", dataset()},
                           {"architectures",
                            {{"type", "object"}, {"additionalProperties", object_of({{"encoder", layers}, {"decoder", layers}})}}},
                           {"train", train()},
                           {"grid", one_or_list_of(reference("grid"))},
                           {"seeds", reference("seeds")},
                           {"probe", probe()},
                           {"slurm", cluster_workers(Json::object())},
                           {"launcher", launcher()},
                           {"report", report()}},
                          {"name", "dataset", "grid"});
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "A sweep of latentgrid";
  Json definitions = axes_of(training_options());
  definitions.update({{"range", object_of({{"range", {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 3}}}}, {"range"})},
                     {"seeds", any_of({whole, list_of(whole), reference("range")})},
                     {"training", methods_of(MethodKind::training)},
                     {augment_parameter, methods_of(MethodKind::augmentation)},
                     {refine_parameter, methods_of(MethodKind::refinement)},
                     {"reduction", methods_of(MethodKind::reduction)},
                     {"clustering", methods_of(MethodKind::clustering)},
                     {"grid", grid()},
                     {"layer", layer()}});
  schema["$defs"] = std::move(definitions);
  return schema;
}

}  // namespace latentgrid
