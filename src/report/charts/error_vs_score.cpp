#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/checkpoints.hpp"
#include "report/job_names.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t most_architectures = 12;
constexpr std::size_t most_lines_a_panel = 200;  // a panel
constexpr std::size_t most_colours = 8;

// What colours mean: the first of what follows the training, latent and seed that has several values, but not more than
// there are colours.
class Colours {
 public:
  Colours(const ReportData& data, const std::vector<CheckpointCurve>& curves) {
    auto row_of = [&data](const CheckpointCurve& curve) -> const ResultRow& {
      return data.rows[curve.checkpoints.front().row];
    };
    const std::vector<std::function<std::string(const CheckpointCurve&)>> meanings = {
        [](const CheckpointCurve& curve) { return curve.pipeline; },
        [=](const CheckpointCurve& curve) { return fmt::format("latent {}", row_of(curve).latent); },
        [=](const CheckpointCurve& curve) { return fmt::format("seed {}", row_of(curve).seed); }};
    for (const auto& meaning : meanings) {
      std::map<std::string, Color> known;
      for (const CheckpointCurve& curve : curves) known.try_emplace(meaning(curve), static_cast<Color>(known.size()));
      if (known.size() < 2 || known.size() > most_colours) continue;
      meaning_ = meaning;
      known_ = std::move(known);
      return;
    }
  }

  void apply(const CheckpointCurve& curve, PointSeries& series) const {
    series.name = meaning_ ? meaning_(curve) : "training";
    series.color = meaning_ ? known_.at(series.name) : 0;
  }

 private:
  std::function<std::string(const CheckpointCurve&)> meaning_;
  std::map<std::string, Color> known_;
};

struct Drawn {
  XyPlot plot;
  std::size_t curves = 0;
  std::vector<std::string> left_out;  // architectures
};

Drawn draw_checkpoints(const ReportData& data, const std::vector<CheckpointCurve>& curves, const std::string& score) {
  const JobNames names(data);
  const Colours colours(data, curves);
  std::vector<std::pair<std::string, std::vector<const CheckpointCurve*>>> architectures;
  std::map<std::string, std::size_t> known;
  for (const CheckpointCurve& curve : curves) {
    const std::string& architecture = data.rows[curve.checkpoints.front().row].architecture;
    auto [found, is_new] = known.try_emplace(architecture, architectures.size());
    if (is_new) architectures.push_back({architecture, {}});
    architectures[found->second].second.push_back(&curve);
  }
  Drawn drawn;
  for (const auto& [architecture, members] : architectures) {
    if (drawn.plot.panels.size() == most_architectures) {
      drawn.left_out.push_back(architecture);
      continue;
    }
    Panel panel{.title = architecture, .x = {.title = "reconstruction loss"}, .y = {.title = score}};
    double smallest = members.front()->checkpoints.front().error, largest = smallest;
    for (const CheckpointCurve* curve : members) {
      for (const Checkpoint& checkpoint : curve->checkpoints) {
        smallest = std::min(smallest, checkpoint.error);
        largest = std::max(largest, checkpoint.error);
      }
    }
    panel.x.log = wants_log_scale(smallest, largest);
    for (std::size_t i : evenly_chosen(members.size(), most_lines_a_panel)) {
      PointSeries& series = panel.series.emplace_back();
      colours.apply(*members[i], series);
      series.line = true;
      for (const Checkpoint& checkpoint : members[i]->checkpoints) {
        series.points.push_back({checkpoint.error, checkpoint.score, -1, names.job(data.rows[checkpoint.row])});
      }
      ++drawn.curves;
    }
    drawn.plot.panels.push_back(std::move(panel));
  }
  return drawn;
}

void describe_checkpoints(Figure& figure, const ReportData& data, const ScoredJobs& jobs,
                          const std::vector<CheckpointCurve>& curves, const Drawn& drawn) {
  std::size_t checkpoints = 0;
  for (const CheckpointCurve& curve : curves) checkpoints += curve.checkpoints.size();
  const bool lines = std::any_of(curves.begin(), curves.end(), [](const CheckpointCurve& curve) { return curve.checkpoints.size() > 1; });
  figure.caption.push_back(fmt::format(
      "Each point is a checkpoint, by its reconstruction loss and its {}: {} in all.{}", jobs.score, counted(checkpoints, "checkpoint"),
      lines ? " A line joins those of one training with one reduction and clustering, in the order of their epochs." : ""));
  if (drawn.curves < curves.size()) {
    figure.caption.push_back(fmt::format(
        "{} of {} {} are drawn, evenly chosen in the order of the file{}. Correlations are of all.", drawn.curves,
        curves.size(), lines ? "lines" : "points",
        drawn.left_out.empty() ? ""
                               : fmt::format(", of the first {} of {} architectures", drawn.plot.panels.size(),
                                             drawn.plot.panels.size() + drawn.left_out.size())));
  }
  CorrelationWords words{.score = jobs.score, .lower_is_better = jobs.lower_is_better};
  const std::vector<CorrelationSubject> subjects = correlation_subjects(data, curves, words.unit);
  if (words.unit == "curve") figure.caption.push_back("A curve is one training with one reduction and clustering.");
  for (std::string& sentence : correlation_sentences(subjects, words)) figure.caption.push_back(std::move(sentence));
}

}  // namespace

// {"score"}: reconstruction error against the score of every checkpoint, a panel an architecture; the checkpoints of a
// training are joined in order of epochs. The caption has the correlations, and what follows from them.
Figure error_vs_score(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  const ScoredJobs jobs = scored_jobs(data, spec);
  std::vector<CheckpointCurve> curves;
  if (jobs.omission.empty()) curves = checkpoint_curves(data, jobs);
  std::vector<std::string> left_out = jobs.left_out;
  if (!jobs.omission.empty()) {
    figure.omissions.push_back(jobs.omission);
  } else if (jobs.score == find_metric("recon_mse")->title) {
    figure.omissions.push_back("The reconstruction loss cannot be set against itself. Choose another score.");
  } else if (curves.empty()) {
    figure.omissions.push_back("No complete job has a reconstruction loss, as no autoencoder was trained.");
  } else {
    Drawn drawn = draw_checkpoints(data, curves, jobs.score);
    describe_checkpoints(figure, data, jobs, curves, drawn);
    figure.body = std::move(drawn.plot);
    const auto without = static_cast<std::size_t>(std::count_if(
        jobs.rows.begin(), jobs.rows.end(), [&](std::size_t row) { return !data.rows[row]["recon_mse"].has_value(); }));
    if (without > 0) {
      left_out.push_back(
          fmt::format("{} no reconstruction loss, as {} no decoder, and {} left out.",
                      without == 1 ? "1 complete job has" : fmt::format("{} complete jobs have", without),
                      without == 1 ? "it has" : "they have", without == 1 ? "is" : "are"));
    }
  }
  figure.caption.insert(figure.caption.end(), left_out.begin(), left_out.end());
  return figure;
}

}  // namespace latentgrid::charts
