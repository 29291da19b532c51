#include "report/pictures/embedding_map.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "data/class_names.hpp"
#include "data/dataset.hpp"
#include "report/charts/parts.hpp"
#include "report/fields.hpp"
#include "report/pictures/image_facts.hpp"
#include "report/pictures/picture_rows.hpp"
#include "report/selection.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t most_points = 20'000;  // a panel; more are thinned out evenly
constexpr std::int64_t most_images = 10'000;  // that go along: a page of megabytes is slow on a phone

std::string method_title(const std::string& method) {
  if (method == "pca") return "PCA";
  return method == "tsne" ? "t-SNE" : method;
}

struct Read {
  bool own = false;        // made as the embedding in which the job's clusters were found
  bool latents = false;    // no reduction at all
  std::string steps;       // "PCA 50-D, then t-SNE"
  Json params, metrics;
  std::int64_t extent = 0;
  std::vector<float> coordinates;  // n×2
};

std::string steps_before(const ReportData& data, const PicturePanel& panel) {
  std::string text;
  for (int i = 0;; ++i) {
    auto step = panel.roles.find(fmt::format("step{}", i));
    if (step == panel.roles.end()) return text;
    const PictureRow& row = step->second;
    if (!data.store.exists(row.stage, row.artifact)) return text;
    const Json params = data.store.read_record(row.stage, row.artifact).at("provenance").at("params");
    const std::string method = params.at("method");
    const std::int64_t dim = method == "pca" ? row.artifact.extent : params.value("dim", std::int64_t{0});
    text += fmt::format("{} {}-D, then ", method_title(method), dim);
  }
}

Read read_embedding(const ReportData& data, const PicturePanel& panel) {
  const PictureRow& row = panel.roles.at("embedding");
  const Json record = data.store.read_record(row.stage, row.artifact);
  const bool latents = row.stage == "encode";
  const auto file = data.store.folder(row.stage, row.artifact) / (latents ? "latents.npy" : "embedding.npy");
  const NpyFile embedding(file);
  const std::vector<std::int64_t>& shape = embedding.header().shape;
  if (shape.size() != 2 || shape[1] != 2) throw Error(fmt::format("{}: not a matrix of two columns", file.string()));
  const Json params = record.at("provenance").at("params");
  return {panel.roles.contains("own"),
          latents,
          steps_before(data, panel) + method_title(params.at("method")),
          params,
          record.at("metrics"),
          row.artifact.extent,
          {embedding.floats().begin(), embedding.floats().end()}};
}

struct MapClasses {
  std::vector<std::int32_t> labels;  // by image, -1 where there is none; empty where they cannot be read
  ClassNames names;
};

// Why labels cannot be read is a gap. `own`: these are the sweep's own images.
MapClasses read_classes(const ReportData& data, const DatasetSource& source, bool own, std::int64_t count,
                     std::vector<std::string>& gaps) {
  try {
    std::vector<std::int32_t> labels = load_labels(source);
    if (static_cast<std::int64_t>(labels.size()) == count) {
      return {std::move(labels), own ? ClassNames::recorded(data.revision.dataset)
                                     : ClassNames(source.class_names, class_values(source))};
    }
    gaps.push_back(
        fmt::format("Data set '{}' has {} images now, and the map {}: no colours.", source.name, labels.size(), count));
  } catch (const Error& error) {
    gaps.push_back(fmt::format("The labels cannot be read, so there are no colours: {}.", error.what()));
  }
  return {};
}

// Outliers: images so far from the others that these would shrink to a dot: beyond five times the distance from the median (of the
// larger coordinate) within which 99 of 100 lie.
std::vector<bool> far_outside(const std::vector<float>& coordinates) {
  const std::size_t count = coordinates.size() / 2;
  std::vector<bool> outside(count);
  if (count < 100) return outside;
  std::array<float, 2> middle{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(coordinates[2 * i + axis]);
    const auto median = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(values.begin(), median, values.end());
    middle[axis] = *median;
  }
  std::vector<float> distances;
  for (std::size_t i = 0; i < count; ++i) {
    distances.push_back(std::max(std::abs(coordinates[2 * i] - middle[0]), std::abs(coordinates[2 * i + 1] - middle[1])));
  }
  std::vector<float> sorted = distances;
  const auto most = sorted.begin() + static_cast<std::ptrdiff_t>(count - count / 100 - 1);
  std::nth_element(sorted.begin(), most, sorted.end());
  for (std::size_t i = 0; i < count; ++i) outside[i] = distances[i] > 5 * *most;
  return outside;
}

std::vector<PointSeries> by_class(const Read& read, const std::vector<bool>& left_out,
                                  const MapClasses& of) {
  const std::vector<std::int32_t>& labels = of.labels;
  std::map<std::int32_t, PointSeries> classes;
  const auto count = static_cast<std::int64_t>(read.coordinates.size()) / 2;
  const std::int64_t shown = std::min(count, most_points);
  for (std::int64_t s = 0; s < shown; ++s) {
    const auto i = static_cast<std::size_t>(s * count / shown);
    if (left_out[i]) continue;
    const std::int32_t label = labels.empty() ? -1 : labels[i];
    classes[label].points.push_back(
        {read.coordinates[2 * i], read.coordinates[2 * i + 1], static_cast<std::int64_t>(i), ""});
  }
  std::vector<PointSeries> series;
  for (auto& [label, one] : classes) {
    one.name = label >= 0 ? of.names.shown(label) : labels.empty() ? "images" : "no label";
    one.color = label >= 0 ? label : labels.empty() ? 0 : -1;
    series.push_back(std::move(one));
  }
  return series;
}

