#include "base/diagnostic.hpp"

#include <gtest/gtest.h>

using namespace latentgrid;

TEST(Diagnostics, RenderInFileOrderWithLineAndCaret) {
  Diagnostics diagnostics;
  diagnostics.add_source("a.yaml", "name: x\ngrid:\n\tepoch: 3\n");
  diagnostics.warning({"a.yaml", 3, 2}, "unknown key 'epoch'", "did you mean 'epochs'?");
  diagnostics.error({"a.yaml", 1, 7}, "too short");
  EXPECT_EQ(diagnostics.render(),
            "a.yaml:1:7: error: too short\n  name: x\n        ^\n"
            "a.yaml:3:2: warning: unknown key 'epoch'\n  \tepoch: 3\n  \t^\n  hint: did you mean 'epochs'?\n");
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Diagnostics, AWarningAloneIsNoError) {
  Diagnostics diagnostics;
  diagnostics.warning({"", 0, 0}, "odd");
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(diagnostics.render(), "warning: odd\n");
}

TEST(ClosestMatch, FindsTyposAndTranspositionsButNotOtherWords) {
  std::vector<std::string> names{"epochs", "latent_dim", "reduction", "seeds"};
  EXPECT_EQ(closest_match("epcohs", names), "epochs");
  EXPECT_EQ(closest_match("Latent_Dim", names), "latent_dim");
  EXPECT_EQ(closest_match("redction", names), "reduction");
  EXPECT_EQ(closest_match("wallpaper", names), "");
}
