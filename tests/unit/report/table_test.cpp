#include "report/table.hpp"
#include "report/table_csv.hpp"
#include "report/table_latex.hpp"
#include "report/table_markdown.hpp"

#include <gtest/gtest.h>

#include <clocale>

namespace latentgrid {
namespace {

// Every kind of cell, and characters that mean something to each format.
Table sample() {
  Table table{.name = "sample", .title = "50% & more_"};
  table.columns = {{"label", "", ColumnKind::text},
                   {"latent_dim", "Latent | Dimension", ColumnKind::integer},
                   {"recon_mse", "loss", ColumnKind::estimate, 4},
                   {"accuracy_private", "score, \"private\"", ColumnKind::estimate, 3, true}};
  table.rows = {{{std::string("AE1|a_b")},
                 {std::int64_t{32}},
                 {Estimate{0.0372, 0.00125, 3}},
                 {Estimate{0.7165, 0.004, 3}, true}},
                {{std::string("raw, \"x\"")}, {std::int64_t{3072}}, {}, {Estimate{0.7, std::nullopt, 1}, false, true}},
                {{std::string("{\\}$#^~<>")}, {}, {Estimate{-0.5, std::nullopt, 1}}, {}}};
  table.footnotes = {"Mean ± std.", "Scores use 500 of 9000_images."};
  table.details = {"A against B: p = 0.1, 95 % level."};
  return table;
}

TEST(Markdown, IsExactlyThis) {
  EXPECT_EQ(to_markdown(sample()),
            "### 50% & more_\n"
            "\n"
            "| | Latent \\| Dimension | loss | score, \"private\" |\n"
            "|---|---:|---:|---:|\n"
            "| AE1\\|a_b | 32 | 0.0372 ± 0.0013 (3) | **0.717 ± 0.004 (3)** |\n"
            "| raw, \"x\" | 3072 | – | 0.700 (1) † |\n"
            "| {\\\\}$#^~\\<> | – | -0.5000 (1) | – |\n"
            "\n"
            "Mean ± std. Scores use 500 of 9000_images.\n"
            "\n"
            "- A against B: p = 0.1, 95 % level.\n");
}

TEST(Csv, IsExactlyThis) {
  EXPECT_EQ(to_csv(sample()),
            "label,Latent | Dimension,loss,loss std,loss n,\"score, \"\"private\"\"\",\"score, \"\"private\"\" std\","
            "\"score, \"\"private\"\" n\",\"score, \"\"private\"\" best\",\"score, \"\"private\"\" tied\"\n"
            "AE1|a_b,32,0.0372,0.00125,3,0.7165,0.004,3,1,0\n"
            "\"raw, \"\"x\"\"\",3072,,,0,0.7,,1,0,1\n"
            "{\\}$#^~<>,,-0.5,,1,,,0,0,0\n");
}

TEST(Latex, IsExactlyThis) {
  EXPECT_EQ(to_latex(sample()),
            "% needs \\usepackage{booktabs,graphicx}\n"
            "\\begin{table}\n"
            "  \\centering\n"
            "  \\setlength{\\belowcaptionskip}{4pt}\n"
            "  \\caption{50\\% \\& more\\_}\n"
            "  \\label{tab:sample}\n"
            "  \\sbox0{%\n"
            "  \\begin{tabular}{lrrr}\n"
            "    \\toprule\n"
            "     & Latent \\textbar{} Dimension & loss & score, ''private'' \\\\\n"
            "    \\midrule\n"
            "    AE1\\textbar{}a\\_b & 32 & 0.0372 $\\pm$ 0.0013 (3) & \\textbf{0.717 $\\pm$ 0.004 (3)} \\\\\n"
            "    raw, ''x'' & 3072 & -- & 0.700 (1)\\rlap{\\,$^\\dagger$} \\\\\n"
            "    \\{\\textbackslash{}\\}\\$\\#\\textasciicircum{}\\textasciitilde{}\\textless{}\\textgreater{} & -- & "
            "$-0.5000$ (1) & -- \\\\\n"
            "    \\bottomrule\n"
            "  \\end{tabular}}%\n"
            "  \\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi\n"
            "  \\par\\smallskip\n"
            "  \\begin{minipage}{0.95\\linewidth}\\footnotesize\n"
            "    Mean $\\pm$ std. Scores use 500 of 9000\\_images.\n"
            "  \\end{minipage}\n"
            "\\end{table}\n"
            "% A against B: p = 0.1, 95 % level.\n");
}

TEST(Latex, ANumberAndItsPercentSignStayOnOneLine) {
  Table table{.name = "t", .title = "Scores in %", .columns = {{"label", "accuracy %", ColumnKind::text}}, .rows = {{{std::string("95 % of it")}}}};
  table.footnotes = {"At the 5 % level."};
  const std::string latex = to_latex(table);
  for (const char* text : {"At the 5~\\% level.", "95~\\% of it", "accuracy \\%", "{Scores in \\%}"}) {
    EXPECT_NE(latex.find(text), std::string::npos) << text << "\n" << latex;
  }
}

TEST(Formats, DoNotDependOnTheLocale) {
  std::string md = to_markdown(sample()), csv = to_csv(sample()), tex = to_latex(sample());
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"}) {
    if (std::setlocale(LC_ALL, name)) break;
  }
  EXPECT_EQ(to_markdown(sample()), md);
  EXPECT_EQ(to_csv(sample()), csv);
  EXPECT_EQ(to_latex(sample()), tex);
  std::setlocale(LC_ALL, "C");
}

}  // namespace
}  // namespace latentgrid
