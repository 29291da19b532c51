#include "cli/document.hpp"

#include <gtest/gtest.h>

namespace latentgrid::cli {
namespace {

std::string written(Format format) {
  ::testing::internal::CaptureStdout();
  Document out(format);
  out.sentence("One.");
  out.sentence(format == Format::table ? "Two | \x1b[31m." : "Two |.");
  out.heading("numbers");
  out.table({"name", "value"}, {{"a", 1.5}});
  out.sentence("Three.");
  std::fflush(stdout);
  return ::testing::internal::GetCapturedStdout();
}

TEST(Document, OnTheTerminalIndentsTablesUnderTheirHeading) {
  EXPECT_EQ(written(Format::table),
            "One.\n"
            "Two | ?[31m.\n"
            "\n"
            "numbers\n"
            "  name  value\n"
            "  a       1.5\n"
            "\n"
            "Three.\n");
}

TEST(Document, AsMarkdownSetsEveryPartApart) {
  EXPECT_EQ(written(Format::md),
            "One.\n"
            "\n"
            "Two \\|.\n"
            "\n"
            "### numbers\n"
            "\n"
            "| name | value |\n"
            "|---|---:|\n"
            "| a | 1.5 |\n"
            "\n"
            "Three.\n");
}

}  // namespace
}  // namespace latentgrid::cli
