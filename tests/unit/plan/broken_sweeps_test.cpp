// Every file in tests/golden/broken_sweeps and, beside it, exactly what is said about it, with {reductions} in place of the list of
// all reductions and so on. LATENTGRID_ACCEPT=1 writes what is said now and fails, so that a run which accepts can't pass for a test.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "columns/fields.hpp"
#include "data/digest_cache.hpp"
#include "methods/training.hpp"
#include "plan/make_plan.hpp"

namespace latentgrid {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(LATENTGRID_SOURCE_DIR) / "tests/golden/broken_sweeps";

std::vector<std::string> broken_sweeps() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += by.size()) text.replace(at, part.size(), by);
  return text;
}

// A method, a metric or a training option more changes none of these texts.
std::string with_short_lists(std::string text) {
  std::vector<std::string> training;
  for (const ParamSpec& param : training_options()) training.push_back(param.name);
  const std::pair<std::vector<std::string>, std::string> lists[] = {{method_names(MethodKind::reduction), "{reductions}"},
                                                                    {method_names(MethodKind::clustering), "{clusterings}"},
                                                                    {training, "{parameters of training}"},
                                                                    {report_fields(), "{fields}"}};
  for (const auto& [names, by] : lists) text = replaced(std::move(text), fmt::format("{}", fmt::join(names, ", ")), by);
  return text;
}

std::string said_about(const std::string& name) {
  Diagnostics diagnostics;
  DigestCache digests;
  EXPECT_FALSE(make_plan(folder / (name + ".yaml"), {}, ArtifactStore("no-results"), digests, diagnostics)) << name;
  EXPECT_TRUE(diagnostics.has_errors()) << name << " is not broken";
  return with_short_lists(replaced(diagnostics.render(), folder.string() + "/", ""));
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class BrokenSweep : public testing::TestWithParam<std::string> {};

TEST_P(BrokenSweep, IsRefusedInTheseWords) {
  const fs::path expected = folder / (GetParam() + ".txt");
  const std::string said = said_about(GetParam());
  if (std::getenv("LATENTGRID_ACCEPT")) {
    std::ofstream(expected) << said;
    FAIL() << "wrote " << expected << "; read it, then run without LATENTGRID_ACCEPT";
  }
  EXPECT_EQ(said, text_of(expected));
}

INSTANTIATE_TEST_SUITE_P(All, BrokenSweep, testing::ValuesIn(broken_sweeps()),
                         [](const auto& sweep) { return sweep.param; });

}  // namespace
}  // namespace latentgrid
