#include "plan/figure_tasks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/access.hpp"
#include "base/error.hpp"
#include "columns/figure_kinds.hpp"
#include "data/digest_cache.hpp"
#include "data/identity.hpp"
#include "plan/few_classes.hpp"
#include "plan/figure_images.hpp"
#include "plan/graph_builder.hpp"
#include "plan/job_choice.hpp"
#include "plan/map_reductions.hpp"
#include "plan/task_key.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_models_shown = 24;
constexpr int neighbors_trusted = 5;           // scikit-learn's default of trustworthiness
constexpr std::int64_t most_trusted = 20'000;  // it looks at every pair of images
constexpr std::int64_t fewest_trusted = 2 * neighbors_trusted + 1;

class FigurePlanner {
 public:
  FigurePlanner(const Plan& sweep, DigestCache& digests, const JobKnowledge& known, Diagnostics& diagnostics)
      : sweep_(sweep),
        digests_(digests),
        diagnostics_(diagnostics),
        planned_{{sweep.sweep, sweep.dataset, sweep.identity, {}, {}}, {}, {}},
        builder_(sweep.identity, planned_.plan.graph, 16),
        own_images_(std::make_shared<const Json>(sweep.identity.images)),
        own_labels_(label_params(sweep.identity)),
        chosen_(sweep, known, diagnostics) {}

  FigureTasks plan() {
    for (const FigureRequest& figure : sweep_.sweep.figures) {
      if (figure.kind == "reconstructions") {
        add_reconstructions(figure);
      } else if (figure.kind == "interpolations") {
        add_interpolations(figure);
      } else if (figure.kind == "samples") {
        add_samples(figure);
      } else if (figure.kind == "augmented") {
        add_augmented(figure);
      } else if (figure.kind == "map") {
        add_map(figure);
      } else {
        chosen_.check(figure);
      }
    }
    builder_.finish();
    planned_.waiting = chosen_.waiting();
    return std::move(planned_);
  }

 private:
  const std::vector<Job>& jobs() const { return sweep_.expansion.jobs; }

  // ---- what models make ----

  // Jobs whose models the figure shows.
  std::vector<std::size_t> models(const FigureRequest& figure, const ModelFigure& wanted) {
    std::vector<std::size_t> shown = chosen_.models(figure, wanted);
    if (shown.size() > most_models_shown) {
      if (!figure.by_default) {
        diagnostics_.warning(
            figure.where,
            fmt::format("'{}' shows the first {} of {} models", figure.name, most_models_shown, shown.size()),
            "jobs: {epochs: 20, seed: 0} chooses among them");
      }
      shown.resize(most_models_shown);
    }
    return shown;
  }

  void add_reconstructions(const FigureRequest& figure) {
    const std::vector<std::size_t> shown = models(figure, ModelFigure::reconstructions());
    if (shown.empty() && figure.by_default) return;
    const std::vector<std::int64_t> images = shown_images(sweep_.sweep, figure, diagnostics_);
    if (!images.empty()) add_model_panels(figure, shown, "reconstruct", {{"images", images}}, true);
  }

  // Nobody expects them of a model whose latents were not trained for it, unless he asks.
  void add_interpolations(const FigureRequest& figure) {
    const std::vector<std::size_t> shown = models(figure, figure.by_default ? ModelFigure::samples() : ModelFigure::interpolations());
    if (shown.empty() && figure.by_default) return;
    const std::vector<std::array<std::int64_t, 2>> pairs = shown_pairs(sweep_.sweep, figure, diagnostics_);
    if (!pairs.empty()) add_model_panels(figure, shown, "interpolate", {{"pairs", pairs}, {"steps", figure.steps}}, true);
  }

  void add_samples(const FigureRequest& figure) {
    add_model_panels(figure, models(figure, ModelFigure::samples()), "sample", {{"count", figure.count}}, false);
  }

