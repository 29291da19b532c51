#include "store/neighbors_key.hpp"

#include "base/key.hpp"

namespace latentgrid {

namespace {

constexpr int stage_version = 1;

}  // namespace

std::string neighbors_key(const std::string& points_stage, const ArtifactId& points) {
  KeyBuilder key(KeyBuilder::Transcript::drop);
  key.add("stage", neighbors_stage).add("version", stage_version);
  key.add("points", {{"stage", points_stage}, {"key", points.key}, {"extent", points.extent}});
  return key.key();
}

}  // namespace latentgrid
