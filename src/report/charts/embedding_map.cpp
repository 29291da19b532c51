#include "methods/artifact_files.hpp"
#include "report/charts/charts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/decimal.hpp"
#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "columns/figure_kinds.hpp"
#include "data/class_names.hpp"
#include "methods/methods.hpp"
#include "report/charts/common.hpp"
#include "report/fields.hpp"
#include "report/job_images.hpp"
#include "report/job_names.hpp"
#include "report/parameters.hpp"
#include "report/charts/image_facts.hpp"
#include "report/charts/map_outliers.hpp"
#include "report/charts/map_panel.hpp"
#include "report/charts/figure_panels.hpp"
#include "report/selection.hpp"
#include "report/table_spec.hpp"
#include "store/npy.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::int64_t most_map_points = 20'000;  // a panel; more are thinned out evenly
constexpr std::int64_t most_images = 10'000;  // that go along: a page of megabytes is slow on a phone

struct MapClasses {
  std::optional<ImageLabels> images;  // nothing where they cannot be read
  ClassNames names;

  std::int32_t label(std::size_t image) const { return images ? images->labels[image] : -1; }
};

// A figure with a data set of its own brings the labels of its images.
ImageLabels labels_of(const ReportData& data, const FigurePanel& panel, bool own) {
  if (own) return image_labels_of(job_detail(data.db, panel.job).value(), data.revision, data.store);
  const auto row = panel.roles.find("labels");
  if (row == panel.roles.end()) throw Error(not_planned(data));
  if (const auto omission = missing(data, row->second)) throw Error(*omission);
  return ImageLabels(data.store.folder(row->second.stage, row->second.artifact));
}

// Why labels cannot be read is an omission. `own`: these are the sweep's own images.
MapClasses read_classes(const ReportData& data, const DatasetSource& source, bool own, const FigurePanel& panel,
                        std::int64_t count, std::vector<std::string>& omissions) {
  try {
    ImageLabels images = labels_of(data, panel, own);
    if (static_cast<std::int64_t>(images.labels.size()) == count) {
      ClassNames names = own ? ClassNames::recorded(data.revision.dataset) : ClassNames(source.class_names, images.class_values);
      return {std::move(images), std::move(names)};
    }
    omissions.push_back(fmt::format("There are no colours: the map has {} images, but there are {} labels.", count, images.labels.size()));
  } catch (const Error& error) {
    omissions.push_back(fmt::format("There are no colours, because the labels cannot be read: {}.", in_one_line(error.what())));
  }
  return {};
}

std::vector<PointSeries> by_class(const MapPanel& read, const std::vector<bool>& left_out,
                                  const MapClasses& of) {
  std::map<std::int32_t, PointSeries> classes;
  const auto count = static_cast<std::int64_t>(read.coordinates.size()) / 2;
  const std::int64_t shown = std::min(count, most_map_points);
  for (std::int64_t s = 0; s < shown; ++s) {
    const auto i = static_cast<std::size_t>(s * count / shown);
    if (left_out[i]) continue;
    classes[of.label(i)].points.push_back(
        {read.coordinates[2 * i], read.coordinates[2 * i + 1], static_cast<std::int64_t>(i), ""});
  }
  std::vector<PointSeries> series;
  for (auto& [label, one] : classes) {
    one.name = label >= 0 ? of.names.shown(label) : of.images ? "no label" : "images";
    one.color = label >= 0 ? label : of.images ? -1 : 0;
    series.push_back(std::move(one));
  }
  return series;
}

// How well the clusters that were found in the job's own embedding agree with the classes.
std::optional<std::string> score_line(const MapPanel& read, const MapSubject& subject, bool percent) {
  if (!read.own || subject.other_images || !subject.row) return std::nullopt;
  if ((*subject.row)["accuracy"]) return "accuracy of its clusters " + fraction_text(*(*subject.row)["accuracy"], percent);
  if ((*subject.row)["silhouette"]) return "silhouette of its clusters " + fixed(*(*subject.row)["silhouette"], 4);
  return std::nullopt;
}

// Where the job's own embedding is no panel: what it is.
std::optional<std::string> about_own(const MapSubject& subject) {
  if (subject.own_is_shown || !subject.row) return std::nullopt;
  if (subject.row->reduced_dim == 2) return "None of the panels shows the embedding in which the job's clusters were found.";
  const bool reduced = subject.row->reduction != "none";
  return fmt::format(
      "The job's clusters were found in {} dimensions ({}), which a map cannot show. The panels show other embeddings of its {}.",
      subject.row->reduced_dim, reduced ? charts::reduction_text(*subject.row) : "no reduction", subject.points());
}

