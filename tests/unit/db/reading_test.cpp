#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/error.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;
namespace fs = std::filesystem;

std::vector<std::string> names(const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

TEST(Reading, AnAbsentDatabaseIsNotCreated) {
  TemporaryResults results;
  fs::path file = results.folder() / "nowhere" / "latentgrid.db";
  std::string error = error_of([&] { ResultsDb::open_for_reading(file); });
  EXPECT_EQ(error, "no results in " + file.parent_path().string() + ": " + file.string() +
                       " does not exist; `latentgrid run FILE` makes it, --results DIR names another folder");
  EXPECT_EQ(names(results.folder()), std::vector<std::string>{});
}

TEST(Reading, AnEmptyFileHoldsNoResultsYet) {
  TemporaryResults results;
  std::ofstream(results.database()).close();
  EXPECT_EQ(error_of([&] { ResultsDb::open_for_reading(results.database()); }),
            results.database().string() + " holds no results yet; `latentgrid run FILE` makes some");
}

TEST(Reading, AFileThatIsNoDatabaseIsNamed) {
  TemporaryResults results;
  std::ofstream(results.database()) << std::string(5000, 'x');
  EXPECT_EQ(error_of([&] { ResultsDb::open_for_reading(results.database()); }),
            "cannot read " + results.database().string() +
                ": file is not a database; move it away and run again: finished artifacts are adopted, not recomputed");
}

TEST(Reading, AReaderCannotWrite) {
  TemporaryResults results;
  ResultsDb::open_for_writing(results.database()).register_sweep(sample_sweep("one"), {sample_job("AE1", "pca", 8, 0)});
  ResultsDb reader = ResultsDb::open_for_reading(results.database());
  std::string error = error_of([&] { reader.register_sweep(sample_sweep("two"), {}); });
  EXPECT_EQ(error, "cannot register the sweep in " + results.database().string() +
                       ": attempt to write a readonly database; check the permissions of the file and its folder");
  EXPECT_EQ(sweep_names(reader), std::vector<std::string>{"one"});
}

TEST(Reading, AReaderSeesWhatAWriterCommitsButNotWithinASnapshot) {
  TemporaryResults results;
  ResultsDb writer = ResultsDb::open_for_writing(results.database());
  ResultsDb reader = ResultsDb::open_for_reading(results.database());
  writer.register_sweep(sample_sweep("one"), {});
  EXPECT_EQ(sweep_names(reader), std::vector<std::string>{"one"});
  {
    Snapshot snapshot(reader);
    EXPECT_EQ(sweep_names(reader).size(), 1u);
    writer.register_sweep(sample_sweep("two"), {});
    writer.checkpoint();  // waits for nobody
    EXPECT_EQ(sweep_names(reader).size(), 1u);
  }
  EXPECT_EQ(sweep_names(reader).size(), 2u);
}

TEST(Reading, ACheckpointFoldsTheLogBack) {
  TemporaryResults results;
  ResultsDb writer = ResultsDb::open_for_writing(results.database());
  writer.register_sweep(sample_sweep("one"), {});
  EXPECT_GT(fs::file_size(results.database().string() + "-wal"), 0u);
  writer.checkpoint();
  EXPECT_EQ(fs::file_size(results.database().string() + "-wal"), 0u);
}

TEST(Reading, OddCharactersInThePathAreFine) {
  TemporaryResults results;
  fs::path file = results.folder() / "50% of #1? ü" / "latentgrid.db";
  ResultsDb::open_for_writing(file).register_sweep(sample_sweep("one"), {});
  EXPECT_EQ(sweep_names(ResultsDb::open_for_reading(file)), std::vector<std::string>{"one"});
}

// Root may write anywhere, so this gives the rights away first, in a child.
template <typename Work>
int as_nobody(Work work) {
  pid_t child = ::fork();
  if (child == 0) {
    if (::getuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(99);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(Reading, AFolderThatCannotBeWrittenIsReadAsItIs) {
  TemporaryResults results;
  ResultsDb::open_for_writing(results.database()).register_sweep(sample_sweep("one"), {});
  ::chmod(results.folder().c_str(), 0555);
  int code = as_nobody(
      [&] { return error_of([&] { sweep_names(ResultsDb::open_for_reading(results.database())); }) == "" ? 0 : 1; });
  ::chmod(results.folder().c_str(), 0755);
  EXPECT_EQ(code, 0);
  EXPECT_EQ(names(results.folder()), std::vector<std::string>{"latentgrid.db"});
}

}  // namespace
}  // namespace latentgrid
