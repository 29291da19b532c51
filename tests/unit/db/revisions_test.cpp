#include "db/revisions.hpp"

#include <gtest/gtest.h>

#include "db/export_results.hpp"
#include "db/list_jobs.hpp"
#include "db/queries.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;
using Cause = RevisionChange::Cause;

struct Revisions : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  const std::vector<JobRecord> before = {sample_job("AE1", "pca", 8, 0), sample_job("AE1", "pca", 8, 1)},
                               after = {sample_job("AE1", "pca", 8, 1), sample_job("AE2", "pca", 8, 0),
                                        sample_job("AE2", "pca", 8, 1)};
  SweepRecord sweep = sample_sweep("one");

  RevisionChange change(const SweepRecord& record, const std::vector<JobRecord>& jobs) {
    return revision_change(db, record, list_of(jobs));
  }
  Cause cause(const SweepRecord& record) { return change(record, after).former.value().cause; }
};

TEST_F(Revisions, TheFirstFollowsNone) {
  const RevisionChange first = change(sweep, before);
  EXPECT_EQ(first.number, 1);
  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(first.former);
}

TEST_F(Revisions, NothingNewIsNoRevision) {
  register_sweep(db, sweep, before);
  const RevisionChange same = change(sweep, before);
  EXPECT_EQ(same.number, 1);
  EXPECT_FALSE(same.is_new);
  EXPECT_FALSE(same.former);
}

TEST_F(Revisions, AreRegisteredWithWhatTheyChange) {
  const Registration first = register_sweep(db, sweep, list_of(before));
  EXPECT_EQ(first.revision, latest_revision(db, "one")->id);
  EXPECT_TRUE(first.change.is_new);
  const Registration again = register_sweep(db, sweep, list_of(before));
  EXPECT_EQ(again.revision, first.revision);
  EXPECT_FALSE(again.change.is_new);
  const Registration next = register_sweep(db, sweep, list_of(after));
  EXPECT_EQ(next.revision, latest_revision(db, "one")->id);
  EXPECT_EQ(next.change.number, 2);
  EXPECT_EQ(next.change.former.value().gone, 1);
}

TEST_F(Revisions, ReadTheJobsKeysOnce) {
  std::size_t asked = 0;
  const JobList counting = list_of(before, {}, [&](std::size_t) { ++asked; });
  register_sweep(db, sweep, counting);
  EXPECT_EQ(asked, before.size());
}

TEST_F(Revisions, SayWhatTheFormerWasAndWhichJobsAreGone) {
  sweep.provenance["sweep_file"] = "/home/lab/one.yaml";
  register_sweep(db, sweep, before);
  SweepRecord other = sweep;
  other.text += "# other\n";
  other.provenance["sweep_file"] = "/home/lab/copy.yaml";
  const RevisionChange change_now = change(other, after);
  EXPECT_EQ(change_now.number, 2);
  EXPECT_TRUE(change_now.is_new);
  ASSERT_TRUE(change_now.former);
  EXPECT_EQ(change_now.former->number, 1);
  EXPECT_EQ(change_now.former->file, "/home/lab/one.yaml");
  EXPECT_EQ(change_now.former->cause, Cause::other_file);
  EXPECT_EQ(change_now.former->jobs, 2);
  EXPECT_EQ(change_now.former->gone, 1);
  EXPECT_EQ(latest_revision(db, "one")->number, 1) << "nothing is written";
}

TEST_F(Revisions, HaveACause) {
  sweep.provenance["data"] = {{"images", "a"}};
  register_sweep(db, sweep, before);
  SweepRecord changed = sweep;
  changed.text += "# more\n";
  EXPECT_EQ(cause(changed), Cause::changed_file);
  changed.file = "./experiments/../experiments/one.yaml";
  EXPECT_EQ(cause(changed), Cause::changed_file);
  changed.file = "experiments/two.yaml";
  EXPECT_EQ(cause(changed), Cause::other_file);
  SweepRecord options = sweep;
  options.options = {{"set", {"train.epochs=2"}}};
  EXPECT_EQ(cause(options), Cause::other_options);
  SweepRecord dataset = sweep;
  dataset.dataset["images"] = 9;
  EXPECT_EQ(cause(dataset), Cause::other_dataset);
  SweepRecord other_bytes = sweep;
  other_bytes.provenance["data"] = {{"images", "b"}};
  EXPECT_EQ(cause(other_bytes), Cause::other_dataset);
  EXPECT_EQ(cause(sweep), Cause::other_jobs);
}

TEST_F(Revisions, RecordedBeforeTheirDataWasDoNotSayWhatChanged) {
  register_sweep(db, sweep, before);
  sweep.provenance["data"] = {{"images", "b"}};
  EXPECT_EQ(cause(sweep), Cause::data_or_program);
}

TEST_F(Revisions, OfTheSameJobsAreNotSaidToComputeThemDifferently) {
  sweep.provenance["data"] = {{"images", "a"}};
  register_sweep(db, sweep, before);
  SweepRecord report = sweep;
  report.report = {{"tables", {{{"name", "scores"}}}}};
  EXPECT_EQ(change(report, before).former.value().cause, Cause::other_report);
  EXPECT_EQ(change(report, before).former->gone, 0);
  EXPECT_EQ(cause(report), Cause::other_jobs) << "other jobs, whatever the report";
  SweepRecord more_is_recorded = sweep;
  more_is_recorded.dataset["default_split"] = true;
  EXPECT_EQ(change(more_is_recorded, before).former.value().cause, Cause::other_record);
  SweepRecord names = sweep;
  names.dataset["name"] = "landscapes";
  EXPECT_EQ(change(names, before).former.value().cause, Cause::other_dataset);
  EXPECT_EQ(change(sweep, {before[1], before[0]}).former.value().cause, Cause::other_record) << "the same ones in another order";
}

TEST_F(Revisions, AreListedWithWhatTheLatestHides) {
  register_sweep(db, sweep, before);
  EXPECT_EQ(jobs_of_earlier_revisions(db, "one"), 0);
  record_results(db, sample_artifacts(before[0], {}), {}, {{before[0].id, JobState::complete, ""}});
  SweepRecord changed = sweep;
  changed.text += "# more\n";
  register_sweep(db, changed, after);
  const std::vector<RevisionSummary> all = list_revisions(db, "one");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].number, 1);
  EXPECT_EQ(all[0].jobs, 2);
  EXPECT_EQ(all[0].complete, 1);
  EXPECT_EQ(all[0].not_in_latest, 1);
  EXPECT_EQ(all[1].jobs, 3);
  EXPECT_EQ(all[1].not_in_latest, 0);
  EXPECT_EQ(jobs_of_earlier_revisions(db, "one"), 1);
  EXPECT_EQ(jobs_of_earlier_revisions(db, "two"), 0);
}

TEST_F(Revisions, CanBeReadByTheirNumbers) {
  register_sweep(db, sweep, before);
  SweepRecord changed = sweep;
  changed.text += "# more\n";
  register_sweep(db, changed, after);
  EXPECT_EQ(find_revision(db, "one", 1)->number, 1);
  EXPECT_EQ(find_revision(db, "one", std::nullopt)->number, 2);
  EXPECT_FALSE(find_revision(db, "one", 3));
  RowList rows;
  EXPECT_EQ(select_results(db, {.sweep = "one", .revision = 1, .columns = {"job"}}, rows), 2);
  EXPECT_EQ(rows.rows[0][0], Cell(before[0].id));
  RowList exported;
  export_results(db, "one", exported, 1);
  EXPECT_EQ(exported.rows.size(), 2u);
}

}  // namespace
}  // namespace latentgrid
