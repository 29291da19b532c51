#include "plan/expand.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace latentgrid {
namespace {

constexpr DatasetHeader fashion = {.images = 8500, .channels = 1, .height = 32, .width = 32, .labelled = 8500, .classes = 10};

std::string shipped(const std::string& name) { return std::string(LATENTGRID_SOURCE_DIR) + "/experiments/" + name; }

TEST(ShippedSweeps, Hw4HasTheReportsRowsAndRawPixels) {
  Diagnostics diagnostics;
  auto sweep = load_sweep(shipped("hw4_table.yaml"), {}, diagnostics);
  ASSERT_TRUE(sweep) << diagnostics.render();
  Expansion expansion = expand(*sweep, fashion, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  std::vector<std::string> rows;
  for (const Job& job : expansion.jobs) {
    rows.push_back(job.architecture + " " + job.latent + " " + std::to_string(job.latent_dim) + " " + std::to_string(job.epochs) +
                   " " + job.reduction_name + " " + std::to_string(job.reduced_dim) + " k" + std::to_string(job.k));
  }
  EXPECT_EQ(rows, (std::vector<std::string>{"AE1 native 2048 20 pca 32 k10", "AE1 native 2048 20 tsne 2 k10",
                                            "AE2 native 4096 4 pca 32 k10", "AE2 native 4096 4 tsne 2 k10",
                                            "raw  1024 0 pca 32 k10", "raw  1024 0 tsne 2 k10"}));
}

TEST(ShippedSweeps, Hw3HasEveryPossibleRowAndExcludesTheImpossibleOne) {
  Diagnostics diagnostics;
  auto sweep = load_sweep(shipped("hw3_table.yaml"), {}, diagnostics);
  ASSERT_TRUE(sweep) << diagnostics.render();
  Expansion expansion = expand(*sweep, fashion, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  EXPECT_EQ(expansion.jobs.size(), 14u);
  EXPECT_EQ(expansion.excluded, 1);
  EXPECT_EQ(expansion.merged, 0);
}

TEST(ShippedSweeps, QuickstartExpands) {
  Diagnostics diagnostics;
  auto sweep = load_sweep(shipped("quickstart.yaml"), {}, diagnostics);
  ASSERT_TRUE(sweep) << diagnostics.render();
  DatasetHeader header = fashion;
  header.images = 2000;
  EXPECT_EQ(expand(*sweep, header, diagnostics).jobs.size(), 15u);
  EXPECT_EQ(diagnostics.render(), "");
}

}  // namespace
}  // namespace latentgrid
