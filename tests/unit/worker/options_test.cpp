#include "worker/options.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/hinted_error.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid::worker {
namespace {

Options parse(std::vector<std::string> words) {
  std::vector<char*> argv;
  words.insert(words.begin(), "latentgrid-worker");
  for (std::string& word : words) argv.push_back(word.data());
  return parse_options(static_cast<int>(argv.size()), argv.data());
}

std::string error_of(const std::vector<std::string>& words) {
  try {
    parse(words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Options, AreReadAsGiven) {
  Options options = parse({"--results", "/data/r", "--parent", "12"});
  EXPECT_EQ(options.results, "/data/r");
  EXPECT_EQ(options.parent, 12);
  EXPECT_FALSE(options.describe);
  EXPECT_TRUE(parse({"--describe"}).describe);
  EXPECT_FALSE(parse({"--results", "r"}).parent.has_value());
}

TEST(Options, WrongOnesAreUsageErrors) {
  EXPECT_EQ(error_of({"--result", "x"}), "unknown option '--result'");
  EXPECT_EQ(error_of({"--results"}), "--results needs a value");
  EXPECT_EQ(error_of({"--parent", "12x"}), "--parent needs a process id, not '12x'");
  EXPECT_EQ(error_of({"--parent", "0"}), "--parent needs a process id, not '0'");
}

TEST(Options, WhoseTasksToDoMustBeSaid) {
  EXPECT_EQ(error_of({}), "--mailbox DIR is missing: it says whose tasks to do");
  EXPECT_EQ(error_of({"--idle-minutes", "1"}), "--mailbox DIR is missing: it says whose tasks to do");
}

TEST(Options, AWorkerSaysWhoseTasksItDoesAndWhenItLeaves) {
  EXPECT_EQ(greeting("/r", true, std::nullopt), "ready for the tasks of a run in /r; it leaves when the run ends");
  EXPECT_EQ(greeting("/r", true, 1), "ready for the tasks of a run in /r; it leaves when the run ends, or after 1 minute without a task");
  EXPECT_EQ(greeting("/r", false, 2.5), "no run works in /r yet: it waits for one; it leaves when the run ends, or after 2.5 minutes without a task");
}

TEST(Options, HelpAndVersionAreNoMistakes) {
  EXPECT_TRUE(parse({"--help"}).help);
  EXPECT_TRUE(parse({"-h", "--mailbox", "x"}).help);
  EXPECT_TRUE(parse({"--version"}).version);
  EXPECT_NE(usage().find("latentgrid-worker --mailbox DIR"), std::string::npos);
}

std::string problem_with(const std::filesystem::path& mailbox) {
  try {
    check_mailbox(parse({"--mailbox", mailbox.string()}).mailbox);
  } catch (const HintedError& error) {
    return text_with_hint(error);
  }
  return "";
}

TEST(Options, AMailboxIsThatOfAResultsFolder) {
  const testing::TemporaryFolder folder;
  const std::string at = folder.path().string();
  EXPECT_EQ(problem_with(folder / "results/mailbox"), "there is no results folder " + at + "/results\n  hint: check how it is spelled. The first run into it makes it: "
                                                      "`latentgrid run FILE --executor mailbox --results " + at + "/results`");
  std::filesystem::create_directories(folder / "results");
  EXPECT_EQ(problem_with(folder / "results/mailbox"), "") << "a run is about to make it";
  EXPECT_EQ(problem_with(folder / "results/mailbox/"), "");
  EXPECT_EQ(problem_with(folder / "results"), at + "/results is no mailbox\n  hint: name the folder mailbox of the results folder: --mailbox " + at + "/results/mailbox");
  EXPECT_NE(problem_with(folder / "results/mailbx"), "");
  std::filesystem::create_directories(folder / "moved/workers");
  EXPECT_EQ(problem_with(folder / "moved"), "") << "one that has another name";
}

}  // namespace
}  // namespace latentgrid::worker