// Parameters in which panels of one method differ, besides what the titles tell.
std::set<std::string> differing(const std::vector<Read>& panels, const std::string& method) {
  std::set<std::string> names;
  const Json* first = nullptr;
  for (const Read& panel : panels) {
    if (panel.params.at("method") != method) continue;
    if (!first) first = &panel.params;
    for (const auto& [name, value] : panel.params.items()) {
      if (!first->contains(name) || (*first)[name] != value) names.insert(name);
    }
  }
  return names;
}

// What a figure's panels are of.
struct Subject {
  const ResultRow* row = nullptr;  // the job's; null where the sweep no longer has it
  bool other_images = false;       // than the sweep's own
  bool own_is_shown = false;

  std::string points() const { return row && row->architecture == "raw" ? "pixels" : "latents"; }
};

std::string panel_title(const Read& read, const std::vector<Read>& all, const Subject& subject) {
  std::string title;
  if (read.latents) return fmt::format("The job's own {}, 2-D", subject.points());
  if (read.own) {
    title = fmt::format("{}: {}, 2-D", subject.other_images ? "The job's own reduction" : "The job's own embedding", read.steps);
  } else {
    title = fmt::format("{} of the {}{}, 2-D", read.steps, subject.own_is_shown ? "same " : "", subject.points());
  }
  const std::string method = read.params.at("method");
  if (method == "tsne") title += fmt::format(", {} iterations", read.extent);
  for (const std::string& name : differing(all, method)) {
    if (read.params.contains(name)) title += fmt::format(", {} {}", name, read.params[name].dump());
  }
  return title;
}

// How well the clusters that were found in the job's own embedding agree with the classes.
std::optional<std::string> score_line(const Read& read, const Subject& subject) {
  if (!read.own || subject.other_images || !subject.row) return std::nullopt;
  if (subject.row->accuracy) return fmt::format("accuracy of its clusters {:.4f}", *subject.row->accuracy);
  if (subject.row->silhouette) return fmt::format("silhouette of its clusters {:.4f}", *subject.row->silhouette);
  return std::nullopt;
}

// Where the job's own embedding is no panel: what it is.
std::optional<std::string> about_own(const Subject& subject) {
  if (subject.own_is_shown || !subject.row) return std::nullopt;
  if (subject.row->reduced_dim == 2) return "None of the panels shows the embedding in which the job's clusters were found.";
  const bool reduced = subject.row->reduction != "none";
  return fmt::format(
      "The job's clusters were found in {} dimensions ({}), which a map cannot show: the panels are other embeddings of its {}.",
      subject.row->reduced_dim, reduced ? charts::reduction_text(*subject.row) : "no reduction", subject.points());
}

std::vector<std::string> panel_caption(const ReportData& data, const PicturePanel& panel, const Read& read,
                                       const Subject& subject, std::vector<std::string>& gaps) {
  std::vector<std::string> lines;
  if (auto score = score_line(read, subject)) lines.push_back(*score);
  auto metric = [&](const char* name) {
    return read.metrics.contains(name) && read.metrics[name].is_number()
               ? std::optional(read.metrics[name].get<double>())
               : std::nullopt;
  };
  if (auto kl = metric("kl_divergence")) lines.push_back(fmt::format("KL divergence {:.3f}", *kl));
  if (auto variance = metric("explained_variance"))
    lines.push_back(fmt::format("explained variance {:.3f}", *variance));
  if (auto found = panel.roles.find("trustworthiness"); found != panel.roles.end()) {
    if (auto gap = missing(data, found->second)) {
      gaps.push_back("Trustworthiness: " + *gap);
    } else {
      const Json record = data.store.read_record(found->second.stage, found->second.artifact);
      lines.push_back(fmt::format("trustworthiness {:.3f}", record.at("metrics").at("trustworthiness").get<double>()));
    }
  }
  if (read.params.value("early_exaggeration_iterations", std::int64_t{-1}) == read.extent) {
    lines.push_back("end of early exaggeration");
  }
  return lines;
}

std::shared_ptr<const Pixels> read_images(const ReportData& data, const PictureRow& row,
                                          std::vector<std::string>& gaps) {
  if (auto gap = missing(data, row)) {
    gaps.push_back("No images under the pointer: " + *gap);
    return nullptr;
  }
  const NpyFile file(data.store.folder(row.stage, row.artifact) / "images.npy");
  const std::vector<std::int64_t>& shape = file.header().shape;
  if (shape.size() != 4 || shape[0] > most_images || (shape[3] != 1 && shape[3] != 3)) return nullptr;
  return std::make_shared<const Pixels>(
      Pixels{shape[0], shape[1], shape[2], shape[3], {file.uint8s().begin(), file.uint8s().end()}});
}

