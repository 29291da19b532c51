#include "base/file_system.hpp"
#include "chart_fixture.hpp"
#include "db/results_db.hpp"
#include "store/npy.hpp"

namespace latentgrid {
namespace {

using namespace testing;

const Json spec = {{"kind", "confusion"}, {"name", "confusion"}, {"title", "Clusters and classes"}};

constexpr const char* matching =
    "Clusters are matched with classes one to one, so that as many labelled images as possible are right. This is an "
    "upper bound, as the labels decide the matching.";

struct ConfusionChart : ChartTest {
  std::filesystem::path folder_of(const SampleCell& cell) {
    const std::filesystem::path folder = store.folder("score", task_of(sample_job(cell), "score").artifact);
    std::filesystem::create_directories(folder);
    return folder;
  }
  void write(const SampleCell& cell, const std::vector<std::int64_t>& counts, std::int64_t clusters,
             std::int64_t classes, const std::vector<std::int32_t>& assignment) {
    write_npy(folder_of(cell) / "confusion.npy", std::span(counts), {clusters, classes});
    write_npy(folder_of(cell) / "assignment.npy", std::span(assignment),
              {static_cast<std::int64_t>(assignment.size())});
  }
  std::string relative(const SampleCell& cell, const std::string& file) {
    return (folder_of(cell) / file).lexically_relative(results.folder()).string();
  }
};

const SampleCell good{.seed = 1, .accuracy = 0.75};

TEST_F(ConfusionChart, HasItsClustersInTheOrderOfTheirClasses) {
  write(good, {1, 30, 5, 20, 10, 0, 3, 4, 27}, 3, 3, {1, 0, 2});
  const Figure figure =
      charts::confusion(data_of({{.accuracy = 0.5}, good, {.seed = 2, .state = JobState::pending}}), spec);
  EXPECT_EQ(figure.omissions, Sentences{});
  const Heatmap& map = std::get<Heatmap>(figure.body);
  EXPECT_EQ(map.rows, (std::vector<std::string>{"1 (class 0)", "0 (class 1)", "2 (class 2)"}));
  EXPECT_EQ(map.columns, (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(map.row_title, "cluster");
  EXPECT_EQ(map.column_title, "class");
  EXPECT_EQ(map.values[0], (std::vector<std::optional<double>>{20, 10, 0}));
  EXPECT_EQ(map.values[1], (std::vector<std::optional<double>>{1, 30, 5}));
  EXPECT_EQ(map.precision, 0);
  EXPECT_EQ(figure.caption,
            (Sentences{"Each cell counts the labelled images of one class in one cluster, for AE1 + PCA(dim = 32), 20 "
                       "epochs, seed 1 (job " +
                           sample_job(good).id + ", the best of 2 jobs by accuracy).",
                       "77 of 100 labelled images are of the class that their cluster is matched with: accuracy 0.7500.", matching, "1 of 3 jobs is incomplete and left out."}));
}

TEST_F(ConfusionChart, GivesTheAccuracyInTheUnitOfTheFirstTable) {
  write(good, {1, 30, 5, 20, 10, 0, 3, 4, 27}, 3, 3, {1, 0, 2});
  ReportData data = data_of({good});
  data.revision.report = {{"tables", {{{"name", "a"}, {"percent", true}}, {{"name", "b"}}}}};
  EXPECT_EQ(charts::confusion(data, spec).caption.at(1),
            "77 of 100 labelled images are of the class that their cluster is matched with: accuracy 75.0 %.");
  data.revision.report["tables"][0].erase("percent");
  EXPECT_EQ(charts::confusion(data, spec).caption.at(1),
            "77 of 100 labelled images are of the class that their cluster is matched with: accuracy 0.7500.");
}

TEST_F(ConfusionChart, NamesItsClassesAsTheSweepDoes) {
  write(good, {1, 30, 5, 20, 10, 0, 3, 4, 27}, 3, 3, {1, 0, 2});
  dataset["source"]["class_names"] = {"cat", "dog", ""};
  dataset["class_labels"] = {3, 5, 7};
  const Figure figure = charts::confusion(data_of({good}), spec);
  const Heatmap& map = std::get<Heatmap>(figure.body);
  EXPECT_EQ(map.rows, (std::vector<std::string>{"1 (cat)", "0 (dog)", "2 (class 7)"}));
  EXPECT_EQ(map.columns, (std::vector<std::string>{"cat", "dog", "7"}));
}

TEST_F(ConfusionChart, MoreClustersThanClasses) {
  write(good, {5, 0, 0, 5, 1, 1}, 3, 2, {-1, 1, 0});
  const Figure figure = charts::confusion(data_of({good}), spec);
  EXPECT_EQ(std::get<Heatmap>(figure.body).rows,
            (std::vector<std::string>{"2 (class 0)", "1 (class 1)", "0 (no class)"}));
  EXPECT_EQ(figure.caption.back(),
            "There are more clusters than classes. Images in a cluster without a class count as wrong.");
}

TEST_F(ConfusionChart, NoiseIsTheLastRow) {
  write(good, {1, 5, 8, 0, 2, 4}, 3, 2, {1, 0});
  const Figure figure = charts::confusion(data_of({good}), spec);
  const Heatmap& map = std::get<Heatmap>(figure.body);
  EXPECT_EQ(map.rows, (std::vector<std::string>{"1 (class 0)", "0 (class 1)", "noise"}));
  EXPECT_EQ(map.values.back(), (std::vector<std::optional<double>>{2, 4}));
  EXPECT_EQ(figure.caption.at(1), "13 of 20 labelled images are of the class that their cluster is matched with: accuracy 0.7500.");
  EXPECT_EQ(figure.caption.at(3), "Noise is what the clustering leaves out of every cluster. It counts as wrong.");
  write(good, {3, 4}, 1, 2, {});
  EXPECT_EQ(std::get<Heatmap>(charts::confusion(data_of({good}), spec).body).rows, (std::vector<std::string>{"noise"}));
}

TEST_F(ConfusionChart, OfSeveralJobsTakesTheFirstThatIsComplete) {
  Json where = spec;
  where["jobs"] = Json::parse(R"({"where": {"architecture": ["AE1"]}})");
  write(good, {1, 0, 0, 1}, 2, 2, {0, 1});
  const Figure figure =
      charts::confusion(data_of({{.state = JobState::failed}, good, {.seed = 2, .accuracy = 0.9}}), where);
  EXPECT_EQ(figure.caption[1], "It is the first of 2 complete jobs that the sweep file chooses here.");
}

TEST_F(ConfusionChart, NamesTheFileThatIsMissing) {
  const Figure figure = charts::confusion(data_of({good}), spec);
  EXPECT_TRUE(is_empty(figure));
  EXPECT_EQ(figure.omissions, (Sentences{"No confusion matrix of AE1 + PCA(dim = 32), 20 epochs, seed 1: " +
                                    relative(good, "confusion.npy") + " is missing."}));
}

TEST_F(ConfusionChart, NamesTheFileThatIsDamaged) {
  write(good, {1, 0, 0, 1}, 2, 2, {0, 1});
  write_file(folder_of(good) / "confusion.npy", "torn");
  EXPECT_EQ(
      charts::confusion(data_of({good}), spec).omissions,
      (Sentences{"No confusion matrix of AE1 + PCA(dim = 32), 20 epochs, seed 1: " + relative(good, "confusion.npy") +
                 " is not an .npy file that can be read: it doesn't start with \\x93NUMPY."}));
  write(good, {1, 0, 0, 1}, 2, 2, {0, 1, 0});
  EXPECT_EQ(charts::confusion(data_of({good}), spec).omissions,
            (Sentences{"No confusion matrix of AE1 + PCA(dim = 32), 20 epochs, seed 1: " +
                       relative(good, "confusion.npy") + " and assignment.npy beside it do not fit each other."}));
  write(good, {1, 0, 0, 1}, 2, 2, {0, 2});
  EXPECT_EQ(charts::confusion(data_of({good}), spec).omissions,
            (Sentences{"No confusion matrix of AE1 + PCA(dim = 32), 20 epochs, seed 1: " +
                       relative(good, "assignment.npy") + " names class 2 of 2."}));
}

TEST_F(ConfusionChart, WithoutAJobAnOmissionSaysWhy) {
  EXPECT_EQ(charts::confusion(data_of({{.state = JobState::pending}}), spec).omissions,
            (Sentences{"The only job is not complete."}));
  Json where = spec;
  where["jobs"] = Json::parse(R"({"where": {"architecture": ["AE7"]}})");
  EXPECT_EQ(charts::confusion(data_of({good}), where).omissions, (Sentences{"The sweep has no job like the one that its file chooses "
                                                                       "here."}));
  where["jobs"] = Json::parse(R"({"where": {"architecture": ["AE1"]}})");
  EXPECT_EQ(charts::confusion(data_of({{.state = JobState::pending}}), where).omissions,
            (Sentences{"None of the jobs that the sweep file chooses here is complete."}));
  dataset["labelled"] = 0;
  const ReportData unlabelled = data_of({{.seed = 5, .silhouette = 0.5}});
  EXPECT_EQ(charts::confusion(unlabelled, spec).omissions,
            (Sentences{"The data set has no labels, so there is no accuracy."}));
  EXPECT_EQ(charts::confusion(unlabelled, where).omissions,
            (Sentences{"No confusion matrix of AE1 + PCA(dim = 32), 20 epochs, seed 5: job " + unlabelled.rows[0].job +
                       " was scored without labels, so there are no classes."}));
}

}  // namespace
}  // namespace latentgrid
