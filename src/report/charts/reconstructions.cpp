#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "report/charts/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/decimal.hpp"
#include "base/hinted_error.hpp"
#include "base/pixel_range.hpp"
#include "data/class_names.hpp"
#include "report/job_images.hpp"
#include "report/job_names.hpp"
#include "report/charts/figure_panels.hpp"
#include "report/selection.hpp"
#include "store/npy.hpp"

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
  std::int64_t height = 0, width = 0, channels = 0;
  std::string omission;  // instead of all the above
};

std::uint8_t to_pixel(float value, PixelRange range) {
  const float pixel = range == PixelRange::zero_to_one ? value * 255.0f : (value + 1) * 127.5f;
  return static_cast<std::uint8_t>(std::lround(std::clamp(pixel, 0.0f, 255.0f)));
}

Decoded read_decoded(const ReportData& data, const JobNames& names, const FigurePanel& panel) {
  Decoded decoded;
  const FigureTaskRow& row = panel.roles.at("reconstruct");
  const ResultRow* job = row_of(data, panel.job);
  decoded.label = job ? names.architecture(*job) : panel.job;
  if (auto omission = missing(data, row)) {
    decoded.omission = *omission;
    return decoded;
  }
  const auto folder = data.store.folder(row.stage, row.artifact);
  const NpyFile originals(folder / originals_file), images(folder / reconstructions_file),
      errors(folder / errors_file);
  const std::vector<std::int64_t>& shape = originals.header().shape;
  if (shape.size() != 4 || images.header().shape != shape || errors.header().size() != shape[0]) {
    throw Error(fmt::format("{}: originals, reconstructions and errors don't agree in shape", folder.string()));
  }
  decoded.height = shape[1];
  decoded.width = shape[2];
  decoded.channels = shape[3];
  decoded.originals.assign(originals.uint8s().begin(), originals.uint8s().end());
  const Json record = data.store.read_record(row.stage, row.artifact);
  decoded.range = range_in(record.value("record", Json()));
  for (float value : images.floats()) decoded.reconstructions.push_back(to_pixel(value, decoded.range));
  decoded.errors.assign(errors.floats().begin(), errors.floats().end());
  decoded.indices = record.at("provenance").at("params").at("images").get<std::vector<std::int64_t>>();
  return decoded;
}

// "image 17, class 1" or "image 17, landscape"; the class only where there is one.
std::vector<std::string> image_titles(const ReportData& data, const std::string& job,
                                      const std::vector<std::int64_t>& positions, std::vector<std::string>& omissions) {
  const ClassNames names = ClassNames::recorded(data.revision.dataset);
  std::vector<std::string> titles;
  try {
    const ImageLabels known = image_labels_of(job_detail(data.db, job).value(), data.revision, data.store);
    for (const std::int64_t position : positions) {
      const auto at = static_cast<std::size_t>(position);
      if (at >= known.labels.size()) throw Error(fmt::format("image {} is shown, but there are {} labels", at, known.labels.size()));
      titles.push_back(known.images.title(at));
      if (known.labels[at] >= 0) titles.back() += ", " + names.shown(known.labels[at]);
    }
  } catch (const std::exception& error) {  // the images are shown all the same
    omissions.push_back(fmt::format("The images are shown without the numbers of their files and without their classes: {}.", in_one_line(error.what())));
    titles.clear();
    for (const std::int64_t position : positions) titles.push_back(fmt::format("selected image {}", position));
  }
  return titles;
}

class Grid {
 public:
  explicit Grid(const Decoded& first) { grid_.images = {0, first.height, first.width, first.channels, {}}; }

