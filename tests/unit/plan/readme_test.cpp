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

TEST(Readme, ExamplesAreSweeps) {
  std::ifstream stream(LATENTGRID_SOURCE_DIR "/experiments/README.md");
  const auto blocks = yaml_blocks({std::istreambuf_iterator<char>(stream), {}});
  ASSERT_EQ(blocks.size(), 2u);
  const std::string head = "name: readme\ndataset: {synthetic: {images: 8500}}\n";
  const DatasetHeader faces = {.images = 8500, .channels = 3, .height = 32, .width = 32, .labelled = 8500, .classes = 2};
  for (const std::string& rest : {blocks[0], blocks[1] + "grid: {architecture: mine, epochs: 1}\n"}) {
    testing::SweepText s(head + rest);
    ASSERT_TRUE(s.sweep) << s.said();
    EXPECT_FALSE(expand(*s.sweep, faces, s.diagnostics).jobs.empty());
    EXPECT_FALSE(s.diagnostics.has_errors()) << s.said();
  }
}

}  // namespace
}  // namespace latentgrid
