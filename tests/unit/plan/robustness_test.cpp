// Whatever the bytes, reading and expanding end: with jobs or with an error, and never with an exception. The shipped
// sweeps are cut, and mutated by seeded random numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/random.hpp"
#include "plan/expand.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

std::vector<std::string> texts() {
  std::vector<std::string> all;
  for (const char* folder : {"/experiments", "/tests/golden/broken_sweeps"}) {
    for (const auto& entry : std::filesystem::directory_iterator(std::string(LATENTGRID_SOURCE_DIR) + folder)) {
      if (entry.path().extension() != ".yaml") continue;
      std::ifstream stream(entry.path());
      all.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

void expect_an_answer(const std::string& yaml) {
  testing::SweepText s(yaml);
  EXPECT_NE(s.sweep.has_value(), s.diagnostics.has_errors()) << yaml;
  const DatasetHeader header = {
      .images = 300, .channels = 1, .height = 32, .width = 32, .labelled = 300, .classes = 10};
  if (!s.sweep) {  // what could be read of it is looked at for more errors
    if (!s.partial.unread.everything) expand(s.partial, header, s.diagnostics);
    return;
  }
  const Expansion expansion = expand(*s.sweep, header, s.diagnostics);
  EXPECT_TRUE(s.diagnostics.has_errors() ||
              expansion.jobs.size() + expansion.merged == static_cast<std::size_t>(expansion.cells))
      << yaml;
}

TEST(Robustness, CutFilesGetAnAnswer) {
  for (const std::string& text : texts()) {
    for (std::size_t length = 0; length < text.size(); length += 7) expect_an_answer(text.substr(0, length));
  }
}

TEST(Robustness, MutatedFilesGetAnAnswer) {
  RandomStream random(7);
  const std::string bytes = "{}[]:,-&*#|>!%@`'\"\n\t 0a~?<\xc3\xff";
  for (const std::string& text : texts()) {
    for (int round = 0; round < 60; ++round) {
      std::string mutated = text;
      for (std::uint64_t i = 0, count = 1 + random.below(6); i < count; ++i) {
        const std::size_t at = random.below(mutated.size());
        switch (random.below(3)) {
          case 0:
            mutated[at] = bytes[random.below(bytes.size())];
            break;
          case 1:
            mutated.insert(at, 1, bytes[random.below(bytes.size())]);
            break;
          default:
            mutated.erase(at, 1 + random.below(20));
            break;
        }
      }
      expect_an_answer(mutated);
    }
  }
}

TEST(Robustness, DeepNestingIsRefused) {
  expect_an_answer(std::string(100'000, '['));
  expect_an_answer("name: " + std::string(100'000, '{'));
}

}  // namespace
}  // namespace latentgrid
