#include "cli/revision_text.hpp"

#include <fmt/format.h>

namespace latentgrid::cli {

namespace {

using Cause = RevisionChange::Cause;

std::string cause_text(const RevisionChange::Former& former) {
  switch (former.cause) {
    case Cause::other_file:
      return fmt::format("was made from another file, {}", former.file);
    case Cause::changed_file:
      return fmt::format("was made from the same file, {}, before it changed", former.file);
    case Cause::other_options:
      return "was made from the same file with other options (--set, --data)";
    case Cause::other_dataset:
      return "was made from the same file before its data set changed";
    case Cause::data_or_program:
      return "was made from the same file, but with other images, labels or program methods";
    case Cause::other_report:
      return "was made from the same file, but its report section was read differently";
    case Cause::other_record:
      return "was made from the same file by a version of latentgrid that recorded it differently";
    case Cause::other_jobs:
      break;
  }
  return "was made from the same file by a program that computes some of its jobs differently";
}

// "None of its 12 jobs is"
std::string gone_text(const RevisionChange::Former& former) {
  if (former.jobs == 1) return "Its only job is not";
  if (former.gone == former.jobs) return fmt::format("None of its {} jobs is", former.jobs);
  return fmt::format("{} of its {} jobs {} not", former.gone, former.jobs, former.gone == 1 ? "is" : "are");
}

const char* name_of(Cause cause) {
  switch (cause) {
    case Cause::other_file:
      return "other file";
    case Cause::changed_file:
      return "changed file";
    case Cause::other_options:
      return "other options";
    case Cause::other_dataset:
      return "other dataset";
    case Cause::data_or_program:
      return "other dataset or program";
    case Cause::other_report:
      return "other report";
    case Cause::other_record:
      return "other record";
    case Cause::other_jobs:
      break;
  }
  return "other jobs";
}

}  // namespace

std::string minute_of(const std::string& timestamp) {
  if (timestamp.size() < 16 || timestamp[10] != 'T') return timestamp;
  return timestamp.substr(0, 10) + " " + timestamp.substr(11, 5) + " UTC";
}

std::string revision_text(const RevisionChange& change, const std::string& sweep, Tense tense) {
  if (!change.former) return "";
  const RevisionChange::Former& former = *change.former;
  std::string text = fmt::format("{} revision {} of the sweep '{}'. Revision {}, of {}, {}.\n",
                                 tense == Tense::future ? "This will be" : "This is", change.number, sweep,
                                 former.number, minute_of(former.created_at), cause_text(former));
  if (former.gone > 0) {
    const char* const them = former.gone == 1 ? "it" : "them";
    text += fmt::format(
        "{} in revision {}, so `ls`, `status` and `report` no longer show {}. {} in the database; `latentgrid ls {} "
        "--revision {}` lists {}.\n",
        gone_text(former), change.number, them, former.gone == 1 ? "It stays" : "They stay", sweep, former.number, them);
  }
  if (former.cause == Cause::other_file) text += "To keep the two sweeps apart, give one of them another name.\n";
  return text;
}

Json revision_json(const RevisionChange& change) {
  Json former;
  if (change.former) {
    former = {{"number", change.former->number},         {"file", change.former->file},
              {"created_at", change.former->created_at}, {"cause", name_of(change.former->cause)},
              {"jobs", change.former->jobs},             {"gone", change.former->gone}};
  }
  return {{"number", change.number}, {"new", change.is_new}, {"former", former}};
}

}  // namespace latentgrid::cli
