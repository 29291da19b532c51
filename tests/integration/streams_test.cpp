// What becomes of a command whose terminal, log or output is gone.
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"

namespace latentgrid::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* sweep = R"(
name: streams
dataset: {synthetic: {images: 24, classes: 3, channels: 1, height: 4, width: 4}}
grid:
  architecture: raw
  reduction: [{pca: {dim: [2, 3, 4]}}]
  seeds: [0, 1]
report: {figures: []}
)";

class Streams : public SweepFixture {
 protected:
  void SetUp() override {
    write("sweep.yaml", sweep);
    write("rules.json", "[]");
  }
  std::map<std::string, std::string> environment() override {
    return {{"LATENTGRID_WORKER", LATENTGRID_BINARY_DIR "/bin/latentgrid-fake-worker"},
            {"FAKE_WORKER_RULES", (folder_ / "rules.json").string()}};
  }
  std::vector<std::string> run_words() { return {"run", (folder_ / "sweep.yaml").string(), "-j2"}; }
  // Makes every train of thought last: a task takes so long that the test can close what it reads from.
  void let_scores_take(const std::string& seconds) {
    write("rules.json", R"([{"stage": "score", "action": "sleep", "text": ")" + seconds + R"("}])");
  }

  // Starts a command in a child that has been prepared, and gives its wait status.
  pid_t start(const std::vector<std::string>& words, const std::function<void()>& prepare) {
    std::vector<std::string> argv = command(words);
    std::vector<char*> pointers;
    for (std::string& word : argv) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const auto variables = environment();
    const pid_t child = ::fork();
    if (child == 0) {
      for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
      prepare();
      ::execv(pointers[0], pointers.data());
      ::_exit(99);
    }
    return child;
  }
  static int status_of(pid_t child) {
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
  }
  int exit_code(const std::vector<std::string>& words, const std::function<void()>& prepare) {
    const int status = status_of(start(words, prepare));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  void to_file(int descriptor, const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(file, descriptor);
    if (file != descriptor) ::close(file);
  }
  std::string states() { return query("select state, count(*) n from jobs group by 1").dump(); }
  static constexpr const char* all_complete = R"([{"n":6,"state":"complete"}])";
};

TEST_F(Streams, OutputThatCannotBeWrittenIsExitCodeOne) {
  run();
  const std::string job = query("select id from jobs limit 1")[0]["id"];
  const std::string file = (folder_ / "sweep.yaml").string();
  const std::vector<std::vector<std::string>> commands = {
      {"--version"},
      {"--help"},
      {"ls", "--help"},
      {"ls"},
      {"ls", "streams"},
      {"ls", "streams", "--json"},
      {"status"},
      {"status", "--json"},
      {"show", job},
      {"show", job, "--json"},
      {"plan", file},
      {"plan", file, "--json"},
      {"validate", file},
      {"run", file},
      {"run", file, "--dry-run"},
      {"run", file, "--json"},
      {"query", "select * from results"},
      {"query", "select * from results", "--format", "csv"},
      {"query", "select * from results", "--format", "md"},
      {"query", "select * from results", "--json"},
      {"report", "streams", "--format", "csv"},
      {"report", "streams", "--format", "tex"},
      {"report", "streams", "--json"},
      {"compare", job, job},
      {"explain", job, job},
      {"export", "results", "streams"},
      {"export", "results", "streams", "--out", "-"},
      {"submission", job, "--out", "-"},
  };
  for (const std::vector<std::string>& words : commands) {
    const std::string said = folder_ / "said";
    const int code = exit_code(words, [&] {
      to_file(1, "/dev/full");
      to_file(2, said);
    });
    std::string line;
    for (const std::string& word : words) line += word + " ";
    if (words[0] == "submission") continue;  // without labels on this worker: refused before it writes
    EXPECT_EQ(code, 1) << line;
    EXPECT_NE(read_file(said).find("latentgrid: cannot write"), std::string::npos) << line << read_file(said);
    EXPECT_NE(read_file(said).find("standard output: No space left on device\n"), std::string::npos) << line;
  }
}

// More than stdout's buffer holds: the failure shows while rows are printed, not at the end.
TEST_F(Streams, LongOutputThatCannotBeWrittenIsExitCodeOneToo) {
  run();
  const std::string rows =
      "with recursive c(x) as (select 1 union all select x + 1 from c limit 20000) select x, x * x from c";
  for (const char* format : {"csv", "json", "md", "table"}) {
    const std::string said = folder_ / "said";
    EXPECT_EQ(exit_code({"query", rows, "--format", format},
                        [&] {
                          to_file(1, "/dev/full");
                          to_file(2, said);
                        }),
              1)
        << format;
    EXPECT_EQ(read_file(said), "latentgrid: cannot write to standard output: No space left on device\n") << format;
  }
}

TEST_F(Streams, AReaderThatHasSeenEnoughEndsACommandQuietly) {
  run();
  const std::string rows =
      "with recursive c(x) as (select 1 union all select x + 1 from c limit 200000) select x, x * x from c";
  const std::string said = folder_ / "said";
  for (const bool ignored : {false, true}) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ::close(ends[0]);
    const int code = exit_code({"query", rows, "--format", "csv"}, [&] {
      ::signal(SIGPIPE, ignored ? SIG_IGN : SIG_DFL);
      ::dup2(ends[1], 1);
      to_file(2, said);
    });
    ::close(ends[1]);
    EXPECT_EQ(code, ignored ? 1 : -SIGPIPE);
    EXPECT_EQ(read_file(said), ignored ? "latentgrid: cannot write to standard output: Broken pipe\n" : "");
  }
}

