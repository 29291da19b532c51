// The examples of experiments/README.md are read as they stand.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "plan/expand.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

std::vector<std::string> yaml_blocks(const std::string& markdown) {
  std::vector<std::string> blocks;
  const std::string opening = "```yaml\n";
  for (std::size_t at = markdown.find(opening); at != std::string::npos; at = markdown.find(opening, at)) {
    at += opening.size();
    blocks.push_back(markdown.substr(at, markdown.find("```", at) - at));
  }
  return blocks;
}

std::vector<std::string> blocks_of(const std::string& file) {
  std::ifstream stream(LATENTGRID_SOURCE_DIR "/" + file);
  return yaml_blocks({std::istreambuf_iterator<char>(stream), {}});
}

void expect_sweep(const std::string& text) {
  const DatasetHeader faces = {.images = 8500, .channels = 3, .height = 32, .width = 32, .labelled = 8500, .classes = 2};
  testing::SweepText s(text);
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_FALSE(expand(*s.sweep, faces, s.diagnostics).jobs.empty());
  EXPECT_FALSE(s.diagnostics.has_errors()) << s.said();
}

TEST(Readme, ExamplesOfTheLanguageAreSweeps) {
  const auto blocks = blocks_of("experiments/README.md");
  ASSERT_EQ(blocks.size(), 5u);
  const std::string head = "name: readme\ndataset: {synthetic: {images: 8500}}\n";
  expect_sweep(head + blocks[0]);
  std::string report = blocks[1];
  const std::string images = "dataset: {images: visualization.npy, labels: {counts: [2500, 2500]}}";
  ASSERT_NE(report.find(images), std::string::npos);
  report.replace(report.find(images), images.size(), "dataset: {synthetic: {images: 5000}}");
  expect_sweep(head + "grid: {architecture: raw}\n" + report);
  expect_sweep(head + "grid: {architecture: raw}\n" + blocks[2]);
  expect_sweep(head + blocks[3] + "grid: {architecture: mine, epochs: 1}\n");
  expect_sweep(head + blocks[4] + "grid: {architecture: block, epochs: 1}\n");
}

TEST(Readme, ItsExamplesAreSweeps) {
  const auto blocks = blocks_of("README.md");
  ASSERT_EQ(blocks.size(), 2u);
  for (const std::string& block : blocks) {
    const std::size_t dataset = block.find("dataset:"), end = block.find('\n', dataset);
    ASSERT_NE(dataset, std::string::npos);
    expect_sweep(block.substr(0, dataset) + "dataset: {synthetic: {images: 8500}}" + block.substr(end));
  }
}

}  // namespace
}  // namespace latentgrid
