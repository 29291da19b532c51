#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "base/error.hpp"
#include "base/json.hpp"
#include "cli/commands.hpp"
#include "report/choice_sentences.hpp"
#include "unit/measures/measured_sweep.hpp"

namespace latentgrid::cli {
namespace {

using namespace latentgrid::testing;

struct ChooseCommand : MeasuredSweep {
  std::string out, err;

  int run(const std::string& arguments) {
    CLI::App app;
    Context context;
    context.results = results.folder();
    add_choose(app, context);
    app.parse("choose " + arguments);
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
  void two_settings_of_two_seeds(std::size_t pending = 0) {
    add(sample_job("raw", "pca", 8, 0), {0, 0, 0, 1, 1, 1});
    add(sample_job("raw", "pca", 8, 1), {1, 1, 1, 0, 0, 0});
    add(sample_job("raw", "tsne", 2, 0), {0, 0, 0, 1, 1, 1});
    add(sample_job("raw", "tsne", 2, 1), {0, 0, 0, 1, 1, -1});
    record(pending, {0.5, 0.75, 1, 0.5});
  }
  std::string id(std::size_t job) const { return jobs[job].id; }
};

// sklearn.metrics.adjusted_rand_score([0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, -1]) is a = 0.705882, and (1 + a) / 2 =
// 0.852941; scipy.stats.kendalltau([(1 + a) / 2, (1 + a) / 2, 1, a], [.5, .75, 1, .5]) is 0.8.
TEST_F(ChooseCommand, ShowsMeasuresAndHowTheyWouldHaveChosen) {
  two_settings_of_two_seeds();
  EXPECT_EQ(run("scenes"), 0);
  EXPECT_EQ(out, fmt::format(
                     "  job           reduction  reduced_dim  seed  accuracy  agreement  stability\n"
                     "  {}  pca                  8     0       0.5   0.852941          1\n"
                     "  {}  pca                  8     1      0.75   0.852941          1\n"
                     "  {}  tsne                 2     0         1          1   0.705882\n"
                     "  {}  tsne                 2     1       0.5   0.705882   0.705882\n"
                     "\n"
                     "Agreement is the mean adjusted Rand index of a job's clusters with those of the jobs of other "
                     "settings (4 clusterings in all); a "
                     "job that is the same setting with another seed does not count.\n"
                     "Stability is the mean adjusted Rand index between the seeds of a setting; it is 1 where nothing "
                     "is drawn at random.\n"
                     "\n"
                     "Would they have chosen well?\n"
                     "Of 4 jobs the best has accuracy 1.0000; one drawn at random has 0.6875 on average, 0.3125 less.\n"
                     "Agreement would have chosen job {} (raw pixels + t-SNE(dim = 2), k-means k = 2, seed 0) with "
                     "accuracy 1.0000, no job has more; it "
                     "orders the 4 jobs with Kendall's tau of +0.80. Warning: with fewer than 5 settings any order may "
                     "be chance, so this is no reason to "
                     "choose by it.\n"
                     "Stability would have chosen the setting of job {} (raw pixels + PCA(dim = 8), k-means k = 2) "
                     "with a mean accuracy of 0.6250 over 2 seeds, "
                     "0.1250 below the best setting; it does not order the 2 settings. Warning: with fewer than 5 "
                     "settings any order may be chance, so this "
                     "is no reason to choose by it.\n",
                     id(0), id(1), id(2), id(3), id(2), id(0)));
  EXPECT_EQ(err, "");
}

TEST_F(ChooseCommand, SortsOnlyWhenAsked) {
  two_settings_of_two_seeds();
  run("scenes --by agreement --format csv --limit 2");
  EXPECT_EQ(out.find("job,"), 0u);
  EXPECT_LT(out.find(id(2)), out.find(id(0)));
  EXPECT_EQ(out.find(id(3)), std::string::npos);
  run("scenes --format csv");
  EXPECT_LT(out.find(id(0)), out.find(id(2)));
}

TEST_F(ChooseCommand, GivesItAllAsJson) {
  two_settings_of_two_seeds(1);
  run("scenes --json");
  const Json json = Json::parse(out);
  EXPECT_EQ(json.at("jobs").size(), 3u);
  EXPECT_EQ(json.at("incomplete"), 1);
  EXPECT_EQ(json.at("space"), Json());
  EXPECT_EQ(json.at("jobs")[2].at("agreement"), 1.0);
  EXPECT_EQ(json.at("jobs")[2].at("stability"), Json()) << "its other seed is not complete";
  EXPECT_EQ(json.at("choice").at("best"), 1.0);
  EXPECT_EQ(json.at("choice").at("measures")[0].at("evidence"), "too few settings");
  run("scenes");
  EXPECT_NE(out.find("\n1 job is not complete and is left out.\n"), std::string::npos) << out;
}

TEST_F(ChooseCommand, OnlyJobsThatMeetTheConditionsTakePart) {
  two_settings_of_two_seeds();
  run("scenes --where reduction=pca");
  EXPECT_NE(out.find("Agreement is empty: it takes complete jobs of two settings.\n"), std::string::npos) << out;
  EXPECT_EQ(out.find(id(2)), std::string::npos);
  run("scenes --where seed=0");
  EXPECT_NE(out.find("Stability is empty: no setting has two seeds that are complete.\n"), std::string::npos) << out;
}

TEST_F(ChooseCommand, WithoutLabelsItSaysThatNothingIsKnown) {
  two_settings_of_two_seeds();
  {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    for (const JobRecord& job : jobs) {
      std::vector<ArtifactRow> artifacts = sample_artifacts(job, {});
      artifacts.back().record["metrics"] = {{"silhouette", 0.25}, {"labelled", 0}};
      record_results(db, artifacts, {}, {});
    }
  }
  run("scenes");
  EXPECT_NE(out.find("There are no labels to say how well these measures choose here. Elsewhere agreement, stability "
                     "and silhouettes have each failed for "
                     "some kind of encoder.\n"),
            std::string::npos)
      << out;
  EXPECT_EQ(out.find("accuracy"), std::string::npos);
}

TEST_F(ChooseCommand, RefusesWhatIsNoMeasureNoSpaceAndNoRanking) {
  two_settings_of_two_seeds();
  EXPECT_EQ(error("scenes --by silhouette"),
            "--by takes agreement, stability, silhouette_in, calinski_harabasz_in, and 'silhouette' is none of them\n  "
            "hint: silhouettes of different "
            "embeddings are not comparable; silhouette_in is taken in the one that --space names");
  EXPECT_EQ(error("scenes --by agrement"),
            "--by takes agreement, stability, silhouette_in, calinski_harabasz_in, and 'agrement' is none of them\n  "
            "hint: did you mean 'agreement'?");
  EXPECT_EQ(error("scenes --by silhouette_in"),
            "silhouette_in needs a space\n  hint: add --space and the name of an encoder that is not trained, or the "
            "id of a job, whose points are then the "
            "space");
  EXPECT_EQ(
      error("scenes --score silhouette"),
      "--score takes accuracy, accuracy_public, accuracy_private, ari, nmi, purity, knn_accuracy, linear_accuracy, and 'silhouette' is none of them");
}

// Of jobs that are made up, the words for each kind of evidence.
struct ChoiceSentences : ::testing::Test {
  std::vector<ResultRow> rows{2};
  LabelledChoice all{.score = find_metric("accuracy"),
                     .jobs = 36,
                     .best = 0.829,
                     .mean = 0.751,
                     .best_setting = 0.8,
                     .mean_of_settings = 0.75,
                     .measures = {}};
  MeasureChoice choice{.measure = find_measure("agreement"),
                       .judged = 36,
                       .settings = 12,
                       .chosen = 1,
                       .seeds = 1,
                       .score = 0.742,
                       .loss = 0.087,
                       .tau = 0.62,
                       .tau_of_settings = 0.7,
                       .p = 0.0023,
                       .evidence = MeasureChoice::Evidence::better_than_chance};

