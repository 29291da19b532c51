#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/charts/model_images.hpp"

namespace latentgrid::charts {

namespace {

using Views = std::vector<std::pair<std::int64_t, std::int64_t>>;  // epoch and view, both from 0

// "epoch 1", or where a step of the training sees several views "epoch 1, view 2".
std::vector<std::string> headings_of_views(const Views& views) {
  const bool several = std::ranges::any_of(views, [](const auto& view) { return view.second > 0; });
  std::vector<std::string> columns = {"original"};
  for (const auto& [epoch, view] : views) {
    columns.push_back(fmt::format("epoch {}", epoch + 1) + (several ? fmt::format(", view\u00A0{}", view + 1) : ""));
  }
  return columns;
}

// By the names and parameters that a sweep file has for them.
std::string text_of_augmentation(const Json& steps) {
  std::vector<std::string> texts;
  for (const Json& step : steps) {
    std::string parameters;
    for (const auto& [name, value] : step.items()) {
      if (name != "method" && name != "version") parameters += fmt::format("{}{} {}", parameters.empty() ? "" : ", ", name, value.dump());
    }
    texts.push_back(step.at("method").get<std::string>() + (parameters.empty() ? "" : " (" + parameters + ")"));
  }
  return listed(texts);
}

}  // namespace

// Images as they are and as one job's training sees them, epoch after epoch.
Figure augmented(const ReportData& data, const Json& spec) {
  Figure figure{.name = spec.at("name"), .title = spec.at("title")};
  const std::vector<FigurePanel> panels = panels_of(data, figure.name);
  if (panels.empty()) {
    figure.omissions.push_back(not_planned(data));
    return figure;
  }
  const FigurePanel& panel = panels.front();
  const FigureTaskRow& task = panel.roles.at("augment");
  if (const auto omission = missing(data, task)) {
    figure.omissions.push_back(*omission);
    return figure;
  }
  const auto folder = data.store.folder(task.stage, task.artifact);
  const NpyFile originals_in(folder / originals_file), views_in(folder / views_file);
  const Json params = data.store.read_record(task.stage, task.artifact).at("provenance").at("params");
  const auto views = params.at("views").get<Views>();
  const auto positions = params.at("images").get<std::vector<std::int64_t>>();
  const Pixels size = images_like(originals_in, 4);
  const auto made_views = size.count * static_cast<std::int64_t>(views.size());
  if (size.count != static_cast<std::int64_t>(positions.size()) || images_like(views_in, 5).count != made_views) {
    throw Error(fmt::format("{}: the images are not those that the record names", folder.string()));
  }
  const std::vector<std::uint8_t> originals(originals_in.uint8s().begin(), originals_in.uint8s().end()),
      made = to_pixels(views_in, PixelRange::zero_to_one);
  const std::vector<std::string> titles = image_titles(data, panel.job, positions, figure.omissions);
  GridImages images(size);
  ImageGrid grid{{}, headings_of_views(views), {}};
  for (std::size_t i = 0; i < positions.size(); ++i) {
    ImageGrid::Row row{titles[i], {images.cell(originals, i)}};
    for (std::size_t v = 0; v < views.size(); ++v) row.cells.push_back(images.cell(made, i * views.size() + v));
    grid.rows.push_back(std::move(row));
  }
  grid.images = images.take();
  figure.body = std::move(grid);
  const JobNames names(data);
  const ResultRow* job = row_of(data, panel.job);
  figure.caption.push_back(fmt::format("These are the images that the training of {} is given, after {}.", job ? names.training(*job) : panel.job,
                                       text_of_augmentation(params.at(augment_parameter))));
  const auto ran = job ? static_cast<std::int64_t>((*job)["epochs_run"].value_or(static_cast<double>(job->epochs))) : 0;
  if (job && views.back().first >= ran) {
    figure.caption.push_back(fmt::format("It ended after {}; what is shown of later epochs is what a longer one would see.", counted(ran, "epoch")));
  }
  return figure;
}

}  // namespace latentgrid::charts
