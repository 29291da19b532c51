#include "cli/completion.hpp"

#include <gtest/gtest.h>

namespace latentgrid::cli {
namespace {

// A small program with what the real one has: options of its own, commands, a command of a command, values of every kind.
struct CompletionTest : testing::Test {
  CompletionTest() {
    app.set_version_flag("--version", "1");
    app.add_option("--results", text, "the folder")->type_name("DIR");
    app.add_option("--database", text, "the database's file")->type_name("FILE");
    CLI::App* run = app.add_subcommand("run", "run a sweep");
    run->add_option("sweep", text, "the sweep")->required()->type_name("FILE");
    run->add_option("-j,--jobs", number, "how many workers");
    run->add_flag("-q,--quiet", quiet, "print nothing");
    CLI::App* show = app.add_subcommand("show", "show a job");
    show->add_option("job", text, "its id")->type_name("JOB");
    show->add_option("--format", text, "how to print it")->type_name("table|json");
    CLI::App* compare = app.add_subcommand("compare", "compare");
    compare->add_option("A", text, "a job or a sweep")->required()->type_name("JOB|SWEEP");
    compare->add_option("--columns", text, "columns")->type_name("COLUMN,...");
    compare->add_option("--of", text, "a sweep or its file")->type_name("SWEEP|FILE");
    CLI::App* scores = app.add_subcommand("scores", "scores from outside");
    scores->add_subcommand("import", "read them")->add_option("--out", text, "a folder")->type_name("DIR");
    app.add_subcommand("complete", "")->group("");
  }

  std::vector<std::string> words(const std::vector<std::string>& line) {
    completion = complete(describe(app), line, [this](const std::string& value, const NamedResults& results) {
      asked = value + " in " + results.folder + (results.database.empty() ? "" : ", database " + results.database);
      if (value == "SWEEP") return std::vector<std::string>{"first", "fine"};
      if (value == "COLUMN") return std::vector<std::string>{"accuracy", "ari", "pca.dim"};
      return value == "JOB" ? std::vector<std::string>{"1a2b", "1c3d", "ffff"} : std::vector<std::string>{};
    });
    std::vector<std::string> found;
    for (const Candidate& candidate : completion.candidates) found.push_back(candidate.word);
    return found;
  }

  using Words = std::vector<std::string>;
  CLI::App app{"a program", "latentgrid"};
  std::string text, asked;
  int number = 0;
  bool quiet = false;
  Completion completion;
};

TEST_F(CompletionTest, CommandsAreOfferedButNoHiddenOne) {
  EXPECT_EQ(words({""}), (Words{"run", "show", "compare", "scores"}));
  EXPECT_EQ(completion.candidates[0].description, "run a sweep");
  EXPECT_EQ(words({"s"}), (Words{"show", "scores"}));
  EXPECT_EQ(words({"x"}), Words{});
  EXPECT_EQ(words({}), (Words{"run", "show", "compare", "scores"}));
}

TEST_F(CompletionTest, OptionsOfTheCommandAndOfTheProgram) {
  EXPECT_EQ(words({"run", "-"}), (Words{"--version", "--results", "--database", "--help", "--jobs", "--quiet"}));
  EXPECT_EQ(words({"run", "--j"}), Words{"--jobs"});
  EXPECT_EQ(words({"--r"}), Words{"--results"});
}

TEST_F(CompletionTest, ValuesOfOptions) {
  EXPECT_EQ(words({"show", "--format", ""}), (Words{"table", "json"}));
  EXPECT_EQ(words({"show", "--format", "j"}), Words{"json"});
  EXPECT_EQ(words({"show", "--format", "=", "j"}), Words{"json"});  // bash splits at the equals sign
  EXPECT_EQ(words({"show", "--format", "="}), (Words{"table", "json"}));
  EXPECT_EQ(words({"show", "--format=j"}), Words{"json"});
  EXPECT_EQ(words({"--results", ""}), Words{});
  EXPECT_EQ(completion.paths, Completion::Paths::folders);
}

TEST_F(CompletionTest, PathsAreLeftToTheShell) {
  EXPECT_EQ(words({"run", ""}), Words{});
  EXPECT_EQ(completion.paths, Completion::Paths::files);
  words({"run", "a.yaml", ""});  // there is one positional argument only
  EXPECT_EQ(completion.paths, Completion::Paths::none);
  words({"run", "-q", ""});  // a flag takes no value
  EXPECT_EQ(completion.paths, Completion::Paths::files);
  words({"run", "-j", ""});
  EXPECT_EQ(completion.paths, Completion::Paths::none);
}

TEST_F(CompletionTest, JobsComeFromTheResultsFolderThatTheLineNames) {
  EXPECT_EQ(words({"show", "1"}), (Words{"1a2b", "1c3d"}));
  EXPECT_EQ(asked, "JOB in results");
  words({"--results", "elsewhere", "show", ""});
  EXPECT_EQ(asked, "JOB in elsewhere");
  words({"--database", "/scratch/my.db", "show", ""});
  EXPECT_EQ(asked, "JOB in results, database /scratch/my.db");
  words({"show", "--results=there", ""});
  EXPECT_EQ(asked, "JOB in there");
}

TEST_F(CompletionTest, AValueMayBeOfSeveralKinds) {
  EXPECT_EQ(words({"compare", ""}), (Words{"1a2b", "1c3d", "ffff", "first", "fine"}));
  EXPECT_EQ(words({"compare", "f"}), (Words{"ffff", "first", "fine"}));
  EXPECT_EQ(words({"compare", "--of", "fi"}), (Words{"first", "fine"}));
  EXPECT_EQ(completion.paths, Completion::Paths::files);
}

TEST_F(CompletionTest, TheLastItemOfAListIsCompleted) {
  EXPECT_EQ(words({"compare", "--columns", "a"}), (Words{"accuracy", "ari"}));
  EXPECT_EQ(words({"compare", "--columns", "epochs,ac"}), Words{"epochs,accuracy"});
}

TEST_F(CompletionTest, CommandsOfCommands) {
  EXPECT_EQ(words({"scores", ""}), Words{"import"});
  EXPECT_EQ(words({"scores", "import", "--o"}), Words{"--out"});
}

}  // namespace
}  // namespace latentgrid::cli
