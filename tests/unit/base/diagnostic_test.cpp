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

TEST(Diagnostics, OfALongLineWhatIsAroundTheColumnIsShown) {
  auto shown = [](const std::string& line, int column) {
    Diagnostics diagnostics;
    diagnostics.add_source("a.yaml", line);
    diagnostics.error({"a.yaml", 1, column}, "wrong");
    const std::string text = diagnostics.render();
    return text.substr(text.find('\n') + 1);
  };
  const std::string a(200, 'a'), b(200, 'b');
  EXPECT_EQ(shown(a + "key" + b, 201),
            "  …" + std::string(60, 'a') + "key" + std::string(57, 'b') + "…\n  " + std::string(61, ' ') + "^\n");
  EXPECT_EQ(shown(a + b, 3), "  " + std::string(120, 'a') + "…\n    ^\n");
  EXPECT_EQ(shown(a + b, 400), "  …" + std::string(120, 'b') + "\n  " + std::string(120, ' ') + "^\n");
  EXPECT_EQ(shown("ä" + std::string(119, 'a'), 121).substr(0, 4), "  ä");  // no half of a character
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
  EXPECT_EQ(closest_match("latent", names), "latent_dim") << "the only one that begins so";
  EXPECT_EQ(closest_match("wallpaper", names), "");
  EXPECT_EQ(closest_match("perplexity", {"epochs", "tsne.perplexity"}), "tsne.perplexity");
  EXPECT_EQ(closest_match("iterations", {"epochs", "tsne.iterations"}), "tsne.iterations") << "before other names of epochs";
}

TEST(CloseMatches, AreAllThatAWordMayMean) {
  const std::vector<std::string> names = {"latent_dim", "reduced_dim", "pca.dim", "tsne.dim", "tsne.perplexity", "umap.dim"};
  EXPECT_EQ(close_matches("dim", names), (std::vector<std::string>{"reduced_dim", "latent_dim", "pca.dim", "tsne.dim"}));
  EXPECT_EQ(close_matches("perplexity", names), (std::vector<std::string>{"tsne.perplexity"}));
  EXPECT_EQ(close_matches("wallpaper", names), std::vector<std::string>());
  EXPECT_EQ(did_you_mean({"a", "b", "c"}), "did you mean 'a', 'b' or 'c'?");
  EXPECT_EQ(did_you_mean({"a"}), "did you mean 'a'?");
  EXPECT_EQ(did_you_mean({}), "");
}
