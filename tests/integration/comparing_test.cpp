// `compare` and `explain` on what a run of the real coordinator has left, with a worker that computes nothing.
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Json;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;

namespace {

constexpr std::size_t images = 60;

// 2 epochs x (pca 2, pca 4) x 3 seeds.
constexpr const char* sweep_text = R"(name: first
dataset:
  synthetic: {images: 60, classes: 2, seed: 1}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid:
  architecture: tiny
  epochs: [1, 2]
  reduction: [{pca: {dim: [2, 4]}}]
  seeds: [0, 1, 2]
)";

class Comparing : public SweepFixture {
 protected:
  void SetUp() override {
    write("sweep.yaml", sweep_text);
    run();
  }
  std::map<std::string, std::string> environment() override {
    return {{"LATENTGRID_WORKER", LATENTGRID_BINARY_DIR "/bin/latentgrid-fake-worker"}};
  }

  std::string job(const std::string& condition) {
    return query("SELECT job FROM results WHERE " + condition).at(0).at("job");
  }
  std::string out(const std::vector<std::string>& words) {
    CommandResult result = call(words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }
  Json json(std::vector<std::string> words) {
    words.push_back("--json");
    return Json::parse(out(words), nullptr, false);
  }
  // The folder of a job's artifact of a stage, as show has it.
  std::filesystem::path folder_of(const std::string& job, const std::string& stage) {
    const Json shown = json({"show", job});
    for (const Json& step : shown.at("path")) {
      if (step.at("stage") == stage) return step.at("folder").get<std::string>();
    }
    return {};
  }
  // Right on all but the first `wrong` images; the classes of synthetic images alternate.
  void predict(const std::string& job, std::size_t wrong) {
    std::vector<std::int32_t> predictions;
    for (std::size_t i = 0; i < images; ++i) predictions.push_back(static_cast<std::int32_t>((i + (i < wrong)) % 2));
    latentgrid::write_npy(folder_of(job, "score") / "predictions.npy", std::span<const std::int32_t>(predictions),
                          {static_cast<std::int64_t>(images)});
  }
};

}  // namespace

TEST_F(Comparing, TwoJobsAreTestedOnTheirPredictions) {
  const std::string a = job("epochs = 2 AND reduced_dim = 2 AND seed = 0"),
                    b = job("epochs = 2 AND reduced_dim = 4 AND seed = 0");
  Json before = json({"compare", a, b});
  EXPECT_EQ(before["parts_at"], "reduce");
  EXPECT_EQ(before["single_runs"][0]["gap"], (folder_of(a, "score") / "predictions.npy").string() + " is missing");
  predict(a, 3);
  predict(b, 9);
  Json after = json({"compare", a, b});
  EXPECT_EQ(after["single_runs"][0]["only_first_right"], 6);
  EXPECT_EQ(after["single_runs"][0]["only_second_right"], 0);
  EXPECT_EQ(after["single_runs"][0]["p"], 0.03125);  // 2 / 2^6
  EXPECT_EQ(after["single_runs"].size(), 1u);  // no public and private scores without a split
  EXPECT_EQ(after["over_seeds"][1]["seeds"], (Json{0, 1, 2}));
  EXPECT_EQ(after["over_seeds"][1]["paired"]["p"], 1.0);  // the fake worker's accuracies are all the same
}

TEST_F(Comparing, ExplainNamesWhatWasHashed) {
  const std::string a = job("epochs = 2 AND reduced_dim = 2 AND seed = 0"),
                    b = job("epochs = 2 AND reduced_dim = 2 AND seed = 1");
  Json explained = json({"explain", a, b});
  EXPECT_EQ(explained["parts_at"], "train");
  EXPECT_EQ(explained["stages"][0]["sharing"], "shared");
  EXPECT_EQ(explained["stages"][1]["fields"], (Json{{{"name", "seed"}, {"first", "0"}, {"second", "1"}}}));
  EXPECT_EQ(explained["stages"][2]["follows"], (Json{"train"}));
  EXPECT_EQ(explained["stages"][2]["fields"], Json::array());
  EXPECT_NE(out({"explain", a, b}).find("The paths part at train: seed is 0 in A and 1 in B."), std::string::npos);
}

TEST_F(Comparing, ExplainFollowsTasksByTheirKeys) {
  const std::string a = job("epochs = 1 AND reduced_dim = 2 AND seed = 0"),
                    b = job("epochs = 2 AND reduced_dim = 2 AND seed = 0");
  auto key = [&](const std::string& job) { return folder_of(job, "reduce").parent_path().filename().string(); };
  Json explained = json({"explain", key(a), key(b).substr(0, 20)});
  EXPECT_EQ(explained["first"]["task"]["stage"], "reduce");
  EXPECT_EQ(explained["parts_at"], "train");
  EXPECT_EQ(explained["stages"][1]["sharing"], "one run");
  EXPECT_EQ(explained["stages"].size(), 4u);
  EXPECT_NE(out({"explain", key(a), key(a)}).find("They are the same work: one key."), std::string::npos);
}

