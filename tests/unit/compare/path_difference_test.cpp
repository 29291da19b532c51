#include "compare/path_difference.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

std::vector<TaskRef> path(const std::vector<std::tuple<std::string, std::string, std::int64_t, int>>& tasks) {
  std::vector<TaskRef> all;
  for (const auto& [stage, key, extent, step] : tasks) all.push_back({stage, {key, extent}, step});
  return all;
}

std::vector<std::string> texts(const std::vector<StageDifference>& stages) {
  static const std::map<Sharing, std::string> words = {{Sharing::shared, "shared"},
                                                       {Sharing::one_run, "one run"},
                                                       {Sharing::different, "different"},
                                                       {Sharing::only_first, "only first"},
                                                       {Sharing::only_second, "only second"}};
  std::vector<std::string> all;
  for (const StageDifference& stage : stages) {
    all.push_back(stage_name(stage.stage, stage.step) + " " + words.at(stage.sharing));
  }
  return all;
}

TEST(AlignedPaths, PutTheSameStagesSideBySide) {
  const auto a = path({{"load", "l", 0, 0},
                       {"train", "t", 10, 0},
                       {"encode", "e", 0, 0},
                       {"reduce", "r", 2, 0},
                       {"reduce", "q", 2, 1},
                       {"cluster", "c", 0, 0}});
  const auto b = path({{"load", "l", 0, 0},
                       {"train", "t", 20, 0},
                       {"encode", "f", 0, 0},
                       {"reduce", "r", 2, 0},
                       {"cluster", "d", 0, 0},
                       {"score", "s", 0, 0}});
  EXPECT_EQ(texts(align_paths(a, b)),
            (std::vector<std::string>{"load shared", "train one run", "encode different", "reduce shared",
                                      "reduce 2 only first", "cluster different", "score only second"}));
  EXPECT_EQ(texts(align_paths({}, {})), std::vector<std::string>{});
  EXPECT_EQ(texts(align_paths(path({{"encode", "e", 0, 0}}), path({{"train", "t", 1, 0}, {"encode", "e", 0, 0}}))),
            (std::vector<std::string>{"train only second", "encode shared"}));
}

struct Paths : ::testing::Test {
  TemporaryResults results;
  const ArtifactStore store{results.folder()};
  ResultsDb db = ResultsDb::open_for_writing(results.database());

  // A transcript as a planner would write it, and the task's key.
  std::string hash(const std::string& stage, const Json& params,
                   const std::vector<std::pair<std::string, ArtifactId>>& inputs = {}, Json seed = nullptr) {
    KeyBuilder key;
    key.add_text("stage", stage).add_integer("version", 1).add("params", params);
    for (const auto& [name, id] : inputs) {
      key.add_map("input." + name, 2)
          .add_integer("input." + name + ".extent", id.extent)
          .add_text("input." + name + ".key", id.key);
    }
    key.add("seed", seed);
    const std::string text = key.transcript(), hex = key.key();
    std::filesystem::create_directories(store.transcript(stage, hex).parent_path());
    write_file(store.transcript(stage, hex), text);
    return hex;
  }

  JobRecord job(double learning_rate, std::int64_t epochs, std::int64_t seed, std::int64_t n_init) {
    JobRecord record = sample_job("AE1", "none", 2048, seed);
    const std::string load = hash("load", {{"sha256", "00"}});
    const std::string train = hash("train", {{"learning_rate", learning_rate}}, {{"images", {load, 0}}}, seed);
    const std::string encode =
        hash("encode", {{"method", "autoencoder"}}, {{"images", {load, 0}}, {"model", {train, epochs}}});
    const std::string cluster = hash("cluster", {{"n_init", n_init}}, {{"points", {encode, 0}}}, seed);
    const std::string score = hash("score", {{"labels", nullptr}}, {{"clusters", {cluster, 0}}});
    record.epochs = epochs;
    record.params = {{"train", {{"learning_rate", learning_rate}}}, {"clustering", {{"n_init", n_init}}}};
    record.path = {{"load", {load, 0}},
                   {"train", {train, epochs}},
                   {"encode", {encode, 0}},
                   {"cluster", {cluster, 0}},
                   {"score", {score, 0}}};
    record.key = sha256_hex("job" + score);
    record.id = record.key.substr(0, 12);
    return record;
  }

  PathDifference difference(const JobRecord& a, const JobRecord& b) {
    return path_difference(db, store, work_of_job(db, a.id), work_of_job(db, b.id));
  }
};

TEST_F(Paths, InputsAreFollowedToTheirCause) {
  const JobRecord a = job(0.001, 20, 0, 4), b = job(0.01, 20, 0, 8);
  register_sweep(db, sample_sweep("s"), {a, b});
  const PathDifference d = difference(a, b);
  EXPECT_EQ(texts(d.stages), (std::vector<std::string>{"load shared", "train different", "encode different",
                                                       "cluster different", "score different"}));
  EXPECT_EQ(d.parts_at, 1u);
  const StageDifference &train = d.stages[1], &encode = d.stages[2], &cluster = d.stages[3];
  ASSERT_EQ(train.fields.size(), 1u);
  EXPECT_EQ(train.fields[0].name, "params.learning_rate");
  EXPECT_EQ(train.fields[0].first, "0.001");
  EXPECT_EQ(train.fields[0].second, "0.01");
  EXPECT_TRUE(train.follows.empty());
  EXPECT_TRUE(encode.fields.empty());
  EXPECT_EQ(encode.follows, std::vector<std::string>{"train"});
  ASSERT_EQ(cluster.fields.size(), 1u);
  EXPECT_EQ(cluster.fields[0].name, "params.n_init");
  EXPECT_EQ(cluster.follows, std::vector<std::string>{"encode"});
}