TEST_F(Streams, ALogOnAFullDiskEndsNoSweep) {
  EXPECT_EQ(exit_code(run_words(), [&] { to_file(2, "/dev/full"); }), 0);
  EXPECT_EQ(states(), all_complete);
}

TEST_F(Streams, AProgressReaderThatIsGoneEndsNoSweep) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_EQ(exit_code(run_words(), [&] { ::dup2(ends[1], 2); }), 0);
  ::close(ends[1]);
  EXPECT_EQ(states(), all_complete);
}

TEST_F(Streams, AllThreeMayBeClosed) {
  EXPECT_EQ(exit_code(run_words(),
                      [] {
                        for (int descriptor : {0, 1, 2}) ::close(descriptor);
                      }),
            0);
  EXPECT_EQ(states(), all_complete);
}

// The lock file, or a worker's pipe, must not become descriptor 2 and get the progress.
TEST_F(Streams, WithStderrClosedTheLockSaysWhoHoldsIt) {
  let_scores_take("1");
  const pid_t child = start(run_words(), [] { ::close(2); });
  const fs::path lock = folder_ / results_ / "lock";
  std::string holder;
  for (int i = 0; i < 1000 && holder.empty(); ++i) {
    std::error_code none;
    if (fs::exists(lock, none)) holder = read_file(lock);
    ::usleep(10'000);
  }
  EXPECT_TRUE(holder.starts_with("pid " + std::to_string(child) + " on ")) << holder;
  EXPECT_EQ(fs::read_symlink("/proc/" + std::to_string(child) + "/fd/2"), "/dev/null");
  const int status = status_of(child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ(read_file(lock), "");
  EXPECT_EQ(states(), all_complete);
}

class Terminal : public Streams {
 protected:
  // Closes the terminal of a run as soon as it has said something.
  int status_without_terminal(bool hangup_is_ignored) {
    let_scores_take("0.5");
    int outer = -1, inner = -1;
    EXPECT_EQ(::openpty(&outer, &inner, nullptr, nullptr, nullptr), 0);
    const pid_t child = start(run_words(), [&] {
      ::close(outer);
      ::setsid();
      ::ioctl(inner, TIOCSCTTY, 0);
      ::signal(SIGHUP, hangup_is_ignored ? SIG_IGN : SIG_DFL);  // whatever this test was started under
      for (int descriptor : {0, 1, 2}) ::dup2(inner, descriptor);
      ::close(inner);
    });
    ::close(inner);
    char first = 0;
    EXPECT_EQ(::read(outer, &first, 1), 1);
    ::close(outer);
    return status_of(child);
  }
};

TEST_F(Terminal, ThatIsGoneEndsNoSweepThatWasToGoOn) {
  const int status = status_without_terminal(true);
  EXPECT_TRUE(WIFEXITED(status)) << status;  // exit code 1: the summary could not be printed
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(states(), all_complete);
}

// An editor's shell window shows the codes that clear a line.
TEST_F(Terminal, ThatIsDumbGetsPlainLines) {
  for (const char* term : {"dumb", "xterm"}) {
    results_ = term;
    int outer = -1, inner = -1;
    ASSERT_EQ(::openpty(&outer, &inner, nullptr, nullptr, nullptr), 0);
    const pid_t child = start(run_words(), [&] {
      ::close(outer);
      ::setenv("TERM", term, 1);
      for (int descriptor : {0, 1, 2}) ::dup2(inner, descriptor);
      ::close(inner);
    });
    ::close(inner);
    std::string shown;
    char some[4096];
    for (ssize_t n; (n = ::read(outer, some, sizeof some)) > 0;) shown.append(some, static_cast<std::size_t>(n));
    ::close(outer);
    EXPECT_EQ(status_of(child), 0);
    EXPECT_NE(shown.find("jobs: 6 complete"), std::string::npos) << shown;
    EXPECT_EQ(shown.find('\033') != std::string::npos, std::string(term) == "xterm") << shown;
  }
}

TEST_F(Terminal, ThatHangsUpInterruptsASweepInOrder) {
  const int status = status_without_terminal(false);
  EXPECT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_EQ(read_file(folder_ / results_ / "lock"), "");
}

}  // namespace
}  // namespace latentgrid::testing
