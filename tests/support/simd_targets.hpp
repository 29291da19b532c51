#pragma once

#include <hwy/targets.h>

#include <cstdint>
#include <functional>
#include <string>

namespace latentgrid::testing {

// Runs `body` once for every instruction set that the kernels were compiled for and this machine has.
inline void for_each_simd_target(const std::function<void(const std::string& target)>& body) {
  for (std::int64_t targets = hwy::SupportedTargets() & HWY_TARGETS; targets != 0; targets &= targets - 1) {
    const std::int64_t target = targets & -targets;
    hwy::GetChosenTarget().Update(target);
    body(hwy::TargetName(target));
  }
  hwy::GetChosenTarget().DeInit();
}

}  // namespace latentgrid::testing
