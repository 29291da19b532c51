#include "report/selection.hpp"

#include "chart_fixture.hpp"
#include "db/list_jobs.hpp"

namespace latentgrid {
namespace {

using namespace testing;

using Rows = std::vector<std::size_t>;

struct Selection : ChartTest {
  ReportData data = data_of({{.epochs = 10, .mse = 0.04, .accuracy = 0.6},
                             {.epochs = 20, .mse = 0.02, .accuracy = 0.7},
                             {.architecture = "AE2", .latent = "64", .mse = 0.02, .accuracy = 0.7},
                             {.architecture = "AE2", .state = JobState::failed},
                             {.architecture = "raw", .accuracy = 0.5}});
};

TEST_F(Selection, TheBestIsTheFirstAmongEquals) {
  EXPECT_EQ(select_jobs(data, {{"best", "accuracy"}}), (Rows{1}));
  EXPECT_EQ(select_jobs(data, {{"best", "recon_mse"}}), (Rows{1})) << "lower is better";
  EXPECT_EQ(select_jobs(data, {{"best", "silhouette"}}), Rows{}) << "no job has one";
}

TEST_F(Selection, JobsAreChosenByTheBeginningsOfTheirIds) {
  const std::string first = data.rows[0].job, third = data.rows[2].job;
  EXPECT_EQ(select_jobs(data, {{"ids", {third.substr(0, 6), first}}}), (Rows{2, 0})) << "as they are listed";
  EXPECT_EQ(error_of([&] { select_jobs(data, {{"ids", {"0123456789ab"}}}); }),
            "no job of the sweep has an id that begins with '0123456789ab': `latentgrid ls grid` lists the ids");
  EXPECT_EQ(error_of([&] { select_jobs(data, {{"ids", {""}}}); }),
            "more than one job of the sweep has an id that begins with '': `latentgrid ls grid` lists the ids");
}

TEST_F(Selection, TheUsualBestIsByAccuracyOrWithoutLabelsByReconstructionLoss) {
  ReportData other = data_of({{.mse = 0.04, .accuracy = 0.7}, {.seed = 1, .mse = 0.02, .accuracy = 0.6}});
  other.revision.dataset["labelled"] = 20;
  EXPECT_EQ(select_jobs(other, {{"best", "usual"}}), (Rows{0}));
  EXPECT_EQ(field_of_best(other, nullptr), "accuracy");
  other.revision.dataset["labelled"] = 0;
  EXPECT_EQ(select_jobs(other, {{"best", "usual"}}), (Rows{1}));
  EXPECT_EQ(field_of_best(other, {{"best", "nmi"}}), "nmi");
}

TEST_F(Selection, WhereTakesAxesAndColumns) {
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"architecture": ["AE1", "AE2"], "epochs": [20]}})")),
            (Rows{1, 2, 3}));
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"state": ["failed"]}})")), (Rows{3}));
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"learning_rate": [0.001], "latent_dim": [64]}})")), (Rows{2}));
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"epochs": ["20"]}})")), (Rows{1, 2, 3})) << "in quotes";
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"epochs": []}})")), Rows{});
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"train.learning_rate": [0.001], "latent_dim": [64]}})")),
            (Rows{2}));
}

TEST_F(Selection, ALatentGoesByBothOfItsNames) {
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"latent_dim": ["native"]}})")), (Rows{0, 1, 3}));
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"latent_dim": [2048]}})")), (Rows{0, 1, 3}));
}

// Raw pixels have no epochs; some jobs have no scores.
struct OneRule : ChartTest {
  ReportData data = data_of({{.epochs = 1, .mse = 0.04, .accuracy = 0.6},
                             {.epochs = 4, .mse = 0.02, .accuracy = 0.7},
                             {.latent = "64", .epochs = 2, .reduction = "tsne", .reduced_dim = 2, .mse = 0.03, .accuracy = 0.65},
                             {.architecture = "AE2", .epochs = 4, .state = JobState::pending},
                             {.architecture = "raw", .accuracy = 0.5},
                             {.architecture = "raw", .reduction = "none", .state = JobState::failed}});

  Rows of_ls(const std::string& condition) {
    RowList rows;
    select_results(db, {.sweep = "grid", .columns = {"job"}, .conditions = {parse_condition(condition)}}, rows);
    Rows found;
    for (const auto& row : rows.rows) {
      for (std::size_t i = 0; i < data.rows.size(); ++i) {
        if (data.rows[i].job == std::get<std::string>(row.at(0))) found.push_back(i);
      }
    }
    return found;
  }
};

