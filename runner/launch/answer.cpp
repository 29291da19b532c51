#include "launch/answer.hpp"

#include <poll.h>

namespace latentgrid {

CommandSeries::CommandSeries(std::vector<CommandOptions> commands, AfterFailure after_failure, const Clock& clock)
    : commands_(std::move(commands)), after_failure_(after_failure), clock_(&clock) {
  if (!commands_.empty()) running_ = std::make_unique<Command>(commands_.front(), clock);
}

std::vector<int> CommandSeries::descriptors() const {
  return running_ ? running_->descriptors() : std::vector<int>{};
}

bool CommandSeries::poll() {
  while (running_ && running_->poll()) {
    results_.push_back(running_->result());
    running_.reset();
    if (!results_.back().ok() && after_failure_ == AfterFailure::stop) break;
    if (results_.size() == commands_.size()) break;
    running_ = std::make_unique<Command>(commands_[results_.size()], *clock_);
  }
  return !running_;
}

void CommandSeries::wait() {
  while (!poll()) {
    std::vector<pollfd> files;
    for (int descriptor : descriptors()) files.push_back({descriptor, POLLIN, 0});
    ::poll(files.data(), files.size(), 50);
  }
}

}  // namespace latentgrid
