#include "plan/gpus.hpp"

namespace latentgrid {

std::pair<std::string, int> device_and_gpu(const std::string& written, int gpus) {
  if (written == "auto") return {gpus > 0 ? "cuda" : "cpu", -1};
  const std::size_t colon = written.find(':');
  if (colon == std::string::npos) return {written, -1};
  return {written.substr(0, colon), std::stoi(written.substr(colon + 1))};
}

int take_gpu(const MethodSpec& method, Json& params, const PointsSize& points, int gpus) {
  auto written = params.find("device");
  if (written == params.end()) return -1;
  const bool useless = method.ignores_device && method.ignores_device(params, points);
  const auto [device, gpu] = useless ? std::pair<std::string, int>("cpu", -1) : device_and_gpu(*written, gpus);
  *written = device;
  params = method.complete(params);
  return gpu;
}

}  // namespace latentgrid