TEST_F(Paths, ADefaultThatAKeyLeavesOutIsNamed) {
  const auto job_with = [&](Json params) {
    JobRecord record = sample_job("AE1", "pca", 8, 0);
    params.update({{"method", "pca"}, {"width", 64}});
    record.path = {{"reduce", {hash("reduce", params), 8}, 0}};
    record.key = sha256_hex(params.dump());
    record.id = record.key.substr(0, 12);
    return record;
  };
  const std::vector<JobRecord> jobs = {job_with(Json::object()), job_with({{"whiten", true}})};
  register_sweep(db, sample_sweep("one"), jobs);
  const PathDifference difference = path_difference(db, store, work_of_job(db, jobs[0].id), work_of_job(db, jobs[1].id));
  ASSERT_EQ(difference.stages.at(0).fields.size(), 1u);
  const FieldDifference& whiten = difference.stages[0].fields[0];
  EXPECT_EQ(whiten.name, "params.whiten");
  EXPECT_EQ(whiten.first, "false");
  EXPECT_EQ(whiten.second, "true");
}

TEST_F(Paths, AnotherExtentOfOneRunIsACause) {
  const JobRecord a = job(0.001, 10, 0, 4), b = job(0.001, 20, 0, 4);
  register_sweep(db, sample_sweep("s"), {a, b});
  const PathDifference d = difference(a, b);
  EXPECT_EQ(texts(d.stages)[1], "train one run");
  EXPECT_EQ(d.stages[2].follows, std::vector<std::string>{"train"});
  EXPECT_TRUE(d.stages[2].fields.empty());
}

TEST_F(Paths, EqualWorkHasNoParting) {
  const JobRecord a = job(0.001, 10, 0, 4);
  register_sweep(db, sample_sweep("s"), {a});
  EXPECT_FALSE(difference(a, a).parts_at);
}

TEST_F(Paths, WithoutATranscriptTheDatabaseTells) {
  const JobRecord a = job(0.001, 10, 0, 4), b = job(0.01, 10, 1, 4);
  register_sweep(db, sample_sweep("s"), {a, b});
  std::filesystem::remove(store.transcript("train", b.path[1].artifact.key));
  const StageDifference train = difference(a, b).stages[1];
  EXPECT_FALSE(train.from_transcripts);
  EXPECT_EQ(train.missing, "B has left no transcript");
  ASSERT_EQ(train.fields.size(), 2u);
  EXPECT_EQ(train.fields[0].name, "learning_rate");
  EXPECT_EQ(train.fields[1].name, "seed");
  EXPECT_EQ(train.fields[1].second, "1");
}

TEST_F(Paths, OfATaskIsFollowedThroughTranscripts) {
  const JobRecord a = job(0.001, 20, 0, 4);
  register_sweep(db, sample_sweep("s"), {a});
  const Work cluster = work_of_task(db, store, {"cluster", a.path[3].artifact.key});
  EXPECT_EQ(
      texts(align_paths(cluster.path, {})),
      (std::vector<std::string>{"load only first", "train only first", "encode only first", "cluster only first"}));
  EXPECT_EQ(cluster.path[1].artifact.extent, 20);
  EXPECT_FALSE(cluster.job);
  const PathDifference d = path_difference(db, store, cluster, work_of_job(db, a.id));
  EXPECT_EQ(texts(d.stages).back(), "score only second");
  EXPECT_EQ(d.parts_at, 4u);
}

TEST_F(Paths, OfATaskIsTakenFromAJobWhereATranscriptIsMissing) {
  const JobRecord a = job(0.001, 20, 0, 4);
  register_sweep(db, sample_sweep("s"), {a});
  std::filesystem::remove(store.transcript("encode", a.path[2].artifact.key));
  const Work work = work_of_task(db, store, {"cluster", a.path[3].artifact.key});
  ASSERT_TRUE(work.job);
  EXPECT_EQ(work.job->job, a.id);
  EXPECT_EQ(work.path.size(), 4u);
  EXPECT_EQ(work.missing, "");
}

TEST_F(Paths, ATaskMayBeComparedWithAJob) {
  const JobRecord a = job(0.001, 20, 0, 4), b = job(0.01, 20, 0, 4);
  register_sweep(db, sample_sweep("s"), {a, b});
  const PathDifference same = path_difference(db, store, work_of_task(db, store, {"train", a.path[1].artifact.key}),
                                              work_of_task(db, store, {"train", a.path[1].artifact.key}));
  EXPECT_FALSE(same.parts_at);
  const PathDifference other =
      path_difference(db, store, work_of_task(db, store, {"train", a.path[1].artifact.key}), work_of_job(db, b.id));
  EXPECT_EQ(other.stages[1].sharing, Sharing::different);
  EXPECT_EQ(other.stages[1].fields.at(0).name, "params.learning_rate");
}

TEST(PathDifference, AReaderIsToldWordsInsteadOfWhatWasHashed) {
  const FieldDifference rate = in_words("reduce", {"params.learning_rate", "0.0", "100.0"});
  EXPECT_EQ(rate.first, "auto");
  EXPECT_EQ(rate.second, "100.0");
  EXPECT_EQ(in_words("train", {"params.learning_rate", "0.0", "0.1"}).first, "0.0");
  const FieldDifference threads = in_words("encode", {"threads", "1", "null"});
  EXPECT_EQ(threads.first, "1");
  EXPECT_EQ(threads.second, std::nullopt);
}

}  // namespace
}  // namespace latentgrid
