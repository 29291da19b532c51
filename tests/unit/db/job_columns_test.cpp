#include "db/job_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/error.hpp"
#include "db/list_jobs.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

JobRecord with_reduction(JobRecord job, const std::string& name, std::int64_t dim, const Json& steps) {
  job.reduction = name;
  job.reduced_dim = dim;
  job.params["reduction"] = steps;
  job.params["clustering"] = {{"method", "kmeans"}, {"k", 2}, {"n_init", 10}};
  job.key = sha256_hex(job.key + steps.dump());
  job.id = job.key.substr(0, 12);
  return job;
}

Json pca(std::int64_t dim) {
  return {{"method", "pca"}, {"dim", dim}};
}
Json tsne(double perplexity) {
  return {{"method", "tsne"}, {"dim", 2}, {"perplexity", perplexity}, {"iterations", 500}};
}

struct Columns : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  std::vector<JobRecord> jobs = {
      with_reduction(sample_job("AE1", "none", 2048, 0), "none", 2048, Json::array()),
      with_reduction(sample_job("AE1", "none", 2048, 1), "pca", 4, Json::array({pca(4)})),
      with_reduction(sample_job("AE2", "none", 2048, 2), "tsne", 2, Json::array({tsne(30)})),
      with_reduction(sample_job("AE2", "none", 2048, 3), "pca50+tsne", 2, Json::array({pca(50), tsne(10)}))};

  void SetUp() override {
    jobs[3].axes.emplace_back("device", "cuda");  // at its default elsewhere, and so left out of the parameters
    jobs[2].axes.emplace_back("device", "cpu");
    register_sweep(db, sample_sweep("one"), jobs);
  }

  std::vector<Cell> column(const std::string& name, const std::string& sort = "", bool descending = false) {
    RowList rows;
    select_results(db, {.sweep = "one", .columns = {name}, .sort = sort, .descending = descending}, rows);
    std::vector<Cell> cells;
    for (const auto& row : rows.rows) cells.push_back(row.at(0));
    return cells;
  }
  // Seeds of the jobs that meet it.
  std::vector<std::int64_t> seeds(const std::vector<std::string>& conditions) {
    ResultsQuery query{.sweep = "one", .columns = {"seed"}};
    for (const std::string& condition : conditions) query.conditions.push_back(parse_condition(condition));
    RowList rows;
    const std::int64_t total = select_results(db, query, rows);
    std::vector<std::int64_t> found, by_position;
    for (const auto& row : rows.rows) found.push_back(std::get<std::int64_t>(row.at(0)));
    for (std::size_t at : jobs_that_meet(db, latest_revision(db, "one")->id, query.conditions)) by_position.push_back(jobs[at].seed);
    EXPECT_EQ(found, by_position);
    EXPECT_EQ(total, static_cast<std::int64_t>(found.size()));
    return found;
  }
  using Seeds = std::vector<std::int64_t>;
};

TEST_F(Columns, AreParametersWhetherASweepVariesThemOrNot) {
  const Cell none;
  EXPECT_EQ(column("tsne.perplexity"), (std::vector<Cell>{none, none, 30.0, 10.0}));
  EXPECT_EQ(column("t-SNE.perplexity"), column("tsne.perplexity"));
  EXPECT_EQ(column("pca.dim"), (std::vector<Cell>{none, std::int64_t{4}, none, std::int64_t{50}}));
  EXPECT_EQ(column("train.learning_rate"), column("learning_rate"));
  EXPECT_EQ(column("learning_rate")[0], Cell(0.001));
  EXPECT_EQ(column("kmeans.n_init")[3], Cell(std::int64_t{10}));
  EXPECT_EQ(column("device"), (std::vector<Cell>{none, none, "cpu", "cuda"}));
  EXPECT_EQ(column("silhouette")[0], none);
}

TEST_F(Columns, OfDefaultsThatAreNotRecorded) {
  const Cell none, no = std::int64_t{0};
  EXPECT_EQ(column("pca.whiten"), (std::vector<Cell>{none, no, none, no}));
  EXPECT_EQ(column("tsne.device"), (std::vector<Cell>{none, none, "cpu", "cpu"}));
  EXPECT_EQ(seeds({"pca.whiten=false"}), (Seeds{1, 3}));
}

TEST_F(Columns, AreCalledByTheirOneName) {
  RowList rows;
  select_results(db, {.sweep = "one", .columns = {"TSNE.perplexity", "train.batch_size"}, .limit = 1}, rows);
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"tsne.perplexity", "batch_size"}));
}

TEST_F(Columns, OfAMethodWithASeparatorInItsName) {
  const Json step = {{"method", "random_projection"}, {"dim", 16}};
  register_sweep(db, sample_sweep("two"), {with_reduction(sample_job("AE1", "none", 2048, 0), "random_projection", 16, Json::array({step}))});
  RowList rows;
  select_results(db, {.sweep = "two", .columns = {"random_projection.dim"},
                      .conditions = {parse_condition("random_projection.dim=16"), parse_condition("reduction=Random projection")},
                      .sort = "random_projection.dim"}, rows);
  ASSERT_EQ(rows.rows.size(), 1u);
  EXPECT_EQ(rows.rows[0].at(0), Cell(std::int64_t{16}));
  EXPECT_EQ(selected(db, "SELECT parameter('random_projection.dim', params, clustering) FROM jobs WHERE reduced_dim = 16").rows.at(0).at(0),
            Cell(std::int64_t{16}));
}

