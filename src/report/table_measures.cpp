#include "report/table_measures.hpp"

#include <algorithm>

#include "base/cores.hpp"
#include "base/hinted_error.hpp"
#include "measures/choice.hpp"
#include "report/choice_sentences.hpp"

namespace latentgrid {

namespace {

std::vector<const Measure*> measures_shown(const TableSpec& spec) {
  std::vector<const Measure*> shown;
  for (const Measure& measure : all_measures) {
    const auto names_it = [&](const TableSpec::Column& column) { return column.field == measure.name; };
    const std::vector<TableSpec::Column>& columns = spec.pivot ? spec.pivot->values : spec.columns;
    const bool sorts = spec.sort && spec.sort->field == measure.name;
    if (sorts || std::any_of(columns.begin(), columns.end(), names_it)) shown.push_back(&measure);
  }
  return shown;
}

std::vector<const ResultRow*> pointers_to(const ResultRows& rows) {
  std::vector<const ResultRow*> all;
  for (const ResultRow& row : rows) all.push_back(&row);
  return all;
}

}  // namespace

std::shared_ptr<const TableMeasures::InSpace> TableMeasures::measured(const std::string& name) {
  std::shared_ptr<const InSpace>& known = known_[name];
  if (known) return known;
  auto found = std::make_shared<InSpace>();
  const std::vector<const ResultRow*> jobs = pointers_to(data_.rows);
  const auto measure = [&] {
    found->measures =
        measure_jobs(data_.db, data_.store, data_.revision.id, jobs, {.space = found->space, .threads = usable_cores()});
  };
  if (name.empty()) {
    measure();
  } else {
    try {
      found->space = find_common_space(data_.db, jobs, name);
      measure();
    } catch (const std::exception& error) {  // what needs no space is shown all the same
      found->without_space = in_one_line(error.what());
      found->space.reset();
      measure();
    }
  }
  for (std::size_t job = 0; job < jobs.size(); ++job) found->places.emplace(jobs[job]->job, job);
  return known = found;
}

std::vector<std::string> TableMeasures::give(const TableSpec& spec, ComparisonInput& input) {
  const std::vector<const Measure*> shown = measures_shown(spec);
  if (shown.empty()) return {};
  try {
    const std::shared_ptr<const InSpace> found = measured(spec.space);
    input.measure_of = [found](const ResultRow& job, const Measure& measure) {
      return found->measures.of_job[found->places.at(job.job)][place_of(measure)];
    };
    input.about_measures = measure_sentences(found->measures, found->space, shown);
    const std::vector<const ResultRow*> jobs = pointers_to(data_.rows);
    const std::optional<LabelledChoice> choice = judge_measures(jobs, found->measures, *find_metric("accuracy"), shown);
    input.measures_in_short = choice_in_short(choice);
    for (std::string& sentence : choice_sentences(jobs, choice)) input.about_measures.push_back(std::move(sentence));
    std::vector<std::string> lacking;
    if (!found->without_space.empty()) lacking.push_back(found->without_space);
    if (!found->measures.omission.empty()) lacking.push_back(in_one_line(found->measures.omission));
    return lacking;
  } catch (const std::exception& error) {
    return {in_one_line(error.what())};
  }
}

}  // namespace latentgrid
