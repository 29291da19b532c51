#include "launch/template_launcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "base/file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using ::testing::HasSubstr;

TEST(FilledTemplate, ValuesStandWhereTheirNamesWere) {
  const std::map<std::string, std::string> values{
      {"name", "w"}, {"cpus", "4"}, {"memory", ""}, {"log", "'/a b/log'"}, {"time", "3"}};
  EXPECT_EQ(filled_template("sub -N {name} -o {log} {cpus:-n {}} {memory:-l mem={}}", values),
            "sub -N w -o '/a b/log' -n 4 ");
  EXPECT_EQ(filled_template("{name}\"[1-5]{time:%{}}\" -l select=1{cpus::ncpus={}}{memory::mem={}}", values),
            "w\"[1-5]%3\" -l select=1:ncpus=4");
  for (const char* of_shell : {"${name} ${name:-x} ${cpus:-{}}", "awk '{print $1}'", "{ true; }",
                               "{unknown} {unknown:-x {}}", "a { b", "{", "{name"}) {
    EXPECT_EQ(filled_template(of_shell, values), of_shell);
  }
}

TEST(ParseListing, ColumnsAreFoundByTheirPattern) {
  const std::string columns = "{id} {name} {index} {state} {node} {since} {reason}";
  const auto listed = parse_listing(
      "id name index state node since reason\n"
      "  7 w  1 r  n1 1795951162 \n7 other 1 r n1 0 x\n7 w 2 qw - - not enough memory\n"
      "7 w 4 odd n2 5 x\n7 w 5 mine n2 5 x\nnote: all is well\n",
      columns, true, {{"mine", WorkerState::ended}}, {{"w", 5}});
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 4u);
  EXPECT_EQ(listed->at(0).index, 0);
  EXPECT_EQ(listed->at(0).id, "7");
  EXPECT_EQ(listed->at(0).state, WorkerState::running);
  EXPECT_EQ(listed->at(0).node, "n1");
  EXPECT_EQ(listed->at(0).since, 1795951162);
  EXPECT_EQ(listed->at(1).index, 1);
  EXPECT_EQ(listed->at(1).state, WorkerState::pending);
  EXPECT_EQ(listed->at(1).node, "");
  EXPECT_EQ(listed->at(1).reason, "not enough memory");
  EXPECT_EQ(listed->at(2).state, WorkerState::running) << "a word that isn't known";
  EXPECT_EQ(listed->at(3).state, WorkerState::ended);
  EXPECT_TRUE(parse_listing("7 w 1 Eqw\n", "{id} {name} {index} {state}", true, {}, {{"w", 5}})->at(0).stuck);
}

TEST(ParseListing, WithoutArraysTheNumberIsBehindTheName) {
  const auto listed = parse_listing("9.server|w.x.12|E|\n", "{id}|{name}|{state}|", false, {}, {{"w.x", 20}});
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->at(0).name, "w.x");
  EXPECT_EQ(listed->at(0).index, 12);
  EXPECT_EQ(listed->at(0).state, WorkerState::ending);
}

TEST(ParseListing, ATornLineAndAWorkerWithoutANumberAreNoListing) {
  EXPECT_EQ(parse_listing("7 w 1 r", "{id} {name} {index} {state}", true, {}, {{"w", 5}}), std::nullopt);
  EXPECT_EQ(parse_listing("7 w 1-5:1 r\n", "{id} {name} {index} {state}", true, {}, {{"w", 5}}), std::nullopt);
  EXPECT_TRUE(parse_listing("", "{id} {name} {index} {state}", true, {}, {{"w", 5}})->empty());
}

