// The coordinator with workers of mailboxes: by hand, and the real end of a worker in threads of this process.
#include "pool/mailbox_executor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "pool/bridge.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

ExecutorOptions options_of(const std::filesystem::path& results) {
  return {.worker = {"the-worker", {{"train", 2}}}, .results = results, .run = "run", .logs = results / "logs"};
}

protocol::Hello hello() { return {.stages = {{"train", 2}}}; }

class MailboxesByHand : public ::testing::Test {
 protected:
  void worker_says(const std::string& worker, const std::string& line) {
    std::filesystem::create_directories(folder_.worker(worker));
    protocol::LineWriter(folder_.from_worker(worker)).append(line);
  }
  std::vector<ExecutorEvent> wait(double seconds) {
    clock_.advance(seconds);
    return executor_.wait(0, -1);
  }
  bool has_files(const std::string& worker) const { return std::filesystem::exists(folder_.worker(worker)); }

  testing::TemporaryFolder temporary_;
  const MailboxFolder folder_{temporary_.path() / "mailbox"};
  testing::FakeClock clock_;
  MailboxExecutor executor_{options_of(temporary_.path()), clock_};
};

TEST_F(MailboxesByHand, FilesOfAWorkerThatHasLeftAreRemoved) {
  worker_says("w", "joined {}");
  wait(1);
  worker_says("w", "line run/1 " + protocol::encode(hello()));
  wait(5);
  EXPECT_EQ(executor_.free_slots(), 1);
  worker_says("w", "left 1 there was nothing to do for 300 s");
  wait(5);
  EXPECT_EQ(executor_.free_slots(), 0);
  EXPECT_FALSE(has_files("w"));
  wait(5);
  EXPECT_FALSE(has_files("w")) << "nobody writes to it";
}

TEST_F(MailboxesByHand, FilesOfAWorkerThatIsOnlySilentStay) {
  worker_says("w", "joined {}");
  wait(1);
  worker_says("w", "line run/1 " + protocol::encode(hello()));
  wait(5);
  for (int i = 0; i < 65; ++i) wait(1);
  EXPECT_EQ(executor_.free_slots(), 0) << "it is given up";
  EXPECT_TRUE(has_files("w"));
}

TEST_F(MailboxesByHand, AWorkerThatIsSentAwayCanReadIt) {
  worker_says("w", "joined {}");
  wait(1);
  worker_says("w", "line run/1 " + protocol::encode(protocol::Hello{.stages = {{"train", 1}}}));
  wait(5);
  const std::vector<std::string> told = protocol::LineReader(folder_.to_worker("w")).read();
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back(), "leave");
}

// Says that a task is done when it was given one.
class Obedient : public Transport {
 public:
  Obedient() : said_(protocol::encode(hello()) + "\n") {}
  void write_line(const std::string& line) override {
    const auto message = protocol::decode_coordinator_message(line);
    const auto* run = std::get_if<protocol::Run>(&message);
    if (!run) return;
    said_ += protocol::encode(protocol::ArtifactReady{run->task, 0}) + "\n" + protocol::encode(protocol::Done{run->task}) + "\n";
  }
  bool read(std::string& buffer) override {
    buffer += std::exchange(said_, {});
    return true;
  }
  int descriptor() const override { return -1; }
  End end() override { return {"exit", "exit code 0"}; }
  std::int64_t resident_kb() const override { return 1024; }

 private:
  std::string said_;
};

TEST(Mailboxes, WorkersInThreadsDoEveryTaskOnce) {
  const testing::TemporaryFolder results;
  constexpr int workers = 4, tasks = 40;
  std::vector<std::thread> threads;
  std::set<std::int64_t> done;
  {
    MailboxExecutor executor(options_of(results.path()), system_clock());
    for (int i = 0; i < workers; ++i) {
      threads.emplace_back([&results, i] {
        Bridge({.results = results.path(), .mailbox = results.path() / "mailbox", .name = "w" + std::to_string(i)}, system_clock(),
               [](bool) { return std::make_unique<Obedient>(); })
            .run();
      });
    }
    int submitted = 0, artifacts = 0;
    while (done.size() < tasks) {
      while (submitted < tasks && executor.free_slots() > 0) {
        protocol::Run run;
        run.task = submitted++;
        run.stage = "train";
        run.extents = {0};
        executor.submit(run);
      }
      for (const ExecutorEvent& event : executor.wait(0.1, -1)) {
        artifacts += std::holds_alternative<protocol::ArtifactReady>(event);
        if (const auto* end = std::get_if<protocol::Done>(&event)) {
          EXPECT_TRUE(done.insert(end->task).second);
        }
        EXPECT_FALSE(std::holds_alternative<WorkerLost>(event));
      }
    }
    EXPECT_EQ(artifacts, tasks);
  }
  for (std::thread& thread : threads) thread.join();  // they were told to leave
}

}  // namespace
}  // namespace latentgrid