TEST_F(Comparing, TwoSweepsAreMatchedByTheirAxes) {
  std::string text = sweep_text;
  text.replace(text.find("first"), 5, "second");
  write("sweep.yaml", text + "train: {batch_size: 30}\n");
  run();
  Json c = json({"compare", "first", "second"});
  EXPECT_EQ(c["jobs"], (Json{{"first", 12}, {"second", 12}, {"both", 0}}));
  EXPECT_EQ(c["settings"].size(), 4u);
  EXPECT_EQ(c["settings"][0]["seeds"], (Json{0, 1, 2}));
  EXPECT_EQ(c["parameters"].size(), 1u) << c["parameters"].dump();
  EXPECT_EQ(c["parameters"][0]["name"], "batch_size");
  EXPECT_EQ(c["parameters"][0]["second"], (Json{30}));
  Json same = json({"compare", "first", "first"});
  EXPECT_EQ(same["jobs"]["both"], 12);
  EXPECT_EQ(same["same_jobs"], 4);
}

// The sweep again under another name, with another last layer in the architecture of the same name.
struct TwoArchitecturesOfOneName : Comparing {
  void SetUp() override {
    Comparing::SetUp();
    std::string text = sweep_text;
    text.replace(text.find("first"), 5, "second");
    text.replace(text.find("tanh"), 4, "relu");
    write("sweep.yaml", text);
    run();
  }
  std::string job_of(const std::string& sweep) {
    return job("sweep = '" + sweep + "' AND epochs = 1 AND reduced_dim = 2 AND seed = 0");
  }
  void remove_transcripts_of_training() {
    for (const char* sweep : {"first", "second"}) {
      for (const auto& row : query(std::string("SELECT job FROM results WHERE sweep = '") + sweep + "'")) {
        std::filesystem::remove(folder_of(row.at("job"), "train").parent_path() / "key.txt");
      }
    }
  }

  const Json layer = {{{"stage", "train"},
                       {"name", "autoencoder.decoder[1].type"},
                       {"first", {"tanh"}},
                       {"second", {"relu"}}}};
};

TEST_F(TwoArchitecturesOfOneName, DifferInALayerWhoeverIsAsked) {
  const std::string a = job_of("first"), b = job_of("second");
  const Json jobs = json({"compare", a, b}), sweeps = json({"compare", "first", "second"});
  EXPECT_EQ(jobs["parameters"], Json::array());
  EXPECT_EQ(jobs["hashed"], (Json{{"fields", layer}, {"gaps", Json::array()}}));
  EXPECT_EQ(sweeps["parameters"], Json::array());
  EXPECT_EQ(sweeps["hashed"], (Json{{"fields", layer}, {"gaps", Json::array()}}));
  EXPECT_EQ(json({"explain", a, b})["stages"][1]["fields"][0]["name"], "params.autoencoder.decoder[1].type");
  EXPECT_NE(out({"compare", a, b})
                .find("what differs\n  name                                A     B\n"
                      "  train: autoencoder.decoder[1].type  tanh  relu\n"),
            std::string::npos);
  EXPECT_NE(out({"compare", "first", "second"})
                .find("what differs\n  in     name                         A     B\n"
                      "  train  autoencoder.decoder[1].type  tanh  relu\n"),
            std::string::npos);
  EXPECT_NE(out({"compare", "first", "first"})
                .find("Nothing differs: their options, data sets and jobs are the same.\n"),
            std::string::npos);
}

TEST_F(TwoArchitecturesOfOneName, AreNotSaidToBeTheSameWhereTranscriptsAreGone) {
  remove_transcripts_of_training();
  const std::string gap = "neither has left a transcript of train";
  EXPECT_EQ(json({"compare", "first", "second"})["hashed"], (Json{{"fields", Json::array()}, {"gaps", {gap}}}));
  EXPECT_NE(out({"compare", "first", "second"})
                .find("Their options, data sets and parameters are the same, but their jobs are different work. What "
                      "differs cannot be said: in 4 of 4 settings " +
                      gap + ".\n"),
            std::string::npos);
  EXPECT_NE(out({"compare", job_of("first"), job_of("second")})
                .find("Their parameters are the same, but they are different work. What differs cannot be said, because " +
                      gap + ".\n"),
            std::string::npos);
}

TEST_F(Comparing, ASweepIsNotComparedWithAJob) {
  const std::string a = job("epochs = 1 AND reduced_dim = 2 AND seed = 0");
  CommandResult result = call({"compare", a, "first"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "latentgrid: 'first' is a sweep and '" + a + "' a job: compare takes two jobs or two sweeps\n  hint: `latentgrid ls first` lists its jobs\n");
}