  // A panel for each model, made by this stage, of which it is the role too.
  void add_model_panels(const FigureRequest& figure, const std::vector<std::size_t>& shown, const char* stage, const Json& params,
                        bool reads_images) {
    std::int64_t panel = 0;
    for (std::size_t i : shown) {
      const Job& job = jobs()[i];
      JobNode node;
      const JobStep load = builder_.load(node, own_images_);
      const JobStep model = builder_.model(node, job, load);
      std::vector<TaskInput> inputs = {{"model", model.task, model.extent}};
      if (reads_images) inputs.insert(inputs.begin(), TaskInput{"images", load.task, 0});
      const JobStep made = builder_.other(node, stage, std::make_shared<const Json>(with_arithmetic(params, *job.training()->params)),
                                          std::move(inputs), job.threads, job.training()->gpu, job.seed);
      add_panel(std::move(node), job);
      planned_.tasks.push_back({figure.name, panel++, stage, i, made.task, made.extent});
    }
  }

  // Of one job's training: what it sees of each image, epoch after epoch.
  void add_augmented(const FigureRequest& figure) {
    const std::vector<std::size_t> shown = chosen_.models(figure, ModelFigure::augmented());
    if (shown.empty() && figure.by_default) return;
    const std::vector<std::int64_t> images = shown_images(sweep_.sweep, figure, diagnostics_);
    if (shown.empty() || images.empty()) return;
    const Job& job = jobs()[shown.front()];
    const std::int64_t views_a_step = job.training()->method->views;
    Json views = Json::array();
    for (std::int64_t i = 0; i < figure.views; ++i) views.push_back({i / views_a_step, i % views_a_step});
    JobNode node;
    const JobStep load = builder_.load(node, own_images_);
    const auto params = std::make_shared<const Json>(Json{{"images", images}, {"views", views}, {augment_parameter, job.augmentations()}});
    const JobStep made = builder_.other(node, "augment", params, {{"images", load.task, 0}}, 1, -1, job.seed);
    add_panel(std::move(node), job);
    planned_.tasks.push_back({figure.name, 0, "augment", shown.front(), made.task, made.extent});
  }

  // ---- maps ----

  struct MapImages {                                   // the images of a map
    std::shared_ptr<const Json> identity, labels, source;  // labels, source: null for the sweep's own
    std::int64_t count = 0;
  };

  std::optional<MapImages> images_of(const FigureRequest& figure) {
    if (!figure.dataset) return MapImages{own_images_, nullptr, nullptr, sweep_.dataset.images};
    try {
      const DatasetHeader header = read_dataset_header(*figure.dataset);
      const DatasetHeader& own = sweep_.dataset;
      warn_of_large_limit(*figure.dataset, figure.dataset_where, header.images, diagnostics_);
      if (std::tie(header.channels, header.height, header.width) != std::tie(own.channels, own.height, own.width)) {
        diagnostics_.error(
            figure.dataset_where.section,
            fmt::format("these images are {}×{}×{}, but the models take {}×{}×{} (channels, height, width)", header.channels,
                        header.height, header.width, own.channels, own.height, own.width),
            "enlarge the smaller ones with pad_to");
        return std::nullopt;
      }
      if (!figure.by_default) warn_of_one_colour(figure.name, *figure.dataset, figure.dataset_where, header, diagnostics_);
      DatasetIdentity identity;
      identify_labels(*figure.dataset, header, digests_, identity);
      return MapImages{std::make_shared<const Json>(image_identity(*figure.dataset, digests_)), std::make_shared<const Json>(label_params(identity)),
                   std::make_shared<const Json>(figure.dataset->to_json()), header.images};
    } catch (const DatasetError& error) {
      diagnostics_.error(figure.dataset_where.of(error), error.what(), error.hint());
    } catch (const Error& error) {
      diagnostics_.error(figure.dataset_where.section, error.what(), hint_of(error));
    }
    return std::nullopt;
  }

