#include "measures/common_space.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "methods/artifact_files.hpp"
#include "methods/stages.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace {

// Of a job's path.
std::optional<PathStep> last_step(const ResultsDb& db, const std::string& job,
                                  const std::function<bool(const PathStep&)>& is_meant) {
  const std::optional<JobDetail> detail = job_detail(db, job);
  if (!detail) return std::nullopt;
  const auto found = std::find_if(detail->path.rbegin(), detail->path.rend(), is_meant);
  return found == detail->path.rend() ? std::nullopt : std::optional(*found);
}

bool makes_points(const PathStep& step) {
  return !find_stage(step.stage).points.empty();
}

bool makes_images(const PathStep& step) {
  const auto& files = find_stage(step.stage).files;
  return std::find(files.begin(), files.end(), images_file) != files.end();
}

CommonSpace space_of_encoder(const ResultsDb& db, const std::vector<const ResultRow*>& jobs,
                             const MethodSpec& encoder) {
  CommonSpace space{encoder.name, display_name_of_architecture(encoder.name), images_file, "", {}};
  std::optional<PathStep> step;
  if (encoder.reads_dataset) {
    const auto job =
        std::find_if(jobs.begin(), jobs.end(), [&](const ResultRow* row) { return row->architecture == encoder.name; });
    const auto encodes = [](const PathStep& one) { return find_stage(one.stage).kind == MethodKind::encoder; };
    if (job != jobs.end()) step = last_step(db, (*job)->job, encodes);
    if (step) space.file = find_stage(step->stage).points;
  } else {
    for (auto job = jobs.begin(); job != jobs.end() && !step; ++job) {
      const MethodSpec* own = untrained_encoder((*job)->architecture);
      if (!own || !own->reads_dataset) step = last_step(db, (*job)->job, makes_images);
    }
  }
  if (!step)
    throw UsageError(
        fmt::format("the sweep has no {}\n  hint: name a job, whose points are then the space", space.title));
  space.stage = step->stage;
  space.artifact = step->artifact;
  return space;
}

}  // namespace

CommonSpace find_common_space(const ResultsDb& db, const std::vector<const ResultRow*>& jobs, const std::string& name) {
  if (const MethodSpec* encoder = untrained_encoder(name)) return space_of_encoder(db, jobs, *encoder);
  std::vector<const ResultRow*> named;
  std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(named),
               [&](const ResultRow* row) { return !name.empty() && row->job.starts_with(name); });
  if (named.size() != 1) {
    throw UsageError(fmt::format(
        "'{}' is no space: {}\n  hint: {}, or the id of a job of the sweep, whose points are then the space", name,
        named.empty() ? "no job of the sweep has an id that begins so" : "the ids of several jobs begin so",
        fmt::join(untrained_encoder_names(), ", ")));
  }
  const std::optional<PathStep> step = last_step(db, named.front()->job, makes_points);
  if (!step) throw Error(fmt::format("job {} has no points", named.front()->job));
  return {named.front()->job, fmt::format("the points of job {}", named.front()->job),
          std::string(find_stage(step->stage).points), step->stage, step->artifact};
}

namespace {

NpyFile open_space(const ArtifactStore& store, const CommonSpace& space) {
  const std::filesystem::path file = store.folder(space.stage, space.artifact) / space.file;
  std::error_code none;
  if (!std::filesystem::exists(file, none)) {
    throw Error(
        fmt::format("{} cannot be read: {} is missing\n  hint: `latentgrid run FILE` of the sweep makes it anew",
                    space.title, file.string()));
  }
  return NpyFile(file);
}

template <typename Value>
MatrixRf rows_of(std::span<const Value> values, std::int64_t width, std::span<const std::int64_t> images) {
  MatrixRf points(static_cast<Eigen::Index>(images.size()), width);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const Value* row = values.data() + images[i] * width;
    for (std::int64_t column = 0; column < width; ++column)
      points(static_cast<Eigen::Index>(i), column) = static_cast<float>(row[column]);
  }
  return points;
}

}  // namespace

std::int64_t images_in(const ArtifactStore& store, const CommonSpace& space) {
  return open_space(store, space).header().shape.at(0);
}

MatrixRf read_points(const ArtifactStore& store, const CommonSpace& space, std::span<const std::int64_t> images) {
  const NpyFile file = open_space(store, space);
  const std::int64_t count = file.header().shape.at(0), width = count == 0 ? 0 : file.header().size() / count;
  if (std::any_of(images.begin(), images.end(), [&](std::int64_t image) { return image < 0 || image >= count; })) {
    throw Error(fmt::format("{} has {} rows, fewer than there are images", space.title, count));
  }
  return file.header().dtype == "|u1" ? rows_of(file.uint8s(), width, images) : rows_of(file.floats(), width, images);
}

}  // namespace latentgrid
