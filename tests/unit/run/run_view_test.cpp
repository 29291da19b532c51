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

TEST_F(View, QuietSaysNothing) {
  RunView view(out_, true, true);
  view.line("x");
  view.refresh(0, {}, 1);
  view.finish();
  EXPECT_EQ(shown(), "");
}

TEST(DurationText, ReadsLikeAPerson) {
  EXPECT_EQ(duration_text(0.416), "0.42 s");
  EXPECT_EQ(duration_text(12.4), "12 s");
  EXPECT_EQ(duration_text(185), "3 min 05 s");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
}