  void add_map(const FigureRequest& figure) {
    const std::optional<MapImages> shown = images_of(figure);
    const std::optional<std::size_t> chosen = chosen_.one(figure);
    if (!shown || (is_listed_best(figure) && !fits_some_job(figure, shown->count)) || !chosen) return;
    const Job& job = jobs()[*chosen];
    if (job.encoder().method->reads_dataset && figure.dataset) {
      diagnostics_.warning(figure.where, fmt::format("'{}' is left out: its job has features of the sweep's own images alone", figure.name),
                           "leave out the map's dataset, or name a job of another architecture");
      return;
    }
    std::vector<std::pair<int, std::int64_t>> drawn;
    auto add = [&](std::span<const SharedStep> chain) { add_map_panel(figure, *shown, *chosen, chain, drawn); };
    const bool own = !figure.reductions_listed || figure.own_embedding;
    const std::optional<std::string> why_not = why_not_mapped(job, shown->count);
    if (own && !why_not) {
      add(job.reductions());
    } else if (figure.own_embedding) {
      diagnostics_.warning(figure.where, fmt::format("{}; this panel is left out", *why_not),
                           fmt::format("write reductions: [own, {}] for panels that can always be drawn", fmt::join(default_map_methods(), ", ")));
    }
    if (figure.own_embedding && figure.reductions.empty()) return;
    for (const Chain& chain : panels_of(figure, job, shown->count)) add(chain);
  }

  static bool is_own(std::span<const SharedStep> chain, const Job& job) {
    return std::ranges::equal(chain, job.reductions(), [](const SharedStep& a, const SharedStep& b) { return a->same_work(*b); });
  }

  // An empty chain: the latents themselves. `drawn`: the embeddings of the panels so far; none is shown twice.
  void add_map_panel(const FigureRequest& figure, const MapImages& shown, std::size_t chosen,
                     std::span<const SharedStep> chain, std::vector<std::pair<int, std::int64_t>>& drawn) {
    const Job& job = jobs()[chosen];
    JobNode node;
    const bool any_pixels = sweep_.dataset.height > 0;
    const JobStep images = any_pixels ? load(node, shown) : JobStep();
    const JobStep latents = encode(node, job, images);
    std::vector<JobStep> points = {latents};
    for (std::size_t i = 0; i < chain.size(); ++i) {
      const std::int64_t width = i == 0 ? job.latent_dim() : chain[i - 1]->width;
      points.push_back(
          builder_.reduce(node, job, *chain[i], points.back(), static_cast<int>(i), width, shown.count));
    }
    const JobStep embedding = points.back();
    if (std::find(drawn.begin(), drawn.end(), std::pair(embedding.task, embedding.extent)) != drawn.end()) return;
    const auto number = static_cast<std::int64_t>(drawn.size());
    drawn.emplace_back(embedding.task, embedding.extent);
    auto add = [&](std::string role, const JobStep& step) {
      planned_.tasks.push_back({figure.name, number, std::move(role), chosen, step.task, step.extent});
    };
    if (any_pixels) add("images", images);
    if (shown.labels) add("labels", labels(node, shown));
    add("embedding", embedding);
    for (std::size_t i = 1; i + 1 < points.size(); ++i) add(fmt::format("step{}", i - 1), points[i]);
    if (is_own(chain, job)) add("own", embedding);
    if (!chain.empty() && shown.count >= fewest_trusted && shown.count <= most_trusted) {
      const JobStep trust = builder_.other(node, "trustworthiness", trusted_neighbors_,
                                           {{"points", latents.task, latents.extent},
                                            {"embedding", embedding.task, embedding.extent}},
                                           1);
      add("trustworthiness", {trust.task, 0});
    }
    add_panel(std::move(node), job);
  }

  static bool takes_minutes(const Chain& chain, std::int64_t count) {
    return std::ranges::any_of(chain, [&](const SharedStep& step) {
      const auto& map = step->method->default_map;
      return map && map->most_images && count > *map->most_images;
    });
  }

  static bool is_listed_best(const FigureRequest& figure) {
    return !figure.by_default && (!figure.jobs || figure.jobs->best);
  }

  // What no job could have is wrong before anything runs, whichever job will be chosen.
  bool fits_some_job(const FigureRequest& figure, std::int64_t count) {
    if (figure.reductions.empty()) return true;  // what nobody has asked for is left out where it cannot be
    std::int64_t widest = 0;
    for (const Job& job : jobs()) widest = std::max(widest, job.latent_dim());
    Diagnostics problems;
    map_reductions(figure, widest, count, sweep_.gpus, problems);
    for (const Diagnostic& problem : problems.all()) diagnostics_.error(problem.where, problem.message, problem.hint);
    return problems.all().empty();
  }

