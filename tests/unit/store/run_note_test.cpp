#include "store/run_note.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/file_system.hpp"
#include "store/staging.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

class RunNotes : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  const ArtifactStore store_{folder_.path(), "lab.7.1"};
};

TEST_F(RunNotes, ARunSaysWhatItIsUntilItEnds) {
  EXPECT_TRUE(run_notes(store_).empty());
  {
    const HeldStaging held(store_);
    write_run_note(store_, "mnist", "slurm");
    const std::vector<RunNote> notes = run_notes(ArtifactStore(folder_.path()));
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].sweep, "mnist");
    EXPECT_EQ(notes[0].executor, "slurm");
    EXPECT_EQ(notes[0].process, ::getpid());
    EXPECT_EQ(notes[0].run, "lab.7.1");
    EXPECT_FALSE(notes[0].host.empty());
    EXPECT_EQ(notes[0].since.size(), 24U);
  }
  EXPECT_TRUE(run_notes(store_).empty());
}

TEST_F(RunNotes, ARunSaysHowFarItIs) {
  write_run_progress(store_, {1, 2, 3});
  EXPECT_FALSE(std::filesystem::exists(store_.staging())) << "nothing can be written, and nothing happens";
  const HeldStaging held(store_);
  write_run_note(store_, "mnist", "slurm");
  EXPECT_FALSE(run_notes(store_).at(0).progress);
  write_run_progress(store_, {57, 133, -1});
  write_run_progress(store_, {58, 133, 34});
  const std::optional<RunProgress> progress = run_notes(store_).at(0).progress;
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->done, 58);
  EXPECT_EQ(progress->total, 133);
  EXPECT_EQ(progress->eta_s, 34);
}

TEST_F(RunNotes, TheLatestIsFirstAndWhatIsNoNoteIsLeftOut) {
  const HeldStaging held(store_);
  write_run_note(store_, "first", "local");
  std::this_thread::sleep_for(std::chrono::milliseconds(3));
  const ArtifactStore other(folder_.path(), "lab.8.1"), broken(folder_.path(), "lab.9.1");
  const HeldStaging held_too(other), broken_too(broken);
  write_run_note(other, "second", "local");
  write_file(broken.staging() / "run.json", "{\"sweep\":");
  const std::vector<RunNote> notes = run_notes(store_);
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0].sweep, "second");
  EXPECT_EQ(notes[1].sweep, "first");
}

TEST_F(RunNotes, ARunIsAskedToEndAsOftenAsAnybodyLikes) {
  RunNote note;
  {
    const HeldStaging held(store_);
    write_run_note(store_, "mnist", "local");
    note = run_notes(store_).at(0);
    EXPECT_FALSE(is_asked_to_end(store_));
    EXPECT_TRUE(ask_to_end(ArtifactStore(folder_.path()), note));
    EXPECT_TRUE(is_asked_to_end(store_));
    EXPECT_TRUE(ask_to_end(store_, note));
    EXPECT_TRUE(is_asked_to_end(store_));
  }
  EXPECT_FALSE(ask_to_end(store_, note)) << "it has ended";
  EXPECT_FALSE(is_asked_to_end(store_));
}

}  // namespace
}  // namespace latentgrid
