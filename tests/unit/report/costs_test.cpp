#include "chart_fixture.hpp"
#include "db/recording.hpp"
#include "db/records.hpp"

namespace latentgrid {
namespace {

using namespace testing;

const Json spec = {{"kind", "costs"}, {"name", "costs"}, {"title", "Costs"}};

using Costs = ChartTest;

// A training takes a second an epoch, everything else a second. Done: load 1, train 20 (10 epochs are on its way),
// encode 2, PCA 2 (8 and 32 directions of one model are slices of one decomposition), cluster 3, score 3. One by one:
// three loads, trainings of 10, 20 and 20 epochs, three of all others.
TEST_F(Costs, CountSharedWorkOnceAndFamiliesAsOne) {
  const Figure figure = charts::costs(data_of({{.epochs = 10, .accuracy = 0.5},
                                               {.epochs = 20, .accuracy = 0.6},
                                               {.epochs = 20, .reduced_dim = 8, .accuracy = 0.7},
                                               {.seed = 1, .state = JobState::failed}}),
                                      spec);
  const BarChart& chart = std::get<BarChart>(figure.body);
  EXPECT_EQ(chart.categories, (std::vector<std::string>{"as done", "one by one"}));
  EXPECT_TRUE(chart.stacked);
  EXPECT_EQ(chart.values.title, "wall time (seconds)");
  std::map<std::string, std::vector<std::optional<double>>> values;
  std::vector<std::string> stages;
  for (const BarSeries& series : chart.series) {
    stages.push_back(series.name);
    values[series.name] = series.values;
  }
  using Values = std::vector<std::optional<double>>;
  EXPECT_EQ(stages, (std::vector<std::string>{"load", "train", "encode", "reduce", "cluster", "score"}));
  EXPECT_EQ(values["load"], (Values{1, 3}));
  EXPECT_EQ(values["train"], (Values{20, 50}));
  EXPECT_EQ(values["encode"], (Values{2, 3}));
  EXPECT_EQ(values["reduce"], (Values{2, 3}));
  EXPECT_EQ(values["cluster"], (Values{3, 3}));
  EXPECT_EQ(values["score"], (Values{3, 3}));
  EXPECT_EQ(
      figure.caption,
      (Sentences{"The tasks behind 3 complete jobs took 31.0 seconds, as work that jobs share is done once. If every "
                 "job had done all of its work by itself, they would have taken 65.0 seconds, 2.1 times as much.",
                 "That is 10.33 seconds for each job instead of 21.67.",
                 "These are wall times of the tasks, added up. Tasks run side by side, so a run takes less. Failed "
                 "attempts are not counted.",
                 "1 of 4 jobs is incomplete and left out."}));
}

TEST_F(Costs, ComeInTheUnitThatSuitsThem) {
  wall_s = 3600;
  const Figure figure = charts::costs(data_of({{.epochs = 20, .accuracy = 0.5}}), spec);
  EXPECT_EQ(std::get<BarChart>(figure.body).values.title, "wall time (hours)");
  EXPECT_EQ(figure.caption[0],
            "The tasks behind 1 complete job took 25.0 hours, as work that jobs share is done once. If every job had "
            "done all of its work by itself, they would have taken 25.0 hours, 1.0 times as much.");
}

TEST_F(Costs, WithoutACompleteJobThereAreNone) {
  const Figure figure = charts::costs(data_of({{.state = JobState::pending}}), spec);
  EXPECT_TRUE(is_empty(figure));
  EXPECT_EQ(figure.omissions, (Sentences{"No job is complete, so there are no costs to show."}));
  EXPECT_EQ(figure.caption, (Sentences{"1 of 1 job is incomplete and left out."}));
}

TEST_F(Costs, TasksWithoutATimeAreCounted) {
  const SampleCell cell{.architecture = "raw", .accuracy = 0.5};
  const JobRecord job = sample_job(cell);
  ArtifactRow load = sample_artifact(task_of(job, "load"), Json::object(), 1);
  load.record.erase("usage");
  const ReportData data = data_of({cell});
  record_results(db, {load}, {}, {});
  const Figure figure = charts::costs(data, spec);
  EXPECT_EQ(figure.caption[3], "No time is recorded for 1 task, which counts as 0.");
}

}  // namespace
}  // namespace latentgrid