// Where the figure has no panel at all.
std::string why_no_panel(const ReportData& data, const Json& spec) {
  const Json jobs = spec.value("jobs", Json());
  for (const std::size_t row : select_jobs(data, jobs.is_null() ? Json{{"best", default_best}} : jobs)) {
    const ResultRow& job = data.rows[row];
    if (job.state != "complete") continue;
    if (job.reduced_dim != 2 && spec.value("reductions", Json()) == Json{"own"}) {
      return fmt::format("The embedding of job {} has {}, and a map shows 2. Write `reductions: [own, {}]` to see other "
                         "embeddings of the same {}.",
                         job.job, counted(job.reduced_dim, "dimension"), fmt::join(default_map_methods(), ", "), vectors_of_architecture(job.architecture));
    }
    if (job.latent_dim < 2) return fmt::format("The latents of job {} have one value, and a map needs two.", job.job);
    break;
  }
  return not_planned(data);
}

std::vector<std::string> panel_caption(const ReportData& data, const FigurePanel& panel, const MapPanel& read,
                                       const MapSubject& subject, std::vector<std::string>& omissions) {
  std::vector<std::string> lines;
  if (auto score = score_line(read, subject, first_table_in_percent(data.revision.report))) lines.push_back(*score);
  auto metric = [&](const char* name) {
    return read.metrics.contains(name) && read.metrics[name].is_number()
               ? std::optional(read.metrics[name].get<double>())
               : std::nullopt;
  };
  const auto images = static_cast<std::int64_t>(read.coordinates.size()) / 2;
  if (read.params.contains("perplexity") && read.params["perplexity"] == static_cast<double>((images - 1) / 3)) {
    lines.push_back(fmt::format("perplexity {}, the largest for {} images", (images - 1) / 3, images));
  }
  if (auto kl = metric("kl_divergence")) lines.push_back("KL divergence " + fixed(*kl, 3));
  if (auto variance = metric("explained_variance"))
    lines.push_back("explained variance " + fixed(*variance, 3));
  if (auto found = panel.roles.find("trustworthiness"); found != panel.roles.end()) {
    if (auto omission = missing(data, found->second)) {
      omissions.push_back("Trustworthiness: " + *omission);
    } else {
      const Json record = data.store.read_record(found->second.stage, found->second.artifact);
      lines.push_back("trustworthiness " + fixed(record.at("metrics").at("trustworthiness").get<double>(), 3));
    }
  }
  if (read.params.value("early_exaggeration_iterations", std::int64_t{-1}) == read.extent) {
    lines.push_back("end of early exaggeration");
  }
  return lines;
}

std::shared_ptr<const Pixels> read_images(const ReportData& data, const FigureTaskRow& row,
                                          std::vector<std::string>& omissions) {
  if (auto omission = missing(data, row)) {
    omissions.push_back("The pointer shows no images: " + *omission);
    return nullptr;
  }
  const NpyFile file(data.store.folder(row.stage, row.artifact) / images_file);
  const std::vector<std::int64_t>& shape = file.header().shape;
  if (shape.size() != 4 || shape[0] > most_images || (shape[3] != 1 && shape[3] != 3)) return nullptr;
  return std::make_shared<const Pixels>(
      Pixels{shape[0], shape[1], shape[2], shape[3], {file.uint8s().begin(), file.uint8s().end()}});
}

// Of the images that are shown: a limit may leave fewer of a class than the sweep file counts, or one class alone.
std::vector<std::string> sentences_about_classes(const DatasetSource& source, const MapClasses& of) {
  std::map<std::int32_t, std::size_t> count;
  for (std::size_t i = 0; of.images && i < of.images->labels.size(); ++i) {
    if (of.label(i) >= 0) ++count[of.label(i)];
  }
  if (count.empty()) return {};
  std::vector<std::string> sentences;
  if (std::any_of(source.labels.begin(), source.labels.end(), [](const auto& part) { return !part.counts.empty(); })) {
    std::vector<std::string> parts;
    for (const auto& [label, images] : count) {
      parts.push_back(fmt::format("{} of {}", counted(images, "image"), of.names.shown(label)));
    }
    sentences.push_back(fmt::format("The sweep file says which class an image has: {}.", charts::listed(parts)));
  }
  if (count.size() > 1) return sentences;
  sentences.push_back(fmt::format("All labelled images here are of {}{}.", of.names.shown(count.begin()->first),
                                  source.limit ? fmt::format(": `limit: {}` keeps only the first images", *source.limit) : ""));
  return sentences;
}

