#include "measures/job_measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>

#include "base/error.hpp"
#include "base/key.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "measures/clusterings.hpp"
#include "measures/silhouette_library.hpp"
#include "score/calinski_harabasz.hpp"
#include "score/grouped_partition.hpp"

namespace latentgrid {

namespace {

using Value = std::optional<double>;

constexpr std::size_t agreement_place = place_of(*find_measure("agreement")),
                      stability_place = place_of(*find_measure("stability")),
                      silhouette_place = place_of(*find_measure("silhouette_in")),
                      calinski_harabasz_place = place_of(*find_measure("calinski_harabasz_in"));
constexpr std::size_t most_in_memory = 512;  // clusterings that are judged in a space together

// By lot: every n-th would be of one seed, or one method. A digest of the key is a lot that stays the same.
std::vector<std::size_t> drawn_clusterings(const std::vector<Clusterings::Clustering>& all) {
  std::vector<std::size_t> drawn(all.size());
  std::iota(drawn.begin(), drawn.end(), std::size_t{0});
  if (all.size() <= most_compared) return drawn;
  std::vector<std::string> lots;
  for (const Clusterings::Clustering& one : all)
    lots.push_back(sha256_hex(fmt::format("{}/{}", one.artifact.key, one.artifact.extent)));
  std::sort(drawn.begin(), drawn.end(), [&](std::size_t a, std::size_t b) { return lots[a] < lots[b]; });
  drawn.resize(most_compared);
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

std::vector<std::int64_t> drawn_images(std::int64_t images) {
  std::vector<std::int64_t> drawn(static_cast<std::size_t>(images));
  std::iota(drawn.begin(), drawn.end(), std::int64_t{0});
  if (images <= most_scored_images) return drawn;
  drawn = RandomStream(0, "images of a measure").permutation(images);
  drawn.resize(static_cast<std::size_t>(most_scored_images));
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

class Measuring {
 public:
  Measuring(const ArtifactStore& store, const Clusterings& clusterings, const MeasureRequest& request)
      : store_(store), clusterings_(clusterings), request_(request) {}

  std::int64_t images() const { return images_; }
  const std::string& first_problem() const { return first_problem_; }

  // The first clustering that can be read says how many there are.
  void count_images() {
    for (std::size_t i = 0; i < clusterings_.all.size() && images_ == 0; ++i) {
      if (const auto clusters = read(i)) images_ = static_cast<std::int64_t>(clusters->size());
    }
  }

  // By clustering; the mean over the drawn ones of other settings.
  std::vector<Value> agreements(const std::vector<std::size_t>& drawn) {
    std::vector<std::optional<GroupedPartition>> others(drawn.size());
    for_each(drawn.size(), "", [&](std::size_t i) { others[i] = partition(drawn[i]); });
    std::vector<Value> found(clusterings_.all.size());
    for_each(found.size(), "agreement", [&](std::size_t i) {
      const std::optional<GroupedPartition> own = partition(i);
      if (!own) return;
      double sum = 0;
      int count = 0;
      for (std::size_t other = 0; other < drawn.size(); ++other) {
        if (!others[other] || clusterings_.all[drawn[other]].setting == clusterings_.all[i].setting) continue;
        sum += own->adjusted_rand_index(*others[other]);
        ++count;
      }
      if (count > 0) found[i] = sum / count;
    });
    return found;
  }

  // By setting; the mean over all pairs of its jobs.
  std::vector<Value> stabilities() {
    std::vector<std::vector<std::size_t>> of_setting(clusterings_.settings);
    for (std::size_t job = 0; job < clusterings_.of_job.size(); ++job) {
      if (clusterings_.of_job[job]) of_setting[clusterings_.setting_of[job]].push_back(*clusterings_.of_job[job]);
    }
    std::vector<Value> found(of_setting.size());
    for_each(found.size(), "stability", [&](std::size_t i) { found[i] = stability(of_setting[i]); });
    return found;
  }

  struct InSpace {
    std::vector<Value> silhouette, calinski_harabasz;  // by clustering
  };
  InSpace in_space(const CommonSpace& space, const std::vector<std::int64_t>& drawn) {
    const std::int64_t rows = images_in(store_, space);
    if (rows != images_)
      throw Error(fmt::format("{} has {} rows, but there are {} images", space.title, rows, images_));
    const MatrixRf points = read_points(store_, space, drawn);
    const ConstMatrixRef matrix(points.data(), points.rows(), points.cols());
    InSpace found{std::vector<Value>(clusterings_.all.size()), std::vector<Value>(clusterings_.all.size())};
    for (std::size_t begin = 0; begin < clusterings_.all.size(); begin += most_in_memory) {
      const std::size_t end = std::min(begin + most_in_memory, clusterings_.all.size());
      std::vector<std::size_t> places;
      std::vector<std::vector<std::int32_t>> clusters;
      for (std::size_t i = begin; i < end; ++i) {
        if (std::optional<std::vector<std::int32_t>> all = read(i)) {
          places.push_back(i);
          clusters.push_back(chosen(*all, drawn));
        }
      }
      const std::vector<Value> silhouette =
          silhouette_library().silhouettes(matrix, clusters, request_.threads, [&](double share) {
            const double done = static_cast<double>(begin) + share * static_cast<double>(end - begin);
            if (request_.progress)
              request_.progress("silhouettes", done / static_cast<double>(clusterings_.all.size()));
          });
      for_each(places.size(), "", [&](std::size_t i) {
        found.silhouette[places[i]] = finite(silhouette[i]);
        found.calinski_harabasz[places[i]] = finite(calinski_harabasz(matrix, clusters[i]));
      });
    }
    return found;
  }

 private:
  static Value finite(const Value& value) { return value && std::isfinite(*value) ? value : std::nullopt; }

  static std::vector<std::int32_t> chosen(const std::vector<std::int32_t>& all,
                                          const std::vector<std::int64_t>& images) {
    std::vector<std::int32_t> some;
    for (std::int64_t image : images) some.push_back(all[static_cast<std::size_t>(image)]);
    return some;
  }

  // Nothing, and a word about it, where it cannot be read. Thread-safe.
  std::optional<std::vector<std::int32_t>> read(std::size_t clustering) {
    std::string problem;
    try {
      std::vector<std::int32_t> clusters = read_clusters(store_, clusterings_.all[clustering]);
      const auto count = static_cast<std::int64_t>(clusters.size());
      if (images_ == 0 || count == images_) return clusters;
      problem =
          fmt::format("job {} has clustered {} images, others {}", clusterings_.all[clustering].job, count, images_);
    } catch (const std::exception& error) {
      problem = error.what();
    }
    note(problem);
    return std::nullopt;
  }
  void note(const std::string& problem) {
    const std::scoped_lock lock(mutex_);
    if (first_problem_.empty()) first_problem_ = problem;
  }
  std::optional<GroupedPartition> partition(std::size_t clustering) {
    const std::optional<std::vector<std::int32_t>> clusters = read(clustering);
    if (!clusters) return std::nullopt;
    try {
      return GroupedPartition(*clusters);
    } catch (const std::exception& error) {
      note(error.what());
      return std::nullopt;
    }
  }

  Value stability(const std::vector<std::size_t>& of_jobs) {
    std::vector<std::optional<GroupedPartition>> partitions;
    for (std::size_t clustering : of_jobs) partitions.push_back(partition(clustering));
    double sum = 0;
    int pairs = 0;
    for (std::size_t a = 0; a < of_jobs.size(); ++a) {
      for (std::size_t b = a + 1; b < of_jobs.size(); ++b) {
        if (!partitions[a] || !partitions[b]) continue;
        sum += of_jobs[a] == of_jobs[b] ? 1 : partitions[a]->adjusted_rand_index(*partitions[b]);
        ++pairs;
      }
    }
    return pairs > 0 ? Value(sum / pairs) : std::nullopt;
  }

  template <typename Work>
  void for_each(std::size_t count, std::string_view what, const Work& work) {
    std::atomic<std::size_t> done = 0;
    parallel_for_workers(static_cast<std::int64_t>(count), request_.threads, [&](std::int64_t i, int worker) {
      work(static_cast<std::size_t>(i));
      ++done;
      if (worker == 0 && !what.empty() && request_.progress)
        request_.progress(what, static_cast<double>(done) / static_cast<double>(count));
    });
  }

  const ArtifactStore& store_;
  const Clusterings& clusterings_;
  const MeasureRequest& request_;
  std::int64_t images_ = 0;
  std::mutex mutex_;
  std::string first_problem_;
};

}  // namespace

JobMeasures measure_jobs(const ResultsDb& db, const ArtifactStore& store, std::int64_t revision,
                         const std::vector<const ResultRow*>& jobs, const MeasureRequest& request) {
  const Clusterings clusterings = clusterings_of(db, revision, jobs);
  Measuring measuring(store, clusterings, request);
  measuring.count_images();
  const std::vector<std::size_t> drawn = drawn_clusterings(clusterings.all);
  const std::vector<std::int64_t> scored = drawn_images(measuring.images());
  const std::vector<Value> agreements = measuring.agreements(drawn), stabilities = measuring.stabilities();
  Measuring::InSpace in_space;
  if (request.space && measuring.images() > 0) in_space = measuring.in_space(*request.space, scored);
  JobMeasures found{.of_job = std::vector<JobMeasures::Values>(jobs.size()),
                    .setting_of = clusterings.setting_of,
                    .settings = clusterings.settings,
                    .clusterings = clusterings.all.size(),
                    .compared = drawn.size(),
                    .images = measuring.images(),
                    .scored_images = static_cast<std::int64_t>(scored.size()),
                    .omission = measuring.first_problem()};
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    const std::optional<std::size_t> clustering = clusterings.of_job[job];
    if (!clustering) continue;
    ++found.complete;
    JobMeasures::Values& values = found.of_job[job];
    values[agreement_place] = agreements[*clustering];
    values[stability_place] = stabilities[clusterings.setting_of[job]];
    if (in_space.silhouette.empty()) continue;
    values[silhouette_place] = in_space.silhouette[*clustering];
    values[calinski_harabasz_place] = in_space.calinski_harabasz[*clustering];
  }
  return found;
}

}  // namespace latentgrid
