#include "report/trainings_alone.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "columns/parameters.hpp"
#include "methods/methods.hpp"

namespace latentgrid {

namespace {

// A job as the training that it rests on: a reconstruction loss is of an encoder, whatever reduces and clusters its latents.
ResultRow training_of(ResultRow row) {
  row.reduction = "none";
  row.steps.clear();
  row.clustering.clear();
  row.reduced_dim = row.k = 0;
  Json params = Json::parse(row.params, nullptr, false);
  if (params.is_object()) {
    params.erase("reduction");
    params.erase("clustering");
    row.params = params.dump();
  }
  if (row["recon_mse"]) row.state = "complete";  // whatever became of the job behind it
  return row;
}

}  // namespace

ComparisonInput of_trainings(const ComparisonInput& input) {
  ComparisonInput trainings = input;
  trainings.disagreement = nullptr;
  std::vector<ResultRow> rows;
  std::map<std::string, std::size_t> known;
  for (const ResultRow& job : input.rows) {
    if (!trains_encoder(job.architecture)) continue;
    ResultRow row = training_of(job);
    const std::string identity =
        fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}", row.architecture, row.latent, row.epochs, row.seed, row.params);
    const auto [found, fresh] = known.try_emplace(identity, rows.size());
    if (fresh) {
      rows.push_back(std::move(row));
    } else if (row["recon_mse"] && !rows[found->second]["recon_mse"]) {
      rows[found->second] = std::move(row);
    }
  }
  trainings.rows = std::move(rows);
  trainings.axes_of = [axes_of = input.axes_of](const std::string& job) {
    Axes axes = axes_of(job);
    std::erase_if(axes, [](const auto& axis) { return !is_axis_of_training(axis.first); });
    return axes;
  };
  return trainings;
}

}  // namespace latentgrid
