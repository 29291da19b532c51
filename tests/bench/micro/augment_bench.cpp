// One step of an augmentation with its defaults, but always done, on CIFAR's size of images, on one core; and what contrastive
// training does. `an_image` is processor time; that of "nothing", to read and write the image, is in each.
#include <benchmark/benchmark.h>

#include <numeric>

#include "augment/augmentation.hpp"
#include "methods/methods.hpp"

namespace {

using namespace latentgrid;

Json step(const std::string& method, bool always) {
  const MethodSpec& spec = *find_method(MethodKind::augmentation, method);
  Json params = spec.complete(always && spec.find("p") ? Json{{"p", 1.0}} : Json::object());
  params["method"] = method;
  return params;
}

void augment(benchmark::State& state, const Json& steps) {
  constexpr std::int64_t count = 512, side = 32, channels = 3;
  std::vector<std::uint8_t> bytes(count * side * side * channels);
  RandomStream random(1);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
  std::vector<std::int64_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0);
  std::vector<float> out(bytes.size());
  const Augmentation augmentation(steps, 1);
  std::int64_t epoch = 0;
  for (auto _ : state) augmentation.apply({bytes, count, side, side, channels}, indices, epoch++, 0, PixelRange::zero_to_one, out.data(), 1);
  state.counters["an_image"] = benchmark::Counter(count, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

const bool registered = [] {
  benchmark::RegisterBenchmark("augment/nothing", augment, Json::array());
  for (const std::string& method : method_names(MethodKind::augmentation)) {
    benchmark::RegisterBenchmark(("augment/" + method).c_str(), augment, Json::array({step(method, true)}));
  }
  Json contrastive = Json::array();
  for (const char* method : {"random_resized_crop", "horizontal_flip", "color_jitter", "grayscale"}) contrastive.push_back(step(method, false));
  benchmark::RegisterBenchmark("augment/contrastive", augment, contrastive);
  return true;
}();

}  // namespace
