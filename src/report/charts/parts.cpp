#include "report/charts/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/key.hpp"
#include "base/text.hpp"
#include "methods/methods.hpp"
#include "report/fields.hpp"
#include "report/row_label.hpp"

namespace latentgrid::charts {

Figure begin_figure(const Json& spec) {
  Figure figure;
  figure.name = spec.value("name", "");
  figure.title = spec.value("title", "");
  return figure;
}

JobNames::JobNames(const std::vector<ResultRow>& rows) {
  for (const ResultRow& row : rows) latents_[row.architecture].insert(row.latent);
}

bool JobNames::with_latent(const ResultRow& row) const {
  auto known = latents_.find(row.architecture);
  return !row.latent.empty() && row.latent != "native" && known != latents_.end() && known->second.size() > 1;
}

std::string JobNames::architecture(const ResultRow& row) const {
  if (untrained_encoder(row.architecture)) return display_name_of_architecture(row.architecture);
  return with_latent(row) ? fmt::format("{}({})", row.architecture, row.latent) : row.architecture;
}

std::string JobNames::job(const ResultRow& row) const {
  std::string name = row_label(row, with_latent(row));
  if (row.epochs > 0) name += fmt::format(", {}", counted(row.epochs, "epoch"));
  return name + fmt::format(", seed {}", row.seed);
}

std::string reduction_text(const ResultRow& row) {
  const std::string reduction = joint_reduction({&row});
  return reduction.empty() ? "no reduction" : reduction;
}

std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t wanted = std::min(count, most);
  for (std::size_t i = 0; i < wanted; ++i) {
    chosen.push_back(wanted == 1 ? 0 : i * (count - 1) / (wanted - 1));
  }
  return chosen;
}

std::string in_words(std::size_t number) {
  static const char* const words[] = {"none",  "one",   "two",  "three", "four",   "five",  "six",
                                      "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  return number < std::size(words) ? words[number] : fmt::format("{}", number);
}

std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

bool wants_log_scale(double smallest, double largest) {
  return smallest > 0 && largest > 20 * smallest;
}

}  // namespace latentgrid::charts
