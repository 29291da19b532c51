#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "report/comparison_input.hpp"
#include "report/table.hpp"
#include "report/table_markdown.hpp"
#include "support/sample_results.hpp"

namespace latentgrid::testing {

inline ResultRow scored(const std::string& architecture, const std::string& reduction, std::int64_t dim,
                        std::int64_t seed, std::optional<double> mse, double public_score, double private_score) {
  ResultRow row;
  row.job = fmt::format("{}{}{}-{}", architecture, reduction, dim, seed);
  row.dataset = "scenes";
  row.architecture = architecture;
  row.latent = architecture == "raw" ? "" : "native";
  row.reduction = reduction;
  row.reduced_dim = dim;
  row.steps = reduction_steps({{"reduction", sample_steps(reduction, dim)}});
  row.seed = seed;
  row.k = 2;
  row.params = "{}";
  row.state = "complete";
  row["recon_mse"] = mse;
  row["accuracy_public"] = public_score;
  row["accuracy_private"] = private_score;
  return row;
}

inline ComparisonInput comparison_input(std::vector<ResultRow> rows) {
  return {.sweep = "hw4", .rows = std::move(rows), .images = 8500, .labelled = 8500, .axes_of = [](const std::string&) {
            return Axes{};
          }};
}

inline std::string markdown_rows(const Table& table) {
  const std::string text = to_markdown(table);
  const std::size_t begin = text.find('|'), end = text.rfind("|\n");
  return text.substr(begin, end + 2 - begin);
}

}  // namespace latentgrid::testing