  ChoiceSentences() {
    rows[1].job = "0123456789ab";
    rows[1].architecture = "raw";
    rows[1].clustering = "gmm";
    rows[1].k = 2;
  }
  std::string text() const { return choice_sentence({&rows[0], &rows[1]}, all, choice); }
};

TEST_F(ChoiceSentences, OfWhatIsBetterThanChance) {
  const std::string chosen =
      "Agreement would have chosen job 0123456789ab (raw pixels, Gaussian mixture k = 2, seed 0) with accuracy "
      "0.7420, ";
  const std::string lost = "0.0870 below the best job; ";
  EXPECT_EQ(text(), chosen + lost +
                        "it orders the 36 jobs with Kendall's tau of +0.62 (over the 12 settings +0.70, p = 0.0023).");
  choice.beats_random = false;
  EXPECT_EQ(text(), chosen + lost +
                        "it orders the 36 jobs with Kendall's tau of +0.62 (over the 12 settings +0.70, p = 0.0023). "
                        "Warning: the job that it "
                        "chooses is no better than one drawn at random.");
  choice.judged = 12;
  choice.loss = 0;
  choice.beats_random = true;
  EXPECT_EQ(text(), chosen + "no job has more; it orders the 12 jobs with Kendall's tau of +0.62 (p = 0.0023).");
}

TEST_F(ChoiceSentences, WarnOfWhatIsNot) {
  choice.tau = choice.tau_of_settings = 0.1;
  choice.p = 0.61;
  choice.evidence = MeasureChoice::Evidence::chance;
  EXPECT_TRUE(
      text().ends_with("Kendall's tau of +0.10 (over the 12 settings +0.10, p = 0.61). Warning: that is no better than "
                       "chance here: do not choose by it."))
      << text();
  choice.tau = choice.tau_of_settings = -0.5;
  choice.p = 0.00001;
  choice.evidence = MeasureChoice::Evidence::wrong_way;
  EXPECT_TRUE(
      text().ends_with("Kendall's tau of -0.50 (over the 12 settings -0.50, p < 0.001). Warning: it points the wrong "
                       "way here: do not choose by it."))
      << text();
  choice.tau = choice.tau_of_settings = choice.p = std::nullopt;
  choice.evidence = MeasureChoice::Evidence::orders_nothing;
  EXPECT_TRUE(text().ends_with("it does not order the 36 jobs. Warning: it tells nothing here: do not choose by it."))
      << text();
}

TEST_F(ChoiceSentences, InShort) {
  using Evidence = MeasureChoice::Evidence;
  const auto in_short = [&](Evidence evidence) {
    choice.evidence = evidence;
    all.measures = {choice};
    return choice_in_short(all).front();
  };
  EXPECT_EQ(in_short(Evidence::better_than_chance),
            "Agreement is better than chance here (Kendall's tau of +0.62 with the scores of the jobs).");
  EXPECT_EQ(in_short(Evidence::chance), "Agreement is no better than chance here: do not choose by it.");
  EXPECT_EQ(in_short(Evidence::wrong_way), "Agreement points the wrong way here: do not choose by it.");
  EXPECT_EQ(in_short(Evidence::orders_nothing), "Agreement tells nothing here: do not choose by it.");
  EXPECT_EQ(in_short(Evidence::too_few),
            "Whether agreement chooses better than chance cannot be said with fewer than 5 settings.");
  EXPECT_EQ(choice_in_short(std::nullopt).front(), "There are no labels to say how well the measures choose here.");
}

TEST_F(ChoiceSentences, OfWhatIsMeasuredOfSettings) {
  choice.measure = find_measure("stability");
  choice.judged = 12;
  choice.seeds = 3;
  EXPECT_EQ(text(),
            "Stability would have chosen the setting of job 0123456789ab (raw pixels, Gaussian mixture k = 2) with a "
            "mean accuracy of 0.7420 over 3 seeds, 0.0870 below the best "
            "setting; it orders the 12 settings with Kendall's tau of +0.62 (p = 0.0023).");
}

}  // namespace
}  // namespace latentgrid::cli
