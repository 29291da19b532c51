#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace latentgrid {

// What a figure of a sweep file may say, and how it is read.
enum class FigureParameter {
  score,           // score: a measured column
  score_but_loss,  // score: the same, but not recon_mse
  scores,          // score: one or a list of them
  job,             // job: a choice of one
  jobs,            // jobs: a choice of several
  jobs_but_best,   // jobs: the same, without `best`
  images,          // images: indices
  image_pairs,     // images: indices, two by two
  views,           // views: how many of an image
  count,           // count: how many images of a model
  steps,           // steps: how many images from one to another
  dataset,         // dataset: other images than the sweep's
  reductions       // reductions: methods of their own
};

// {"best": default_best} of a figure's jobs: by accuracy, or by recon_mse where no image has a label. Databases hold the value.
inline constexpr const char* default_best = "usual";

const char* key_of(FigureParameter parameter);

// Whether a figure is drawn from tasks of its own: the database has them in its table `pictures`.
enum class OwnTasks { none, always, of_some_trainings };  // the last: a sweep may have none whose jobs it can show

struct FigureKind {
  std::string name, title;
  OwnTasks own_tasks = OwnTasks::none;
  std::vector<FigureParameter> parameters;

  bool has_tasks() const { return own_tasks != OwnTasks::none; }
};

bool figure_has_tasks(std::string_view kind);  // false for a name that is none

// In the order of a report that lists no figures: the rows of figure_kinds.def.
const std::vector<FigureKind>& figure_kinds();

}  // namespace latentgrid
