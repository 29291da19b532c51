#include "report/charts/common.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "report/row_label.hpp"

namespace latentgrid::charts {

Figure begin_figure(const Json& spec) {
  Figure figure;
  figure.name = spec.value("name", "");
  figure.title = spec.value("title", "");
  return figure;
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
