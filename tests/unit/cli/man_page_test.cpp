#include "cli/man_page.hpp"

#include <gtest/gtest.h>

namespace latentgrid::cli {
namespace {

TEST(ManPage, HasEveryCommandAndOption) {
  CLI::App app("A program for tests", "latentgrid");
  std::string text;
  app.add_option("--results", text, "the folder")->type_name("DIR")->default_val("results");
  CLI::App* run = app.add_subcommand("run", "run a sweep");
  run->add_option("sweep", text, "the sweep")->required()->type_name("FILE");
  run->add_option("-j,--jobs", text, ".5 or \\N")->type_name("N");
  CLI::App* scores = app.add_subcommand("scores", "scores from outside");
  scores->add_subcommand("import", "read them");
  app.add_subcommand("complete", "")->group("");

  const std::string page = man_page(describe(app), "1.2.3");
  EXPECT_TRUE(page.starts_with(".TH LATENTGRID 1 \"\" \"latentgrid 1.2.3\" \"User Commands\"\n"
                               ".SH NAME\nlatentgrid \\- a program for tests\n"
                               ".SH SYNOPSIS\n\\fBlatentgrid\\fR [OPTIONS] COMMAND\n"))
      << page;
  EXPECT_NE(page.find(".TP\n\\fB\\-\\-results\\fR \\fIDIR\\fR\nthe folder (default: results)\n"), std::string::npos) << page;
  EXPECT_NE(page.find(".SS run\nrun a sweep.\n.PP\n\\fBlatentgrid run\\fR [OPTIONS] \\fIsweep\\fR\n"
                      ".TP\n\\fIsweep\\fR\nthe sweep\n"
                      ".TP\n\\fB\\-j\\fR, \\fB\\-\\-jobs\\fR \\fIN\\fR\n\\&.5 or \\eN\n"),
            std::string::npos)
      << page;
  EXPECT_NE(page.find(".SS scores import\n"), std::string::npos) << page;
  EXPECT_EQ(page.find(".SS complete"), std::string::npos) << page;
  for (const char* section : {".SH EXIT STATUS\n", ".SH ENVIRONMENT\n", ".SH FILES\n", ".SH EXAMPLES\n"}) {
    EXPECT_NE(page.find(section), std::string::npos) << section;
  }
}

}  // namespace
}  // namespace latentgrid::cli
