#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "methods/artifact_files.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/model_images.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t samples_in_a_row = 8;

// `first` and `last` count from 1; "AE1", or "AE1, 9 to 16" where it has more than a row.
std::string title_of_samples(const std::string& label, std::size_t first, std::size_t last, std::size_t count) {
  return count <= samples_in_a_row ? label : fmt::format("{}, {} to {}", label, first, last);
}

}  // namespace

// What each model's decoder makes of draws from the prior of its latents, in rows.
Figure samples(const ReportData& data, const Json& spec) {
  Figure figure{.name = spec.at("name"), .title = spec.at("title")};
  const std::vector<FigurePanel> panels = panels_of(data, figure.name);
  const JobNames names(data);
  const std::vector<std::string> labels = model_labels(data, names, panels);
  std::optional<GridImages> images;
  ImageGrid grid;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const FigureTaskRow& row = panels[i].roles.at("sample");
    if (const auto omission = missing(data, row)) {
      figure.omissions.push_back(labels[i] + ": " + *omission);
      continue;
    }
    const NpyFile file(data.store.folder(row.stage, row.artifact) / samples_file);
    const Pixels size = images_like(file, 4);
    const PixelRange range = range_in(data.store.read_record(row.stage, row.artifact).value("record", Json()));
    const std::vector<std::uint8_t> pixels = to_pixels(file, range);
    if (!images) images.emplace(size);
    const auto count = static_cast<std::size_t>(size.count);
    for (std::size_t first = 0; first < count; first += samples_in_a_row) {
      const std::size_t end = std::min(first + samples_in_a_row, count);
      ImageGrid::Row shown{title_of_samples(labels[i], first + 1, end, count), {}};
      for (std::size_t sample = first; sample < end; ++sample) shown.cells.push_back(images->cell(pixels, sample));
      grid.columns.resize(std::max(grid.columns.size(), shown.cells.size()));  // without headings
      grid.rows.push_back(std::move(shown));
    }
  }
  if (!images) {
    if (panels.empty()) figure.omissions.push_back(not_planned(data));
    return figure;
  }
  grid.images = images->take();
  figure.body = std::move(grid);
  figure.caption.push_back(
      "Each image is what a decoder makes of a latent drawn from the standard normal distribution, the prior of its training; no image of "
      "the data set goes into it.");
  figure.caption.push_back(fmt::format("The models are {}.", trainings_shown(data, names, panels)));
  return figure;
}

}  // namespace latentgrid::charts