TEST_F(OneRule, TablesFiguresAndLsMeanTheSameJobs) {
  const std::vector<std::pair<std::string, Rows>> conditions = {{"epochs < 4", {0, 2}},
                                                                {"epochs = -", {4, 5}},
                                                                {"epochs != 4", {0, 2, 4, 5}},
                                                                {"epochs != -", {0, 1, 2, 3}},
                                                                {"latent_dim = native", {0, 1, 3}},
                                                                {"latent_dim = native, 3072", {0, 1, 3, 4, 5}},
                                                                {"latent_dim = 2048", {0, 1, 3}},
                                                                {"latent_dim != native", {2, 4, 5}},
                                                                {"latent_dim != 2048", {2, 4, 5}},
                                                                {"latent_dim <= 2048", {0, 1, 2, 3}},
                                                                {"latent = -", {4, 5}},
                                                                {"learning_rate = 0.001", {0, 1, 2, 3}},
                                                                {"learning_rate = -", {4, 5}},
                                                                {"accuracy > 0.6", {1, 2}},
                                                                {"accuracy = -", {3, 5}},
                                                                {"reduction = t-SNE", {2}},
                                                                {"state != complete", {3, 5}},
                                                                {"architecture = AE2, raw", {3, 4, 5}}};
  for (const auto& [text, expected] : conditions) {
    EXPECT_EQ(of_ls(text), expected) << text;
    EXPECT_EQ(rows_that_meet(data, Json::array({text})), expected) << text;
    const Condition condition = parse_condition(text);
    if (condition.relation != Relation::equal) continue;
    const Json where = {{condition.column, condition.values}};
    EXPECT_EQ(select_jobs(data, {{"where", where}}), expected) << text;
  }
  EXPECT_EQ(rows_that_meet(data, Json::array({"epochs >= 2", "accuracy > 0.6"})), (Rows{1, 2}));
}

TEST_F(OneRule, NamesOfTablesOwnColumnsAreNotSuggested) {
  EXPECT_EQ(error_of([&] { rows_that_meet(data, Json::array({"label = AE1"})); }),
            "a job has no column 'label': tables make it from architecture, latent_dim, reduction and reduced_dim, which are columns");
  EXPECT_EQ(error_of([&] { rows_that_meet(data, Json::array({"epoch = 4"})); }),
            "no job of the sweep has a column or parameter 'epoch'; did you mean 'epochs' or 'best_epoch'?");
}

TEST_F(Selection, TheBestAmongSome) {
  EXPECT_EQ(select_jobs(data, Json::parse(R"({"where": {"architecture": ["AE2", "raw"]}, "best": "accuracy"})")),
            (Rows{2}));
}

TEST_F(Selection, SilhouettesOfSeveralEmbeddingsHaveNoBest) {
  const ReportData scored =
      data_of({{.k = 2, .silhouette = 0.1}, {.k = 3, .silhouette = 0.2}, {.seed = 1, .silhouette = 0.3}});
  EXPECT_EQ(select_jobs(scored, {{"best", "silhouette"}}), Rows{});
  EXPECT_EQ(select_jobs(scored, Json::parse(R"({"where": {"seed": [0]}, "best": "silhouette"})")), (Rows{1}));
}

TEST_F(Selection, NothingSaidIsEveryJob) {
  EXPECT_EQ(select_jobs(data, Json::object()), (Rows{0, 1, 2, 3, 4}));
  EXPECT_EQ(select_jobs(data, nullptr), (Rows{0, 1, 2, 3, 4}));
}

TEST_F(Selection, AnUnknownNameIsAnErrorWithASuggestion) {
  EXPECT_EQ(error_of([&] { select_jobs(data, Json::parse(R"({"where": {"learning_rat": [1]}})")); }),
            "no job of the sweep has a column or parameter 'learning_rat'; did you mean 'learning_rate'?");
  EXPECT_EQ(error_of([&] {
              select_jobs(data, {{"best", "architecture"}});
            }),
            "a figure asks for the job with the best 'architecture', which is no measured value");
  EXPECT_EQ(error_of([&] {
              select_jobs(data, {{"best", "acuracy"}});
            }),
            "the report asks for an unknown field 'acuracy', did you mean 'accuracy'?");
}

}  // namespace
}  // namespace latentgrid
