#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>

#include "base/json.hpp"

namespace latentgrid {

struct RunCounts {
  std::int64_t done = 0, failed = 0, skipped = 0, total = 0;  // tasks to execute in this run
};

// What a run shows while it works: on a terminal one line that is redrawn, otherwise plain lines, one a minute. Finished
// tasks leave a line each if they took a second or more; of the others there is at most one a second, which counts them:
// "[512/20000] score raw seed 3 (and 499 more)". Everything goes to `out` (stderr).
class RunView {
 public:
  RunView(std::FILE* out, bool terminal, bool quiet) : out_(out), terminal_(terminal), quiet_(quiet) {}

  void line(const std::string& text);     // a lasting line
  void problem(const std::string& text);  // the same, said even if quiet
  void started(int task, const std::string& label);
  void progress(int task, std::int64_t done, std::int64_t total, const Json& metrics);
  void ended(int task);
  void finished(const std::string& label, double seconds, double now, const RunCounts& counts);
  bool is_due(double now) const;  // whether refresh() would show anything
  // Redraws at most ten times a second (terminal), or prints a line every minute. `eta_s` < 0: unknown.
  void refresh(double now, const RunCounts& counts, double eta_s);
  void finish();  // clears the redrawn line; says what finished() held back

 private:
  struct Running {
    std::string label;
    std::string state;
  };
  double seconds_between_refreshes() const;
  void say_held_back(double now);
  std::string status_text(const RunCounts& counts, double eta_s) const;

  std::FILE* out_;
  bool terminal_;
  bool quiet_;
  bool drawn_ = false;
  double last_ = -1e9;
  double last_quick_ = -1e9;  // when quick tasks last had a line
  std::int64_t held_back_ = 0;
  std::string last_label_;
  RunCounts last_counts_;
  std::map<int, Running> running_;
};

}  // namespace latentgrid
