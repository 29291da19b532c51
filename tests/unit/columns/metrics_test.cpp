#include "columns/metrics.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/synonyms.hpp"

namespace latentgrid {
namespace {

TEST(Metrics, HaveOneNameEachAndWordsForPeople) {
  std::set<std::string_view> names;
  for (const Metric& metric : all_metrics) {
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_NE(metric.title, "") << metric.name;
    EXPECT_NE(metric.doc, "") << metric.name;
    EXPECT_GT(metric.digits, 0) << metric.name;
    EXPECT_TRUE(metric.needs_labels || !metric.needs_split) << metric.name;
    EXPECT_EQ(find_metric(metric.name), &metric);
    EXPECT_EQ(known_elsewhere(metric.name), "") << "take it off names_elsewhere in base/synonyms.cpp";
  }
  EXPECT_EQ(find_metric("epochs"), nullptr);
}

TEST(Metrics, AreFoundByWhatTheyNeed) {
  EXPECT_EQ(metric_names(&Metric::needs_split), (std::vector<std::string>{"accuracy_public", "accuracy_private"}));
  EXPECT_EQ(metric_names(&Metric::of_one_embedding), (std::vector<std::string>{"silhouette"}));
  EXPECT_TRUE(is_metric("ari", &Metric::needs_labels));
  EXPECT_FALSE(is_metric("leaderboard_public", &Metric::needs_labels));
  EXPECT_FALSE(is_metric("epochs", &Metric::is_score));
  EXPECT_TRUE(needs_split("accuracy_private"));
}

static_assert(KnownMetric("recon_mse").place() == 0);
static_assert(KnownMetric(all_metrics[2]).place() == 2);

}  // namespace
}  // namespace latentgrid
