#include "plan/pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "plan/graph_builder.hpp"
#include "plan/job_choice.hpp"
#include "plan/picture_reductions.hpp"
#include "plan/task_key.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_classes_shown = 10;
constexpr std::size_t images_without_labels = 4;
constexpr std::size_t most_models_shown = 24;
constexpr int neighbors_trusted = 5;           // scikit-learn's default of trustworthiness
constexpr std::int64_t most_trusted = 20'000;  // it looks at every pair of images
constexpr std::int64_t fewest_trusted = 2 * neighbors_trusted + 1;

class PicturePlanner {
 public:
  PicturePlanner(const Plan& sweep, DigestCache& digests, const JobKnowledge& known, Diagnostics& diagnostics)
      : sweep_(sweep),
        digests_(digests),
        known_(known),
        diagnostics_(diagnostics),
        pictures_{{sweep.sweep, sweep.dataset, sweep.identity, {}, {}}, {}, {}},
        builder_(sweep.identity, pictures_.plan.graph, 16),
        own_images_(std::make_shared<const Json>(sweep.identity.images)) {}

  Pictures plan() {
    for (const FigureRequest& figure : sweep_.sweep.figures) {
      if (figure.kind == "reconstructions") add_reconstructions(figure);
      if (figure.kind == "map") add_map(figure);
      if (figure.kind == "confusion" && figure.jobs && figure.jobs->best.empty())
        agreeing(figure);  // says what is wrong
    }
    builder_.finish();
    return std::move(pictures_);
  }

 private:
  const std::vector<Job>& jobs() const { return sweep_.expansion.jobs; }

  // ---- which jobs ----

  // Nothing while it waits for scores.
  std::optional<std::size_t> best(const FigureRequest& figure, const std::string& field) {
    std::optional<std::size_t> found = known_.best ? known_.best(field) : std::nullopt;
    if (!found) pictures_.waiting.push_back(figure.name);
    return found;
  }

  bool usable(std::size_t job) const { return !known_.usable || known_.usable(job); }

  std::vector<std::size_t> agreeing(const FigureRequest& figure) {
    std::vector<std::size_t> found = jobs_that_agree(jobs(), *figure.jobs, diagnostics_);
    std::erase_if(found, [&](std::size_t job) { return !usable(job); });
    return found;
  }

  std::optional<std::size_t> one_job(const FigureRequest& figure) {
    if (figure.jobs && figure.jobs->best.empty()) {
      const std::vector<std::size_t> found = agreeing(figure);
      return found.empty() ? std::nullopt : std::optional(found.front());
    }
    return best(figure, figure.jobs ? figure.jobs->best : sweep_.dataset.labelled > 0 ? "accuracy" : "recon_mse");
  }

  // Jobs that show every model that is meant, once.
  std::vector<std::size_t> models(const FigureRequest& figure) {
    if (!figure.jobs) return one_of_each_kind();
    if (!figure.jobs->best.empty()) {
      const std::optional<std::size_t> found = best(figure, figure.jobs->best);
      return found ? std::vector{*found} : std::vector<std::size_t>();
    }
    std::vector<std::size_t> distinct;
    std::set<std::tuple<const void*, const void*, std::int64_t, std::int64_t>> seen;
    for (std::size_t i : agreeing(figure)) {
      const Job& job = jobs()[i];
      if (job.model && seen.emplace(job.model.get(), job.train.get(), job.epochs, job.seed).second)
        distinct.push_back(i);
    }
    return distinct;
  }

  // Of each architecture and latent dimension the longest training with the first seed.
  std::vector<std::size_t> one_of_each_kind() const {
    std::map<std::pair<std::string, std::string>, std::size_t> chosen;
    std::vector<std::pair<std::string, std::string>> order;
    for (std::size_t i = 0; i < jobs().size(); ++i) {
      const Job& job = jobs()[i];
      if (!job.model || !usable(i)) continue;
      const auto [found, fresh] = chosen.try_emplace({job.architecture, job.latent}, i);
      if (fresh) order.push_back(found->first);
      const Job& known = jobs()[found->second];
      if (job.seed == known.seed && job.epochs > known.epochs) found->second = i;
    }
    std::vector<std::size_t> all;
    for (const auto& kind : order) all.push_back(chosen.at(kind));
    return all;
  }

  // ---- reconstructions ----

  void add_reconstructions(const FigureRequest& figure) {
    std::vector<std::size_t> shown = models(figure);
    if (shown.size() > most_models_shown) {
      diagnostics_.warning(
          figure.where,
          fmt::format("'{}' shows the first {} of {} models", figure.name, most_models_shown, shown.size()),
          "jobs: {epochs: 20, seed: 0} chooses among them");
      shown.resize(most_models_shown);
    }
    const std::vector<std::int64_t> images = image_indices(figure);
    if (images.empty()) return;
    const auto params = std::make_shared<const Json>(with_arithmetic({{"images", images}}));
    std::int64_t panel = 0;
    for (std::size_t i : shown) {
      const Job& job = jobs()[i];
      JobNode node;
      const JobStep load = builder_.load(node, own_images_);
      const JobStep model = builder_.train(node, job, load);
      const JobStep decoded = builder_.other(
          node, "reconstruct", params, {{"images", load.task, 0}, {"model", model.task, model.extent}}, job.threads);
      add_panel(std::move(node), job);
      pictures_.tasks.push_back({figure.name, panel++, "reconstruct", i, decoded.task, decoded.extent});
    }
  }

  // Ascending.
  std::vector<std::int64_t> image_indices(const FigureRequest& figure) {
    std::vector<std::int64_t> images = figure.images;
    if (images.empty()) return first_of_each_class();
    std::sort(images.begin(), images.end());
    if (images.back() < sweep_.dataset.images) return images;
    diagnostics_.error(figure.images_where, fmt::format("image {} of {}", images.back(), sweep_.dataset.images),
                       "the first image is 0");
    return {};
  }