std::string which_job(const ReportData& data, const Json& spec, const std::string& job) {
  const ResultRow* row = row_of(data, job);
  if (!row) return job;
  const MethodSpec* untrained = untrained_encoder(row->architecture);
  std::string text = untrained ? untrained->display_name : "Encoder of " + JobNames(data).training(*row);
  text = sentence_case(std::move(text));
  text += fmt::format(" (job {}", job);
  const Json jobs = spec.value("jobs", Json());
  const bool chosen = jobs.is_null() || (jobs.is_object() && jobs.contains("best"));
  if (chosen) text += why_best(data, jobs, *row);
  return text + ").";
}

}  // namespace

// Two-dimensional embeddings of labelled images by one job's encoder: a panel a reduction and a snapshot, with the KL
// divergence and the trustworthiness of each. Classes are colours; the images go along for the pointer.
Figure embedding_map(const ReportData& data, const Json& spec) {
  Figure figure{.name = spec.at("name"), .title = spec.at("title")};
  std::vector<FigurePanel> whole;
  std::vector<MapPanel> read;
  const std::vector<FigurePanel> panels = panels_of(data, figure.name);
  for (const FigurePanel& panel : panels) {
    const FigureTaskRow& embedding = panel.roles.at("embedding");
    if (auto omission = missing(data, embedding)) {
      figure.omissions.push_back(*omission);
      continue;
    }
    whole.push_back(panel);
    read.push_back(read_map_panel(data, panel));
    if (read.back().coordinates.size() != read.front().coordinates.size()) {
      throw Error("the panels' embeddings are of different numbers of images");
    }
  }
  if (panels.empty()) figure.omissions.push_back(why_no_panel(data, spec));
  if (whole.empty()) return figure;

  const MapSubject subject = {row_of(data, whole.front().job), spec.contains("dataset"),
                           std::any_of(read.begin(), read.end(), [](const MapPanel& r) { return r.own; })};
  const auto count = static_cast<std::int64_t>(read.front().coordinates.size()) / 2;
  const Json own = data.revision.dataset.value("source", Json());
  const DatasetSource source = DatasetSource::from_json(spec.value("dataset", own));
  const MapClasses classes = read_classes(data, source, !spec.contains("dataset"), whole.front(), count, figure.omissions);
  XyPlot plot{
      .panels = {}, .equal_scale = true, .images = nullptr};
  // Features have no pixels to show.
  const auto& roles = whole.front().roles;
  if (const auto pixels = roles.find("images"); pixels != roles.end()) plot.images = read_images(data, pixels->second, figure.omissions);
  const auto images = static_cast<std::size_t>(count);
  plot.facts = image_facts(data, spec.contains("dataset") ? std::nullopt : std::optional(whole.front().job), images,
                           classes.images ? &*classes.images : nullptr, classes.names, figure.omissions);
  const std::vector<std::string> titles = panel_titles(read, subject);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const std::vector<bool> left_out = map_outliers(read[i].coordinates);
    Panel panel{.title = titles[i],
                .caption = panel_caption(data, whole[i], read[i], subject, figure.omissions),
                .x = {.without_units = true},
                .y = {.without_units = true},
                .series = by_class(read[i], left_out, classes)};
    if (const auto far = std::count(left_out.begin(), left_out.end(), true); far > 0) {
      panel.caption.push_back(fmt::format("{} not drawn", counted(far, "outlier")));
    }
    plot.panels.push_back(std::move(panel));
  }
  figure.caption.push_back(which_job(data, spec, whole.front().job));
  if (auto sentence = about_own(subject)) figure.caption.push_back(*sentence);
  figure.caption.push_back(fmt::format("{} images of '{}'.", count, source.name));
  for (std::string& sentence : sentences_about_classes(source, classes)) figure.caption.push_back(std::move(sentence));
  if (count > most_map_points)
    figure.caption.push_back(fmt::format("Of these, {} are drawn, evenly chosen.", most_map_points));
  const bool trusted = std::any_of(whole.begin(), whole.end(),
                                   [](const FigurePanel& panel) { return panel.roles.contains("trustworthiness"); });
  if (trusted) {
    figure.caption.push_back(
        fmt::format("Trustworthiness says how far the 5 nearest neighbors of an image in the map are its neighbors among the {} too. "
                    "1 is best.",
                    subject.points()));
  } else if (count < 11 || count > 20'000) {
    figure.caption.push_back("Trustworthiness is computed for 11 to 20,000 images only.");
  }
  for (const std::string& line : lines_about_methods(read, count, spec)) figure.caption.push_back(line);
  figure.caption.push_back(numbering_sentence(*plot.facts));
  if (count > most_images) {
    figure.caption.push_back(fmt::format("The pointer shows no images, as a page holds {} at most.", most_images));
  }
  figure.body = std::move(plot);
  return figure;
}

}  // namespace latentgrid::charts
