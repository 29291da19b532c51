#include "report/foot.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "report/fields.hpp"
#include "score/mcnemar.hpp"

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

class Foot {
 public:
  Foot(const TableSpec& spec, const ComparisonInput& input, const Grouping& grouping,
       const std::vector<RowGroup>& groups, const Ranking& ranking)
      : spec_(spec),
        input_(input),
        grouping_(grouping),
        groups_(groups),
        ranking_(ranking),
        columns_(all_columns(spec)) {}

  std::vector<std::string> sentences() {
    add_what_scores_are();
    add_averages();
    add_replicates();
    add_best();
    for (const auto& [of_public, of_private, whose] :
         {std::tuple("accuracy_public", "accuracy_private", ""),
          std::tuple("leaderboard_public", "leaderboard_private", "the leaderboard's ")}) {
      if (!shows(of_public) || !shows(of_private)) continue;
      append(public_against_private(grouping_, groups_, {of_public, of_private, whose}, spec_.best == of_public));
    }
    if (shows("leaderboard_public") || shows("leaderboard_private")) add_leaderboard();
    add_incomplete();
    return std::move(foot_);
  }

 private:
  bool shows(const std::string& name) const {
    return std::any_of(columns_.begin(), columns_.end(), [&](const auto& column) { return column.field == name; });
  }
  void append(const std::vector<std::string>& sentences) {
    foot_.insert(foot_.end(), sentences.begin(), sentences.end());
  }

  void add_what_scores_are() {
    const bool accuracies = shows("accuracy") || shows("accuracy_public") || shows("accuracy_private");
    const bool scores = accuracies || shows("ari") || shows("nmi");
    if (accuracies && input_.labelled > 0) {
      foot_.push_back(
          "Accuracies come from one matching of clusters to classes, found on all labelled images: an upper bound.");
    }
    if (scores && input_.labelled == 0) {
      foot_.push_back(
          fmt::format("None of the {} images has a label, so there are no scores against classes.", input_.images));
    } else if (scores && input_.labelled < input_.images) {
      foot_.push_back(fmt::format("Scores use the {} labelled images of {}.", input_.labelled, input_.images));
    }
    const bool parts = shows("accuracy_public") || shows("accuracy_private");
    if (parts && input_.default_split && input_.labelled > 0) {
      foot_.push_back("The sweep has no split, so public and private are two random halves of the labelled images.");
    }
  }

  void add_averages() {
    const std::vector<std::string> over = grouping_.averaged_over(groups_);
    if (over.empty()) return;
    foot_.push_back(fmt::format("Each cell averages over {} within each {}.", fmt::join(over, ", "), spec_.replicate));
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
      if (values.size() == 1) foot_.push_back(fmt::format("One {} ({}).", spec_.replicate, *values.begin()));
      return;
    }
    const std::string list = values.size() <= most_named ? fmt::format("{}", fmt::join(values, ", "))
                                                         : fmt::format("{} to {}", *values.begin(), *values.rbegin());
    foot_.push_back(
        fmt::format("Mean ± sample standard deviation (n - 1 in the denominator) over n of {} {}s ({}), n in brackets.",
                    values.size(), spec_.replicate, list));
  }

  void add_best() {
    const bool silhouettes = spec_.best == "silhouette" || (spec_.sort && spec_.sort->field == "silhouette");
    if (silhouettes && shows("silhouette") && several_embeddings(input_, groups_)) {
      foot_.push_back(
          "Silhouettes of different embeddings measure different spaces: they are ranked among rows of one embedding "
          "only.");
    }
    auto column = std::find_if(columns_.begin(), columns_.end(), [&](const auto& c) { return spec_.best == c.field; });
    if (column == columns_.end()) return;
    const bool any = std::find(ranking_.best.begin(), ranking_.best.end(), true) != ranking_.best.end();
    if (any) foot_.push_back(fmt::format("Bold: the best {}.", column->title.empty() ? column->field : column->title));
    append(ranking_.sentences);
  }

  // All that a leaderboard's score tells of its own noise.
  void add_leaderboard() {
    const auto submitted = std::count_if(input_.rows.begin(), input_.rows.end(), [](const ResultRow& row) {
      return row.leaderboard_public || row.leaderboard_private;
    });
    foot_.push_back(
        fmt::format("Leaderboard scores are what the competition gave back for submitted labels ({} of {} jobs); of "
                    "several submissions "
                    "of a job, the best on public.",
                    submitted, input_.rows.size()));
    const std::optional<CompetitionParts> parts =
        input_.parts_of_competition ? input_.parts_of_competition() : std::nullopt;
    for (const auto& [field, images, name] :
         {std::tuple("leaderboard_public", parts ? parts->public_images : 0, "public"),
          std::tuple("leaderboard_private", parts ? parts->private_images : 0, "private")}) {
      if (!shows(field)) continue;
      std::optional<double> best;
      for (const ResultRow& row : input_.rows) {
        const auto source = std::get<std::optional<double> ResultRow::*>(find_field(field).source);
        if (row.*source && (!best || *(row.*source) > *best)) best = row.*source;
      }
      if (!best || *best < 0 || *best > 1) continue;
      if (images == 0) {
        foot_.push_back(fmt::format(
            "How many {} images the competition scores is not known, and so neither is the standard error.", name));
        continue;
      }
      foot_.push_back(
          fmt::format("One {} score alone, the best, {:.4f}: over {} images its "
                      "binomial standard error is {:.4f}.",
                      name, *best, images, binomial_standard_error(*best, images)));
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
      if (++rows <= most_named) named.push_back(fmt::format("{} [{}]", group.label, fmt::join(parts, "; ")));
    }
    if (rows == 0) return;
    std::string text =
        fmt::format("Incomplete, {} of {} jobs missing: {}", jobs, input_.rows.size(), fmt::join(named, ", "));
    if (rows > most_named) text += fmt::format(", and {} more {}s", rows - most_named, spec_.pivot ? "cell" : "row");
    foot_.push_back(text + ".");
  }

  const TableSpec& spec_;
  const ComparisonInput& input_;
  const Grouping& grouping_;
  const std::vector<RowGroup>& groups_;
  const Ranking& ranking_;
  std::vector<TableSpec::Column> columns_;
  std::vector<std::string> foot_;
};

}  // namespace

std::vector<std::string> foot_of(const TableSpec& spec, const ComparisonInput& input, const Grouping& grouping,
                                 const std::vector<RowGroup>& groups, const Ranking& ranking) {
  return Foot(spec, input, grouping, groups, ranking).sentences();
}

}  // namespace latentgrid
