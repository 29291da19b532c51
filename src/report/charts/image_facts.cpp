#include "report/charts/image_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "methods/artifact_files.hpp"
#include "report/disagreement.hpp"
#include "report/job_artifacts.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace {

std::optional<ArtifactId> artifact_of(const JobDetail& job, const char* stage) {
  const PathStep* step = find_step(job, stage);
  return step && step->recorded ? std::optional(step->artifact) : std::nullopt;
}

std::variant<std::vector<std::int32_t>, Omission> read_clusters(const ArtifactStore& store, const ArtifactId& artifact) {
  // As seen from the results folder: a report does not depend on where that lies.
  const auto file = store.folder("cluster", artifact) / clusters_file;
  const std::string name = file.lexically_relative(store.root()).string();
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return Omission{fmt::format("{} is missing", name)};
  try {
    const NpyFile clusters(file);
    return std::vector<std::int32_t>(clusters.int32s().begin(), clusters.int32s().end());
  } catch (const Error&) {
    return Omission{fmt::format("{} is damaged", name)};
  }
}

// Of every class that some image has or is taken for; none where there are no classes.
std::vector<std::string> names_of_classes(const ImageFacts& facts, const ClassNames& names) {
  std::int32_t last = -1;
  for (const auto* classes : {&facts.classes, &facts.predicted}) {
    for (std::int32_t one : *classes) last = std::max(last, one);
  }
  std::vector<std::string> all;
  for (std::int32_t one = 0; one <= last; ++one) all.push_back(names.brief(one));
  return all;
}

// The list, if it has one value an image; otherwise why not.
std::vector<std::int32_t> one_an_image(std::variant<std::vector<std::int32_t>, Omission> found, std::size_t images, const char* what,
                                       std::vector<std::string>& omissions) {
  if (const auto* omission = std::get_if<Omission>(&found)) {
    omissions.push_back(fmt::format("The pointer does not show {}: {}.", what, omission->reason));
    return {};
  }
  auto& values = std::get<std::vector<std::int32_t>>(found);
  if (values.size() == images) return std::move(values);
  omissions.push_back(fmt::format("The pointer does not show {}: there are {} for {} images.", what, values.size(), images));
  return {};
}

constexpr const char* of_the_selection = "selected image";

// Numbers as the files have them.
void number_images(ImageFacts& facts, const SelectedImages& selected) {
  for (std::size_t i = 0; i < selected.size(); ++i) {
    facts.numbers.push_back(selected.place(i).number);
    if (selected.files().size() > 1) facts.files.push_back(static_cast<std::int32_t>(selected.place(i).file));
  }
  for (std::size_t file = 0; file < selected.files().size() && !facts.files.empty(); ++file) {
    facts.file_names.push_back(selected.file_name(file));
  }
  bool in_order = facts.files.empty();
  for (std::size_t i = 0; i < selected.size() && in_order; ++i) in_order = facts.numbers[i] == static_cast<std::int64_t>(i);
  if (in_order) facts.numbers.clear();  // the page counts by itself
}

std::vector<std::int32_t> if_any(const std::vector<std::int32_t>& labels) {
  const bool labelled = std::any_of(labels.begin(), labels.end(), [](std::int32_t label) { return label >= 0; });
  return labelled ? labels : std::vector<std::int32_t>();
}

}  // namespace

std::shared_ptr<const ImageFacts> image_facts(const ReportData& data, const std::optional<std::string>& job, std::size_t images,
                                             const ImageLabels* known, const ClassNames& names, std::vector<std::string>& omissions) {
  auto facts = std::make_shared<ImageFacts>();
  facts->called = known ? "image" : of_the_selection;
  if (known) {
    facts->classes = if_any(known->labels);
    number_images(*facts, known->images);
  }
  const std::optional<JobDetail> detail = job ? job_detail(data.db, *job) : std::nullopt;
  if (const auto clusters = detail ? artifact_of(*detail, "cluster") : std::nullopt) {
    facts->clusters = one_an_image(read_clusters(data.store, *clusters), images, "clusters", omissions);
  }
  if (const auto score = detail ? artifact_of(*detail, "score") : std::nullopt; score && !facts->classes.empty()) {
    PredictionComparison predictions(data.store, [&] { return *known; });
    facts->predicted = one_an_image(predictions.predictions(*score), images, "which images are misclustered", omissions);
  }
  facts->class_names = names_of_classes(*facts, names);
  return facts;
}

std::string numbering_sentence(const ImageFacts& facts) {
  if (facts.called == of_the_selection) return "Images are numbered from 0 among those that the sweep selects, because the names of their files cannot be read.";
  return "Images are numbered from 0, as in their files.";
}

}  // namespace latentgrid
