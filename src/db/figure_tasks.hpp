#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/results_db.hpp"

namespace latentgrid {

// One task that a figure of the report needs beside the jobs.
struct FigureTaskRow {
  std::string figure;
  std::int64_t panel = 0;
  std::string role;  // see schema.sql, table pictures
  std::string job;
  std::string stage;
  ArtifactId artifact;
};
// Of a revision: by figure, panel and role. Those whose job waits to be chosen by its score are not there yet.
std::vector<FigureTaskRow> figure_tasks(const ResultsDb& db, std::int64_t revision);

// What the figures of a revision need, in place of what was there. One BEGIN IMMEDIATE transaction; none where nothing
// differs.
void set_figure_tasks(ResultsDb& db, std::int64_t revision, const std::vector<FigureTaskRow>& tasks);

}  // namespace latentgrid
