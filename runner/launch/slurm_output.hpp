#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launch/command.hpp"
#include "launch/launcher.hpp"

namespace latentgrid {

// What Slurm's commands print, as seen from Slurm 22.05 and 24.11, and what it means. Thread-safe.

// Of an array whose task 0 is worker `offset`: the name, and behind a '+' the offset unless it is 0.
std::string slurm_job_name(const std::string& name, int offset);

// For `squeue -h -O`: columns of a fixed width, so that no value can be taken for two.
std::string slurm_columns();

// Lines with these columns, times in seconds since 1970; jobs of other names are left out. nullopt where a line is not
// whole.
std::optional<std::vector<ListedWorker>> parse_slurm_listing(std::string_view text,
                                                             const std::vector<WorkerRange>& workers);

WorkerState slurm_state(std::string_view word);  // "COMPLETING"; running where the word isn't known

// `sbatch --parsable`: "17" or "17;cluster", perhaps among lines that a site's own wrapper prints. nullopt where none
// or several lines are an id.
std::optional<std::string> parse_slurm_job_id(std::string_view text);

// `scontrol show config`: one more than the largest index of an array.
std::optional<int> parse_slurm_max_array_size(std::string_view text);

// "90" (minutes), "1:30:00", "1-12" (days and hours), ... in seconds. nullopt for anything else, as for UNLIMITED.
std::optional<long> parse_slurm_time(std::string_view text);

// `sinfo -h -o '%P %l'`: the longest time in seconds that a job of the named partitions may ask for, or of the default
// one if none is named. nullopt where there is no limit or none can be read.
std::optional<long> parse_slurm_longest_time(std::string_view text, std::string_view partitions);

// What went wrong, where a command of Slurm's failed or (ok, but not understood) printed what can't be read. `task` is
// what it was to do: "submit the workers".
SchedulerError slurm_error(const std::string& task, const std::string& program, const CommandResult& result);

// Whether slurm_error() has made it of an answer which means that no node has what was asked for.
bool is_about_nodes(const SchedulerError& error);
// The hint for such a request: "no node that is up has all of partition=urgent cpus=2 memory=4G (...): ask for less; ...".
std::string ask_for_less(const Resources& asked);

}  // namespace latentgrid