std::string which_job(const ReportData& data, const Json& spec, const std::string& job) {
  const ResultRow* row = row_of(data, job);
  if (!row) return job;
  std::string text = row->architecture == "raw" ? "Raw pixels" : "Encoder of " + training_sentence(data, TrainingNames(data), *row);
  text += fmt::format(" (job {}", job);
  const Json jobs = spec.value("jobs", Json());
  const bool chosen = jobs.is_null() || (jobs.is_object() && jobs.contains("best"));
  if (chosen) {
    const Field& field = find_field(field_of_best(data, jobs));
    const auto* value = std::get_if<std::optional<double> ResultRow::*>(&field.source);
    const auto candidates = std::count_if(data.rows.begin(), data.rows.end(), [&](const ResultRow& r) {
      return r.state == "complete" && value && (r.*(*value)).has_value();
    });
    text += fmt::format(", the best of {} by {}", candidates, field.title);
  }
  return text + ").";
}

}  // namespace

Figure embedding_map(const ReportData& data, const Json& spec) {
  Figure figure{.name = spec.at("name"), .title = spec.at("title")};
  std::vector<PicturePanel> whole;
  std::vector<Read> read;
  const std::vector<PicturePanel> panels = panels_of(data, figure.name);
  for (const PicturePanel& panel : panels) {
    const PictureRow& embedding = panel.roles.at("embedding");
    if (auto gap = missing(data, embedding)) {
      figure.gaps.push_back(*gap);
      continue;
    }
    whole.push_back(panel);
    read.push_back(read_embedding(data, panel));
    if (read.back().coordinates.size() != read.front().coordinates.size()) {
      throw Error("the panels' embeddings are of different numbers of images");
    }
  }
  if (panels.empty()) figure.gaps.push_back(not_planned(data));
  if (whole.empty()) return figure;

  const Subject subject = {row_of(data, whole.front().job), spec.contains("dataset"),
                           std::any_of(read.begin(), read.end(), [](const Read& r) { return r.own; })};
  const auto count = static_cast<std::int64_t>(read.front().coordinates.size()) / 2;
  const Json own = data.revision.dataset.value("source", Json());
  const DatasetSource source = DatasetSource::from_json(spec.value("dataset", own));
  const MapClasses classes = read_classes(data, source, !spec.contains("dataset"), count, figure.gaps);
  XyPlot plot{
      .panels = {}, .equal_scale = true, .images = read_images(data, whole.front().roles.at("images"), figure.gaps)};
  const auto images = static_cast<std::size_t>(count);
  plot.facts = spec.value("dataset", Json()).is_null()
                   ? clustered_image_facts(data, whole.front().job, images, classes.labels, classes.names, figure.gaps)
                   : other_image_facts(source, images, classes.labels, classes.names);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const std::vector<bool> left_out = far_outside(read[i].coordinates);
    Panel panel{.title = panel_title(read[i], read, subject),
                .caption = panel_caption(data, whole[i], read[i], subject, figure.gaps),
                .x = {.without_units = true},
                .y = {.without_units = true},
                .series = by_class(read[i], left_out, classes)};
    if (const auto far = std::count(left_out.begin(), left_out.end(), true); far > 0) {
      panel.caption.push_back(fmt::format("{} not drawn", charts::counted(static_cast<std::size_t>(far), "outlier")));
    }
    plot.panels.push_back(std::move(panel));
  }
  figure.caption.push_back(which_job(data, spec, whole.front().job));
  if (auto sentence = about_own(subject)) figure.caption.push_back(*sentence);
  figure.caption.push_back(fmt::format("{} images of '{}'.", count, source.name));
  for (const DatasetSource::Labels& part : source.labels) {
    if (part.counts.empty() || classes.labels.empty()) continue;
    figure.caption.push_back(fmt::format("The sweep file says how many images each class has: {}.", fmt::join(part.counts, ", then ")));
  }
  if (count > most_points)
    figure.caption.push_back(fmt::format("{} of the points are drawn, evenly chosen.", most_points));
  const bool trusted = std::any_of(whole.begin(), whole.end(),
                                   [](const PicturePanel& panel) { return panel.roles.contains("trustworthiness"); });
  if (trusted) {
    figure.caption.push_back(
        "Trustworthiness: of the 5 nearest neighbors in the map, how far they are neighbors in the latents too; 1 is "
        "best.");
  } else {
    figure.caption.push_back("Trustworthiness is computed for 11 to 20,000 images.");
  }
  const bool tsne = std::any_of(read.begin(), read.end(), [](const Read& r) { return r.params.at("method") == "tsne"; });
  if (tsne) figure.caption.push_back("Distances between clusters of a t-SNE mean little, and no score follows from a map.");
  figure.caption.push_back(numbering_sentence(*plot.facts));
  if (count > most_images) {
    figure.caption.push_back(fmt::format("The pointer shows no pictures: a page takes those of {} images at most.", most_images));
  }
  figure.body = std::move(plot);
  return figure;
}

}  // namespace latentgrid
