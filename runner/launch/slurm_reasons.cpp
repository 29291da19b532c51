#include "launch/slurm_reasons.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <iterator>
#include <string>

namespace latentgrid {

namespace {

constexpr std::string_view other_nodes =
    "`sinfo -R` says why nodes are down, and `scontrol show reservation` what is reserved. A shorter --slurm time=... may end before a "
    "reservation begins; --slurm partition=... takes other nodes";
constexpr std::string_view in_its_turn =
    "it starts when its turn comes, which may be sooner if it asks for less: --slurm cpus=..., --slurm memory=..., --slurm time=...";
constexpr std::string_view used_at_once = "it starts when some of these jobs have ended; if there are none, ask for less: --slurm cpus=..., --slurm memory=..., --slurm gres=...";
constexpr std::string_view another_account =
    "name another account with --slurm account=...; `sacctmgr show associations user=$USER` lists yours";
constexpr std::string_view another_partition =
    "name another partition with --slurm partition=..., or another account with --slurm account=...; `scontrol show partition` says who may use which";
constexpr std::string_view another_qos =
    "name another quality of service with --slurm qos=...; `sacctmgr show associations user=$USER format=account,qos` lists yours";
constexpr std::string_view more_for_a_job =
    "ask for more (--slurm cpus=..., --slurm gres=...), or name another quality of service with --slurm qos=...";
constexpr std::string_view less_for_a_job =
    "ask for less: --slurm time=..., --slurm cpus=..., --slurm memory=..., --slurm gres=...; the reason names the limit";
constexpr std::string_view release = "`scontrol release JOB` lets it start; if you may not do that, ask the cluster's administrators";

// The first that fits. Limits on what runs at the same time pass; those on a single job do not.
constexpr SlurmReason slurm_reasons[] = {
    {"Resources", false, "other jobs use the nodes", in_its_turn},
    {"Priority", false, "other jobs come first", in_its_turn},
    {"ReqNodeNotAvail*", false, "nodes that it could run on are down, drained or reserved", other_nodes},
    {"Nodes required for job are *", false, "the nodes that it could run on are down, drained or reserved", other_nodes},
    {"NodeDown*", false, "a node that it needs is down", other_nodes},
    {"PartitionTimeLimit*", true, "it asks for more time than its partition allows",
     "ask for less with --slurm time=..., or name another partition with --slurm partition=...; `sinfo -o '%P %l'` shows their limits"},
    {"PartitionNodeLimit*", true, "it asks for nodes that its partition does not give", another_partition},
    {"PartitionConfig*", true, "it asks for what its partition does not give", another_partition},
    {"PartitionInactive*", true, "its partition starts no jobs", another_partition},
    {"PartitionDown*", false, "its partition is closed", "wait, or name another partition with --slurm partition=...; `sinfo -s` shows which are up"},
    {"BadConstraints*", true, "no node has all that it asks for", "ask for less; `sinfo -o '%P %c %m %G %f'` shows what the nodes of each partition have"},
    {"MaxMemPerLimit*", true, "it asks for more memory than a processor may have", "ask for less with --slurm memory=..., or for more processors with --slurm cpus=..."},
    {"AccountNotAllowed*", true, "its account may not use its partition", another_partition},
    {"Job's account*", true, "its account may not use its partition", another_partition},
    {"AccountingPolicy*", true, "a limit of its account forbids it", less_for_a_job},
    {"InvalidAccount*", true, "its account is not valid", another_account},
    {"InvalidQOS*", true, "its quality of service (QOS) is not valid", another_qos},
    {"QOSNotAllowed*", true, "its quality of service (QOS) may not be used here", another_qos},
    {"Job's QOS*", true, "its quality of service (QOS) may not be used here", another_qos},
    {"Assoc*PerJob*", true, "it asks for more than a job of its account may have", less_for_a_job},
    {"QOS*PerJob*", true, "it asks for more than a job of its quality of service (QOS) may have", less_for_a_job},
    {"QOSMin*", true, "it asks for less than a job of its quality of service (QOS) must ask for", more_for_a_job},
    {"*Grp*RunMinutes*", false, "running jobs have been promised all the time that its account or quality of service (QOS) may give at once", "it starts when some of them have ended; it may start sooner with a shorter --slurm time=..."},
    {"*Grp*Minutes*", false, "its account or quality of service (QOS) has used up its computing time", another_account},
    {"*GrpWall*", false, "its account or quality of service (QOS) has used up its computing time", another_account},
    {"QOSUsageThreshold*", false, "its account has used more than its share", another_account},
    {"Assoc*", false, "jobs of its account use all that the account may have at once", used_at_once},
    {"QOS*", false, "jobs of its quality of service (QOS) use all that they may have at once", used_at_once},
    {"JobHeldAdmin*", true, "an administrator holds it back", "ask the cluster's administrators why"},
    {"JobHeld*", true, "it is on hold", release},
    {"job requeued in held state*", true, "it is on hold", release},
    {"launch failed requeued held*", true, "its node could not start it, and it is on hold", release},
    {"DependencyNeverSatisfied*", true, "it depends on a job that will not end as it must", "leave --dependency out of `extra`"},
    {"Dependency*", false, "it waits for another job", "wait, or leave --dependency out of `extra`"},
    {"BeginTime*", false, "it is to start later", "wait, or leave --begin out of `extra`. Slurm also waits for a while before it starts a job again whose node has failed"},
    {"Licenses*", false, "it waits for a license", "wait, or leave --licenses out of `extra`"},
    {"Reservation*", false, "its reservation has not begun, or is over", "wait, or leave --reservation out of `extra`; `scontrol show reservation` says when it begins and ends"},
    {"FAILED (killed by signal 9)", false, "the system does this when memory runs out", "ask for more with --slurm memory=..., or with memory: in the file's section slurm"},
    {"OUT_OF_MEMORY*", false, "it took more memory than it had asked for", "ask for more with --slurm memory=..., or with memory: in the file's section slurm"},
};

constexpr SlurmReason no_reason;

}  // namespace

const SlurmReason& find_slurm_reason(std::string_view reason) {
  const std::string text(reason);
  const auto fits = [&](const SlurmReason& known) { return ::fnmatch(std::string(known.pattern).c_str(), text.c_str(), 0) == 0; };
  const auto found = std::find_if(std::begin(slurm_reasons), std::end(slurm_reasons), fits);
  return found == std::end(slurm_reasons) ? no_reason : *found;
}

}  // namespace latentgrid
