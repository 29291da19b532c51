#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "plan/expand.hpp"

namespace latentgrid {
namespace {

constexpr DatasetHeader fashion = {
    .images = 8500, .channels = 1, .height = 32, .width = 32, .labelled = 8500, .classes = 10};

struct Shipped {
  explicit Shipped(const std::string& name, DatasetHeader header) {
    sweep = read_sweep(std::string(LATENTGRID_SOURCE_DIR) + "/experiments/" + name, {}, diagnostics);
    expansion = expand(sweep, header, diagnostics);
    EXPECT_EQ(diagnostics.render(), "");
  }
  std::vector<std::string> rows() const {
    std::vector<std::string> all;
    for (const Job& job : expansion.jobs) {
      all.push_back(fmt::format("{} {} {} epochs, {} {}, k {}", job.architecture, job.latent_dim(), job.epochs(),
                                name_of(job.reductions()), job.reduced_dim(), job.k));
    }
    return all;
  }
  Diagnostics diagnostics;
  Sweep sweep;
  Expansion expansion;
};

TEST(Hw4Table, HasTheReportsRowsAndRawPixels) {
  EXPECT_EQ(Shipped("hw4_table.yaml", fashion).rows(),
            (std::vector<std::string>{"AE1 2048 20 epochs, pca 32, k 10", "AE1 2048 20 epochs, tsne 2, k 10",
                                      "AE2 4096 4 epochs, pca 32, k 10", "AE2 4096 4 epochs, tsne 2, k 10",
                                      "raw 1024 0 epochs, pca 32, k 10", "raw 1024 0 epochs, tsne 2, k 10",
                                      "raw 1024 0 epochs, none 1024, k 10"}));
}

TEST(Hw3Table, HasEveryRowButTheImpossibleOne) {
  Shipped table("hw3_table.yaml", fashion);
  EXPECT_EQ(table.expansion.jobs.size(), 14u);
  EXPECT_EQ(table.expansion.excluded, 1);
  EXPECT_EQ(table.expansion.merged, 0);
  EXPECT_EQ(table.rows().front(), "AE2 32 4 epochs, pca 8, k 10");
  EXPECT_EQ(table.rows().back(), "AE2 128 4 epochs, tsne 8, k 10");
}

TEST(Quickstart, HasItsRows) {
  DatasetHeader few = fashion;
  few.images = few.labelled = 2000;
  EXPECT_EQ(Shipped("quickstart.yaml", few).expansion.jobs.size(), 15u);
}

TEST(Visualisation, ShowsTwoMapsOfOtherImages) {
  Shipped maps("visualisation.yaml", fashion);
  EXPECT_EQ(maps.expansion.jobs.size(), 4u);
  ASSERT_EQ(maps.sweep.figures.size(), 6u);
  for (int i : {0, 1}) {
    EXPECT_EQ(maps.sweep.figures[i].kind, "map");
    EXPECT_EQ(maps.sweep.figures[i].dataset->limit, 5000);
    EXPECT_EQ(maps.sweep.figures[i].reductions.size(), 2u);
  }
}

TEST(ErrorVsScore, HasAJobACheckpoint) {
  EXPECT_EQ(Shipped("error_vs_score.yaml", fashion).expansion.jobs.size(), 3u * (20 + 8));
}

TEST(ClassPipelines, HasItsRows) {
  Shipped pipelines("class_pipelines.yaml", fashion);
  EXPECT_EQ(pipelines.expansion.jobs.size(), 90u);
  EXPECT_EQ(pipelines.rows().back(), "AE2 4096 4 epochs, pca32+umap 10, k 10");
}

// As a file to copy from it has every method in it.
TEST(MethodsToCopy, AreAllMethods) {
  DatasetHeader few = fashion;
  few.images = few.labelled = 2000;
  std::set<std::string> used, all;
  for (const Job& job : Shipped("methods.yaml", few).expansion.jobs) {
    for (const SharedStep& step : job.path) {
      if (step->method->kind != MethodKind::training && step->method->kind != MethodKind::encoder) used.insert(step->method->name);
    }
  }
  for (MethodKind kind : {MethodKind::reduction, MethodKind::clustering}) {
    for (const std::string& name : method_names(kind)) all.insert(name);
  }
  EXPECT_EQ(used, all);
}

}  // namespace
}  // namespace latentgrid
