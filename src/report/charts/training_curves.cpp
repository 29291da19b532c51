#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "columns/parameters.hpp"
#include "db/trainings.hpp"
#include "methods/methods.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/job_names.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t most_named_curves = 12;  // each with a colour and a name of its own
constexpr std::size_t most_trainings = 200;
constexpr std::size_t most_points_of_curves = 20'000;
constexpr std::size_t most_colours = 8;  // that can be told apart

enum CurveGroups : std::size_t { by_parameters, by_latent, by_architecture };  // the finest first

struct Curve {
  std::string name;                   // "AE1(32), seed 0, learning_rate 0.001"
  std::array<std::string, 3> groups;  // that it belongs to, by CurveGroups: "AE1(32), learning_rate 0.001", "AE1(32)", "AE1"
  PointSeries series;
};

// Of every training, told apart by the number of epochs where nothing else does, as with a cosine schedule.
std::vector<std::string> training_names(const ReportData& data, const std::vector<Training>& trained,
                                        const JobNames& names) {
  std::vector<std::string> found;
  std::map<std::string, int> count;
  for (const Training& training : trained) {
    const ResultRow& row = data.rows.at(training.position);
    std::string name = fmt::format("{}, seed {}", names.architecture(row), row.seed);
    if (const std::string parameters = names.parameters_before_refinement(row); !parameters.empty()) name += ", " + parameters;
    ++count[name];
    found.push_back(std::move(name));
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (count[found[i]] > 1) {
      const ResultRow& row = data.rows.at(trained[i].position);
      found[i] += ", " + (row["epochs_run"] ? epochs_text(row) : counted(trained[i].epochs, "epoch"));
    }
  }
  return found;
}

class Curves {
 public:
  explicit Curves(const ReportData& data) : data_(data), names_(data) {
    trained_ = trainings(data.db, data.revision.id);
    needed_ = trained_.size();
    std::erase_if(trained_, [](const Training& training) { return training.epochs == 0; });
  }

  void draw(Figure& figure) {
    if (trained_.empty()) {
      figure.omissions.push_back(needed_ == 0 ? "The sweep trains no encoder." : "No training has recorded its losses yet.");
      return;
    }
    const std::vector<std::string> names = training_names(data_, trained_, names_);
    Panel panel{.x = {.title = "epoch"}, .y = {.title = "mean training loss"}};
    const std::vector<std::size_t> chosen = evenly_chosen(trained_.size(), most_trainings);
    epochs_a_curve_ = most_points_of_curves / chosen.size();
    for (std::size_t i : chosen) add_curve(trained_[i], names[i]);
    colour();
    panel.y.log = wants_log_scale(smallest_, largest_);
    for (Curve& curve : curves_) panel.series.push_back(std::move(curve.series));
    describe(figure.caption);
    XyPlot plot;
    plot.panels.push_back(std::move(panel));
    figure.body = std::move(plot);
  }

 private:
  void add_curve(const Training& training, const std::string& name) {
    const ResultRow& row = data_.rows.at(training.position);
    if (const Json loss = parameters_.value("loss", row.params, row.clustering); loss.is_string()) losses_.insert(loss.get<std::string>());
    const std::string architecture = names_.architecture(row), parameters = names_.parameters_before_refinement(row);
    Curve curve{name, {parameters.empty() ? architecture : architecture + ", " + parameters, architecture, row.architecture}, {}};
    curve.series.line = true;
    const std::vector<std::optional<double>> losses = training_losses(data_.db, training.task);
    thinned_ |= losses.size() > epochs_a_curve_;
    for (std::size_t i : evenly_chosen(losses.size(), epochs_a_curve_)) {
      const std::optional<double>& loss = losses[i];
      if (!loss) {
        ++not_finite_;
        continue;
      }
      smallest_ = std::min(smallest_, *loss);
      largest_ = std::max(largest_, *loss);
      curve.series.points.push_back({static_cast<double>(i + 1), *loss, -1, fmt::format("{}, epoch {}", name, i + 1)});
    }
    for (std::size_t i = 0; i < groups_.size(); ++i) groups_[i].try_emplace(curve.groups[i], static_cast<int>(groups_[i].size()));
    curves_.push_back(std::move(curve));
  }