  ImageCell cell(const std::vector<std::uint8_t>& pixels, std::size_t index, std::string caption) {
    const auto size = static_cast<std::size_t>(grid_.images.height * grid_.images.width * grid_.images.channels);
    const auto begin = pixels.begin() + static_cast<std::ptrdiff_t>(index * size);
    grid_.images.values.insert(grid_.images.values.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
    return {grid_.images.count++, std::move(caption)};
  }

  ImageGrid grid_;
};

// cells[image][column]: the original, then every model.
ImageGrid arrange(Grid grid, const std::vector<std::vector<ImageCell>>& cells, const std::vector<std::string>& images,
                  const std::vector<std::string>& columns) {
  if (columns.size() <= most_columns) {
    grid.grid_.columns = columns;
    for (std::size_t i = 0; i < cells.size(); ++i) grid.grid_.rows.push_back({images[i], cells[i]});
    return grid.grid_;
  }
  grid.grid_.columns = images;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    ImageGrid::Row row{columns[c], {}};
    for (const std::vector<ImageCell>& image : cells) row.cells.push_back(image[c]);
    grid.grid_.rows.push_back(std::move(row));
  }
  return grid.grid_;
}

// Models of one name are told apart by what they don't share.
void tell_apart(const ReportData& data, const JobNames& names, const std::vector<FigurePanel>& panels,
                std::vector<Decoded>& models) {
  auto add_where_alike = [&](auto&& what) {
    std::map<std::string, std::set<std::string>> by_label;
    for (std::size_t i = 0; i < models.size(); ++i) {
      const ResultRow* row = row_of(data, panels[i].job);
      if (row) by_label[models[i].label].insert(what(*row));
    }
    for (std::size_t i = 0; i < models.size(); ++i) {
      const ResultRow* row = row_of(data, panels[i].job);
      if (row && by_label[models[i].label].size() > 1) models[i].label += what(*row);
    }
  };
  add_where_alike([&](const ResultRow& row) {
    const std::string parameters = names.training_parameters(row);
    return parameters.empty() ? "" : ", " + parameters;
  });
  add_where_alike([](const ResultRow& row) { return fmt::format(", epoch {}", row.epochs); });
  add_where_alike([](const ResultRow& row) { return fmt::format(", seed {}", row.seed); });
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
  std::set<std::pair<std::string, std::string>> kinds;
  for (const ResultRow& row : data.rows) {
    if (row["recon_mse"] && row.state == "complete") kinds.emplace(row.architecture, row.latent);
  }
  return kinds.size();
}

}  // namespace

// Originals, as loaded and before any augmentation, beside what each model makes of them, with the mean squared error
// of each on the scale of its values. What is missing is named.
Figure reconstructions(const ReportData& data, const Json& spec) {
  Figure figure{.name = spec.at("name"), .title = spec.at("title")};
  std::vector<FigurePanel> panels = panels_of(data, figure.name);
  std::vector<Decoded> models;
  const JobNames names(data);
  std::string shown;
  for (const FigurePanel& panel : panels) {
    models.push_back(read_decoded(data, names, panel));
    const ResultRow* job = row_of(data, panel.job);
    shown += (shown.empty() ? "" : "; ") + (job ? names.training(*job) : panel.job);
    if (!models.back().omission.empty()) figure.omissions.push_back(models.back().label + ": " + models.back().omission);
  }
  tell_apart(data, names, panels, models);
  for (Decoded& model : models) {  // of one figure, planned together
    const bool whole = model.omission.empty();
    if (whole && model.indices.size() * static_cast<std::size_t>(model.height * model.width * model.channels) !=
                     model.originals.size()) {
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
  Grid grid(*first);
  std::vector<std::string> columns = {"original"};
  for (const Decoded& model : models) columns.push_back(model.label);
  std::vector<std::vector<ImageCell>> cells(first->indices.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i].push_back(grid.cell(first->originals, i, ""));
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
  figure.caption.push_back(fmt::format("The autoencoders are {}.", shown));
  const auto classes = data.revision.dataset.value("classes", std::int64_t{0});
  if (!spec.contains("images") && classes > static_cast<std::int64_t>(cells.size())) {
    figure.caption.push_back(fmt::format("The images are the first ones of {} of the {} classes.", cells.size(), classes));
  }
  if (const std::size_t kinds = kinds_of_models(data); !spec.contains("jobs") && kinds > panels.size()) {
    figure.caption.push_back(
        fmt::format("{} of {} architectures and latent dimensions are shown.", panels.size(), kinds));
  }
  return figure;
}

}  // namespace latentgrid::charts
