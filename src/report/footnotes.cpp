#include "report/footnotes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "base/decimal.hpp"
#include "base/pixel_range.hpp"
#include "report/averages.hpp"
#include "report/empty_clusters.hpp"
#include "report/fields.hpp"
#include "stats/mcnemar.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_named = 20;  // incomplete rows; the rest is counted

// Every column, those of a pivot too.
std::vector<TableSpec::Column> all_columns(const TableSpec& spec) {
  std::vector<TableSpec::Column> all = spec.columns;
  if (!spec.pivot) return all;
  for (const auto* columns : {&spec.pivot->rows, &spec.pivot->columns, &spec.pivot->values}) {
    all.insert(all.end(), columns->begin(), columns->end());
  }
  return all;
}

class FootnoteWriter {
 public:
  FootnoteWriter(const TableSpec& spec, const ComparisonInput& input, const Grouping& grouping,
       const std::vector<RowGroup>& groups, const Ranking& ranking)
      : spec_(spec),
        input_(input),
        grouping_(grouping),
        groups_(groups),
        ranking_(ranking),
        columns_(all_columns(spec)) {}

  Notes take() {
    add_what_cells_are();
    add_what_scores_are();
    add_scale_of_losses();
    add_averages();
    add_replicates();
    add_best();
    append(notes_.footnotes, input_.measures_in_short);
    append(notes_.details, input_.about_measures);
    for (const auto& [of_public, of_private, whose] :
         {std::tuple("accuracy_public", "accuracy_private", ""),
          std::tuple("leaderboard_public", "leaderboard_private", "the leaderboard")}) {
      if (!shows(of_public) || !shows(of_private)) continue;
      append(notes_.details,
             public_against_private(grouping_, groups_, {of_public, of_private, whose}, spec_.best == of_public));
    }
    if (shows("leaderboard_public") || shows("leaderboard_private")) add_leaderboard();
    add_incomplete();
    return std::move(notes_);
  }

 private:
  bool shows(const std::string& name) const {
    return std::any_of(columns_.begin(), columns_.end(), [&](const auto& column) { return column.field == name; });
  }
  static void append(std::vector<std::string>& to, const std::vector<std::string>& sentences) {
    to.insert(to.end(), sentences.begin(), sentences.end());
  }
  std::string title_of(const TableSpec::Column& column) const {
    const std::string title = column.title.empty() ? title_of_field(column.field) : column.title;
    return grouping_.scale_of(find_field(column.field)) == 1 ? title : percent_title(title);
  }

  void add_what_scores_are() {
    const bool accuracies = shows("accuracy") || shows("accuracy_public") || shows("accuracy_private");
    const bool scores = std::any_of(columns_.begin(), columns_.end(), [](const TableSpec::Column& column) {
      return is_metric(column.field, &Metric::needs_labels);
    });
    if (accuracies && input_.labelled > 0) {
      notes_.footnotes.push_back(
          "Accuracies are an upper bound, as clusters are matched with classes one to one so that as many labelled images as "
          "possible are right.");
    }
    if (scores && input_.labelled == 0) {
      notes_.footnotes.push_back(
          fmt::format("None of the {} images has a label, so there are no scores against classes.", input_.images));
    } else if (scores && input_.labelled < input_.images) {
      notes_.footnotes.push_back(fmt::format("Scores use the {} labelled images of {}.", input_.labelled, input_.images));
    }
    const bool parts = shows("accuracy_public") || shows("accuracy_private");
    if (parts && input_.default_split && input_.labelled > 0) {
      notes_.footnotes.push_back(
          "The sweep has no split, so public and private are two random halves of the labelled images.");
    }
  }

  void add_scale_of_losses() {
    const bool any = std::any_of(input_.rows.begin(), input_.rows.end(), [](const ResultRow& row) { return row["recon_mse"].has_value(); });
    if (!shows("recon_mse") || !any) return;
    const Json params = Json::parse(input_.rows.front().params, nullptr, false);
    if (const PixelRange range = range_in(params); range != PixelRange::minus_one_to_one) {
      notes_.footnotes.push_back(fmt::format("Reconstruction losses are mean squared errors of values on {}.", range_text(range)));
    }
  }

