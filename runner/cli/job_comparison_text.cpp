#include "cli/job_comparison_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/decimal.hpp"
#include "cli/comparison_text.hpp"
#include "cli/document.hpp"
#include "report/disagreement.hpp"
#include "report/fields.hpp"
#include "report/parameters.hpp"
#include "stats/significance_level.hpp"

namespace latentgrid::cli {

namespace {

Json to_json(const RunTest& test) {
  Json json = {{"score", test.score}, {"images_of", name_of(test.split)}};
  if (const auto* omission = std::get_if<Omission>(&test.found)) {
    json["gap"] = omission->reason;
    return json;
  }
  const auto& found = std::get<Disagreement>(test.found);
  json["images"] = found.images;
  json["only_first_right"] = found.only_first;
  json["only_second_right"] = found.only_second;
  json["p"] = test.p;
  return json;
}

Json to_json(const JobComparison& c) {
  Json scores = Json::array(), runs = Json::array(), seeds = Json::array(), board = Json::array(),
       stages = Json::array();
  for (const ScorePair& score : c.scores) {
    scores.push_back({{"score", score.name},
                      {"first", json_of(score.first)},
                      {"second", json_of(score.second)},
                      {"comparable", score.comparable},
                      {"difference", json_of(score.difference)}});
  }
  for (const RunTest& test : c.runs) runs.push_back(to_json(test));
  for (const SeedTest& test : c.seeds) {
    seeds.push_back({{"score", test.score},
                     {"seeds", test.seeds},
                     {"mean_first", test.mean_first},
                     {"mean_second", test.mean_second},
                     {"paired", json_of(test.difference)}});
  }
  for (const LeaderboardScore& score : c.leaderboard) {
    board.push_back({{"score", score.name},
                     {"first", json_of(score.first)},
                     {"second", json_of(score.second)},
                     {"images", score.images ? Json(*score.images) : Json()},
                     {"standard_error_first", json_of(score.error_first)},
                     {"standard_error_second", json_of(score.error_second)}});
  }
  for (const StageDifference& stage : c.stages) {
    stages.push_back({{"stage", stage_name(stage.stage, stage.step)}, {"shared", stage.sharing == Sharing::shared}});
  }
  auto job = [](const ResultRow& row, const std::vector<std::string>& sweeps) {
    return Json{{"job", row.job}, {"state", row.state}, {"sweeps", sweeps}};
  };
  return {{"first", job(c.first, c.sweeps_first)},
          {"second", job(c.second, c.sweeps_second)},
          {"parameters", json_of(c.parameters)},
          {"hashed", json_of(c.hashed)},
          {"stages", stages},
          {"parts_at", c.parts_at ? Json(stage_name(c.stages[*c.parts_at].stage, c.stages[*c.parts_at].step)) : Json()},
          {"same", json_of(c.same)},
          {"same_embedding", c.same_embedding},
          {"scores", scores},
          {"single_runs", runs},
          {"over_seeds", seeds},
          {"leaderboard", board}};
}

std::string said_of(const ResultRow& row, const std::vector<std::string>& sweeps) {
  return fmt::format("job {}: {}{} ({})", row.job, job_text(row), row.state == "complete" ? "" : ", " + row.state,
                     sweeps.empty() ? "in no sweep's latest revision" : fmt::format("in {}", fmt::join(sweeps, ", ")));
}

void print_sharing(const JobComparison& c, Document& out) {
  std::vector<std::string> shared;
  for (const StageDifference& stage : c.stages) {
    if (stage.sharing == Sharing::shared) shared.push_back(stage_name(stage.stage, stage.step));
  }
  const StageDifference& parting = c.stages[*c.parts_at];
  const std::string name = stage_name(parting.stage, parting.step);
  std::string how;
  switch (parting.sharing) {
    case Sharing::one_run:
      how = fmt::format(": one run, which A reads at {} and B at {}", parting.first->extent, parting.second->extent);
      break;
    case Sharing::only_first:
      how = ", which B does without";
      break;
    case Sharing::only_second:
      how = ", which A does without";
      break;
    default:
      break;
  }
  out.sentence(fmt::format("The paths part at {}{}; shared: {}. `explain` says why.", name, how,
                           shared.empty() ? "nothing" : fmt::format("{}", fmt::join(shared, ", "))));
}

void print_difference(const JobComparison& c, Document& out) {
  out.heading("what differs");
  std::vector<std::vector<Cell>> rows;
  for (const ParameterDifference& parameter : c.parameters) {
    rows.push_back({parameter.name, cell_of(parameter.name, parameter.first), cell_of(parameter.name, parameter.second)});
  }
  for (std::vector<Cell>& field : hashed_rows(c.hashed)) {
    const std::string name = fmt::format("{}: {}", cell_text(field[0]), cell_text(field[1]));
    rows.push_back({name, std::move(field[2]), std::move(field[3])});
  }
  if (!rows.empty()) out.table({"name", "A", "B"}, rows);
  if (const std::string more = more_hashed_text(c.hashed); !more.empty()) out.sentence(more);
  const std::string omissions = fmt::format("{}", fmt::join(c.hashed.missing(), " and "));
  if (!omissions.empty()) {
    out.sentence(rows.empty() ? fmt::format("Their parameters are the same, but they are different work. What differs "
                                            "cannot be said, because {}.",
                                            omissions)
                              : fmt::format("There may be other differences: {}.", omissions));
  } else if (rows.empty()) {
    out.sentence("Their parameters are the same, but they are different work.");
  }
  print_sharing(c, out);
}

void print_scores(const JobComparison& c, Document& out) {
  out.heading("scores");
  if (c.scores.empty()) {
    out.sentence("Neither has a score yet.");
    return;
  }
  std::vector<std::vector<Cell>> rows;
  bool silhouettes = false;
  for (const ScorePair& score : c.scores) {
    rows.push_back({score.name, cell_of(score.first), cell_of(score.second), cell_of(score.difference)});
    silhouettes |= !score.comparable && score.name == "silhouette";
  }
  out.table({"score", "A", "B", "A - B"}, rows);
  if (silhouettes) {
    out.sentence("Silhouettes are not compared, as each is measured in its own embedding.");
  }
}

void print_runs(const JobComparison& c, Document& out) {
  if (c.runs.empty()) return;
  out.heading("these two runs");
  std::vector<std::vector<Cell>> rows;
  std::vector<std::pair<std::string, std::vector<std::string>>> omissions;  // reason, and the images it holds for
  for (const RunTest& test : c.runs) {
    const std::string images = name_of(test.split);
    if (const auto* omission = std::get_if<Omission>(&test.found)) {
      if (omissions.empty() || omissions.back().first != omission->reason) omissions.push_back({omission->reason, {}});
      omissions.back().second.push_back(images);
      continue;
    }
    const auto& found = std::get<Disagreement>(test.found);
    rows.push_back({images, found.images, found.only_first, found.only_second, test.p,
                    test.p < significance_level ? "differ" : "cannot be told apart"});
  }
  if (!rows.empty()) {
    out.table({"images", "number", "A alone right", "B alone right", "p", "these two runs"}, rows);
    out.sentence(
        "p is of McNemar's exact test on the stored predictions, at the 5 % level. One run each says nothing about other seeds.");
  }
  for (const auto& [reason, images] : omissions) {
    out.sentence(fmt::format("On {} images they cannot be tested: {}.", fmt::join(images, ", "), reason));
  }
}

void print_seeds(const JobComparison& c, Document& out) {
  if (c.only_the_seed_differs) {
    out.sentence(
        "They differ only in the seed. They are two runs of one setting, so there is nothing to pair over seeds.");
    return;
  }
  if (!c.have_siblings) return;
  out.heading("over seeds");
  if (c.seeds.empty()) {
    out.sentence("Both settings were run with other seeds, but no seed has finished in both.");
    return;
  }
  std::vector<std::vector<Cell>> rows;
  bool claims = false, too_few = false, constant = false;
  for (const SeedTest& test : c.seeds) {
    std::vector<Cell> row = {test.score, static_cast<std::int64_t>(test.seeds.size()), test.mean_first,
                             test.mean_second, test.mean_first - test.mean_second};
    const std::optional<double> p = test.difference ? test.difference->p : std::nullopt;
    if (p) {
      row.insert(row.end(), {test.difference->low, test.difference->high, *p,
                             *p < significance_level ? "differ" : "cannot be told apart"});
    } else {
      row.insert(row.end(), {Cell(), Cell(), Cell(), "no claim is made"});
    }
    (p ? claims : test.difference ? constant : too_few) = true;
    rows.push_back(std::move(row));
  }
  out.table({"score", "seeds", "mean A", "mean B", "A - B", "low", "high", "p", "these settings"}, rows);
  if (claims) {
    out.sentence(
        "low and high are the ends of the 95 % interval of the paired t test over the seeds that both have. p is of each score "
        "by itself, at the 5 % level.");
  }
  if (too_few) out.sentence("No claim is made from fewer than three seeds that both have.");
  if (constant) out.sentence("A difference that is the same in every seed says nothing about chance, so no claim is made.");
}

void print_leaderboard(const JobComparison& c, Document& out) {
  if (c.leaderboard.empty()) return;
  out.heading("the competition's scores");
  for (const LeaderboardScore& score : c.leaderboard) {
    const char* part = score.name == "leaderboard_public" ? "public" : "private";
    if (!score.images) {
      out.sentence(fmt::format(
          "The standard error of the {0} scores is not known, because the number of {0} images is not.", part));
      continue;
    }
    if (!score.error_first && !score.error_second) {
      out.sentence(fmt::format("{}: these scores are no share of the {} images, so there is no standard error.", part, *score.images));
      continue;
    }
    auto error = [](const std::optional<double>& value) { return value ? fixed(*value, 4) : std::string("-"); };
    out.sentence(fmt::format("{}: {} images, binomial standard error {} for A and {} for B.", part, *score.images,
                             error(score.error_first), error(score.error_second)));
  }
  out.sentence("A competition's score does not say which images were right, so two of them cannot be tested as a pair.");
}

}  // namespace

void print(const JobComparison& c, Format format) {
  if (format == Format::json) {
    fmt::print("{}", json_line(to_json(c)));
    return;
  }
  Document out(format);
  out.sentence("A is " + said_of(c.first, c.sweeps_first));
  out.sentence("B is " + said_of(c.second, c.sweeps_second));
  if (c.first.job == c.second.job) {
    out.sentence("They are the same job.");
    return;
  }
  if (const std::string doubt = doubt_text(c.same); !doubt.empty()) out.sentence(doubt);
  if (!c.parts_at) {
    out.sentence("They are the same work under different names: every stage is shared.");
    print_scores(c, out);
    return;
  }
  print_difference(c, out);
  print_scores(c, out);
  print_runs(c, out);
  print_seeds(c, out);
  print_leaderboard(c, out);
}

}  // namespace latentgrid::cli
