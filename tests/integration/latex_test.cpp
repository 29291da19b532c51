// The tables' LaTeX is compiled, and figures are taken, by a real LaTeX with booktabs and graphicx (Debian: texlive-latex-recommended).
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "figure/figure_files.hpp"
#include "report/table.hpp"
#include "report/table_latex.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using testing::CommandResult;
using testing::run_command;
using testing::TemporaryFolder;

// Every character of ASCII, and those of our own texts.
std::string every_sign() {
  std::string text;
  for (char c = ' '; c <= '~'; ++c) text += c;
  return text + " ± × – — − † ρ · ≤ ≥ → ² … α β γ ε η λ μ σ é ü ß";
}

Table everything() {
  Table table{.name = "every_sign-1", .title = every_sign()};
  table.columns = {{"label", every_sign(), ColumnKind::text},
                   {"latent_dim", "", ColumnKind::integer},
                   {"accuracy", "score (%)", ColumnKind::estimate, 1, true}};
  table.rows = {{{every_sign()}, {std::int64_t{32}}, {Estimate{-71.5, 0.5, 3}, true}},
                {{std::string("[1] a bracket")}, {}, {Estimate{70.5, std::nullopt, 1}, false, true}},
                {{std::string("* a star")}, {std::int64_t{-3}}, {}},
                {{std::string()}, {}, {}}};
  table.footnotes = {every_sign(), "Bold: the best."};
  table.details = {every_sign() + "\nand a second line"};
  return table;
}

Table of_the_second_report() {
  Table table{.name = "hw4_table", .title = "Reconstruction loss and clustering accuracy"};
  table.columns = {{"label", "", ColumnKind::text},
                   {"recon_mse", "reconstruction loss", ColumnKind::estimate, 4},
                   {"accuracy_public", "public score", ColumnKind::estimate, 4},
                   {"accuracy_private", "private score", ColumnKind::estimate, 4, true}};
  table.rows = {{{std::string("AE2 + t-SNE(dim = 2)")},
                 {Estimate{0.0201, 0.0007, 3}},
                 {Estimate{0.7937, 0.0195, 3}},
                 {Estimate{0.7809, 0.0179, 3}, true}},
                {{std::string("raw pixels + PCA(dim = 32)")},
                 {},
                 {Estimate{0.7113, 0, 3}},
                 {Estimate{0.7045, 0, 3}, false, true}}};
  table.footnotes = {
      "Values are means ± sample standard deviations over 3 seeds (0, 1, 2). The number of seeds behind a value is in "
      "brackets.",
      "Bold: the best private score.",
      "† marks what does not differ significantly from the best (paired t tests over seeds, 5 % level, Holm's "
      "correction)."};
  return table;
}

struct Latex : ::testing::Test {
  TemporaryFolder folder;

  void SetUp() override {
    if (run_command({"/usr/bin/env", "pdflatex", "--version"}).exit_code != 0 ||
        run_command({"/usr/bin/env", "kpsewhich", "booktabs.sty"}).exit_code != 0) {
      GTEST_SKIP() << "there is no pdflatex with booktabs here: apt-get install texlive-latex-recommended";
    }
  }
  // What LaTeX says.
  std::string compiled(const std::vector<Table>& tables) {
    std::string text = "\\documentclass{article}\n\\usepackage{booktabs,graphicx}\n\\begin{document}\n";
    for (const Table& table : tables) {
      write_file_atomically(folder / (table.name + ".tex"), to_latex(table));
      text += "\\input{" + table.name + "}\n";
    }
    write_file_atomically(folder / "all.tex", text + "\\end{document}\n");
    return compiled_all();
  }
  std::string compiled_all() {
    const CommandResult result = run_command({"/usr/bin/env", "-C", folder.path().string(), "pdflatex",
                                              "-halt-on-error", "-interaction=nonstopmode", "all.tex"},
                                             {{"TEXMFVAR", folder.path().string()}});  // fonts that it makes
    EXPECT_EQ(result.exit_code, 0) << result.out;
    EXPECT_TRUE(std::filesystem::exists(folder / "all.pdf"));
    return result.out;
  }
};

TEST_F(Latex, CompilesWhateverTheTextsHold) {
  const std::string said = compiled({everything()});
  for (const char* complaint : {"Missing character", "Font Warning", "Undefined"}) {
    EXPECT_EQ(said.find(complaint), std::string::npos) << said;
  }
}

TEST_F(Latex, TakesFiguresAsTheyAre) {
  Heatmap heatmap{{"a", "b"}, {"0", "1"}, "class", "cluster", {{5, 1}, {0, 7}}, 0};
  const auto files = write_figure({.name = "confusion", .title = "Häufigkeit α", .body = heatmap}, folder.path());
  ASSERT_TRUE(files);
  write_file_atomically(folder / "all.tex",
                        "\\documentclass{article}\n\\usepackage{graphicx}\n\\begin{document}\n"
                        "\\includegraphics{confusion}\n\\includegraphics[width=3cm]{confusion.png}\n\\end{document}\n");
  const std::string said = compiled_all();
  EXPECT_NE(said.find("<./confusion.pdf"), std::string::npos) << said;
  EXPECT_EQ(said.find("Warning"), std::string::npos) << said;
}

TEST_F(Latex, TablesFitThePage) {
  Table wide = of_the_second_report();
  wide.name = "wide";
  for (int i = 0; i < 6; ++i) {
    wide.columns.push_back({"accuracy", "accuracy", ColumnKind::estimate, 4});
    wide.columns.back().levels = {i < 4 ? "PCA" : "t-SNE", "accuracy"};
    for (auto& row : wide.rows) row.push_back({Estimate{0.5, 0.25, 3}});
  }
  const std::string said = compiled({of_the_second_report(), wide});
  EXPECT_EQ(said.find("Overfull"), std::string::npos) << said;
}

}  // namespace
}  // namespace latentgrid