TEST_F(Columns, ConditionsAreOnThemToo) {
  EXPECT_EQ(seeds({"pca.dim=4"}), (Seeds{1}));
  EXPECT_EQ(seeds({"pca.dim>=4"}), (Seeds{1, 3}));
  EXPECT_EQ(seeds({"pca.dim!=4"}), (Seeds{0, 2, 3}));
  EXPECT_EQ(seeds({"pca.dim=-"}), (Seeds{0, 2}));
  EXPECT_EQ(seeds({"t-SNE.perplexity=[10, 30]", "reduction=t-SNE"}), (Seeds{2}));
  EXPECT_EQ(seeds({"reduction!=TSNE,none"}), (Seeds{1, 3}));
  EXPECT_EQ(seeds({"train.learning_rate<0.01", "architecture=AE2"}), (Seeds{2, 3}));
  EXPECT_EQ(seeds({"device=cuda"}), (Seeds{3}));
  EXPECT_EQ(seeds({"latent_dim=native"}), (Seeds{0, 1, 2, 3}));
  EXPECT_EQ(seeds({"latent_dim=2048"}), (Seeds{0, 1}));
  EXPECT_EQ(seeds({"accuracy>0"}), (Seeds{}));
}

TEST_F(Columns, CanBeSortedBy) {
  const Cell none;
  EXPECT_EQ(column("tsne.perplexity", "t-SNE.perplexity"), (std::vector<Cell>{10.0, 30.0, none, none}));
  EXPECT_EQ(column("seed", "pca.dim", true),
            (std::vector<Cell>{std::int64_t{3}, std::int64_t{1}, std::int64_t{0}, std::int64_t{2}}));
}

TEST_F(Columns, OneThatNoJobHasIsAnErrorWithASuggestion) {
  EXPECT_EQ(error_of([&] { column("tsne.perplexty"); }),
            "no job of the sweep has a column or parameter 'tsne.perplexty'; did you mean 'tsne.perplexity'?");
  EXPECT_EQ(error_of([&] { column("perplexity"); }),
            "no job of the sweep has a column or parameter 'perplexity'; did you mean 'tsne.perplexity'?");
  EXPECT_EQ(error_of([&] { column("dim"); }),
            "no job of the sweep has a column or parameter 'dim'; did you mean 'reduced_dim', 'latent_dim', 'pca.dim' or 'tsne.dim'?");
  EXPECT_EQ(error_of([&] { column("label"); }),
            "a job has no column 'label': tables make it from architecture, latent_dim, reduction and reduced_dim, which are columns");
  EXPECT_EQ(error_of([&] { column("agreement"); }),
            "a job has no column 'agreement': it depends on what it is compared with; `latentgrid choose one` computes it");
  EXPECT_THROW(column("it's"), UsageError);
}

TEST_F(Columns, WithoutASuggestionAllAreListedInLines) {
  const std::string said = error_of([&] { seeds({"isomap.n_neighbors=5"}); });
  EXPECT_TRUE(said.ends_with("\n  parameters: arithmetic, augment, autoencoder.denoise, batch_size, device, early_stop, kmeans.k,\n"
                             "              kmeans.n_init, learning_rate, max_minutes, pca.dim, pca.whiten, refine, training,\n"
                             "              tsne.device, tsne.dim, tsne.iterations, tsne.perplexity, warmup_epochs"))
      << said;
  std::istringstream lines(said);
  std::string line, on_one_line;
  for (bool first = true; std::getline(lines, line); first = false) {
    EXPECT_TRUE(first || line.size() <= 100) << line;
    for (std::istringstream words(line); words >> line;) on_one_line += (on_one_line.empty() ? "" : " ") + line;
  }
  std::vector<std::string> columns = job_columns(db);
  std::erase_if(columns, [](const std::string& column) { return is_metric(column, &Metric::is_score); });
  EXPECT_EQ(columns.front(), "sweep");
  EXPECT_TRUE(on_one_line.starts_with(fmt::format("no job of the sweep has a column or parameter 'isomap.n_neighbors'; there is no Isomap "
                                                  "columns: {} scores: {} parameters: arithmetic,",
                                                  fmt::join(columns, ", "), fmt::join(metric_names(&Metric::is_score), ", "))))
      << said;
}

TEST_F(Columns, KnowTheirValues) {
  const JobColumns known(db, latest_revision(db, "one")->id);
  const auto said = [&](const std::string& condition) {
    const Condition parsed = parse_condition(condition);
    const auto missing = known.values(parsed.column).missing(parsed);
    return missing ? missing->predicate + "; " + missing->known : "";
  };
  EXPECT_EQ(said("pca.dim=8"), "has pca.dim 8; there are 4, 50");
  EXPECT_EQ(said("latent_dim=8"), "has latent_dim 8; there are 2048, 4096, native");
  EXPECT_EQ(said("sweep=two"), "has sweep two; there is only one");
  EXPECT_EQ(said("accuracy=1"), "has accuracy 1; no job has a value there");
  EXPECT_EQ(said("device=cuda"), "");
  EXPECT_EQ(said("pca.whiten=true"), "has pca.whiten true; there is only false");
}

TEST_F(Columns, ThoseThatVaryAreKnown) {
  const JobColumns known(db, latest_revision(db, "one")->id);
  EXPECT_EQ(known.varied_besides({"architecture", "seed"}), std::vector<std::string>{"device"});
  EXPECT_EQ(known.varied_besides({"device", "seed"}), std::vector<std::string>{"architecture"});
}

}  // namespace
}  // namespace latentgrid