  std::vector<Chain> panels_of(const FigureRequest& figure, const Job& job, std::int64_t count) {
    const bool job_is_named = figure.jobs && !figure.jobs->best;
    if (job_is_named && !figure.reductions.empty()) return map_reductions(figure, job.latent_dim(), count, sweep_.gpus, diagnostics_);
    // That the best job is one of few values is no mistake of the file, and neither is what nobody has asked for: other
    // panels and figures are still worth having.
    Diagnostics of_best;
    std::vector<Chain> panels = map_reductions(figure, job.latent_dim(), count, sweep_.gpus, of_best);
    for (const Diagnostic& problem : of_best.all()) {
      if (!figure.by_default) diagnostics_.warning(problem.where, problem.message + "; this panel is left out", problem.hint);
    }
    if (figure.by_default) std::erase_if(panels, [&](const Chain& chain) { return takes_minutes(chain, count); });
    return panels;
  }

  JobStep load(JobNode& node, const MapImages& shown) {
    return of_dataset(builder_.load(node, shown.identity), shown, *own_images_);
  }

  JobStep labels(JobNode& node, const MapImages& shown) {
    return of_dataset(builder_.other(node, "labels", shown.labels, {}, 1), shown, own_labels_);
  }

  // Equal images and labels are one task, wherever they lie: those of the sweep's own path, if it has them.
  JobStep of_dataset(const JobStep& step, const MapImages& shown, const Json& own) {
    TaskNode& task = planned_.plan.graph.tasks[step.task];
    if (shown.source && *task.params != own) task.dataset = shown.source;
    return step;
  }

  JobStep encode(JobNode& node, const Job& job, const JobStep& images) {
    if (job.encoder().method->reads_dataset) return builder_.encode(node, job, nullptr, nullptr);
    if (!job.model) return builder_.encode(node, job, &images, nullptr);
    const JobStep trained_on = builder_.load(node, own_images_);
    const JobStep model = builder_.model(node, job, trained_on);
    return builder_.encode(node, job, &images, &model);
  }

  void add_panel(JobNode node, const Job& job) {
    planned_.plan.graph.jobs.push_back(std::move(node));
    planned_.plan.expansion.jobs.push_back(job);
  }

  const Plan& sweep_;
  DigestCache& digests_;
  Diagnostics& diagnostics_;
  FigureTasks planned_;
  GraphBuilder builder_;
  std::shared_ptr<const Json> own_images_;
  Json own_labels_;
  std::shared_ptr<const Json> trusted_neighbors_ = std::make_shared<const Json>(Json{{"neighbors", neighbors_trusted}});
  FigureJobs chosen_;
};

}  // namespace

std::vector<bool> tasks_of_figures_alone(const FigureTasks& figures, const Plan& sweep) {
  std::unordered_map<std::string_view, std::size_t> places;  // few, where a sweep may have a million
  for (const TaskNode& task : figures.plan.graph.tasks) places.emplace(task.key, places.size());
  std::vector<bool> alone(places.size(), true);
  for (const TaskNode& task : sweep.graph.tasks) {
    if (auto found = places.find(task.key); found != places.end()) alone[found->second] = false;
  }
  return alone;
}

bool needs_figure_tasks(const Sweep& sweep) {
  return std::any_of(sweep.figures.begin(), sweep.figures.end(), [](const FigureRequest& f) {
    return figure_has_tasks(f.kind) || f.jobs;  // a choice of jobs is checked
  });
}

std::optional<FigureTasks> plan_figure_tasks(const Plan& sweep, const ArtifactStore& store, DigestCache& digests,
                                      const JobKnowledge& known, Diagnostics& diagnostics) {
  const bool had_errors = diagnostics.has_errors();
  FigureTasks figures = FigurePlanner(sweep, digests, known, diagnostics).plan();
  if (diagnostics.has_errors() && !had_errors) return std::nullopt;
  mark_published(figures.plan.graph, store);
  return figures;
}

}  // namespace latentgrid
