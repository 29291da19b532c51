// What goes out for others: `submission` and `export results`, and how `show` and `report` tell what came back.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "base/file_system.hpp"
#include "columns/metrics.hpp"
#include "db/registration.hpp"
#include "db/submissions.hpp"
#include "store/npy.hpp"
#include "support/predictions.hpp"
#include "unit/cli/commands_fixture.hpp"

namespace latentgrid::cli {
namespace {

using namespace latentgrid::testing;
namespace fs = std::filesystem;

struct ResultsCommands : CommandsFixture {
  ArtifactStore store{results.folder()};
  JobRecord job = sample_job("AE1", "pca", 32, 0), pending = sample_job("raw", "pca", 32, 0);
  std::string description = "latentgrid job " + job.id + ": AE1(native) + PCA(dim = 32), 20 epochs, k = 2, seed 0";
  fs::path default_file = store.submissions() / ("submission_" + job.id + ".csv");

  void write_list(const std::string& stage, const std::string& name, const std::vector<std::int32_t>& values) {
    const fs::path folder = store.folder(stage, task_of(job, stage).artifact);
    fs::create_directories(folder);
    write_npy(folder / name, std::span(values), {static_cast<std::int64_t>(values.size())});
  }
  void register_jobs() {
    SweepRecord sweep = sample_sweep("hw4");
    sweep.dataset["source"] = {
        {"name", "scenes"},
        {"images", Json::array()},
        {"labels", Json::array()},
        {"classes", {}},
        {"synthetic",
         {{"images", 6}, {"classes", 2}, {"channels", 1}, {"height", 4}, {"width", 4}, {"seed", 0}, {"noise", 0.1}}},
        {"split", {{"public_fraction", 0.5}, {"seed", 0}, {"public_indices", ""}}}};
    sweep.dataset["source"]["classes"] = Json::array();
    register_sweep(ResultsDb::open_for_writing(results.database()), sweep, {job, pending});
    write_list("cluster", "clusters.npy", {0, 1, 1, 0, 1, 0});
    write_labels(store, task_of(job, "labels").artifact, DatasetSource::from_json(sweep.dataset["source"]));
  }
  void complete(const std::vector<ArtifactRow>& artifacts) {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    record_results(db, artifacts, {}, {{job.id, JobState::complete, "", "2026-11-21T10:10:00.000Z"}});
  }
  void fill() {
    register_jobs();
    complete(sample_artifacts(job, {0.04, 0.716, 0.717, 0.716, 0.2, 0.1}));
    write_list("score", "assignment.npy", {1, 0});
  }
  void fill_without_labels() {
    register_jobs();
    std::vector<ArtifactRow> artifacts = sample_artifacts(job, {});
    artifacts.back().record["metrics"] = {{"silhouette", 0.25}, {"labelled", 0}};
    complete(artifacts);
  }
  void submit() {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    import_submissions(db, {{.job = job.id,
                             .file = default_file.filename().string(),
                             .submitted_at = "2026-11-22 10:00:00",
                             .description = description,
                             .public_score = 0.7105,
                             .imported_at = "2026-11-25T00:00:00.000Z"}});
  }
};

TEST_F(ResultsCommands, SubmissionWritesAFileAndSaysHowItCameAbout) {
  fill();
  EXPECT_EQ(run("submission " + job.id.substr(0, 8)), 0);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, fmt::format(
                     "wrote {}: 6 rows, one for each image\n"
                     "the clusters were matched to classes on 8500 labelled images; the accuracy on them is 0.7160, "
                     "an upper bound\n"
                     "labels of the clusters, in order: 1, 0\n"
                     "upload it with this description, by which `latentgrid scores import` finds the job:\n"
                     "  {}\n",
                     default_file.string(), description));
  EXPECT_EQ(read_file(default_file), "id,label\n0,1\n1,0\n2,0\n3,1\n4,0\n5,1\n");
}

TEST_F(ResultsCommands, SubmissionSaysWhenItReplacesSomethingElse) {
  fill();
  run("submission " + job.id);
  run("submission " + job.id);
  EXPECT_EQ(err.substr(0, err.find('\n')), "wrote " + default_file.string() + ": 6 rows, one for each image");
  write_file(default_file, "my own notes\n");
  run("submission " + job.id);
  EXPECT_EQ(err.substr(0, err.find('\n')), "wrote " + default_file.string() + ": 6 rows, one for each image; it held something else before");
  EXPECT_EQ(read_file(default_file).substr(0, 9), "id,label\n");
}

TEST_F(ResultsCommands, SubmissionWithoutLabelsWritesBothMappings) {
  fill_without_labels();
  const fs::path file = results.folder() / "new" / "answer.v1.csv";
  EXPECT_EQ(run("submission " + job.id + " --out " + file.string()), 0);
  EXPECT_EQ(
      err,
      fmt::format("wrote {0}/answer.v1_a.csv: 6 rows, one for each image\n"
                  "wrote {0}/answer.v1_b.csv: 6 rows, one for each image\n"
                  "no image has a label, so nothing tells which cluster is which class: a and b are the two mappings\n"
                  "upload it with this description, by which `latentgrid scores import` finds the job:\n"
                  "  {1}, mapping a\n"
                  "  {1}, mapping b\n",
                  file.parent_path().string(), description));
  EXPECT_EQ(read_file(file.parent_path() / "answer.v1_a.csv"), "id,label\n0,0\n1,1\n2,1\n3,0\n4,1\n5,0\n");
  EXPECT_EQ(read_file(file.parent_path() / "answer.v1_b.csv"), "id,label\n0,1\n1,0\n2,0\n3,1\n4,0\n5,1\n");
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(ResultsCommands, SubmissionWarnsOfNoise) {
  fill();
  write_list("cluster", "clusters.npy", {0, -1, 1, 0, -1, 0});
  EXPECT_EQ(run("submission " + job.id), 0);
  EXPECT_NE(err.find("labels of the clusters, in order: 1, 0\nwarning: 2 images are noise, in no cluster: their label is -1\n"), std::string::npos) << err;
  EXPECT_EQ(read_file(default_file), "id,label\n0,1\n1,-1\n2,0\n3,1\n4,-1\n5,1\n");
  write_list("cluster", "clusters.npy", {0, 1, 1, 0, -1, 0});
  run("submission " + job.id);
  EXPECT_NE(err.find("warning: 1 image is noise, in no cluster: its label is -1\n"), std::string::npos) << err;
}

TEST_F(ResultsCommands, SubmissionTellsScriptsTheSame) {
  fill();
  run("submission --json --out " + results.folder().string() + " " + job.id);
  EXPECT_EQ(err, "");
  EXPECT_EQ(Json::parse(out), (Json{{"job", job.id},
                                    {"images", 6},
                                    {"rows", 6},
                                    {"image_file", nullptr},
                                    {"images_in_file", 6},
                                    {"without_rows", Json::array()},
                                    {"labelled", 8500},
                                    {"accuracy", 0.716},
                                    {"without_class", 0},
                                    {"noise", 0},
                                    {"files",
                                     {{{"file", (results.folder() / default_file.filename()).string()},
                                       {"replaced", false},
                                       {"mapping", nullptr},
                                       {"labels", {1, 0}},
                                       {"description", description}}}}}));
}

TEST_F(ResultsCommands, SubmissionOfAJobThatIsNotDoneWritesNothing) {
  fill();
  EXPECT_EQ(error("submission " + pending.id),
            fmt::format("job {} is not complete (pending): `latentgrid run experiments/hw4.yaml` does the work that is missing", pending.id));
  EXPECT_EQ(error("submission zzz"), "'zzz' is not the id of a job\n  hint: `latentgrid ls SWEEP --sort accuracy -r --limit 1` shows the best job and its id");
  EXPECT_FALSE(fs::exists(store.submissions()));
}

TEST_F(ResultsCommands, ExportWritesWhatAJobMadeOfTheImages) {
  fill();
  auto write_matrix = [&](const std::string& stage, const std::string& name, std::vector<float> values) {
    const fs::path folder = store.folder(stage, task_of(job, stage).artifact);
    fs::create_directories(folder);
    write_npy(folder / name, std::span<const float>(values), {6, static_cast<std::int64_t>(values.size()) / 6});
    return read_file(folder / name);
  };
  const std::string latents =
      write_matrix("encode", "latents.npy", {0, 1.5f, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0.1f});
  write_matrix("reduce", "embedding.npy", {0, 1, 2, 3, 4, 5.25f});
  write_npy(store.folder("encode", task_of(job, "encode").artifact) / "errors.npy",
            std::span<const float>(std::vector<float>{1, 2, 3, 4, 5, 6}), {6});
  EXPECT_EQ(run("export latents " + job.id), 0);
  EXPECT_EQ(err, fmt::format("wrote {}/latents_{}.npy: the latents of job {}, 6 images by 2 values\n",
                             store.exports().string(), job.id, job.id));
  EXPECT_EQ(read_file(store.exports() / ("latents_" + job.id + ".npy")), latents);
  EXPECT_EQ(run("export latents --out - --format csv " + job.id), 0);
  EXPECT_EQ(out,
            "image,file,latents_0,latents_1\n0,,0,1.5\n1,,2,3\n2,,4,5\n3,,6,7\n4,,8,9\n5,,10,0.1\n");
  EXPECT_EQ(err, "");
  const fs::path file = results.folder() / "new" / "e.csv";
  EXPECT_EQ(run("export embedding --out " + file.string() + " " + job.id), 0);
  EXPECT_EQ(read_file(file), "image,file,embedding_0\n0,,0\n1,,1\n2,,2\n3,,3\n4,,4\n5,,5.25\n");
  EXPECT_EQ(run("export misclustered --out - " + job.id), 0);
  EXPECT_EQ(out.substr(0, out.find('\n')), "image,file,label,cluster,predicted,correct,squared_error");
  const std::string labels = store.exports().string() + "/labels_" + job.id + ".csv";
  EXPECT_EQ(run("export labels " + job.id), 0);
  EXPECT_EQ(err, fmt::format("wrote {}: 6 images of job {}\n", labels, job.id));
  auto into = [&](const std::string& name) { return " --out " + (results.folder() / name).string() + " " + job.id; };
  EXPECT_EQ(error("export latents" + into("l.txt")),
            fmt::format("{0}/l.txt does not end in .npy or .csv, so its format is not clear\n  hint: name the file {0}/l.npy, or add "
                        "--format npy or --format csv",
                        results.folder().string()));
  EXPECT_NE(error("export labels" + into("l.npz")).find("l.npz does not end in .csv or .npy,"), std::string::npos);
  EXPECT_EQ(run("export misclustered" + into("m.npy")), 0);
  EXPECT_EQ(read_file(results.folder() / "m.npy").substr(1, 5), "NUMPY");
  EXPECT_FALSE(fs::exists(results.folder() / "l.txt"));
  EXPECT_EQ(run("export latents --format csv" + into("l.txt")), 0);
  EXPECT_EQ(read_file(results.folder() / "l.txt").substr(0, 11), "image,file,");
  EXPECT_EQ(run("export latents" + into("l.CSV")), 0);
  EXPECT_EQ(read_file(results.folder() / "l.CSV"), read_file(results.folder() / "l.txt"));
  EXPECT_EQ(run("export latents" + into("l")), 0);
  EXPECT_EQ(read_file(results.folder() / "l"), latents);
  fs::create_symlink("/dev/null", results.folder() / "null.txt");
  EXPECT_EQ(run("export latents" + into("null.txt")), 0);
  EXPECT_EQ(error("export latents --out " + results.folder().string() + " " + job.id),
            fmt::format("{0} is a folder: name the file to write, e.g. --out {0}/latents_{1}.npy",
                        results.folder().string(), job.id));
}

TEST_F(ResultsCommands, ExportSaysWhatAJobDoesNotHave) {
  fill_without_labels();
  EXPECT_EQ(error("export misclustered " + job.id),
            fmt::format("no image of job {} has a label, so nothing tells which are misclustered", job.id));
  EXPECT_EQ(error("export misclustered " + pending.id),
            fmt::format("job {} is not complete (pending): `latentgrid run experiments/hw4.yaml` does the work that is missing", pending.id));
  EXPECT_NE(error("export latents " + job.id).find("hint: `latentgrid run experiments/hw4.yaml` makes it anew"),
            std::string::npos);
  const JobRecord whole = sample_job("AE1", "none", 2048, 3);
  register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("none"), {whole});
  EXPECT_EQ(error("export embedding " + whole.id),
            fmt::format("job {0} has no embedding: it has no reduction and clusters the latents\n  hint: `latentgrid "
                        "export latents {0}` writes those",
                        whole.id));
  EXPECT_FALSE(fs::exists(store.exports()));
}

TEST_F(ResultsCommands, ShowListsWhatCameBack) {
  fill();
  run("show " + job.id);
  EXPECT_EQ(out.find("submissions\n"), std::string::npos);
  submit();
  run("show " + job.id);
  EXPECT_NE(out.find(fmt::format("\nsubmissions\n"
                                 "  submitted_at         file                         public  private  description\n"
                                 "  2026-11-22 10:00:00  submission_{}.csv  0.7105        -  {}\n",
                                 job.id, description)),
            std::string::npos)
      << out;
  run("show " + job.id + " --json");
  const Json shown = Json::parse(out);
  EXPECT_EQ(shown["scores"]["leaderboard_public"], 0.7105);
  EXPECT_EQ(shown["submissions"], (Json{{{"file", default_file.filename().string()},
                                         {"submitted_at", "2026-11-22 10:00:00"},
                                         {"description", description},
                                         {"public", 0.7105},
                                         {"private", nullptr},
                                         {"imported_at", "2026-11-25T00:00:00.000Z"}}}));
}

TEST_F(ResultsCommands, LsShowsLeaderboardScoresOnlyWhereAskedFor) {
  fill();
  submit();
  run("ls hw4");
  EXPECT_EQ(out.find("leaderboard"), std::string::npos);
  run("ls hw4 --columns job,leaderboard_public --sort leaderboard_public -r --format csv");
  EXPECT_EQ(out, fmt::format("job,leaderboard_public\n{},0.7105\n{},\n", job.id, pending.id));
}

TEST_F(ResultsCommands, ExportPrintsCsvOrJson) {
  fill();
  submit();
  EXPECT_EQ(run("export results hw4"), 0);
  EXPECT_EQ(err, "");
  const std::vector<std::string> scores = metric_names(&Metric::is_score);
  const std::map<std::string, std::string> measured = {{"recon_mse", "0.04"}, {"accuracy", "0.716"}, {"accuracy_public", "0.717"},
                                                       {"accuracy_private", "0.716"}, {"ari", "0.2"}, {"nmi", "0.1"},
                                                       {"leaderboard_public", "0.7105"}};
  std::string values;
  for (const std::string& score : scores) values += "," + (measured.contains(score) ? measured.at(score) : "");
  EXPECT_EQ(out, fmt::format("sweep,job,dataset,architecture,latent,latent_dim,epochs,reduction,reduced_dim,clustering,k,seed,range,{},"
                             "score.labelled,state,reason,wall_s\n"
                             "hw4,{},scenes,AE1,native,2048,20,pca,32,kmeans,2,0,\"[-1, 1]\"{},8500.0,complete,,6.0\n"
                             "hw4,{},scenes,raw,,3072,,pca,32,kmeans,2,0,\"[-1, 1]\"{},,pending,,1.0\n",
                             fmt::join(scores, ","), job.id, values, pending.id, std::string(scores.size(), ',')));
  const std::string csv = out;
  run("export results hw4 --format json");
  const Json json = Json::parse(out);
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["leaderboard_public"], 0.7105);
  EXPECT_EQ(json[0]["leaderboard_private"], nullptr);
  EXPECT_EQ(json[1]["state"], "pending");
  const fs::path file = results.folder() / "new" / "results.csv";
  run("export results hw4 --out " + file.string());
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, "wrote " + file.string() + fmt::format(": 2 jobs, {} columns\n", 17 + scores.size()));
  EXPECT_EQ(read_file(file), csv);
  const std::string folder = results.folder().string();
  run("export results hw4 --out " + folder + "/r.json");
  EXPECT_EQ(Json::parse(read_file(folder + "/r.json"), nullptr, false), json);
  run("export results hw4 --format csv --out " + folder + "/r.json");
  EXPECT_EQ(read_file(folder + "/r.json"), csv);
  EXPECT_EQ(error("export results hw4 --out " + folder + "/r.txt"),
            fmt::format("{0}/r.txt does not end in .csv or .json, so its format is not clear\n  hint: name the file {0}/r.csv, or add "
                        "--format csv or --format json",
                        folder));
}

TEST_F(ResultsCommands, ExportOfAnUnknownSweepWritesNothing) {
  fill();
  const fs::path file = results.folder() / "results.csv";
  EXPECT_EQ(error("export results hw5 --out " + file.string()), "there is no sweep 'hw5'\n  hint: did you mean 'hw4'?");
  EXPECT_FALSE(fs::exists(file));
}

}  // namespace
}  // namespace latentgrid::cli
