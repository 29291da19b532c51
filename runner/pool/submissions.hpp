#pragma once

#include <map>
#include <string>

#include "pool/mailbox_folder.hpp"
#include "protocol/line_file.hpp"

namespace latentgrid {

// What was asked of a scheduler from one results folder, so that no name and number is ever used twice. One process at a time.
class Submissions {
 public:
  // Makes what is missing of the folder.
  explicit Submissions(const MailboxFolder& folder);

  // With a number of the folder's own, by which a scheduler's list tells its jobs from those of others.
  std::string job_name(const std::string& crew) const;
  int next(const std::string& crew) const;  // the first that was never asked for
  // Before the scheduler is asked. False where it can't be written down: then don't ask.
  bool record(const std::string& crew, int first, int count);

 private:
  std::string id_;
  std::map<std::string, int> next_;
  protocol::LineWriter writer_;  // CREW FIRST COUNT
};

// What the nodes of the cluster find as latentgrid-worker, or as another program beside it.
std::string program_on_nodes(const std::string& name);

}  // namespace latentgrid