  std::vector<std::int64_t> first_of_each_class() const {
    std::vector<std::int64_t> images;
    std::set<std::int32_t> seen;
    const std::vector<std::int32_t> labels = load_labels(sweep_.sweep.dataset);
    for (std::size_t i = 0; i < labels.size() && images.size() < most_classes_shown; ++i) {
      if (labels[i] >= 0 && seen.insert(labels[i]).second) images.push_back(static_cast<std::int64_t>(i));
    }
    if (!images.empty()) return images;
    for (std::size_t i = 0; i < std::min(images_without_labels, labels.size()); ++i) {
      images.push_back(static_cast<std::int64_t>(i));
    }
    return images;
  }

  // ---- maps ----

  struct Shown {                                   // the images of a map
    std::shared_ptr<const Json> identity, source;  // source: null for the sweep's own
    std::int64_t count = 0;
  };

  std::optional<Shown> images_of(const FigureRequest& figure) {
    if (!figure.dataset) return Shown{own_images_, nullptr, sweep_.dataset.images};
    try {
      const DatasetHeader header = read_dataset_header(*figure.dataset);
      const DatasetHeader& own = sweep_.dataset;
      if (std::tie(header.channels, header.height, header.width) != std::tie(own.channels, own.height, own.width)) {
        diagnostics_.error(
            figure.dataset_where.section,
            fmt::format("images of {}×{}×{}, but the models take {}×{}×{} (channels, height, width)", header.channels,
                        header.height, header.width, own.channels, own.height, own.width),
            "pad_to enlarges images");
        return std::nullopt;
      }
      return Shown{std::make_shared<const Json>(image_identity(*figure.dataset, digests_)),
                   std::make_shared<const Json>(figure.dataset->to_json()), header.images};
    } catch (const DatasetError& error) {
      diagnostics_.error(figure.dataset_where.of(error), error.what());
    } catch (const Error& error) {
      diagnostics_.error(figure.dataset_where.section, error.what());
    }
    return std::nullopt;
  }

  void add_map(const FigureRequest& figure) {
    const std::optional<Shown> shown = images_of(figure);
    const std::optional<std::size_t> chosen = one_job(figure);
    if (!shown || !chosen) return;
    const Job& job = jobs()[*chosen];
    const auto params = std::make_shared<const Json>(Json{{"neighbors", neighbors_trusted}});
    std::int64_t panel = 0;
    for (const std::vector<ReductionStep>& chain : map_reductions(figure, job.latent_dim, shown->count, diagnostics_)) {
      JobNode node;
      const JobStep images = load(node, *shown);
      const JobStep latents = encode(node, job, images);
      JobStep points = latents;
      for (std::size_t i = 0; i < chain.size(); ++i) {
        const std::int64_t width = i == 0 ? job.latent_dim : chain[i - 1].dim;
        points = builder_.reduce(node, job, chain[i], points, static_cast<int>(i), width, shown->count);
      }
      pictures_.tasks.push_back({figure.name, panel, "images", *chosen, images.task, 0});
      pictures_.tasks.push_back({figure.name, panel, "embedding", *chosen, points.task, points.extent});
      if (shown->count >= fewest_trusted && shown->count <= most_trusted) {
        const JobStep trust =
            builder_.other(node, "trustworthiness", params,
                           {{"points", latents.task, latents.extent}, {"embedding", points.task, points.extent}}, 1);
        pictures_.tasks.push_back({figure.name, panel, "trustworthiness", *chosen, trust.task, 0});
      }
      add_panel(std::move(node), job);
      ++panel;
    }
  }

  JobStep load(JobNode& node, const Shown& shown) {
    const JobStep images = builder_.load(node, shown.identity);
    // Equal images are one task, wherever they lie: the sweep's own path, if it is one of them.
    TaskNode& task = pictures_.plan.graph.tasks[images.task];
    if (shown.source && *shown.identity != *own_images_) task.dataset = shown.source;
    return images;
  }

  JobStep encode(JobNode& node, const Job& job, const JobStep& images) {
    if (!job.model) return builder_.encode(node, job, images, nullptr);
    const JobStep trained_on = builder_.load(node, own_images_);
    const JobStep model = builder_.train(node, job, trained_on);
    return builder_.encode(node, job, images, &model);
  }

  void add_panel(JobNode node, const Job& job) {
    pictures_.plan.graph.jobs.push_back(std::move(node));
    pictures_.plan.expansion.jobs.push_back(job);
  }

  const Plan& sweep_;
  DigestCache& digests_;
  const JobKnowledge& known_;
  Diagnostics& diagnostics_;
  Pictures pictures_;
  GraphBuilder builder_;
  std::shared_ptr<const Json> own_images_;
};

}  // namespace

bool needs_pictures(const Sweep& sweep) {
  return std::any_of(sweep.figures.begin(), sweep.figures.end(), [](const FigureRequest& f) {
    return f.kind == "reconstructions" || f.kind == "map" || (f.kind == "confusion" && f.jobs);
  });
}

std::optional<Pictures> plan_pictures(const Plan& sweep, const ArtifactStore& store, DigestCache& digests,
                                      const JobKnowledge& known, Diagnostics& diagnostics) {
  const bool had_errors = diagnostics.has_errors();
  Pictures pictures = PicturePlanner(sweep, digests, known, diagnostics).plan();
  if (diagnostics.has_errors() && !had_errors) return std::nullopt;
  mark_published(pictures.plan.graph, store);
  return pictures;
}

}  // namespace latentgrid
