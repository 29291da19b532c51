// Aggregates of `query` against numpy 1.24: std, var, median and quantile of the same numbers.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Functions : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());

  // Over 0.7124, 0.6891, 0.7342, 0.5123, 0.9017, 0.7124, 0.8 and a NULL.
  Cell of_scores(const std::string& aggregate, const std::string& where = "1") {
    return selected(db,
                    "WITH s(i, x) AS (VALUES (1, 0.7124), (2, 0.6891), (3, 0.7342), (4, 0.5123), (5, 0.9017), "
                    "(6, 0.7124), (7, 0.8), (8, NULL)) SELECT " +
                        aggregate + " FROM s WHERE " + where)
        .rows.at(0)
        .at(0);
  }
  double number_of(const std::string& aggregate, const std::string& where = "1") {
    return std::get<double>(of_scores(aggregate, where));
  }
};

TEST_F(Functions, SpreadsAreNumPys) {
  EXPECT_NEAR(number_of("stddev(x)"), 0.1181498886604477, 1e-12);
  EXPECT_NEAR(number_of("stddev_pop(x)"), 0.10938554170773154, 1e-12);
  EXPECT_NEAR(number_of("variance(x)"), 0.01395939619047619, 1e-12);
}

TEST_F(Functions, QuantilesAreNumPys) {
  EXPECT_NEAR(number_of("median(x)"), 0.7124, 1e-12);
  EXPECT_NEAR(number_of("median(x)", "i <= 6 AND i <> 1"), 0.7124, 1e-12);
  EXPECT_NEAR(number_of("median(x)", "i <= 4"), 0.70075, 1e-12);
  EXPECT_NEAR(number_of("quantile(x, 0.1)"), 0.61838, 1e-12);
  EXPECT_NEAR(number_of("quantile(x, 0.75)"), 0.7671, 1e-12);
  EXPECT_EQ(number_of("quantile(x, 0)"), 0.5123);
  EXPECT_EQ(number_of("quantile(x, 1)"), 0.9017);
}

TEST_F(Functions, OfTooFewValuesIsNothing) {
  for (const char* aggregate : {"stddev(x)", "variance(x)", "stddev_pop(x)", "median(x)", "quantile(x, 0.5)"}) {
    EXPECT_EQ(of_scores(aggregate, "i = 8"), Cell()) << aggregate;
    EXPECT_EQ(of_scores(aggregate, "0"), Cell()) << aggregate;
  }
  EXPECT_EQ(of_scores("stddev(x)", "i = 1"), Cell());
  EXPECT_EQ(of_scores("stddev_pop(x)", "i = 1"), Cell(0.0));
  EXPECT_EQ(of_scores("median(x)", "i = 1"), Cell(0.7124));
}

TEST_F(Functions, AreOfEachGroup) {
  const RowList rows = selected(db,
                                "WITH s(g, x) AS (VALUES ('a', 1), ('b', 10), ('a', 3), ('b', 20), ('b', 60)) "
                                "SELECT g, median(x), stddev_pop(x) FROM s GROUP BY g ORDER BY g");
  EXPECT_EQ(rows.rows, (std::vector<std::vector<Cell>>{{"a", 2.0, 1.0}, {"b", 20.0, 21.602468994692867}}));
}

TEST_F(Functions, SayWhatTheyTake) {
  EXPECT_EQ(error_of([&] { of_scores("stddev('AE1')"); }),
            "cannot run the query: stddev() takes numbers, but 'AE1' is not one");
  EXPECT_EQ(error_of([&] { of_scores("quantile(x, 75)"); }),
            "cannot run the query: quantile(x, q) takes a q from 0 to 1, for example quantile(accuracy, 0.25)");
  EXPECT_THROW(of_scores("median('AE1')"), UsageError);
}

