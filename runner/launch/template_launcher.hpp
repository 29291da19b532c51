#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "launch/launcher.hpp"

namespace latentgrid {

// The commands of a scheduler, each a line that /bin/sh runs. In braces stands what is put in, quoted for the shell
// where need be (so write no quotes around it); other braces are the shell's own.
//
//   {name}     of the job          {count} {first} {last}   of the array: how many tasks, their numbers, from 1
//   {script}   a file to run       {log}     for what the scheduler itself writes; each worker opens its own log
//   {cpus} {memory} {time} {partition} {account} {qos} {gres} {extra}   as requested; empty where nothing was
//   {memory:-l h_vmem={}}          the text with the value at {}; nothing where the value is empty. So with every name
//
// `submit` that has none of {first}, {last} and {count} is run once for each worker, whose job is then called
// <name>.<index>. Otherwise the workers are an array, whose tasks find their number in PBS_ARRAY_INDEX, PBS_ARRAYID,
// LSB_JOBINDEX, SGE_TASK_ID or SLURM_ARRAY_TASK_ID. The first number that it prints is the job's id.
//
// `list` prints a line for each worker, with the columns that `columns` names: {id} {name} {state} are needed, {index}
// where workers are an array, {node} ("-" is none), {since} (seconds since 1970), {reason} (may have spaces, last) and
// {} (whatever) are not. A space stands for any number of spaces. Lines that do not fit, such as headings, and jobs of
// other names are left out.
//
// A command fails if it says so by its exit status. `list` must not fail because there are no jobs, and `cancel`
// not because there are none left: end them in "|| true" if they do.
//
// docs/cluster.md has those of Grid Engine, PBS and LSF.
struct LauncherTemplates {
  std::string submit;
  std::string list, columns;
  std::string cancel;
  std::string check;          // may be empty; else it has the placeholders of submit and fails where submit would
  // Of the scheduler's words, beside those that are known of PBS, LSF, Grid Engine and Slurm. A word that is not known
  // counts as running.
  std::map<std::string, WorkerState> states;
};

// PBS, LSF, Grid Engine or any other scheduler, by templates. `scripts` is a folder that all machines share.
class TemplateLauncher : public Launcher {
 public:
  // Throws Error where a template is missing or `columns` lacks what is needed.
  TemplateLauncher(LauncherTemplates templates, std::filesystem::path scripts, const Clock& clock,
                   double timeout_s = 60);

  void check(const WorkerRequest& request) override;
  Answer<std::vector<Submitted>> submit(const WorkerRequest& request) override;
  Answer<std::vector<ListedWorker>> list(const std::vector<WorkerRange>& workers) override;
  Answer<Cancelled> cancel(const WorkerRange& workers) override;
  std::filesystem::path log_of(const WorkerRequest& request, int index) override;

 private:
  using Values = std::map<std::string, std::string>;

  CommandOptions shell(std::string line) const;
  Values values_of(const WorkerRequest& request) const;
  std::vector<CommandOptions> submissions(const WorkerRequest& request, const std::string& line) const;

  LauncherTemplates templates_;
  std::filesystem::path scripts_;
  const Clock& clock_;
  double timeout_s_;
  bool arrays_;
};

// A template with its values, which are words to the shell already.
std::string filled_template(std::string_view text, const std::map<std::string, std::string>& values);

// What `list` printed: nullopt where it isn't whole, or a worker of an array has no number. In an array numbers are
// from 1.
std::optional<std::vector<ListedWorker>> parse_listing(std::string_view text, const std::string& columns, bool arrays,
                                                       const std::map<std::string, WorkerState>& states,
                                                       const std::vector<WorkerRange>& workers);

}  // namespace latentgrid
