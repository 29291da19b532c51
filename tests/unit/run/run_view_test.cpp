#include "run/run_view.hpp"

#include <gtest/gtest.h>

using namespace latentgrid;

namespace {

class View : public ::testing::Test {
 protected:
  View() : out_(::open_memstream(&text_, &size_)) {}
  ~View() override {
    std::fclose(out_);
    ::free(text_);
  }
  std::string shown() {
    std::fflush(out_);
    return {text_, size_};
  }

  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* out_;
};

}  // namespace

TEST_F(View, DrawsOneLineOnATerminal) {
  RunView view(out_, true, false);
  view.started(3, "train AE2 seed 0");
  view.progress(3, 2, 4, {{"loss", 0.02567}});
  view.refresh(0, {5, 0, 0, 12}, 61.2);
  EXPECT_EQ(shown(), "\r\033[K[5/12] ETA 1 min 02 s  train AE2 seed 0 50 % loss 0.02567");
  view.refresh(0.05, {5, 0, 0, 12}, 61.2);  // too soon
  view.line("done");
  EXPECT_EQ(shown(), "\r\033[K[5/12] ETA 1 min 02 s  train AE2 seed 0 50 % loss 0.02567\r\033[Kdone\n");
}

TEST_F(View, PrintsPlainLinesElsewhereOnceAMinute) {
  RunView view(out_, false, false);
  for (double now : {0.0, 1.0, 59.0, 61.0, 70.0}) view.refresh(now, {1, 1, 0, 3}, 10);
  EXPECT_EQ(shown(), "[1/3] 1 failed ETA 10 s\n");
}

TEST_F(View, IsDueWhenItWouldShowSomething) {
  RunView terminal(out_, true, false), plain(out_, false, false), quiet(out_, false, true);
  for (RunView* view : {&terminal, &plain, &quiet}) {
    EXPECT_EQ(view->is_due(0), view != &quiet);
    view->refresh(0, {}, 1);
    EXPECT_FALSE(view->is_due(0.05));
  }
  EXPECT_TRUE(terminal.is_due(0.11));
  EXPECT_FALSE(plain.is_due(59));
  EXPECT_TRUE(plain.is_due(60));
  plain.finished("score", 0, 20, {});
  plain.finished("score", 0, 20.1, {});  // held back
  EXPECT_FALSE(plain.is_due(20.9));
  EXPECT_TRUE(plain.is_due(21.1));
}

TEST_F(View, QuietIsWithoutProgressButNotWithoutProblems) {
  RunView view(out_, false, true);
  view.line("[1/9] train AE2");
  view.problem("failed: train AE1 (diverged)");
  EXPECT_EQ(shown(), "failed: train AE1 (diverged)\n");
}

TEST_F(View, ATaskThatTookASecondLeavesALineOfItsOwn) {
  RunView view(out_, false, false);
  view.finished("train AE2", 1.0, 10, {1, 0, 0, 9});
  view.finished("train AE1", 60, 10, {2, 0, 0, 9});
  EXPECT_EQ(shown(), "[1/9] train AE2\n[2/9] train AE1\n");
}

TEST_F(View, QuickTasksLeaveAtMostALineASecondThatCountsThem) {
  RunView view(out_, false, false);
  for (std::int64_t i = 1; i <= 500; ++i) view.finished("score " + std::to_string(i), 0.01, 10 + 0.001 * i, {i, 0, 0, 900});
  EXPECT_EQ(shown(), "[1/900] score 1\n");
  view.refresh(10.9, {}, -1);
  EXPECT_EQ(shown(), "[1/900] score 1\n");
  view.refresh(11.1, {}, -1);
  EXPECT_EQ(shown(), "[1/900] score 1\n[500/900] score 500 (and 498 more)\n");
  view.finished("score 501", 0.01, 11.2, {501, 0, 0, 900});
  view.finish();
  EXPECT_EQ(shown(), "[1/900] score 1\n[500/900] score 500 (and 498 more)\n[501/900] score 501\n");
}

TEST_F(View, CountsNeverGoBack) {
  RunView view(out_, false, false);
  view.finished("score 1", 0.01, 10, {1, 0, 0, 9});
  view.finished("score 2", 0.01, 10.1, {2, 0, 0, 9});
  view.finished("score 3", 0.01, 10.2, {3, 0, 0, 9});
  view.finished("train AE1", 5, 10.3, {4, 0, 0, 9});
  view.finish();
  EXPECT_EQ(shown(), "[1/9] score 1\n[3/9] score 3 (and 1 more)\n[4/9] train AE1\n");
}

TEST_F(View, QuietSaysNothing) {
  RunView view(out_, true, true);
  view.line("x");
  view.refresh(0, {}, 1);
  view.finish();
  EXPECT_EQ(shown(), "");
}
