// A sweep file's report section is checked by spec/ and shown by report/, which share no code: their words must agree.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "base/file_system.hpp"
#include "columns/figure_kinds.hpp"

namespace latentgrid {
namespace {

TEST(ReportWords, EveryKindOfFigureIsExplained) {
  const std::string page = read_file(std::filesystem::path(LATENTGRID_SOURCE_DIR) / "experiments" / "README.md");
  for (const FigureKind& kind : figure_kinds()) {
    EXPECT_TRUE(std::regex_search(page, std::regex("\n    - " + kind.name + "[ :\n]"))) << kind.name;
  }
}

}  // namespace
}  // namespace latentgrid
