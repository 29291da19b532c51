#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "columns/metrics.hpp"

namespace latentgrid {

// What a job is: a column that is not measured. Reports and sweep files name these, the metrics (columns/metrics.hpp) and
// parameters (columns/parameters.hpp); the order is that of tables.
struct JobField {
  enum class Kind { made, text, whole };  // made: not in the database, but put together by tables
  enum class Axis { none, of_training, behind_training };

  std::string_view name;
  std::string_view title;  // in a report, unless the sweep says otherwise
  Kind kind = Kind::text;
  Axis axis = Axis::none;  // every job has a value on an axis, but raw pixels have no latent_dim and no epochs
};

inline constexpr std::array job_fields = {
    JobField{"label", "", JobField::Kind::made},
    JobField{"reduction_label", "reduction", JobField::Kind::made},
    JobField{"sweep", "sweep", JobField::Kind::made},
    JobField{"job", "job"},
    JobField{"dataset", "dataset"},
    JobField{"architecture", "architecture", JobField::Kind::text, JobField::Axis::of_training},
    JobField{"latent", "latent"},
    JobField{"latent_dim", "latent dimension", JobField::Kind::whole, JobField::Axis::of_training},
    JobField{"epochs", "epochs", JobField::Kind::whole, JobField::Axis::of_training},
    JobField{"reduction", "reduction", JobField::Kind::text, JobField::Axis::behind_training},
    JobField{"reduced_dim", "reduced dimension", JobField::Kind::whole, JobField::Axis::behind_training},
    JobField{"clustering", "clustering", JobField::Kind::text, JobField::Axis::behind_training},
    JobField{"k", "k", JobField::Kind::whole, JobField::Axis::behind_training},
    JobField{"seed", "seed", JobField::Kind::whole, JobField::Axis::of_training},
    JobField{"params", "parameters"},
    JobField{"state", "state"},
};

const JobField* find_job_field(std::string_view name);  // null where there is none of this name

// Axes that every job has a value on, in the order of the way of the data.
std::vector<std::string> usual_axes();
bool is_usual_axis(std::string_view name);

// What a sweep's `report:` may name, parameters aside, sorted. `params`, a long text of JSON, is only for `query`.
std::vector<std::string> report_fields();
bool is_report_field(std::string_view name);
std::vector<std::string> measured_fields();  // those of them that are metrics

}  // namespace latentgrid
