#include "worker/options.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.hpp"

namespace latentgrid::worker {
namespace {

Options parse(std::vector<std::string> words) {
  std::vector<char*> argv;
  words.insert(words.begin(), "latentgrid-worker");
  for (std::string& word : words) argv.push_back(word.data());
  return parse_options(static_cast<int>(argv.size()), argv.data());
}

std::string error_of(const std::vector<std::string>& words) {
  try {
    parse(words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Options, AreReadAsGiven) {
  Options options = parse({"--results", "/data/r", "--parent", "12"});
  EXPECT_EQ(options.results, "/data/r");
  EXPECT_EQ(options.parent, 12);
  EXPECT_FALSE(options.describe);
  EXPECT_TRUE(parse({"--describe"}).describe);
  EXPECT_FALSE(parse({}).parent.has_value());
}

TEST(Options, WrongOnesAreUsageErrors) {
  EXPECT_EQ(error_of({"--result", "x"}), "unknown option '--result'");
  EXPECT_EQ(error_of({"--results"}), "--results needs a value");
  EXPECT_EQ(error_of({"--parent", "12x"}), "--parent needs a process id, not '12x'");
  EXPECT_EQ(error_of({"--parent", "0"}), "--parent needs a process id, not '0'");
}

}  // namespace
}  // namespace latentgrid::worker
