#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/error.hpp"
#include "db/queries.hpp"
#include "db/registration.hpp"
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
  EXPECT_THROW(ResultsDb::open_for_reading(file), UsageError);
}

TEST(Reading, AFileIsNoFolderOfResults) {
  TemporaryResults results;
  const fs::path sweep = results.folder() / "mine.yaml";
  std::ofstream(sweep) << "name: mine\n";
  EXPECT_EQ(error_of([&] { ResultsDb::open_for_reading(sweep / "latentgrid.db"); }),
            sweep.string() + " is a file, not a folder\n  hint: --results names the folder that holds the results");
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
  register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("one"), {sample_job("AE1", "pca", 8, 0)});
  ResultsDb reader = ResultsDb::open_for_reading(results.database());
  std::string error = error_of([&] { register_sweep(reader, sample_sweep("two"), {}); });
  EXPECT_EQ(error, "cannot register the sweep in " + results.database().string() +
                       ": attempt to write a readonly database; check the permissions of the file and its folder");
  EXPECT_EQ(sweep_names(reader), std::vector<std::string>{"one"});
}

TEST(Reading, AReaderSeesWhatAWriterCommitsButNotWithinASnapshot) {
  TemporaryResults results;
  ResultsDb writer = ResultsDb::open_for_writing(results.database());
  ResultsDb reader = ResultsDb::open_for_reading(results.database());
  register_sweep(writer, sample_sweep("one"), {});
  EXPECT_EQ(sweep_names(reader), std::vector<std::string>{"one"});
  {
    Snapshot snapshot(reader);
    EXPECT_EQ(sweep_names(reader).size(), 1u);
    register_sweep(writer, sample_sweep("two"), {});
    writer.checkpoint();  // waits for nobody
    EXPECT_EQ(sweep_names(reader).size(), 1u);
  }
  EXPECT_EQ(sweep_names(reader).size(), 2u);
}

TEST(Reading, ACheckpointFoldsTheLogBack) {
  TemporaryResults results;
  ResultsDb writer = ResultsDb::open_for_writing(results.database());
  register_sweep(writer, sample_sweep("one"), {});
  EXPECT_GT(fs::file_size(results.database().string() + "-wal"), 0u);
  writer.checkpoint();
  EXPECT_EQ(fs::file_size(results.database().string() + "-wal"), 0u);
}

TEST(Reading, OddCharactersInThePathAreFine) {
  TemporaryResults results;
  fs::path file = results.folder() / "50% of #1? ü" / "latentgrid.db";
  register_sweep(ResultsDb::open_for_writing(file), sample_sweep("one"), {});
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

// What a user reads, and what lies in the folder meanwhile: "one two: latentgrid.db".
std::string seen_by_nobody(const TemporaryResults& results) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  as_nobody([&] {
    std::string text;
    const std::string error = error_of([&] {
      ResultsDb reader = ResultsDb::open_for_reading(results.database());
      for (const std::string& sweep : sweep_names(reader)) text += sweep + " ";
      for (const std::string& name : names(results.folder())) text += ": " + name;
    });
    text += error;
    return ::write(ends[1], text.data(), text.size()) < 0 ? 1 : 0;
  });
  ::close(ends[1]);
  char text[1000] = {};
  if (::read(ends[0], text, sizeof text - 1) < 0) text[0] = '\0';
  ::close(ends[0]);
  return text;
}

// A run that was killed: what it committed is in the log.
void leave_a_log(const fs::path& database, const std::string& sweep) {
  pid_t child = ::fork();
  if (child == 0) {
    ResultsDb writer = ResultsDb::open_for_writing(database);
    register_sweep(writer, sample_sweep(sweep), {});
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

const std::string beside_a_run = ": latentgrid.db: latentgrid.db-shm: latentgrid.db-wal";

TEST(Reading, AFolderThatCannotBeWrittenIsReadAsItIs) {
  TemporaryResults results;
  register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("one"), {});
  ::chmod(results.folder().c_str(), 0555);
  EXPECT_EQ(seen_by_nobody(results), "one : latentgrid.db");
  ::chmod(results.folder().c_str(), 0755);
  EXPECT_EQ(names(results.folder()), std::vector<std::string>{"latentgrid.db"});
}

// SQLite would make a -wal and a -shm here, which the owner couldn't write.
TEST(Reading, NothingIsMadeInAFolderThatCanBeWritten) {
  TemporaryResults results;
  register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("one"), {});
  ::chmod(results.folder().c_str(), 0777);
  EXPECT_EQ(seen_by_nobody(results), "one : latentgrid.db");
  EXPECT_EQ(names(results.folder()), std::vector<std::string>{"latentgrid.db"});
}

TEST(Reading, OthersSeeWhatARunHasCommittedAndItGoesOn) {
  TemporaryResults results;
  for (mode_t mode : {0755, 0777}) {
    ::chmod(results.folder().c_str(), mode);
    const std::string number = std::to_string(mode);
    {
      ResultsDb writer = ResultsDb::open_for_writing(results.database());
      register_sweep(writer, sample_sweep("a" + number), {});
      EXPECT_NE(seen_by_nobody(results).find("a" + number + " "), std::string::npos);
      register_sweep(writer, sample_sweep("b" + number), {});
      EXPECT_NE(seen_by_nobody(results).find("b" + number + " "), std::string::npos);
      EXPECT_NE(seen_by_nobody(results).find(beside_a_run), std::string::npos);
      writer.checkpoint();
      EXPECT_NE(seen_by_nobody(results).find("b" + number + " "), std::string::npos);
    }
    EXPECT_EQ(names(results.folder()), std::vector<std::string>{"latentgrid.db"});
  }
}

