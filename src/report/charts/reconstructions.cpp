#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/decimal.hpp"
#include "columns/cell.hpp"
#include "columns/parameters.hpp"
#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/model_images.hpp"
#include "report/selection.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t most_columns = 8;  // beyond, models go down the page instead

struct Decoded {
  std::string label;
  std::vector<std::int64_t> indices;
  std::vector<std::uint8_t> originals;        // n×H×W×C
  std::vector<std::uint8_t> reconstructions;  // the same, clipped
  std::vector<float> errors;
  PixelRange range = PixelRange::minus_one_to_one;
  Pixels size;  // without values
  std::string omission;  // instead of all the above
};

Decoded read_decoded(const ReportData& data, const FigurePanel& panel) {
  Decoded decoded;
  const FigureTaskRow& row = panel.roles.at("reconstruct");
  if (auto omission = missing(data, row)) {
    decoded.omission = *omission;
    return decoded;
  }
  const auto folder = data.store.folder(row.stage, row.artifact);
  const NpyFile originals(folder / originals_file), images(folder / reconstructions_file),
      errors(folder / errors_file);
  decoded.size = images_like(originals, 4);
  if (images.header().shape != originals.header().shape || errors.header().size() != decoded.size.count) {
    throw Error(fmt::format("{}: originals, reconstructions and errors don't agree in shape", folder.string()));
  }
  decoded.originals.assign(originals.uint8s().begin(), originals.uint8s().end());
  const Json record = data.store.read_record(row.stage, row.artifact);
  decoded.range = range_in(record.value("record", Json()));
  decoded.reconstructions = to_pixels(images, decoded.range);
  decoded.errors.assign(errors.floats().begin(), errors.floats().end());
  decoded.indices = record.at("provenance").at("params").at("images").get<std::vector<std::int64_t>>();
  return decoded;
}

// cells[image][column]: the original, then every model.
ImageGrid arrange(GridImages images_shown, const std::vector<std::vector<ImageCell>>& cells, const std::vector<std::string>& images,
                  const std::vector<std::string>& columns) {
  ImageGrid grid{images_shown.take(), {}, {}};
  if (columns.size() <= most_columns) {
    grid.columns = columns;
    for (std::size_t i = 0; i < cells.size(); ++i) grid.rows.push_back({images[i], cells[i]});
    return grid;
  }
  grid.columns = images;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    ImageGrid::Row row{columns[c], {}};
    for (const std::vector<ImageCell>& image : cells) row.cells.push_back(image[c]);
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

constexpr const char* untrained_is_best =
    "The best job has no decoder, so there is nothing to reconstruct. `jobs: {best: recon_mse}` chooses among autoencoders.";

bool best_trained_nothing(const ReportData& data, const Json& spec) {
  const Json jobs = spec.value("jobs", Json());
  if (!jobs.is_object() || !jobs.contains("best")) return false;
  const std::vector<std::size_t> best = select_jobs(data, jobs);
  return best.size() == 1 && !data.rows[best.front()]["recon_mse"];
}

// Of jobs of which something can be shown.
std::size_t kinds_of_models(const ReportData& data) {
  std::set<std::tuple<std::string, std::string, std::string>> rows;
  std::set<std::tuple<std::string, std::string, std::string, std::string>> kinds;
  for (const ResultRow& row : data.rows) {
    if (row["recon_mse"] && row.state == "complete") rows.emplace(row.architecture, row.latent, row.params);
  }
  for (const auto& [architecture, latent, params] : rows) {
    const Json all = Json::parse(params, nullptr, false);
    kinds.emplace(architecture, latent, training_kind(member_of(all, "train")), member_of(member_of(all, refine_parameter), "method").dump());
  }
  return kinds.size();
}

}  // namespace

// Originals, as loaded and before any augmentation, beside what each model makes of them, with the mean squared error
// of each on the scale of its values. What is missing is named.
Figure reconstructions(const ReportData& data, const Json& spec) {
  Figure figure{.name = spec.at("name"), .title = spec.at("title")};
  const std::vector<FigurePanel> panels = panels_of(data, figure.name);
  std::vector<Decoded> models;
  const JobNames names(data);
  const std::vector<std::string> labels = model_labels(data, names, panels);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    models.push_back(read_decoded(data, panels[i]));
    models.back().label = labels[i];
    if (!models.back().omission.empty()) figure.omissions.push_back(labels[i] + ": " + models.back().omission);
  }
  for (Decoded& model : models) {  // of one figure, planned together
    const bool whole = model.omission.empty();
    if (whole && static_cast<std::int64_t>(model.indices.size()) != model.size.count) {
      throw Error(fmt::format("reconstructions of {} are not of the images that its record names", model.label));
    }
    if (whole &&
        (model.indices != models.front().indices || model.originals.size() != models.front().originals.size()) &&
        models.front().omission.empty()) {
      throw Error(
          fmt::format("reconstructions of {} and {} are of different images", models.front().label, model.label));
    }
  }
  auto first = std::find_if(models.begin(), models.end(), [](const Decoded& model) { return model.omission.empty(); });
  if (first == models.end()) {
    if (panels.empty()) figure.omissions.push_back(best_trained_nothing(data, spec) ? untrained_is_best : not_planned(data));
    return figure;
  }
  GridImages grid(first->size);
  std::vector<std::string> columns = {"original"};
  for (const Decoded& model : models) columns.push_back(model.label);
  std::vector<std::vector<ImageCell>> cells(first->indices.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i].push_back(grid.cell(first->originals, i));
    for (const Decoded& model : models) {
      if (!model.omission.empty()) {
        cells[i].push_back({std::nullopt, "missing"});
      } else {
        cells[i].push_back(grid.cell(model.reconstructions, i, "MSE " + fixed(model.errors.at(i), 4)));
      }
    }
  }
  figure.body = arrange(std::move(grid), cells, image_titles(data, panels.front().job, first->indices, figure.omissions), columns);
  figure.caption.push_back(fmt::format(
      "MSE is the mean squared error of an image's values, which lie on {}.",
      range_text(first->range)));
  figure.caption.push_back(fmt::format("The autoencoders are {}.", trainings_shown(data, names, panels)));
  const auto classes = data.revision.dataset.value("classes", std::int64_t{0});
  if (!spec.contains("images") && classes > static_cast<std::int64_t>(cells.size())) {
    figure.caption.push_back(fmt::format("The images are the first ones of {} of the {} classes.", cells.size(), classes));
  }
  if (const std::size_t kinds = kinds_of_models(data); !spec.contains("jobs") && kinds > panels.size()) {
    figure.caption.push_back(
        fmt::format("{} of {} models are shown that differ in architecture, latent dimension, training, augmentation or refinement.", panels.size(), kinds));
  }
  return figure;
}

}  // namespace latentgrid::charts
