#include "columns/fields.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace latentgrid {
namespace {

TEST(JobFields, TheAxesThatEveryJobHasAreInTheOrderOfTheData) {
  EXPECT_EQ(axes_of_every_job(), (std::vector<std::string>{"architecture", "latent_dim", "epochs", "reduction", "reduced_dim", "clustering", "k", "seed"}));
}

TEST(JobFields, ThatAJobHasFromTheStartAreInTheOrderOfTheViews) {
  EXPECT_EQ(recorded_fields(), (std::vector<std::string>{"job", "dataset", "architecture", "latent", "latent_dim", "epochs", "reduction", "reduced_dim",
                                                         "clustering", "k", "seed", "params"}));
}

TEST(ReportFields, AreWhatAJobIsAndWhatIsMeasuredOfIt) {
  const std::vector<std::string> fields = report_fields();
  EXPECT_TRUE(std::is_sorted(fields.begin(), fields.end()));
  for (const std::string& name : fields) EXPECT_TRUE(is_report_field(name)) << name;
  for (const std::string& name : measured_fields()) EXPECT_TRUE(find_metric(name)) << name;
  EXPECT_TRUE(is_report_field("reduction_label"));
  EXPECT_FALSE(is_report_field("params")) << "a long text of JSON, only for `query`";
  EXPECT_FALSE(is_report_field("tsne.perplexity"));
  EXPECT_EQ(find_job_field("state")->title, "state");
  EXPECT_EQ(find_job_field("accuracy"), nullptr);
}

}  // namespace
}  // namespace latentgrid