TEST(Reading, TheLogOfARunThatWasKilledIsReadAndLeftAlone) {
  for (mode_t mode : {0755, 0777}) {
    TemporaryResults results;
    ::chmod(results.folder().c_str(), mode);
    leave_a_log(results.database(), "killed");
    const auto bytes = fs::file_size(results.database().string() + "-wal");
    EXPECT_EQ(seen_by_nobody(results), "killed " + beside_a_run);
    EXPECT_EQ(seen_by_nobody(results), "killed " + beside_a_run);
    EXPECT_EQ(fs::file_size(results.database().string() + "-wal"), bytes);
    EXPECT_EQ(sweep_names(ResultsDb::open_for_reading(results.database())), std::vector<std::string>{"killed"});
    register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("next"), {});
    EXPECT_EQ(names(results.folder()), std::vector<std::string>{"latentgrid.db"});
    EXPECT_EQ(seen_by_nobody(results), "killed next : latentgrid.db");
  }
}

TEST(Reading, ALogWithoutItsIndexIsReadToo) {
  TemporaryResults results;
  ::chmod(results.folder().c_str(), 0777);
  leave_a_log(results.database(), "killed");
  fs::remove(results.database().string() + "-shm");
  const auto bytes = fs::file_size(results.database().string() + "-wal");
  EXPECT_EQ(seen_by_nobody(results), "killed : latentgrid.db: latentgrid.db-wal");
  EXPECT_EQ(sweep_names(ResultsDb::open_for_reading(results.database())), std::vector<std::string>{"killed"});
  EXPECT_EQ(names(results.folder()), (std::vector<std::string>{"latentgrid.db", "latentgrid.db-wal"}));
  EXPECT_EQ(fs::file_size(results.database().string() + "-wal"), bytes);
}

TEST(Reading, WhatChangedMeanwhileIsAnError) {
  TemporaryResults results;
  register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("one"), {});
  const ResultsDb reader = ResultsDb::open_for_reading(results.database());
  {
    ResultsDb writer = ResultsDb::open_for_writing(results.database());
    register_sweep(writer, sample_sweep("two"), {});
    EXPECT_EQ(sweep_names(reader), std::vector<std::string>{"one"});  // the file itself is as it was
  }
  EXPECT_EQ(error_of([&] { sweep_names(reader); }),
            results.database().string() +
                " was changed by a run while it was read, so what was read may be wrong\n"
                "  hint: run the same command again");
}

TEST(Reading, AReaderDoesNotKeepARunFromBeginning) {
  TemporaryResults results;
  leave_a_log(results.database(), "one");
  int reading[2];
  ASSERT_EQ(::pipe(reading), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const ResultsDb reader = ResultsDb::open_for_reading(results.database());
    const bool said = sweep_names(reader).size() == 1 && ::write(reading[1], "r", 1) == 1;
    if (said) ::pause();
    ::_exit(1);
  }
  ::close(reading[1]);
  char answer = 0;
  EXPECT_EQ(::read(reading[0], &answer, 1), 1);
  ResultsDb writer = ResultsDb::open_for_writing(results.database());
  register_sweep(writer, sample_sweep("two"), {});
  EXPECT_EQ(sweep_names(writer), (std::vector<std::string>{"one", "two"}));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(reading[0]);
}

mode_t mode_of(const fs::path& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

TEST(Writing, TheUmaskSaysWhoElseMayWrite) {
  for (mode_t mask : {0002, 0022, 0077}) {
    TemporaryResults results;
    const mode_t before = ::umask(mask);
    {
      ResultsDb writer = ResultsDb::open_for_writing(results.database());
      register_sweep(writer, sample_sweep("one"), {});
      for (const char* end : {"", "-wal", "-shm"})
        EXPECT_EQ(mode_of(results.database().string() + end), 0666 & ~mask) << end;
    }
    ::umask(before);
  }
}

struct LogsOfOthers : ::testing::Test {
  void SetUp() override {
    if (::getuid() != 0) GTEST_SKIP() << "only root can give files to others";
    register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("one"), {});
    for (const fs::path& path : {results.folder(), results.database()}) {
      ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    }
    std::ofstream(log).close();
    std::ofstream(index) << std::string(32768, '\0');
  }
  // Exit code 0 if nobody, whose folder it is, can write.
  std::string error_of_the_owner() {
    const fs::path said = results.folder() / "said";
    as_nobody([&] {
      std::ofstream(said) << error_of(
          [&] { register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("two"), {}); });
      return 0;
    });
    std::ifstream file(said);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    fs::remove(said);
    return text;
  }

  TemporaryResults results;
  fs::path log = results.database().string() + "-wal", index = results.database().string() + "-shm";
};

TEST_F(LogsOfOthers, AreTakenAwayWhereTheyHoldNothing) {
  EXPECT_EQ(error_of_the_owner(), "");
  EXPECT_EQ(names(results.folder()), std::vector<std::string>{"latentgrid.db"});
}

TEST_F(LogsOfOthers, AreNamedWhereTheyHoldRows) {
  std::ofstream(log) << "rows";
  EXPECT_EQ(error_of_the_owner(),
            log.string() +
                " belongs to root, holds rows that are not in the database yet, and may not be written here\n"
                "  hint: ask its owner to run the sweep once more, or to give you the right to write it (chmod g+w)");
  EXPECT_TRUE(fs::exists(log));
}

}  // namespace
}  // namespace latentgrid
