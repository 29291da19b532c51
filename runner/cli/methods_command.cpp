#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/document.hpp"
#include "methods/methods.hpp"
#include "methods/parameter_table.hpp"

namespace latentgrid::cli {

namespace {

std::vector<std::vector<Cell>> rows_of(const MethodSpec& method) {
  std::vector<std::vector<Cell>> rows;
  for (const ParameterRow& row : parameter_rows(method)) rows.push_back({row.name, row.default_value, row.values, row.meaning});
  return rows;
}

void print_method(const MethodSpec& method) {
  Document out(Format::table);
  out.heading(fmt::format("{} ({})", method.name, kind_text(method.kind)));
  for (const std::string& sentence : sentences_about(method)) out.sentence(sentence);
  if (!method.params.empty()) out.table({"parameter", "default", "values", "meaning"}, rows_of(method));
}

Json method_json(const MethodSpec& method) {
  Json params = Json::array();
  for (const ParamSpec& param : method.params) {
    params.push_back({{"name", param.name}, {"default", param.default_value}, {"values", allowed_values(param)}, {"doc", param.doc}});
  }
  return {{"kind", kind_text(method.kind)}, {"name", method.name},     {"display_name", method.display_name},
          {"doc", method.doc},              {"source", method.source}, {"version", method.version},
          {"metrics", method.metrics},      {"parameters", params}};
}

void print_methods(const std::vector<const MethodSpec*>& methods, const Context& context, bool one) {
  if (context.format == Format::json) {
    Json all = Json::array();
    for (const MethodSpec* method : methods) all.push_back(method_json(*method));
    fmt::print("{}\n", one ? all.front().dump(1) : all.dump(1));
    return;
  }
  if (context.format == Format::md) {
    for (const MethodSpec* method : methods) fmt::print("{}{}", method == methods.front() ? "" : "\n", markdown_of(*method));
    return;
  }
  if (one) return print_method(*methods[0]);
  std::vector<std::vector<Cell>> rows;
  for (const MethodSpec* method : methods) rows.push_back({kind_text(method->kind), method->name, method->doc});
  print_rows(context.format, {"kind", "method", "what it is"}, rows);
  fmt::print("\n`latentgrid methods NAME` lists the parameters of one.\n");
}

// What other programs call so: "gmm" for "GaussianMixture".
std::string meant_by(const std::string& name) {
  for (const MethodKind kind : {MethodKind::reduction, MethodKind::clustering}) {
    if (std::string meant = method_meant_by(kind, name); !meant.empty()) return meant;
  }
  return "";
}

int methods(const std::string& name, const Context& context) {
  std::vector<const MethodSpec*> found;  // in the order of the list
  std::vector<std::string> names;
  for (const MethodSpec& method : all_methods()) {
    if (method.kind == MethodKind::encoder && !untrained_encoder(method.name)) continue;  // it is listed as what trains it
    names.push_back(method.name);
    if (name.empty() || method.name == name) found.push_back(&method);
  }
  if (found.empty()) {
    std::string close = meant_by(name);
    if (close.empty()) close = closest_match(name, names);
    throw UsageError(fmt::format("no method is called '{}'; {}", name,
                                 close.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                                               : fmt::format("did you mean '{}'?", close)));
  }
  print_methods(found, context, !name.empty());
  return 0;
}

}  // namespace

void add_methods(CLI::App& app, Context& context) {
  auto name = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("methods", "List the methods that a sweep can use, or the parameters of one");
  command->add_option("name", *name, "show this method's parameters, with defaults and what they mean")->type_name("NAME");
  add_format_options(*command, context, {Format::table, Format::json, Format::md});
  command->callback([name, &context] { context.action = [name, &context] { return methods(*name, context); }; });
}

}  // namespace latentgrid::cli
