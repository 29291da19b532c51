#include "run/results_lock.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

using namespace latentgrid;
using latentgrid::testing::TemporaryFolder;

TEST(ResultsLock, TellsASecondHolderWhoHasIt) {
  TemporaryFolder folder;
  ResultsLock lock(folder / "lock");
  try {
    ResultsLock second(folder / "lock");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("pid " + std::to_string(::getpid()) + " on "), std::string::npos) << error.what();
  }
}

TEST(ResultsLock, IsFreeAgainAfterItsHolder) {
  TemporaryFolder folder;
  { ResultsLock lock(folder / "lock"); }
  ResultsLock again(folder / "lock");
}
