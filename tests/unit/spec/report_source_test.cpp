// A sweep file beside the text that was run.
#include "spec/report_source.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

const std::string head = "name: test\ndataset: {synthetic: {images: 100}}\ngrid: {architecture: raw}\n";

std::string figures(const std::string& list) {
  return head + "report:\n  figures:" + list;
}

TEST(ReportSource, LayoutAndCommentsAreNoChanges) {
  const auto changes = changes_of_file("# why\n" + head + "report: {figures: [costs]}\n", figures("\n    - costs\n"), {});
  ASSERT_TRUE(changes);
  EXPECT_FALSE(changes->report || changes->rest);
}

TEST(ReportSource, TheReportAndTheRestAreToldApart) {
  auto changes = changes_of_file(figures(" [slices]\n"), figures(" [costs]\n"), {});
  EXPECT_TRUE(changes->report && !changes->rest);
  changes = changes_of_file(figures(" [costs]\n") + "seeds: [0, 1]\n", figures(" [costs]\n"), {});
  EXPECT_TRUE(!changes->report && changes->rest);
  changes = changes_of_file(figures(" [costs]\n"), head, {});
  EXPECT_TRUE(changes->report) << "there was none";
}

TEST(ReportSource, ClassNamesAreAChangeOfTheirOwn) {
  const std::string named = "name: test\ndataset: {synthetic: {images: 100}, class_names: [a, b]}\ngrid: {architecture: raw}\n";
  auto changes = changes_of_file(named, head, {});
  EXPECT_TRUE(changes->class_names && !changes->rest && !changes->report);
  changes = changes_of_file(named + "seeds: [0, 1]\n", named, {});
  EXPECT_TRUE(!changes->class_names && changes->rest);
}

TEST(ReportSource, OptionsHoldForBoth) {
  const auto changes = changes_of_file(figures(" [slices]\n"), figures(" [costs]\n"), {"report.figures=[importance]"});
  ASSERT_TRUE(changes);
  EXPECT_FALSE(changes->report);
}

TEST(ReportSource, WhatCannotBeReadIsNotCompared) {
  EXPECT_FALSE(changes_of_file("name: [", head, {}));
  EXPECT_EQ(sweep_name_in("name: ["), "");
  EXPECT_EQ(sweep_name_in(head), "test");
}

TEST(ReportSource, PicturesThatWereNotRunAreNamed) {
  const std::string run = figures(" [map: {job: best, reductions: pca}, reconstructions, costs]\n");
  auto figures_with_tasks = [&](const std::string& list) { return changes_of_file(figures(list), run, {})->figures_with_tasks; };
  EXPECT_EQ(figures_with_tasks(" [map: {job: best, reductions: pca, title: Other}, slices]\n"), std::set<std::string>())
      << "a title and charts need no tasks";
  EXPECT_EQ(figures_with_tasks(" [map: {job: best, reductions: tsne}, reconstructions]\n"), (std::set<std::string>{"map"}));
  EXPECT_EQ(figures_with_tasks(" [map: {name: second, job: best, reductions: pca}]\n"), (std::set<std::string>{"second"}));
  EXPECT_EQ(changes_of_file(head, run, {})->figures_with_tasks, (std::set<std::string>{"map", "reconstructions"}))
      << "the default ones are others than those listed";
}

TEST(ReportSource, ASectionIsReadWithoutTheDataSet) {
  testing::TemporaryFolder folder;
  const std::string text = "name: test\ndataset: {images: gone.npy}\ngrid: {architecture: raw}\n"
                           "report: {tables: [{columns: [label, accuracy]}]}\n";
  Diagnostics diagnostics;
  const auto section = read_report_section(folder / "sweep.yaml", text, {}, diagnostics);
  ASSERT_TRUE(section) << diagnostics.render();
  EXPECT_EQ((*section)["tables"][0]["name"], "test");
  EXPECT_FALSE(read_report_section(folder / "sweep.yaml", figures(" [maps]\n"), {}, diagnostics));
  EXPECT_NE(diagnostics.render().find("error: unknown figure 'maps'\n"), std::string::npos);
}

}  // namespace
}  // namespace latentgrid