class TemplateLauncherTest : public ::testing::Test {
 protected:
  TemplateLauncherTest() {
    std::filesystem::create_directory(folder_ / "jobs");
    request_.name = "lg-w";
    request_.argv = {"/bin/sh", "-c", "echo {index}; exec sleep 300"};
    request_.log = folder_ / "it's worker {index}.log";
    request_.count = 3;
  }
  std::string scheduler(const std::string& arguments) const {
    return LATENTGRID_SOURCE_DIR "/tests/unit/launch/stand_in_scheduler " + arguments;
  }
  LauncherTemplates templates(bool arrays) const {
    const std::string jobs = (folder_ / "jobs").string();
    LauncherTemplates t;
    t.submit = scheduler("submit " + jobs + (arrays ? " {name} {first} {last} {script}" : " {name} - - {script}"));
    t.list = scheduler("list " + jobs);
    t.columns = arrays ? "{id} {name} {index} {state} {node}" : "{id} {name} {} {state} {node}";
    t.cancel = scheduler("cancel " + jobs + " {name}");
    return t;
  }
  using Listed = std::vector<ListedWorker>;
  static std::size_t count(const Listed& workers, WorkerState state) {
    return static_cast<std::size_t>(
        std::count_if(workers.begin(), workers.end(), [&](const ListedWorker& w) { return w.state == state; }));
  }
  Listed list_until(Launcher& launcher, const std::function<bool(const Listed&)>& is_good) {
    Listed workers;
    for (int i = 0; i < 300; ++i) {
      workers = launcher.list({{request_.name, 3}}).wait();
      if (is_good(workers)) break;
      ::usleep(100'000);
    }
    return workers;
  }
  // What every scheduler has to do.
  void run_workers(Launcher& launcher) {
    launcher.check(request_);
    std::size_t submitted = 0;
    for (const Submitted& array : launcher.submit(request_).wait()) submitted += array.count;
    EXPECT_EQ(submitted, 3u);
    for (int i = 0; i < 3; ++i) {
      const std::filesystem::path log = launcher.log_of(request_, i);
      for (int wait = 0; wait < 600 && !(std::filesystem::exists(log) && !read_file(log).empty()); ++wait)
        ::usleep(100'000);
      EXPECT_EQ(read_file(log), std::to_string(i) + "\n");
    }
    Listed workers = list_until(launcher, [](const Listed& w) { return count(w, WorkerState::running) == 3; });
    ASSERT_EQ(workers.size(), 3u);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(workers[i].index, i);
      EXPECT_EQ(workers[i].state, WorkerState::running);
      EXPECT_NE(workers[i].node, "");
    }
    launcher.cancel(WorkerRange{request_.name, 3}).wait();
    workers = list_until(launcher, [](const Listed& w) { return count(w, WorkerState::ended) == w.size(); });
    EXPECT_EQ(count(workers, WorkerState::ended), workers.size());
  }

  testing::TemporaryFolder folder_;
  WorkerRequest request_;
};

TEST_F(TemplateLauncherTest, WorkersOfAnArrayAreSubmittedListedAndCancelled) {
  TemplateLauncher launcher(templates(true), folder_.path(), system_clock());
  run_workers(launcher);
}

TEST_F(TemplateLauncherTest, WorkersAreSubmittedOneByOneWhereTheTemplateHasNoArray) {
  TemplateLauncher launcher(templates(false), folder_.path(), system_clock());
  run_workers(launcher);
}

TEST_F(TemplateLauncherTest, WhatWasRequestedIsQuotedForTheShell) {
  LauncherTemplates t = templates(true);
  t.submit =
      "echo 5; printf '%s\\n' {name} {count} {first} {last} {cpus} {memory:-m {}} {time} {partition} "
      "{extra} {log} > " +
      (folder_ / "arguments").string() + "; test -x {script}";
  request_.first = 2;
  request_.resources = {"a queue", "", "", "", 4, "", "1:00:00", {"-l", "x='$HOME'"}};
  TemplateLauncher launcher(t, folder_.path(), system_clock());
  const std::vector<Submitted> submitted = launcher.submit(request_).wait();
  EXPECT_EQ(submitted.at(0).id, "5");
  EXPECT_EQ(submitted.at(0).first, 2);
  EXPECT_EQ(read_file(folder_ / "arguments"), "lg-w\n3\n3\n5\n4\n1:00:00\na queue\n-l\nx='$HOME'\n" +
                                                  (folder_ / "it's worker scheduler.log").string() + "\n");
}

TEST_F(TemplateLauncherTest, ACommandThatFailsIsSaidInItsOwnWords) {
  LauncherTemplates t = templates(true);
  t.submit = "echo 'unknown queue' >&2; exit 3 {name} {first} {script}";
  t.check = "echo 'not today'; exit 1";
  t.list = "echo 'cannot reach the server' >&2; exit 1";
  TemplateLauncher launcher(t, folder_.path(), system_clock());
  const auto error_of = [](const std::function<void()>& does) -> std::string {
    try {
      does();
    } catch (const SchedulerError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of([&] { launcher.check(request_); }),
            "cannot start workers: the launcher's command 'check' failed: exit code 1: not today");
  EXPECT_EQ(error_of([&] { launcher.submit(request_).wait(); }),
            "cannot submit workers from 0: the launcher's command 'submit' failed: exit code 3: unknown queue");
  EXPECT_EQ(error_of([&] {
              launcher.list({{"lg-w", 3}}).wait();
            }),
            "cannot list the workers: the launcher's command 'list' failed: exit code 1: cannot reach the server");
}

TEST_F(TemplateLauncherTest, TemplatesThatCanNotWorkAreRefused) {
  const auto error_with = [&](const std::function<void(LauncherTemplates&)>& change) -> std::string {
    LauncherTemplates t = templates(true);
    change(t);
    try {
      TemplateLauncher(t, folder_.path(), system_clock());
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_with([](LauncherTemplates&) {}), "no error");
  EXPECT_EQ(error_with([](LauncherTemplates& t) { t.list.clear(); }),
            "a launcher needs the commands submit, list and cancel");
  EXPECT_THAT(error_with([](LauncherTemplates& t) { t.submit = "sub {name} {first}"; }), HasSubstr("has no {script}"));
  EXPECT_THAT(error_with([](LauncherTemplates& t) { t.cancel = "del"; }), HasSubstr("'cancel' has no {name}"));
  EXPECT_THAT(error_with([](LauncherTemplates& t) { t.columns = "{id} {name} {state}"; }),
              HasSubstr("'columns' have no {index}"));
}

// With a Grid Engine at hand (LATENTGRID_TEST_GRID_ENGINE=1; the user must be allowed to run jobs): the templates of
// the header.
TEST_F(TemplateLauncherTest, GridEngine) {
  if (!std::getenv("LATENTGRID_TEST_GRID_ENGINE"))
    GTEST_SKIP() << "set LATENTGRID_TEST_GRID_ENGINE=1 where there is one";
  LauncherTemplates t;
  t.submit =
      "qsub -terse -r n -j y -o {log} -N {name} -t {first}-{last} {partition:-q {}} {cpus:-pe smp {}} "
      "{memory:-l h_vmem={}} {time:-l h_rt={}} {account:-A {}} {extra} {script}";
  t.check =
      "qsub -w v -terse -r n -j y -o {log} -N {name} -t {first}-{last} {partition:-q {}} {cpus:-pe "
      "smp {}} "
      "{memory:-l h_vmem={}} {time:-l h_rt={}} {account:-A {}} {extra} {script}";
  t.list =
      "qstat -u \"$(id -un)\" -r -g d | awk '/^ *[0-9]+ /{id=$1; s=$5; n=$8 ~ /@/ ? $8 : \"-\"; t=$NF} /Full "
      "jobname:/{print id, $3, t, s, n}'";
  t.columns = "{id} {name} {index} {state} {node}";
  t.cancel = R"(out=$(qdel {name} 2>&1) || case $out in *"does not exist"*) ;; *) echo "$out" >&2; exit 1 ;; esac)";
  request_.log = folder_ / "worker {index}.log";
  request_.resources.time = "1:00:00";
  TemplateLauncher launcher(t, folder_.path(), system_clock());
  run_workers(launcher);
  request_.resources.partition = "nowhere.q";
  EXPECT_THROW(launcher.check(request_), SchedulerError);
}

}  // namespace
}  // namespace latentgrid
