// The coordinator as a program: what it is linked to, and how it answers without any sweep.
#include <gtest/gtest.h>
#include <sched.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "base/json.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

using latentgrid::Json;
using latentgrid::testing::CommandResult;
using latentgrid::testing::run_command;
using latentgrid::testing::TemporaryFolder;

namespace {

const std::string program = LATENTGRID_BINARY_DIR "/bin/latentgrid";

}  // namespace

TEST(Program, IsLinkedToNeitherTorchNorABlas) {
  CommandResult ldd = run_command({"/usr/bin/ldd", program});
  ASSERT_EQ(ldd.exit_code, 0) << ldd.err;
  for (const char* library : {"libtorch", "libc10", "libblas", "openblas", "liblapack", "libmkl", "libgomp", "libhwy"}) {
    EXPECT_EQ(ldd.out.find(library), std::string::npos) << ldd.out;
  }
}

TEST(Program, SaysItsVersion) {
  CommandResult result = run_command({program, "--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(result.out.starts_with("latentgrid 0.")) << result.out;
}

TEST(Program, WrongUsageIsExitCodeTwo) {
  EXPECT_EQ(run_command({program, "trian"}).exit_code, 2);
  EXPECT_EQ(run_command({program, "plan"}).exit_code, 2);
  CommandResult missing = run_command({program, "plan", "/nonexistent/sweep.yaml"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_NE(missing.err.find("/nonexistent/sweep.yaml"), std::string::npos) << missing.err;
}

TEST(Program, OptionsSayWhatTheyExpect) {
  auto said = [](std::vector<std::string> words) {
    words.insert(words.begin(), program);
    CommandResult result = run_command(words);
    EXPECT_EQ(result.exit_code, 2);
    return result.err.substr(0, result.err.find('\n'));
  };
  EXPECT_EQ(said({"run", "x.yaml", "--task-timeout", "0"}),
            "latentgrid: --task-timeout: expects a number above 0, got '0'; without the option there is no limit");
  EXPECT_EQ(said({"run", "x.yaml", "--worker-memory", "-1"}),
            "latentgrid: --worker-memory: expects an integer of at least 1, got '-1'");
  EXPECT_EQ(said({"run", "x.yaml", "-j", "0"}), "latentgrid: --jobs: expects an integer of at least 1, got '0'");
  EXPECT_EQ(said({"run", "x.yaml", "--tasks-per-gpu", "many"}),
            "latentgrid: --tasks-per-gpu: expects an integer of at least 1, got 'many'");
  EXPECT_EQ(said({"ls", "x", "--limit", "-1"}), "latentgrid: --limit: expects an integer of at least 0, got '-1'");
  EXPECT_EQ(said({"ls", "--results", ""}),
            "latentgrid: --results: has an empty value; give a value or leave the option out");
  EXPECT_EQ(said({"plan", "x.yaml", "--data", ""}),
            "latentgrid: --data: has an empty value; give a value or leave the option out");
}

TEST(Program, AMisspeltNeedOfWorkersIsNamed) {
  const auto said = [](const std::string& value) { return run_command({program, "run", "x.yaml", "--executor", "slurm", "--slurm", value}).err; };
  const std::string end = "\n  hint: `latentgrid run --help` lists the options\n";
  EXPECT_EQ(said("partiton=main"), "latentgrid: --slurm: unknown key 'partiton'; did you mean 'partition'?" + end);
  EXPECT_EQ(said("train.parttion=main"), "latentgrid: --slurm: unknown key 'parttion'; did you mean 'partition'?" + end);
  EXPECT_EQ(said("trian.gres=gpu:1"), "latentgrid: --slurm: unknown stage 'trian'; did you mean 'train'?" + end);
  EXPECT_NE(said("somebody.time=1").find("unknown stage 'somebody'; known here: coordinator, load, "), std::string::npos) << said("somebody.time=1");
  EXPECT_NE(said("main").find("expects KEY=VALUE, got 'main'; the keys are workers, "), std::string::npos) << said("main");
}

TEST(Program, AWrongCallIsToldTheRightOne) {
  auto said = [](std::vector<std::string> words) {
    words.insert(words.begin(), program);
    CommandResult result = run_command(words);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    return result.err;
  };
  EXPECT_EQ(said({"report"}),
            "latentgrid: sweep is required\n  hint: write `latentgrid report SWEEP|FILE`; `latentgrid report --help` lists the options\n");
  EXPECT_EQ(said({"completion"}),
            "latentgrid: shell is required\n"
            "  hint: write `latentgrid completion bash|zsh|fish`; `latentgrid completion --help` lists the options\n");
  EXPECT_EQ(said({"export", "encoder", "0123"}),
            "latentgrid: --out is required\n"
            "  hint: write `latentgrid export encoder JOB --out FILE.pt`; `latentgrid export encoder --help` lists the options\n");
  EXPECT_EQ(said({"ls", "--fromat", "csv"}),
            "latentgrid: `latentgrid ls` has no option '--fromat'\n  hint: did you mean '--format'?\n");
  EXPECT_EQ(said({"scores"}),
            "latentgrid: a command is missing\n  hint: `latentgrid scores --help` lists the commands\n");
  EXPECT_EQ(said({"compare", "a"}),
            "latentgrid: B is required\n"
            "  hint: write `latentgrid compare JOB|SWEEP JOB|SWEEP`; `latentgrid compare --help` lists the options\n");
  EXPECT_EQ(said({"run", "a.yaml", "--lr", "0.1"}),
            "latentgrid: `latentgrid run` has no option '--lr'\n  hint: write --set train.learning_rate=VALUE\n");
  EXPECT_EQ(said({"run", "a.yaml", "--seed", "3"}),
            "latentgrid: `latentgrid run` has no option '--seed'\n  hint: write --set seeds=[3]\n");
  EXPECT_EQ(said({"run", "--seed", "7", "a.yaml"}),
            "latentgrid: `latentgrid run` has no option '--seed'\n  hint: write --set seeds=[7]\n");
  EXPECT_EQ(said({"run", "a.yaml", "--seeds=0,1"}),
            "latentgrid: `latentgrid run` has no option '--seeds'\n  hint: write --set seeds=[0,1]\n");
  EXPECT_EQ(said({"run", "a.yaml", "--random-state"}),
            "latentgrid: `latentgrid run` has no option '--random-state'\n  hint: write --set seeds=[1]\n");
  EXPECT_EQ(said({"run", "a.yaml", "epochs=3"}),
            "latentgrid: 'epochs=3' is one argument too many: write `latentgrid run FILE`\n"
            "  hint: --set train.epochs=3 replaces a value of the file\n");
  EXPECT_EQ(said({"run", "a.yaml", "--set", "train.epochs", "3"}),
            "latentgrid: '3' is one argument too many: write `latentgrid run FILE`\n"
            "  hint: --set takes a path and a value with '=' between them: --set train.epochs=3\n");
  EXPECT_EQ(said({"run", "a.yaml", "-j=2"}),
            "latentgrid: --jobs: expects an integer of at least 1, got '=2'; leave out the '='\n  hint: `latentgrid run --help` lists the options\n");
  EXPECT_EQ(said({"query", "SELECT", "1"}),
            "latentgrid: '1' is one argument too many: write `latentgrid query SQL`\n  hint: put the SELECT in quotes\n");
  EXPECT_EQ(said({"report", "x", "-o", "out"}), "latentgrid: `latentgrid report` has no option '-o'\n  hint: did you mean '--out'?\n");
  EXPECT_EQ(said({"ls", "x", "--sort"}), "latentgrid: --sort has no value\n  hint: write --sort COLUMN\n");
  EXPECT_EQ(said({"completion", "tcsh"}),
            "latentgrid: shell: expects bash or zsh or fish, got 'tcsh'\n  hint: `latentgrid completion --help` lists the options\n");
  EXPECT_TRUE(said({"train", "a.yaml"}).starts_with("latentgrid: no command 'train', did you mean 'run'? there are: init, validate, "));
}

TEST(Program, AFileInThePlaceOfSomethingElseIsNamed) {
  TemporaryFolder folder;
  const std::string file = (folder / "mine.yaml").string();
  std::ofstream(file) << "name: mine\n";
  CommandResult result = run_command({program, "--results", file, "run"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "latentgrid: --results: takes a folder, and '" + file + "' is a file; `latentgrid run " + file +
                            "` runs a sweep file\n  hint: `latentgrid run --help` lists the options\n");
  result = run_command({program, file});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "latentgrid: a command is missing before '" + file + "'\n  hint: `latentgrid run " + file +
                            "` runs a sweep file, `latentgrid validate " + file + "` checks it\n");
}

TEST(Program, HelpIsACommandToo) {
  EXPECT_EQ(run_command({program, "help"}).out, run_command({program, "--help"}).out);
  EXPECT_EQ(run_command({program, "help", "run"}).out, run_command({program, "run", "--help"}).out);
}

TEST(Program, ValidateAnswersInJsonAlsoAboutABrokenFile) {
  TemporaryFolder folder;
  std::ofstream(folder / "broken.yaml") << "name: x\ndataset: {synthetic: {images: 60}}\ngrid:\n\tarchitecture: raw\n";
  const std::string file = folder / "broken.yaml";
  CommandResult result = run_command({program, "validate", file, "--json"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(Json::parse(result.out, nullptr, false),
            Json({{"valid", false},
                  {"warnings", Json::array()},
                  {"errors",
                   {{{"file", file},
                     {"line", 4},
                     {"column", 1},
                     {"message", "this line is indented with a tab"},
                     {"hint", "YAML takes spaces only: replace the tab by spaces"}}}}}));
  EXPECT_NE(result.err.find(file + ":4:1: error: this line is indented with a tab\n"), std::string::npos) << result.err;
}

// -j, and what doctor says, follow what this process may use, not what the machine has.
TEST(Program, TakesAsManyWorkersAsItHasCores) {
  cpu_set_t allowed;
  ASSERT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
  int first = 0;
  while (!CPU_ISSET(first, &allowed)) ++first;
  CommandResult one = run_command({"/usr/bin/taskset", "-c", std::to_string(first), program, "run", "--help"});
  // CLI11 2.3 writes a default as INT=1, 2.4 as INT [1].
  EXPECT_TRUE(std::regex_search(one.out, std::regex("-j,--jobs INT(=1| \\[1\\]) "))) << one.out;
}

// Every library that is loaded costs start-up time.
TEST(Program, LoadsPangoAndCairoForFiguresAlone) {
  const std::string libraries = run_command({"/usr/bin/ldd", program}).out;
  for (const char* library : {"pango", "cairo", "fontconfig"}) EXPECT_EQ(libraries.find(library), std::string::npos) << libraries;
  EXPECT_NE(run_command({"/usr/bin/ldd", LATENTGRID_BINARY_DIR "/bin/latentgrid-figures.so"}).out.find("pangocairo"), std::string::npos);
}

TEST(Program, LoadsTheKernelOfDistancesForSilhouettesAlone) {
  EXPECT_NE(run_command({"/usr/bin/ldd", LATENTGRID_BINARY_DIR "/bin/latentgrid-silhouettes.so"}).out.find("libhwy"), std::string::npos);
}

TEST(Program, DoctorSaysWhetherFiguresCanBeDrawn) {
  TemporaryFolder folder;
  std::ofstream(folder / "worker") << "#!/bin/sh\necho '{\"blas\": {}}'\n";
  std::filesystem::permissions(folder / "worker", std::filesystem::perms::owner_all);
  std::ofstream(folder / "no-fonts.conf") << "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig></fontconfig>";
  const std::string worker = folder / "worker";
  EXPECT_NE(run_command({program, "doctor"}, {{"LATENTGRID_WORKER", worker}}).out.find("ok:   figures are drawn in DejaVu Sans\n"),
            std::string::npos);
  const std::string without =
      run_command({program, "doctor"}, {{"LATENTGRID_WORKER", worker}, {"FONTCONFIG_FILE", folder / "no-fonts.conf"}}).out;
  EXPECT_NE(without.find("missing: figures cannot be drawn: the font DejaVu Sans is not installed\n"
                         "      apt-get install fonts-dejavu-core\n"),
            std::string::npos)
      << without;
}

TEST(Program, AMisspeltCommandGetsASuggestion) {
  std::string all = "there are: ";
  std::istringstream page(run_command({program, "man"}).out);
  for (std::string line; std::getline(page, line);) {
    const bool is_command = line.starts_with(".SS ") && line.find(' ', 4) == std::string::npos;  // not "export labels"
    if (is_command) all += (all.ends_with(' ') ? "" : ", ") + line.substr(4);
  }
  all += "\n";
  ASSERT_TRUE(all.starts_with("there are: init, validate, plan, run, ")) << all;
  CommandResult close = run_command({program, "--results", "somewhere", "rnu", "x.yaml", "-j2"});
  EXPECT_EQ(close.exit_code, 2);
  EXPECT_EQ(close.err, "latentgrid: no command 'rnu', did you mean 'run'? " + all);
  EXPECT_EQ(run_command({program, "frobnicate"}).err, "latentgrid: no command 'frobnicate'; " + all);
  CommandResult second = run_command({program, "scores", "improt", "x.csv"});
  EXPECT_EQ(second.exit_code, 2);
  EXPECT_EQ(second.err, "latentgrid: no command 'improt' after 'scores', did you mean 'import'? there are: import\n");
}

TEST(Program, AMethodMayBeAskedForByTheNameThatOthersGiveIt) {
  for (const auto& [asked, name] : {std::pair{"gaussian_mixture", "gmm"}, {"KMeans", "kmeans"}, {"tsn", "tsne"}}) {
    CommandResult result = run_command({program, "methods", asked});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err, "latentgrid: no method is called '" + std::string(asked) + "'; did you mean '" + name + "'?\n");
  }
}

TEST(Program, AlonePrintsItsHelp) {
  CommandResult result = run_command({program});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, run_command({program, "--help"}).out);
  EXPECT_NE(result.out.find("Usage: latentgrid [OPTIONS] SUBCOMMAND"), std::string::npos) << result.out;
}

TEST(Program, BashCompletesItsCommandLines) {
  TemporaryFolder folder;
  // As bash does when Tab is pressed: it sets these variables and calls the function.
  const std::string script =
      "cd '" + folder.path().string() + "' && touch a.yaml && latentgrid() { '" + program + "' \"$@\"; } && source <(latentgrid completion bash) && "
      "press_tab() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _latentgrid 2>/dev/null; echo \"${COMPREPLY[*]}\"; } && "
      "press_tab latentgrid val; press_tab latentgrid status --format j; press_tab latentgrid status --format = j; press_tab latentgrid run ''";
  CommandResult result = run_command({"/bin/bash", "-c", script});
  EXPECT_EQ(result.out, "validate\njson\njson\na.yaml\n") << result.err;
}

TEST(Program, ItsManualPageNamesEveryCommand) {
  const std::string page = run_command({program, "man"}).out;
  for (const char* command : {"validate", "plan", "run", "export results", "scores import", "doctor"}) {
    EXPECT_NE(page.find(std::string(".SS ") + command + "\n"), std::string::npos) << command;
  }
}
