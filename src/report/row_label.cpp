#include "report/row_label.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "methods/methods.hpp"
#include "report/fields.hpp"

namespace latentgrid {

namespace {

using Texts = std::vector<std::string>;  // different ones, in the order in which they come

void add(Texts& texts, const std::string& text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

std::string listed(const Texts& texts, const std::string& of_many) {
  if (texts.size() <= most_listed) return fmt::format("{}", fmt::join(texts, "/"));
  return fmt::format("{} {}", texts.size(), of_many);
}

// Reductions by the same methods, and the dimensions of each of their steps.
struct Chain {
  Texts methods;
  std::vector<Texts> dims;
};

std::vector<Chain> chains_of(const std::vector<const ResultRow*>& rows) {
  std::vector<Chain> chains;
  for (const ResultRow* row : rows) {
    Texts methods;
    for (const NamedStep& step : row->steps) methods.push_back(step.method);
    auto chain = std::find_if(chains.begin(), chains.end(), [&](const Chain& c) { return c.methods == methods; });
    if (chain == chains.end()) {
      chain = chains.insert(chains.end(), {methods, std::vector<Texts>(methods.size())});
    }
    for (std::size_t i = 0; i < methods.size(); ++i) {
      if (!row->steps[i].dim.empty()) add(chain->dims[i], row->steps[i].dim);
    }
  }
  return chains;
}

std::string chain_text(const Chain& chain) {
  Texts steps;
  for (std::size_t i = 0; i < chain.methods.size(); ++i) {
    steps.push_back(display_name_of(chain.methods[i]));
    if (chain.dims[i].empty()) continue;
    const bool many = chain.dims[i].size() > most_listed;
    steps.back() += fmt::format("({}{})", many ? "" : "dim = ", listed(chain.dims[i], "values of dim"));
  }
  return fmt::format("{}", fmt::join(steps, " + "));
}

}  // namespace

std::string joint_architecture(const std::vector<const ResultRow*>& rows, const std::vector<bool>& latents) {
  Texts names;
  std::vector<Texts> latents_of;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name = display_name_of_architecture(rows[i]->architecture);
    add(names, name);
    latents_of.resize(names.size());
    const auto place = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (latents[i]) add(latents_of[place], rows[i]->latent);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!latents_of[i].empty()) names[i] += fmt::format("({})", listed(latents_of[i], "latent dimensions"));
  }
  return listed(names, "architectures");
}

std::string joint_reduction(const std::vector<const ResultRow*>& rows) {
  const std::vector<Chain> chains = chains_of(rows);
  if (chains.size() == 1) return chain_text(chains.front());
  Texts texts;
  for (const Chain& chain : chains) texts.push_back(chain.methods.empty() ? "no reduction" : chain_text(chain));
  return listed(texts, "reductions");
}

std::string joint_reduction_label(const std::vector<const ResultRow*>& rows) {
  Texts texts;
  for (const ResultRow* row : rows) add(texts, reduction_label(*row));
  return listed(texts, "reductions");
}

std::string joint_label(const std::vector<const ResultRow*>& rows, const std::vector<bool>& latents, LabelParts parts) {
  const std::string reduction = parts.reduction ? joint_reduction(rows) : "";
  if (!parts.architecture) return reduction.empty() ? "no reduction" : reduction;
  const std::string architecture = joint_architecture(rows, latents);
  return reduction.empty() ? architecture : architecture + " + " + reduction;
}

}  // namespace latentgrid