  // A pivot's headings are values alone.
  void add_what_cells_are() {
    if (!spec_.pivot || spec_.pivot->values.size() != 1 || spec_.pivot->columns.empty()) return;
    std::vector<std::string> by;
    for (const TableSpec::Column& column : spec_.pivot->columns) by.push_back(title_of(column));
    notes_.footnotes.push_back(
        fmt::format("Each cell shows the {} by {}.", title_of(spec_.pivot->values.front()), fmt::join(by, " and ")));
  }

  void add_averages() {
    const Averages over = averages(grouping_, groups_);
    if (over.none()) return;
    const char* const what = spec_.pivot ? "cell" : "row";
    const std::string text = fmt::format("{}, taken within each {}", over.text(), spec_.replicate);
    if (over.the_same_in_all()) {
      notes_.footnotes.push_back(fmt::format("Each {} is an average over {}.", what, text));
      return;
    }
    std::vector<std::string> each;
    std::size_t found = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (over.is_average(i) && ++found <= most_named) each.push_back(fmt::format("{} [{}]", groups_[i].name, over.text_of(i)));
    }
    notes_.footnotes.push_back(found < groups_.size()
                              ? fmt::format("Some {}s are averages over {}.", what, text)
                              : fmt::format("The {0}s are averages over {1}. Not every {0} has all of these values.", what, text));
    notes_.details.push_back(fmt::format(
        "These {}s are averages: {}{}.{}", what, fmt::join(each, ", "), found > each.size() ? fmt::format(", and {} more", found - each.size()) : "",
        found < groups_.size() ? fmt::format(" Each other {} is a single setting.", what) : ""));
  }

  void add_replicates() {
    std::set<std::int64_t> values;
    for (const ResultRow& row : input_.rows) values.insert(replicate_of(spec_, row));
    if (values.empty()) return;
    const bool several = std::any_of(groups_.begin(), groups_.end(), [&](const RowGroup& group) {
      return std::any_of(group.rows.begin(), group.rows.end(), [&](std::size_t row) {
        return replicate_of(spec_, input_.rows[row]) != replicate_of(spec_, input_.rows[group.rows.front()]);
      });
    });
    if (!several) {
      if (values.size() == 1) notes_.footnotes.push_back(fmt::format("All results are of one {} ({}).", spec_.replicate, *values.begin()));
      return;
    }
    const std::string list = values.size() <= most_named ? fmt::format("{}", fmt::join(values, ", "))
                                                         : fmt::format("{} to {}", *values.begin(), *values.rbegin());
    if (spec_.n) {
      notes_.footnotes.push_back(fmt::format(
          "Values are means ± sample standard deviations over {} {}s ({}). The number of {}s behind a value is in brackets.",
          values.size(), spec_.replicate, list, spec_.replicate));
      return;
    }
    const auto [fewest, most] = replicates_of_values();
    const std::string number =
        fewest == most ? fmt::format("{}", most) : fmt::format("{} to {} of the {}", fewest, most, values.size());
    notes_.footnotes.push_back(
        fmt::format("Values are means ± sample standard deviations over {} {}s ({}).", number, spec_.replicate, list));
  }

  // How many replicates the shown values are means of: the fewest and the most.
  std::pair<std::size_t, std::size_t> replicates_of_values() const {
    std::pair<std::size_t, std::size_t> range = {0, 0};
    for (const TableSpec::Column& column : columns_) {
      const Field& field = find_field(column.field);
      if (field.kind() != ColumnKind::estimate) continue;
      for (const RowGroup& group : groups_) {
        const std::size_t n = grouping_.measured(group, field).size();
        if (n == 0) continue;
        range.first = range.second == 0 ? n : std::min(range.first, n);
        range.second = std::max(range.second, n);
      }
    }
    return range;
  }

  void add_best() {
    const bool silhouettes = spec_.best == "silhouette" || (spec_.sort && spec_.sort->field == "silhouette");
    if (silhouettes && shows("silhouette") && several_embeddings(input_, groups_)) {
      notes_.footnotes.push_back(
          "Silhouettes are ranked only among rows of one embedding, as each is measured in its own space.");
    }
    auto column = std::find_if(columns_.begin(), columns_.end(), [&](const auto& c) { return spec_.best == c.field; });
    if (column == columns_.end()) return;
    const bool any = std::find(ranking_.best.begin(), ranking_.best.end(), true) != ranking_.best.end();
    if (any)
      notes_.footnotes.push_back(fmt::format("Bold: the best {}{}.", column->title.empty() ? title_of_field(column->field) : column->title,
                                        ranking_.sharing > 1 ? fmt::format(", which {} {}s share", ranking_.sharing, spec_.pivot ? "cell" : "row") : ""));
    append(notes_.footnotes, ranking_.sentences);
    append(notes_.details, ranking_.details);
  }

  // "0.7105", in a table of percent "71.05 %".
  std::string in_unit(const char* field, double value) const {
    const double scale = grouping_.scale_of(find_field(field));
    return scale == 1 ? fixed(value, 4) : fixed(in_percent(value), 2) + " %";
  }

  // All that a leaderboard's score tells of its own noise.
  void add_leaderboard() {
    const auto submitted = std::count_if(input_.rows.begin(), input_.rows.end(), [](const ResultRow& row) {
      return row["leaderboard_public"] || row["leaderboard_private"];
    });
    notes_.details.push_back(fmt::format(
        "{} of {} jobs have a leaderboard score, which is what the competition gave for their submitted labels. Of several "
        "submissions of a job, the one with the best public score counts.",
        submitted, input_.rows.size()));
    const std::optional<CompetitionSplit> parts =
        input_.parts_of_competition ? input_.parts_of_competition() : std::nullopt;
    for (const auto& [field, images, name] :
         {std::tuple("leaderboard_public", parts ? parts->public_images : 0, "public"),
          std::tuple("leaderboard_private", parts ? parts->private_images : 0, "private")}) {
      if (!shows(field)) continue;
      std::optional<double> best;
      for (const ResultRow& row : input_.rows) {
        const Metric& source = *find_metric(field);
        if (row[source] && (!best || *row[source] > *best)) best = row[source];
      }
      if (!best || *best < 0 || *best > 1) continue;
      if (images == 0) {
        notes_.details.push_back(fmt::format(
            "The standard error of the {0} leaderboard score is not known, because the number of {0} images is not.",
            name));
        continue;
      }
      notes_.details.push_back(
          fmt::format("The best {} leaderboard score is {}. Its binomial standard error over {} images is {}.", name,
                      in_unit(field, *best), images, in_unit(field, binomial_standard_error(*best, images))));
    }
  }

  void add_incomplete() {
    std::vector<std::string> named;
    std::size_t rows = 0, jobs = 0;
    for (const RowGroup& group : groups_) {
      std::vector<std::string> parts;
      for (std::size_t i : group.rows) {
        const ResultRow& row = input_.rows[i];
        if (row.state == "complete") continue;
        ++jobs;
        std::string reason = row.reason.empty() ? "" : ": " + row.reason;
        parts.push_back(fmt::format("{} {} {}{}", spec_.replicate, replicate_of(spec_, row), row.state, reason));
      }
      if (parts.empty()) continue;
      if (++rows <= most_named) named.push_back(fmt::format("{} [{}]", group.name, fmt::join(parts, "; ")));
    }
    if (rows == 0) return;
    notes_.footnotes.push_back(
        fmt::format("{} of {} jobs {} no result.", jobs, input_.rows.size(), jobs == 1 ? "has" : "have"));
    std::string text = fmt::format("These have no result: {}", fmt::join(named, ", "));
    if (rows > most_named) {
      text += fmt::format(", and {} more {}s, which the table of all jobs lists", rows - most_named, spec_.pivot ? "cell" : "row");
    }
    notes_.details.push_back(text + ".");
  }

  const TableSpec& spec_;
  const ComparisonInput& input_;
  const Grouping& grouping_;
  const std::vector<RowGroup>& groups_;
  const Ranking& ranking_;
  std::vector<TableSpec::Column> columns_;
  Notes notes_;
};

}  // namespace

Notes notes_of(const TableSpec& spec, const ComparisonInput& input, const Grouping& grouping,
               const std::vector<RowGroup>& groups, const Ranking& ranking) {
  Notes notes = FootnoteWriter(spec, input, grouping, groups, ranking).take();
  add_empty_clusters(spec, input, groups, notes);
  return notes;
}

}  // namespace latentgrid
