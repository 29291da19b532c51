#include "store/database_place.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/process_identity.hpp"
#include "store/artifact_store.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

namespace fs = std::filesystem;

class Place : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directory(results_); }
  std::string error_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  void says(const std::string& text, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << " is not in: " << text;
  }
  testing::TemporaryFolder folder_;
  const fs::path results_ = folder_ / "results", local_ = folder_ / "local.db";
  const fs::path remembered_ = results_ / "database.txt";
};

TEST_F(Place, IsTheResultsFolderUnlessToldOtherwise) {
  EXPECT_EQ(placed_database(results_), results_ / "latentgrid.db");
  remember_database(results_, results_ / "latentgrid.db");
  EXPECT_FALSE(fs::exists(remembered_));
}

TEST_F(Place, IsRemembered) {
  remember_database(results_, local_);
  EXPECT_EQ(read_file(remembered_), "database " + local_.string() + "\nhost " + host_name() + "\n");
  write_file(local_, "rows");
  EXPECT_EQ(placed_database(results_), local_);
  EXPECT_EQ(ArtifactStore(results_).database(), local_);
  remember_database(results_, local_);
  write_file(results_ / "latentgrid.db", "rows");
  remember_database(results_, results_ / "." / "latentgrid.db");
  EXPECT_FALSE(fs::exists(remembered_)) << "it is back at its usual place";
  EXPECT_EQ(placed_database(results_), results_ / "latentgrid.db");
}

TEST_F(Place, OnAnotherMachineItIsSaidWhereItIs) {
  write_file(remembered_, "database /scratch/me.db\nhost node17\n");
  says(error_of([&] { placed_database(results_); }),
       {"the database of " + results_.string() + " is /scratch/me.db on node17, and this is " + host_name(), "run this command on node17",
        "--database PATH"});
  ArtifactStore store(results_);
  store.use_database(local_);
  EXPECT_EQ(store.database(), local_);
}

TEST_F(Place, WhereItIsGoneItIsSaidWhatToDo) {
  remember_database(results_, local_);
  says(error_of([&] { placed_database(results_); }), {"is not there: " + local_.string(), "put it back", "To start with an empty database, use `rm " + remembered_.string() + "`. The next run of a sweep finds its artifacts again; "});
}

TEST_F(Place, ASecondDatabaseIsNotBegunBesideTheFirst) {
  write_file(results_ / "latentgrid.db", "rows");
  says(error_of([&] { check_chosen_database(results_, local_); }), {"mv " + (results_ / "latentgrid.db").string() + " " + local_.string()});
  write_file(results_ / "latentgrid.db-wal", "more rows");
  says(error_of([&] { check_chosen_database(results_, local_); }), {" && mv " + (results_ / "latentgrid.db-wal").string() + " " + local_.string() + "-wal"});
  EXPECT_FALSE(fs::exists(remembered_));
  fs::rename(results_ / "latentgrid.db", local_);
  remember_database(results_, local_);
  says(error_of([&] { check_chosen_database(results_, folder_ / "other.db"); }), {"other.db is not there", local_.string() + " on " + host_name(), "copy that one"});
  write_file(folder_ / "other.db", "rows");
  remember_database(results_, folder_ / "other.db");
  EXPECT_EQ(placed_database(results_), folder_ / "other.db");
}

TEST_F(Place, TwoFoldersDoNotShareOne) {
  write_file(local_, "rows");
  check_chosen_database(results_, local_);
  remember_database(results_, local_);
  check_chosen_database(results_, local_);
  const fs::path second = folder_ / "second";
  fs::create_directory(second);
  says(error_of([&] { check_chosen_database(second, local_); }), {local_.string() + " is the database of " + results_.string()});
  fs::remove_all(second);
  fs::rename(results_, second);
  check_chosen_database(second, local_);
  remember_database(second, local_);
  EXPECT_EQ(placed_database(second), local_) << "it was moved";
}

TEST_F(Place, AFileThatSaysNothingIsAnError) {
  write_file(remembered_, "host node17\n");
  says(error_of([&] { placed_database(results_); }), {"does not say where the database is"});
}

}  // namespace
}  // namespace latentgrid