  void colour() {
    for (std::size_t i = 0; i < curves_.size(); ++i) {
      Curve& curve = curves_[i];
      if (curves_.size() <= most_named_curves) {
        curve.series.name = curve.name;
        curve.series.color = static_cast<Color>(i);
        continue;
      }
      curve.series.name = curve.groups[grouping()];
      curve.series.color = groups_[grouping()].at(curve.series.name);
      curve.series.marks = false;
    }
  }

  bool any_refined() const {
    ParameterReader reader;
    return std::ranges::any_of(data_.rows, [&](const ResultRow& row) {
      const Json refined = reader.value(refine_parameter, row.params, row.clustering);
      return refined.is_string() && refined != "none";
    });
  }

  // The finest with no more groups than colours.
  CurveGroups grouping() const {
    if (groups_[by_parameters].size() <= most_colours) return by_parameters;
    return groups_[by_latent].size() <= most_colours ? by_latent : by_architecture;
  }

  void describe(std::vector<std::string>& caption) const {
    if (curves_.size() < trained_.size()) {
      caption.push_back(
          fmt::format("Mean training loss in each epoch, for {} of {} trainings, evenly chosen in the order of the file.",
                      curves_.size(), trained_.size()));
    } else {
      caption.push_back(fmt::format("Mean training loss in each epoch, for {}.", counted(curves_.size(), "training")));
    }
    if (losses_.size() > 1) {
      caption.push_back(fmt::format("The trainings minimize different losses ({}), whose values do not compare.", fmt::join(losses_, ", ")));
    }
    if (curves_.size() > most_named_curves) {
      std::string how = "Colours tell architectures apart";
      if (grouping() == by_parameters && groups_[by_parameters].size() > groups_[by_latent].size()) {
        how = "Lines of one colour differ only in the seed or the number of epochs";
      } else if (grouping() != by_architecture && groups_[by_latent].size() > groups_[by_architecture].size()) {
        how = "Colours tell architectures and latent dimensions apart";
      }
      caption.push_back(fmt::format("Each line is one training. {}.", how));
    }
    if (thinned_) {
      caption.push_back(fmt::format("At most {} epochs of each training are drawn, evenly chosen.", epochs_a_curve_));
    }
    if (trained_.size() < needed_) {
      const bool one = needed_ - trained_.size() == 1;
      caption.push_back(fmt::format("{} of {} {} recorded no losses yet and {} left out.", needed_ - trained_.size(),
                                    counted(needed_, "training"), one ? "has" : "have", one ? "is" : "are"));
    }
    if (any_refined()) caption.push_back("Refinements minimize other losses and are not drawn; `latentgrid show JOB` lists them.");
    if (not_finite_ > 0) {
      caption.push_back(fmt::format("{} left out because {} not finite.",
                                    not_finite_ == 1 ? "1 loss is" : fmt::format("{} losses are", not_finite_),
                                    not_finite_ == 1 ? "it is" : "they are"));
    }
  }

  const ReportData& data_;
  JobNames names_;
  std::vector<Training> trained_;
  std::size_t needed_ = 0, not_finite_ = 0, epochs_a_curve_ = 0;
  bool thinned_ = false;
  std::vector<Curve> curves_;
  ParameterReader parameters_;
  std::set<std::string> losses_;  // that the drawn ones minimize
  std::array<std::map<std::string, Color>, 3> groups_;  // Curve::groups, in the order they come
  double smallest_ = std::numeric_limits<double>::infinity(), largest_ = -std::numeric_limits<double>::infinity();
};

}  // namespace

// Mean training loss by epoch, a curve a training.
Figure training_curves(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  Curves(data).draw(figure);
  return figure;
}

}  // namespace latentgrid::charts
