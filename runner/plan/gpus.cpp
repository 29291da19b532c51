#include "plan/gpus.hpp"

#include "methods/stages.hpp"

namespace latentgrid {

int Gpus::of(const std::string& stage) const {
  const auto found = of_stage_.find(stage);
  return found == of_stage_.end() ? others_ : found->second;
}

int Gpus::of(const MethodSpec& method) const {
  for (const StageSpec& stage : all_stages()) {
    if (stage.kind == method.kind) return of(std::string(stage.name));
  }
  return others_;
}

std::pair<std::string, int> device_and_gpu(const std::string& written, int gpus) {
  if (written == "auto") return {gpus > 0 ? "cuda" : "cpu", -1};
  const std::size_t colon = written.find(':');
  if (colon == std::string::npos) return {written, -1};
  return {written.substr(0, colon), std::stoi(written.substr(colon + 1))};
}

int take_gpu(const MethodSpec& method, Json& params, const PointsSize& points, const Gpus& gpus) {
  auto written = params.find("device");
  if (written == params.end()) return -1;
  const bool useless = method.ignores_device && method.ignores_device(params, points);
  const auto [device, gpu] = useless ? std::pair<std::string, int>("cpu", -1) : device_and_gpu(*written, gpus.of(method));
  *written = device;
  params = method.complete(params);
  return gpu;
}

}  // namespace latentgrid
