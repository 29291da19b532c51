#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/key.hpp"
#include "cli/commands.hpp"
#include "cli/job_comparison_text.hpp"
#include "cli/sweep_comparison_text.hpp"
#include "db/registration.hpp"
#include "support/predictions.hpp"
#include "support/sample_results.hpp"

namespace latentgrid::cli {
namespace {

using namespace latentgrid::testing;

struct CompareCommands : ::testing::Test {
  TemporaryResults results;
  const ArtifactStore store{results.folder()};
  std::string out, err;

  int run(const std::string& arguments) {
    CLI::App app;
    Context context;
    context.results = results.folder();
    add_compare(app, context);
    add_explain(app, context);
    app.parse(arguments);
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    auto finish = [&] {
      std::fflush(stdout);
      out = ::testing::internal::GetCapturedStdout();
      err = ::testing::internal::GetCapturedStderr();
    };
    try {
      int code = context.action();
      finish();
      return code;
    } catch (...) {
      finish();
      throw;
    }
  }
  std::string error(const std::string& arguments) {
    return error_of([&] { run(arguments); });
  }

  void add(const std::string& name, const std::vector<JobRecord>& jobs, const std::vector<Scores>& scores,
           const Json& options = Json::object()) {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    SweepRecord sweep = sample_sweep(name);
    sweep.options = options;
    sweep.dataset["source"] = alternating_labels(40).to_json();
    register_sweep(db, sweep, jobs);
    write_labels(store, task_of(jobs.front(), "labels").artifact, alternating_labels(40));
    for (std::size_t i = 0; i < scores.size(); ++i) {
      record_results(db, sample_artifacts(jobs[i], scores[i]), {}, {{jobs[i].id, JobState::complete, ""}});
    }
  }
  void predict(const JobRecord& job, int wrong) {
    std::vector<std::int32_t> predictions;
    for (int i = 0; i < 40; ++i) predictions.push_back((i + (i < wrong)) % 2);
    write_predictions(store, task_of(job, "score").artifact, predictions);
  }
};

TEST_F(CompareCommands, TwoJobs) {
  std::vector<JobRecord> jobs;
  for (std::int64_t seed : {0, 1, 2}) {
    jobs.push_back(sample_job("AE1", "pca", 32, seed));
    jobs.push_back(sample_job("AE2", "pca", 32, seed));
  }
  add("scenes", jobs,
      {{0.05, 0.75, 0.5, 1.0, 0.25, 0.125},
       {0.04, 0.5, 0.25, 0.75, 0.25, 0.125},
       {0.05, 0.75, 0.5, 1.0, 0.25, 0.125},
       {0.04, 0.5, 0.5, 0.5, 0.25, 0.125},
       {0.05, 0.75, 0.5, 1.0, 0.25, 0.125},
       {0.04, 0.25, 0.0, 0.5, 0.25, 0.125}});
  predict(jobs[0], 2);
  predict(jobs[1], 14);
  run("compare " + jobs[0].id + " " + jobs[1].id);
  EXPECT_EQ(
      out,
      "A is job " + jobs[0].id +
          ": AE1(native) + PCA(dim = 32), 20 epochs, k-means k = 2, seed 0 (in scenes)\n"
          "B is job " +
          jobs[1].id +
          ": AE2(native) + PCA(dim = 32), 4 epochs, k-means k = 2, seed 0 (in scenes)\n"
          "\n"
          "what differs\n"
          "  name          A    B\n"
          "  architecture  AE1  AE2\n"
          "  epochs        20   4\n"
          "\n"
          "There may be other differences: neither has left a transcript of train.\n"
          "The paths part at train; shared: load, labels. `explain` says why.\n"
          "\n"
          "scores\n"
          "  score                 A      B  A - B\n"
          "  recon_mse          0.05   0.04   0.01\n"
          "  accuracy           0.75    0.5   0.25\n"
          "  accuracy_public     0.5   0.25   0.25\n"
          "  accuracy_private      1   0.75   0.25\n"
          "  ari                0.25   0.25      0\n"
          "  nmi               0.125  0.125      0\n"
          "  wall_s                6      6      0\n"
          "\n"
          "these two runs\n"
          "  images    number  A alone right  B alone right            p  these two runs\n"
          "  labelled      40             12              0  0.000488281  differ\n"  // 2 / 2^12
          "  public        20              4              0        0.125  cannot be told apart\n"
          "  private       20              8              0    0.0078125  differ\n"
          "\n"
          "p is of McNemar's exact test on the stored predictions, at the 5 % level. One run each says nothing about "
          "other seeds.\n"
          "\n"
          "over seeds\n"
          "  score             seeds  mean A    mean B     A - B         low      high          p  these settings\n"
          "  recon_mse             3    0.05      0.04      0.01           -         -          -  no claim is made\n"
          "  accuracy              3    0.75  0.416667  0.333333  -0.0252211  0.691888   0.057191  cannot be told "
          "apart\n"
          "  accuracy_public       3     0.5      0.25      0.25   -0.371034  0.871034   0.225403  cannot be told "
          "apart\n"
          "  accuracy_private      3       1  0.583333  0.416667   0.0581123  0.775221  0.0377496  differ\n"
          "  ari                   3    0.25      0.25         0           0         0          1  cannot be told "
          "apart\n"
          "  nmi                   3   0.125     0.125         0           0         0          1  cannot be told "
          "apart\n"
          "\n"
          "low and high are the ends of the 95 % interval of the paired t test over the seeds that both have. p is of "
          "each score by itself, at the 5 % level.\n"
          "A difference that is the same in every seed says nothing about chance, so no claim is made.\n");
  run("compare --format md " + jobs[0].id + " " + jobs[1].id);
  EXPECT_NE(out.find("| accuracy | 0.75 | 0.5 | 0.25 |\n"), std::string::npos) << out;
  run("compare --json " + jobs[0].id + " " + jobs[1].id);
  EXPECT_EQ(Json::parse(out)["single_runs"][0]["only_first_right"], 12);
}

// The same work with another learning rate.
JobRecord with_learning_rate(JobRecord job, double learning_rate) {
  job.params["train"]["learning_rate"] = learning_rate;
  for (std::size_t i = 1; i < job.path.size(); ++i) {
    if (job.path[i].stage == "labels") continue;
    job.path[i].artifact.key = sha256_hex(std::to_string(learning_rate) + job.path[i].artifact.key);
  }
  job.key = sha256_hex(std::to_string(learning_rate) + job.key);
  job.id = job.key.substr(0, 12);
  return job;
}

TEST_F(CompareCommands, JobsThatAreTheSameOrOfDifferentImagesAreSaidToBe) {
  const JobRecord a = sample_job("AE1", "pca", 32, 0);
  JobRecord b = with_learning_rate(a, 0.1);
  b.path[0].artifact.key = sha256_hex("other images");
  add("scenes", {a, b}, {{0.05, 0.75, 0.5, 1.0, 0.25, 0.125}, {0.05, 0.5, 0.5, 0.5, 0.25, 0.125}});
  run("compare " + a.id + " " + a.id);
  EXPECT_TRUE(out.ends_with("They are the same job.\n")) << out;
  run("compare " + a.id + " " + b.id);
  EXPECT_NE(out.find("They are of different images, so their scores measure different things and nothing is tested.\n"),
            std::string::npos)
      << out;
  EXPECT_EQ(out.find("McNemar"), std::string::npos) << out;
  EXPECT_EQ(out.find("cannot be tested"), std::string::npos) << out;
}

TEST_F(CompareCommands, LossesOfDifferentRangesAreNotCompared) {
  const JobRecord a = sample_job("AE1", "pca", 32, 0);
  JobRecord b = with_learning_rate(a, 0.1);
  b.params["range"] = {0, 1};
  add("signed", {a}, {{0.05, 0.75, 0.5, 1.0, 0.25, 0.125}});
  add("unsigned", {b}, {{0.01, 0.5, 0.5, 0.5, 0.25, 0.125}});
  const std::string sentence =
      "One scales its images to [-1, 1], the other to [0, 1], so their reconstruction losses are not compared.\n";
  run("compare " + a.id + " " + b.id);
  EXPECT_NE(out.find(sentence), std::string::npos) << out;
  EXPECT_EQ(out.find("0.04"), std::string::npos) << "no difference of losses:\n" << out;
  EXPECT_NE(out.find("0.25"), std::string::npos) << "one of accuracies:\n" << out;
  run("compare signed unsigned --score recon_mse");
  EXPECT_NE(out.find(sentence), std::string::npos) << out;
  EXPECT_EQ(out.find("0.04"), std::string::npos) << out;
}

TEST_F(CompareCommands, WithoutPredictionsOneGapIsSaidOnce) {
  const JobRecord a = sample_job("AE1", "pca", 32, 0), b = sample_job("AE2", "pca", 32, 0);
  add("scenes", {a, b}, {{0.05, 0.75, 0.5, 1.0, 0.25, 0.125}, {0.05, 0.5, 0.5, 0.5, 0.25, 0.125}});
  run("compare " + a.id + " " + b.id);
  EXPECT_NE(
      out.find("these two runs\nOn labelled, public, private images they cannot be tested: " +
               (store.folder("score", task_of(a, "score").artifact) / "predictions.npy").string() + " is missing.\n"),
      std::string::npos)
      << out;
}

TEST_F(CompareCommands, ACompetitionsScoresAloneTellTheirStandardErrorWhereTheSplitIsKnown) {
  const JobRecord a = sample_job("AE1", "pca", 32, 0), b = sample_job("AE2", "pca", 32, 0);
  add("scenes", {a, b}, {});
  JobComparison comparison;
  {
    ResultsDb db = ResultsDb::open_for_reading(results.database());
    comparison = compare_jobs(db, store, a.id, b.id);
  }
  comparison.leaderboard = {{"leaderboard_public", 0.7, 0.72, {}, {}, {}},
                            {"leaderboard_private", 0.7768, 0.5, 4500, 0.0062068, 0.0074536}};
  ::testing::internal::CaptureStdout();
  print(comparison, Format::table);
  std::fflush(stdout);
  const std::string text = ::testing::internal::GetCapturedStdout();
  EXPECT_TRUE(text.ends_with(
      "the competition's scores\n"
      "The standard error of the public scores is not known, because the number of public images is not.\n"
      "private: 4500 images, binomial standard error 0.0062 for A and 0.0075 for B.\n"
      "A competition's score does not say which images were right, so two of them cannot be tested as a pair.\n"))
      << text;
}

TEST_F(CompareCommands, TwoSweeps) {
  std::vector<JobRecord> before, after;
  std::vector<Scores> of_before, of_after;
  for (std::int64_t seed : {0, 1, 2}) {
    for (const char* architecture : {"AE1", "AE2"}) {
      before.push_back(sample_job(architecture, "pca", 32, seed));
      after.push_back(with_learning_rate(before.back(), 0.5));
      of_before.push_back(
          {.recon_mse = 0.1, .accuracy = architecture[2] == '1' ? 0.75 : 0.5 + 0.125 * static_cast<double>(seed)});
      of_after.push_back({.recon_mse = 0.1, .accuracy = 0.5});
    }
  }
  before.push_back(sample_job("raw", "pca", 32, 0));
  after.push_back(sample_job("raw", "pca", 32, 0));
  after.push_back(sample_job("AE3", "pca", 32, 0));
  add("before", before, of_before);
  add("after", after, of_after, {{"set", {"train.learning_rate=0.5"}}});
  run("compare before after");
  EXPECT_EQ(
      out,
      "A is the sweep before (7 jobs), B the sweep after (8 jobs).\n"
      "\n"
      "what differs\n"
      "  in       name           A              B\n"
      "  options  set[0]         -              train.learning_rate=0.5\n"
      "  jobs     architecture   AE1, AE2, raw  AE1, AE2, raw, AE3\n"
      "  jobs     learning_rate  0.001          0.5, 0.001\n"
      "\n"
      "There may be other differences: in 2 of 2 settings neither has left a transcript of train.\n"
      "\n"
      "jobs\n"
      "  in both  only in A  only in B\n"
      "        1          6          7\n"
      "\n"
      "Settings are matched by architecture, reduction.\n"
      "1 setting in both with the same jobs, 2 in both with different jobs, 0 only in A, 1 only in B.\n"
      "\n"
      "accuracy of settings that both have, over the seeds that both have finished\n"
      "  architecture  seeds  mean A  mean B  A - B        low      high  p (Holm)\n"
      "  AE1               3    0.75     0.5   0.25          -         -         -\n"
      "  AE2               3   0.625     0.5  0.125  -0.185517  0.435517  0.225403\n"
      "\n"
      "low and high are the ends of the 95 % interval of the paired t test, for each setting alone.\n"
      "Over 2 settings, the accuracy of A is on average 0.1875 higher than that of B. Paired t tests over seeds at 5 %, "
      "corrected by Holm's method for 1 setting: A is higher in 0, lower in 0, and in 1 they cannot be told apart; in "
      "1 setting the difference is the same in every seed, which says nothing about chance.\n");
  run("compare before after --limit 1 --format md");
  EXPECT_EQ(err, "1 of 2 settings shown; --limit N shows more\n");
  run("compare before after --json");
  EXPECT_EQ(Json::parse(out)["settings"][1]["paired"]["n"], 3);
}

TEST_F(CompareCommands, WhatIsNeitherSweepNorJobIsAnError) {
  const JobRecord a = sample_job("AE1", "pca", 32, 0);
  add("scenes", {a}, {});
  EXPECT_EQ(
      error("compare scnes " + a.id),
      "'scnes' is neither a sweep nor the beginning of a job's id, did you mean the sweep 'scenes'? `latentgrid ls` "
      "lists the sweeps, `latentgrid ls SWEEP` their jobs");
  EXPECT_EQ(error("compare scenes " + a.id),
            "'scenes' is a sweep and '" + a.id + "' a job: compare takes two jobs or two sweeps\n  hint: `latentgrid ls scenes` lists its jobs");
  EXPECT_EQ(error("explain scenes " + a.id),
            "'scenes' is a sweep, and explain takes two jobs or tasks\n  hint: `latentgrid ls scenes` lists its jobs; `latentgrid compare` "
            "takes two sweeps");
  EXPECT_EQ(error("compare --score ari " + a.id + " " + a.id),
            "--score and --limit are for two sweeps: of two jobs every score is shown");
  EXPECT_EQ(error("explain xyz " + a.id),
            "no job and no task's key begins with 'xyz'; `latentgrid ls SWEEP` lists jobs, `latentgrid show JOB` their "
            "tasks");
}

TEST_F(CompareCommands, ExplainFallsBackOnTheDatabaseWhereNothingWasExecuted) {
  const JobRecord a = sample_job("AE1", "pca", 32, 0), b = with_learning_rate(a, 0.5);
  add("scenes", {a, b}, {});
  run("explain " + a.id + " " + b.id);
  auto line = [&](std::size_t step, const std::string& stage, const std::string& why) {
    return fmt::format("  {:<7}  {:<9}  {}  {}  {}\n", stage, "different", a.path[step].artifact.key.substr(0, 12),
                       b.path[step].artifact.key.substr(0, 12), why);
  };
  const std::string load = a.path[0].artifact.key.substr(0, 12), labels = a.path[5].artifact.key.substr(0, 12), none = "; neither has left a transcript";
  EXPECT_EQ(out, "A is job " + a.id +
                     ": AE1(native) + PCA(dim = 32), 20 epochs, k-means k = 2, seed 0\n"
                     "B is job " +
                     b.id +
                     ": AE1(native) + PCA(dim = 32), 20 epochs, k-means k = 2, seed 0\n"
                     "The paths part at train: learning_rate is 0.001 in A and 0.5 in B. What comes after it is hashed "
                     "with its key, so it is computed anew too.\n"
                     "\n"
                     "stages\n"
                     "  stage               key of A      key of B      why\n"
                     "  load     shared     " +
                     load + "  " + load + "\n" + line(1, "train", "learning_rate" + none) +
                     line(2, "encode", "follows from train" + none) + line(3, "reduce", "follows from encode" + none) +
                     line(4, "cluster", "follows from reduce" + none) +
                     "  labels   shared     " + labels + "  " + labels + "\n" +
                     line(6, "score", "follows from cluster" + none) +
                     "\n"
                     "train, by the parameters in the database\n"
                     "  field          A      B\n"
                     "  learning_rate  0.001  0.5\n");
}

TEST_F(CompareCommands, ExplainAsJsonHasTheValueThatWasHashedForAWord) {
  JobRecord a = sample_job("AE1", "tsne", 2, 0), b = a;
  for (auto [job, rate] : {std::pair(&a, 0.0), std::pair(&b, 100.0)}) {
    job->params["reduction"] = {{{"method", "tsne"}, {"dim", 2}, {"learning_rate", rate}}};
    for (std::size_t i = 3; i < job->path.size(); ++i) {
      if (job->path[i].stage == "labels") continue;
      job->path[i].artifact.key = sha256_hex(fmt::format("{} {}", job->path[i].artifact.key, rate));
    }
    job->key = sha256_hex(fmt::format("job {}", rate));
    job->id = job->key.substr(0, 12);
  }
  add("scenes", {a, b}, {});
  run("explain " + a.id + " " + b.id);
  EXPECT_NE(out.find("\nThe paths part at reduce: learning_rate is auto in A and 100.0 in B."), std::string::npos) << out;
  EXPECT_NE(out.find("\n  learning_rate  auto  100.0\n"), std::string::npos) << out;
  run("explain --json " + a.id + " " + b.id);
  EXPECT_EQ(Json::parse(out)["stages"][3]["fields"],
            Json::parse(R"([{"name": "learning_rate", "first": "0.0", "second": "100.0"}])"));
}

TEST_F(CompareCommands, ExplainOfEqualWorkSaysSo) {
  const JobRecord a = sample_job("AE1", "pca", 32, 0);
  JobRecord renamed = a;
  renamed.architecture = "other name";
  renamed.key = sha256_hex("renamed");
  renamed.id = renamed.key.substr(0, 12);
  add("scenes", {a, renamed}, {});
  const std::string key = task_of(a, "train").artifact.key;
  run("explain " + key.substr(0, 16) + " " + key);
  EXPECT_EQ(out.substr(out.find("\nThey")), "\nThey are the same work: one key.\n") << out;
  run("explain " + a.id + " " + renamed.id);
  EXPECT_EQ(out.substr(out.find("\nThey")), "\nThey are the same work under different names: every stage is shared.\n");
  run("explain " + key + " " + a.id);
  EXPECT_NE(out.find("\nAll of A is on the path of B, which goes on from there.\n"), std::string::npos) << out;
  run("explain --json " + a.id + " " + a.id);
  EXPECT_EQ(Json::parse(out)["parts_at"], nullptr);
}

TEST_F(CompareCommands, ExplainNamesWhatAnAmbiguousPrefixBegins) {
  const JobRecord a = sample_job("AE1", "pca", 32, 0);
  JobRecord twin = sample_job("AE1", "pca", 8, 0);
  twin.key = task_of(a, "train").artifact.key;
  twin.id = twin.key.substr(0, 12);
  add("scenes", {a, twin}, {});
  const std::string prefix = twin.id.substr(0, 11);
  EXPECT_EQ(error("explain " + prefix + " " + a.id),
            fmt::format("'{}' is the beginning of several: job {}, train {}", prefix, twin.id, twin.key.substr(0, 16)));
  run("explain " + twin.id + " " + a.id);  // a whole job id means the job
  EXPECT_TRUE(out.starts_with("A is job " + twin.id + ": ")) << out;
}

}  // namespace
}  // namespace latentgrid::cli
