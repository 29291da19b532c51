// What `plan` and `validate` say of a sweep's architectures.
#include <gtest/gtest.h>

#include "integration/sweep_fixture.hpp"

using latentgrid::Json;
using latentgrid::testing::SweepFixture;

namespace {

class PlanText : public SweepFixture {
 protected:
  void SetUp() override {
    write("sweep.yaml", R"(name: test
dataset: {synthetic: {images: 60, classes: 2}}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid: {architecture: tiny, epochs: [1, 2], latent_dim: [native, 5]}
report: {figures: []}
)");
  }
};

}  // namespace

TEST_F(PlanText, NamesTheLayersThatALatentDimAdds) {
  const std::string file = (folder_ / "sweep.yaml").string();
  const std::string added =
      "flatten and linear(512, 5) are added to the end of the encoder, linear(5, 512) and unflatten(2×16×16) are added to the "
      "beginning of the decoder";
  for (const char* command : {"plan", "validate"}) {
    const std::string text = call({command, file}).out;
    EXPECT_NE(text.find("\ntiny with latent_dim 5: " + added + "\n"), std::string::npos) << text;
    EXPECT_EQ(call({command, file, "--set", "grid.latent_dim=native"}).out.find(" added to "), std::string::npos);
    EXPECT_EQ(Json::parse(call({command, file, "--json"}).out).at("architectures"),
              (Json{{{"architecture", "tiny"}, {"latent", "native"}, {"latent_dim", 512}, {"added_layers", ""}},
                    {{"architecture", "tiny"}, {"latent", "5"}, {"latent_dim", 5}, {"added_layers", added}}}));
  }
}

TEST_F(PlanText, CountsJobsAndCells) {
  const std::string file = (folder_ / "sweep.yaml").string();
  EXPECT_TRUE(call({"plan", file}).out.starts_with("sweep 'test': 4 jobs from 4 cells\n"));
  EXPECT_TRUE(call({"plan", file, "--set", "grid.epochs=1", "--set", "grid.latent_dim=5"}).out.starts_with("sweep 'test': 1 job from 1 cell\n"));
}
