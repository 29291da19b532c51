#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "methods/artifact_files.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/model_images.hpp"

namespace latentgrid::charts {

namespace {

using Pairs = std::vector<std::array<std::int64_t, 2>>;

// What one model makes of the way between the images of each pair.
struct Ways {
  Pairs pairs;
  std::size_t steps = 0;
  std::vector<std::uint8_t> originals, images;  // pairs×2 and pairs×steps images
  Pixels size;                                  // of one
};

Ways read_ways(const ReportData& data, const FigureTaskRow& row) {
  const auto folder = data.store.folder(row.stage, row.artifact);
  const NpyFile originals(folder / originals_file), images(folder / interpolations_file);
  const Json record = data.store.read_record(row.stage, row.artifact);
  const Json& params = record.at("provenance").at("params");
  Ways ways{params.at("pairs").get<Pairs>(), params.at("steps").get<std::size_t>(), {}, {}, images_like(originals, 5)};
  const auto pairs = static_cast<std::int64_t>(ways.pairs.size());
  if (ways.size.count != 2 * pairs || images_like(images, 5).count != pairs * static_cast<std::int64_t>(ways.steps)) {
    throw Error(fmt::format("{}: the images are not those that the record names", folder.string()));
  }
  ways.originals.assign(originals.uint8s().begin(), originals.uint8s().end());
  ways.images = to_pixels(images, range_in(record.value("record", Json())));
  return ways;
}

// "from", the share of the second image's latent, "to".
std::vector<std::string> headings_of_steps(std::size_t steps) {
  std::vector<std::string> columns = {"from"};
  const auto last = static_cast<double>(steps - 1);
  for (std::size_t i = 0; i < steps; ++i) columns.push_back(fmt::format("{:.2g}", static_cast<double>(i) / last));
  columns.push_back("to");
  return columns;
}

std::vector<std::string> titles_of_pairs(const ReportData& data, const std::string& job, const Pairs& pairs, std::vector<std::string>& omissions) {
  std::vector<std::int64_t> ends;
  for (const auto& pair : pairs) ends.insert(ends.end(), pair.begin(), pair.end());
  const std::vector<std::string> images = image_titles(data, job, ends, omissions);
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < pairs.size(); ++i) titles.push_back(fmt::format("{} to {}", images[2 * i], images[2 * i + 1]));
  return titles;
}

}  // namespace

// For each pair of images a row of every model: the first image, what the decoder makes of latents on the straight line between those
// of the two, and the second image.
Figure interpolations(const ReportData& data, const Json& spec) {
  Figure figure{.name = spec.at("name"), .title = spec.at("title")};
  const std::vector<FigurePanel> panels = panels_of(data, figure.name);
  const JobNames names(data);
  const std::vector<std::string> labels = model_labels(data, names, panels);
  std::vector<std::pair<std::string, Ways>> models;  // by label
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const FigureTaskRow& row = panels[i].roles.at("interpolate");
    if (const auto omission = missing(data, row)) {
      figure.omissions.push_back(labels[i] + ": " + *omission);
      continue;
    }
    models.emplace_back(labels[i], read_ways(data, row));
    const Ways &first = models.front().second, &last = models.back().second;
    if (first.pairs != last.pairs || first.steps != last.steps) {  // of one figure, planned together
      throw Error(fmt::format("interpolations of {} and {} are of different images", models.front().first, labels[i]));
    }
  }
  if (models.empty()) {
    if (panels.empty()) figure.omissions.push_back(not_planned(data));
    return figure;
  }
  const Ways& any = models.front().second;
  const std::vector<std::string> titles = titles_of_pairs(data, panels.front().job, any.pairs, figure.omissions);
  GridImages images(any.size);
  ImageGrid grid{{}, headings_of_steps(any.steps), {}};
  for (std::size_t pair = 0; pair < any.pairs.size(); ++pair) {
    for (const auto& [label, ways] : models) {
      ImageGrid::Row row{panels.size() == 1 ? titles[pair] : label + ": " + titles[pair], {}};
      row.cells.push_back(images.cell(ways.originals, 2 * pair));
      for (std::size_t step = 0; step < ways.steps; ++step) row.cells.push_back(images.cell(ways.images, pair * ways.steps + step));
      row.cells.push_back(images.cell(ways.originals, 2 * pair + 1));
      grid.rows.push_back(std::move(row));
    }
  }
  grid.images = images.take();
  figure.body = std::move(grid);
  figure.caption.push_back(
      "Between two images lies what a decoder makes of latents on the straight line from the latent of the first, at 0, to that of the "
      "second, at 1: their reconstructions, and what lies between.");
  figure.caption.push_back(fmt::format("The models are {}.", trainings_shown(data, names, panels)));
  return figure;
}

}  // namespace latentgrid::charts
