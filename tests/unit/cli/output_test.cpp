#include "cli/output.hpp"

#include <gtest/gtest.h>

namespace latentgrid::cli {
namespace {

std::string printed(Format format, const std::vector<std::vector<Cell>>& rows) {
  ::testing::internal::CaptureStdout();
  print_rows(format, {"name", "n", "score"}, rows);
  std::fflush(stdout);
  return ::testing::internal::GetCapturedStdout();
}

const std::vector<std::vector<Cell>> rows = {{"größe", std::int64_t{8500}, 0.7165123456},
                                             {"a|b, \"c\"", std::int64_t{7}, std::monostate{}}};

TEST(Output, ATableAlignsByDisplayWidthAndNumbersToTheRight) {
  EXPECT_EQ(printed(Format::table, rows),
            "name         n     score\n"
            "größe     8500  0.716512\n"
            "a|b, \"c\"     7         -\n");
}

TEST(Output, CsvIsRfc4180WithNumbersInFull) {
  EXPECT_EQ(printed(Format::csv, rows), "name,n,score\ngröße,8500,0.7165123456\n\"a|b, \"\"c\"\"\",7,\n");
}

TEST(Output, JsonKeepsTheColumnsOrderAndTypes) {
  EXPECT_EQ(printed(Format::json, rows),
            "[\n"
            "{\"name\":\"größe\",\"n\":8500,\"score\":0.7165123456},\n"
            "{\"name\":\"a|b, \\\"c\\\"\",\"n\":7,\"score\":null}\n"
            "]\n");
  EXPECT_EQ(printed(Format::json, {}), "[]\n");
}

TEST(Output, MarkdownEscapesPipes) {
  EXPECT_EQ(printed(Format::md, rows),
            "| name | n | score |\n"
            "|---|---:|---:|\n"
            "| größe | 8500 | 0.716512 |\n"
            "| a\\|b, \"c\" | 7 | |\n");
}

}  // namespace
}  // namespace latentgrid::cli
