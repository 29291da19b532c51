#include "cli/revision_text.hpp"

#include <gtest/gtest.h>

namespace latentgrid::cli {
namespace {

RevisionChange change(RevisionChange::Cause cause, std::int64_t jobs, std::int64_t gone) {
  return {2, true, RevisionChange::Former{1, "/lab/t.yaml", "2026-11-21T10:00:00.000Z", cause, jobs, gone}};
}

TEST(RevisionText, SaysThatAnotherFileHadTheName) {
  EXPECT_EQ(revision_text(change(RevisionChange::Cause::other_file, 2, 2), "t", Tense::present),
            "This is revision 2 of the sweep 't'. Revision 1, of 2026-11-21 10:00 UTC, was made from another file, "
            "/lab/t.yaml.\n"
            "None of its 2 jobs is in revision 2, so `ls`, `status` and `report` no longer show them. They stay in the "
            "database; `latentgrid ls t --revision 1` lists them.\n"
            "To keep the two sweeps apart, give one of them another name.\n");
}

TEST(RevisionText, SaysThatTheFileChanged) {
  EXPECT_EQ(revision_text(change(RevisionChange::Cause::changed_file, 12, 1), "t", Tense::future),
            "This will be revision 2 of the sweep 't'. Revision 1, of 2026-11-21 10:00 UTC, was made from the same file, "
            "/lab/t.yaml, before it changed.\n"
            "1 of its 12 jobs is not in revision 2, so `ls`, `status` and `report` no longer show it. It stays in the "
            "database; `latentgrid ls t --revision 1` lists it.\n");
}

TEST(RevisionText, CountsTheJobsThatAreGone) {
  const std::string two = revision_text(change(RevisionChange::Cause::other_jobs, 3, 2), "t", Tense::present);
  EXPECT_NE(two.find("\n2 of its 3 jobs are not in revision 2, so"), std::string::npos) << two;
  const std::string one = revision_text(change(RevisionChange::Cause::other_dataset, 1, 1), "t", Tense::present);
  EXPECT_NE(one.find("\nIts only job is not in revision 2, so"), std::string::npos) << one;
}

TEST(RevisionText, IsShortWhereAllJobsStay) {
  EXPECT_EQ(revision_text(change(RevisionChange::Cause::other_options, 12, 0), "t", Tense::present),
            "This is revision 2 of the sweep 't'. Revision 1, of 2026-11-21 10:00 UTC, was made from the same file with "
            "other options (--set, --data).\n");
}

TEST(RevisionText, SaysNothingOfJobsThatAreTheSame) {
  EXPECT_EQ(revision_text(change(RevisionChange::Cause::other_report, 12, 0), "t", Tense::future),
            "This will be revision 2 of the sweep 't'. Revision 1, of 2026-11-21 10:00 UTC, was made from the same file, "
            "but its report section was read differently.\n");
  EXPECT_EQ(revision_text(change(RevisionChange::Cause::other_record, 12, 0), "t", Tense::present),
            "This is revision 2 of the sweep 't'. Revision 1, of 2026-11-21 10:00 UTC, was made from the same file by a "
            "version of latentgrid that recorded it differently.\n");
  EXPECT_EQ(revision_json(change(RevisionChange::Cause::other_report, 12, 0))["former"]["cause"], "other report");
  EXPECT_EQ(revision_json(change(RevisionChange::Cause::other_record, 12, 0))["former"]["cause"], "other record");
}

TEST(RevisionText, IsNothingOfAFirstOneOrTheSame) {
  EXPECT_EQ(revision_text({}, "t", Tense::future), "");
  EXPECT_EQ(revision_text({1, false, {}}, "t", Tense::present), "");
  EXPECT_EQ(revision_json({1, false, {}}), (Json{{"number", 1}, {"new", false}, {"former", nullptr}}));
  const Json json = revision_json(change(RevisionChange::Cause::other_file, 2, 1));
  EXPECT_EQ(json["former"]["cause"], "other file");
  EXPECT_EQ(json["former"]["gone"], 1);
}

}  // namespace
}  // namespace latentgrid::cli