TEST_F(Functions, ParametersOfAJobAreReadByTheirNames) {
  JobRecord job = sample_job("AE1", "pca50+tsne", 2, 0);
  job.params["reduction"] = {{{"method", "pca"}, {"dim", 50}}, {{"method", "tsne"}, {"dim", 2}, {"perplexity", 30.0}}};
  job.params["clustering"] = {{"method", "kmeans"}, {"n_init", 10}};
  register_sweep(db, sample_sweep("one"), {job});
  const RowList rows = selected(db,
                                "SELECT parameter('tsne.perplexity', params, clustering), "
                                "parameter('pca.dim', params, clustering), parameter('kmeans.n_init', params, clustering), "
                                "parameter('learning_rate', params, clustering), parameter('pca.dim', '{}', clustering), "
                                "parameter('t-SNE.perplexity', params, clustering), parameter('train.learning_rate', params, clustering) "
                                "FROM results");
  EXPECT_EQ(rows.rows.at(0), (std::vector<Cell>{30.0, std::int64_t{50}, std::int64_t{10}, 0.001, std::monostate{}, 30.0, 0.001}));
}

TEST_F(Functions, AParameterThatNoJobHasIsAnError) {
  JobRecord job = sample_job("AE1", "tsne", 2, 0), other = sample_job("AE1", "pca", 8, 0);
  job.params["reduction"] = {{{"method", "tsne"}, {"dim", 2}, {"perplexity", 30.0}}};
  register_sweep(db, sample_sweep("one"), {job, other});
  auto select = [&](const std::string& name) {
    return selected(db, "SELECT parameter('" + name + "', params, clustering) FROM results ORDER BY reduction DESC").rows;
  };
  using Rows = std::vector<std::vector<Cell>>;
  EXPECT_EQ(select("tsne.perplexity"), (Rows{{30.0}, {std::monostate{}}}));
  EXPECT_EQ(select("pca.whiten"), (Rows{{std::monostate{}}, {std::int64_t{0}}})) << "a default that is not recorded";
  EXPECT_EQ(error_of([&] { select("tsne.perplexty"); }),
            "cannot run the query: no job has a parameter 'tsne.perplexty'; did you mean 'tsne.perplexity'?");
  EXPECT_EQ(error_of([&] { select("lr"); }), "cannot run the query: no job has a parameter 'lr'; did you mean 'learning_rate'?");
  EXPECT_EQ(error_of([&] { select("nonsense"); }),
            "cannot run the query: no job has a parameter 'nonsense'; there are arithmetic, augment, autoencoder.denoise, batch_size, early_stop, learning_rate, max_minutes, pca.dim, pca.whiten, refine, training, "
            "tsne.device, tsne.dim, tsne.perplexity, warmup_epochs");
  EXPECT_EQ(error_of([&] { select("epochs"); }),
            "cannot run the query: 'epochs' is a column of results: write epochs instead of parameter('epochs', ...)");
  EXPECT_THROW(select("nonsense"), UsageError);
}

TEST_F(Functions, AreFoundByOtherNames) {
  auto said = [&](const std::string& call) { return error_of([&] { of_scores(call); }); };
  EXPECT_EQ(said("std(x)"),
            "cannot run the query: no such function: std\n"
            "  hint: stddev(x) is the standard deviation of a sample, stddev_pop(x) of a population");
  EXPECT_EQ(said("VAR(x)"), "cannot run the query: no such function: VAR\n  hint: variance(x) is the variance of a sample");
  EXPECT_EQ(said("mean(x)"), "cannot run the query: no such function: mean\n  hint: avg(x) is the mean");
  EXPECT_EQ(said("percentile(x, 25)"),
            "cannot run the query: no such function: percentile\n"
            "  hint: quantile(x, q) with a q from 0 to 1, for example quantile(accuracy, 0.25)");
  EXPECT_EQ(said("quantile(x)"),
            "cannot run the query: wrong number of arguments to function quantile()\n"
            "  hint: write quantile(x, q) with a q from 0 to 1, for example quantile(accuracy, 0.25)");
  EXPECT_EQ(said("count_distinct(x)"),
            "cannot run the query: no such function: count_distinct\n  hint: count(DISTINCT x) counts the different values");
  EXPECT_EQ(said("medan(x)"),
            "cannot run the query: no such function: medan\n"
            "  hint: did you mean 'median'? `latentgrid query --tables` lists the functions beside SQLite's own");
  EXPECT_EQ(said("parameter('lr')"),
            "cannot run the query: wrong number of arguments to function parameter()\n"
            "  hint: parameter('NAME', params, clustering) reads a parameter of a job");
}

}  // namespace
}  // namespace latentgrid
