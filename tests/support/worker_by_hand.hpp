#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/heartbeat.hpp"
#include "pool/mailbox_folder.hpp"
#include "pool/worker_place.hpp"
#include "protocol/line_file.hpp"
#include "protocol/messages.hpp"

namespace latentgrid::testing {

// A worker of a mailbox, every line of which a test writes.
class WorkerByHand {
 public:
  WorkerByHand(const MailboxFolder& folder, std::string name, WorkerPlace place) : folder_(folder), name_(std::move(name)) {
    std::filesystem::create_directories(folder_.worker(name_));
    to_coordinator_ = std::make_unique<protocol::LineWriter>(folder_.from_worker(name_));
    from_coordinator_ = std::make_unique<protocol::LineReader>(folder_.to_worker(name_));
    heart_ = std::make_unique<HeartbeatWriter>(folder_.heartbeat(name_));
    heart_->beat();
    says("joined " + to_json(place).dump());
  }

  void beat() { heart_->beat(); }
  void says(const std::string& line) { to_coordinator_->append(line); }
  void says_hello(const std::string& connection, const std::map<std::string, int>& stages) {
    says("line " + connection + " " + protocol::encode(protocol::Hello{.stages = stages}));
  }
  // What has come since the last call.
  std::vector<std::string> told() { return from_coordinator_->read(); }
  // Keys of the tasks among that.
  std::vector<std::string> tasks() {
    std::vector<std::string> keys;
    for (const std::string& line : told()) {
      const auto [word, rest] = first_word(line);
      if (word != "line") continue;
      const auto message = protocol::decode_coordinator_message(first_word(rest).second);
      if (auto* run = std::get_if<protocol::Run>(&message)) keys.push_back(run->key);
    }
    return keys;
  }
  bool has_folder() const { return std::filesystem::exists(folder_.worker(name_)); }

 private:
  MailboxFolder folder_;
  std::string name_;
  std::unique_ptr<protocol::LineWriter> to_coordinator_;
  std::unique_ptr<protocol::LineReader> from_coordinator_;
  std::unique_ptr<HeartbeatWriter> heart_;
};

}  // namespace latentgrid::testing
