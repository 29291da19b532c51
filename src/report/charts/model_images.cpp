#include "report/charts/model_images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/hinted_error.hpp"
#include "data/class_names.hpp"
#include "report/job_images.hpp"

namespace latentgrid::charts {

std::vector<std::uint8_t> to_pixels(const NpyFile& file, PixelRange range) {
  std::vector<std::uint8_t> pixels;
  pixels.reserve(file.floats().size());
  for (const float value : file.floats()) {
    const float pixel = range == PixelRange::zero_to_one ? value * 255.0f : (value + 1) * 127.5f;
    pixels.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(pixel, 0.0f, 255.0f))));
  }
  return pixels;
}

Pixels images_like(const NpyFile& file, std::size_t dimensions) {
  const std::vector<std::int64_t>& shape = file.header().shape;
  if (shape.size() != dimensions) throw Error(fmt::format("an array of images has {} dimensions, not {}", shape.size(), dimensions));
  const std::size_t image = dimensions - 3;
  std::int64_t count = 1;
  for (std::size_t i = 0; i < image; ++i) count *= shape[i];
  return {count, shape[image], shape[image + 1], shape[image + 2], {}};
}

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

std::vector<std::string> model_labels(const ReportData& data, const JobNames& names, const std::vector<FigurePanel>& panels) {
  std::vector<std::string> labels;
  for (const FigurePanel& panel : panels) {
    const ResultRow* row = row_of(data, panel.job);
    labels.push_back(row ? names.architecture(*row) : panel.job);
  }
  auto add_where_alike = [&](auto&& what) {
    std::map<std::string, std::set<std::string>> by_label;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (const ResultRow* row = row_of(data, panels[i].job)) by_label[labels[i]].insert(what(*row));
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const ResultRow* row = row_of(data, panels[i].job);
      if (row && by_label[labels[i]].size() > 1) labels[i] += what(*row);
    }
  };
  add_where_alike([&](const ResultRow& row) {
    const std::string parameters = names.training_parameters(row);
    return parameters.empty() ? "" : ", " + parameters;
  });
  add_where_alike([](const ResultRow& row) { return row["epochs_run"] ? ", " + epochs_text(row) : fmt::format(", epoch {}", row.epochs); });
  add_where_alike([](const ResultRow& row) { return fmt::format(", seed {}", row.seed); });
  return labels;
}

std::string trainings_shown(const ReportData& data, const JobNames& names, const std::vector<FigurePanel>& panels) {
  std::string shown;
  for (const FigurePanel& panel : panels) {
    const ResultRow* job = row_of(data, panel.job);
    shown += (shown.empty() ? "" : "; ") + (job ? names.training(*job) : panel.job);
  }
  return shown;
}

ImageCell GridImages::cell(const std::vector<std::uint8_t>& pixels, std::size_t index, std::string caption) {
  const auto size = static_cast<std::size_t>(images_.height * images_.width * images_.channels);
  const auto begin = pixels.begin() + static_cast<std::ptrdiff_t>(index * size);
  images_.values.insert(images_.values.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  return {images_.count++, std::move(caption)};
}

}  // namespace latentgrid::charts
