#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace latentgrid {

// A measured column of a job. A row of `all_metrics` below is all that a metric takes beside the code that computes it: the
// views of the database, what sweep files may name, tables, the page, `ls`, `show`, `compare`, `query --tables` and exports
// go by this list, and show it in this order.
struct Metric {
  std::string_view name;   // of the column; the metric of an artifact has the same
  std::string_view title;  // in a report, unless the sweep says otherwise
  std::string_view doc;    // one line
  std::string_view stage;  // whose tasks measure it; "": db/views.cpp says where it comes from
  int digits = 4;
  bool is_score = true;           // says how good a job is; otherwise what it is like or what it cost
  bool is_default = false;          // `ls` shows it unasked
  bool lower_is_better = false;
  bool fraction = false;          // of 1: a table may show it in percent
  bool whole = false;             // of one job an integer
  bool needs_labels = false;      // measured on labelled images
  bool needs_split = false;       // ... of one part, which means something only where the sweep has a `split:`
  bool needs_range = false;       // depends on the range that images are scaled to
  bool of_one_embedding = false;  // comparable only among clusterings of the same points
};

inline constexpr std::array all_metrics = {
    Metric{.name = "recon_mse",
           .title = "reconstruction loss",
           .doc = "mean squared error of the reconstructions",
           .stage = "encode",
           .is_default = true,
           .lower_is_better = true,
           .needs_range = true},
    Metric{.name = "accuracy",
           .title = "accuracy",
           .doc = "share of labelled images in the class that their cluster is matched with",
           .stage = "score",
           .is_default = true,
           .fraction = true,
           .needs_labels = true},
    Metric{.name = "accuracy_public",
           .title = "public score",
           .doc = "accuracy of the images of the public part",
           .stage = "score",
           .is_default = true,
           .fraction = true,
           .needs_labels = true,
           .needs_split = true},
    Metric{.name = "accuracy_private",
           .title = "private score",
           .doc = "accuracy of the images of the private part",
           .stage = "score",
           .is_default = true,
           .fraction = true,
           .needs_labels = true,
           .needs_split = true},
    Metric{.name = "ari",
           .title = "ARI",
           .doc = "adjusted Rand index",
           .stage = "score",
           .is_default = true,
           .fraction = true,
           .needs_labels = true},
    Metric{.name = "nmi",
           .title = "NMI",
           .doc = "normalized mutual information",
           .stage = "score",
           .is_default = true,
           .fraction = true,
           .needs_labels = true},
    Metric{.name = "purity",
           .title = "purity",
           .doc = "share of labelled images of the class that is the most frequent one of their cluster",
           .stage = "score",
           .fraction = true,
           .needs_labels = true},
    Metric{.name = "knn_accuracy",
           .title = "kNN accuracy",
           .doc = "share of labelled images whose class is the most frequent one among their nearest others in the encoder's space (leave-one-out)",
           .stage = "probe",
           .fraction = true,
           .needs_labels = true},
    Metric{.name = "linear_accuracy",
           .title = "linear probe",
           .doc = "share of labelled images that a linear classifier, trained on the other half, puts into their class",
           .stage = "probe",
           .fraction = true,
           .needs_labels = true},
    Metric{.name = "silhouette",
           .title = "silhouette",
           .doc = "mean silhouette of the clusters, where it was measured",
           .stage = "score",
           .of_one_embedding = true},
    Metric{.name = "leaderboard_public",
           .title = "leaderboard public",
           .doc = "public score that a competition gave back",
           .fraction = true},
    Metric{.name = "leaderboard_private",
           .title = "leaderboard private",
           .doc = "private score that a competition gave back",
           .fraction = true},
    Metric{.name = "clusters_found",
           .title = "clusters found",
           .doc = "clusters that are not empty: fewer than k where many images are equal",
           .stage = "cluster",
           .digits = 1,
           .is_score = false,
           .whole = true},
    Metric{.name = "noise",
           .title = "noise",
           .doc = "share of images that the clustering leaves out of every cluster; empty where its method has no noise",
           .stage = "cluster",
           .is_score = false,
           .lower_is_better = true,
           .fraction = true},
    Metric{.name = "clusters_changed",
           .title = "clusters changed",
           .doc = "share of images that changed their cluster between the last two updates of a refinement's targets",
           .stage = "refine",
           .is_score = false,
           .lower_is_better = true,
           .fraction = true},
    Metric{.name = "epochs_run",
           .title = "epochs run",
           .doc = "epochs that were trained, where early_stop or max_minutes may end a training",
           .stage = "train",
           .digits = 1,
           .is_score = false,
           .whole = true},
    Metric{.name = "best_epoch",
           .title = "best epoch",
           .doc = "epoch that early_stop kept",
           .stage = "train",
           .digits = 1,
           .is_score = false,
           .whole = true},
    Metric{.name = "wall_s",
           .title = "seconds",
           .doc = "seconds; of a job the sum over its tasks, shared ones too",
           .digits = 1,
           .is_score = false,
           .lower_is_better = true},
};

// Null where there is none of this name.
constexpr const Metric* find_metric(std::string_view name) {
  for (const Metric& metric : all_metrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

// A metric that the program knows by its name: one that is not in the list does not compile.
class KnownMetric {
 public:
  consteval KnownMetric(const char* name) : metric_(find_metric(name)) {  // NOLINT: "accuracy" is meant as one
    if (!metric_) throw "there is no such metric";
  }
  constexpr KnownMetric(const Metric& metric) : metric_(&metric) {}  // NOLINT

  constexpr std::size_t place() const { return static_cast<std::size_t>(metric_ - all_metrics.data()); }

 private:
  const Metric* metric_;
};

// Whether a column is a metric with this property: is_metric("ari", &Metric::needs_labels).
constexpr bool is_metric(std::string_view column, bool Metric::* property) {
  const Metric* metric = find_metric(column);
  return metric && metric->*property;
}

constexpr bool needs_split(std::string_view column) { return is_metric(column, &Metric::needs_split); }

// The metrics with this property, in their order.
std::vector<std::string> metric_names(bool Metric::* property);

}  // namespace latentgrid
