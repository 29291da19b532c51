#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/details.hpp"
#include "db/records.hpp"
#include "db/relations.hpp"
#include "store/artifact_store.hpp"
#include "store/transcript.hpp"

namespace latentgrid {

// A job, or a task by its key, and the tasks that lead to it.
struct Work {
  std::optional<ResultRow> job;    // a task: some job that needs it, if one was looked for
  std::optional<TaskFamily> task;  // what was asked about, unless it is a job
  std::vector<TaskRef> path;       // from load on; of a task's own extent nothing is known: 0
  std::string missing;             // why the path is not known up to load; "" if it is
};

Work work_of_job(const ResultsDb& db, const std::string& job);
Work work_of(const JobDetail& job);
// The path is followed through the transcripts; where one is missing, a job that needs the task tells.
Work work_of_task(const ResultsDb& db, const ArtifactStore& store, const TaskFamily& task);

enum class Sharing {
  shared,      // one artifact for both
  one_run,     // one execution, but they read it at different extents
  different,   // different keys
  only_first,  // the other path has no such stage
  only_second,
};

// One stage of both paths.
struct StageDifference {
  std::string stage;
  int step = 0;
  std::optional<ArtifactId> first, second;
  Sharing sharing = Sharing::shared;
  // Only where the keys differ:
  std::vector<FieldDifference> fields;  // other than the inputs'
  std::vector<std::string> follows;     // names of the stages whose results it reads and that are not shared
  bool from_transcripts = true;         // otherwise from the parameters in the database
  std::string missing;                  // then: what is missing
};

// "reduce 2" is the second reduction of a chain.
std::string stage_name(const std::string& stage, std::int64_t step);

// The stages of both, in order; only `stage`, `step`, the artifacts and `sharing` are filled in.
std::vector<StageDifference> align_paths(const std::vector<TaskRef>& first, const std::vector<TaskRef>& second);

// As a reader is told of a field: "auto" for t-SNE's learning rate of 0, nothing for null.
FieldDifference in_words(const std::string& stage, FieldDifference field);

struct PathDifference {
  std::vector<StageDifference> stages;
  std::optional<std::size_t> parts_at;  // the first that is not shared; nothing: the same work
};

// Why two keys differ: what was hashed for each, stage by stage. An input that differs is no reason of its own but
// named as what the stage follows from.
PathDifference path_difference(const ResultsDb& db, const ArtifactStore& store, const Work& first, const Work& second);

}  // namespace latentgrid
