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
  std::string_view title = "";  // in a report, unless the sweep says otherwise
  Kind kind = Kind::text;
  Axis axis = Axis::none;  // every job has a value on it
  bool is_default = false;       // `ls` shows it unasked
  bool changes = false;        // while the job runs; the others say what it is
  std::string_view none = "";  // which value of the table of jobs, as SQL writes it, stands for none
};

inline constexpr std::array job_fields = {
    JobField{.name = "label", .kind = JobField::Kind::made},
    JobField{.name = "reduction_label", .title = "reduction", .kind = JobField::Kind::made},
    JobField{.name = "sweep", .title = "sweep", .kind = JobField::Kind::made},
    JobField{.name = "job", .title = "job", .is_default = true},
    JobField{.name = "dataset", .title = "dataset"},
    JobField{.name = "architecture", .title = "architecture", .axis = JobField::Axis::of_training, .is_default = true},
    JobField{.name = "latent", .title = "latent", .none = "''"},
    JobField{.name = "latent_dim",
             .title = "latent dimension",
             .kind = JobField::Kind::whole,
             .axis = JobField::Axis::of_training,
             .is_default = true},
    JobField{.name = "epochs",
             .title = "epochs",
             .kind = JobField::Kind::whole,
             .axis = JobField::Axis::of_training,
             .is_default = true,
             .none = "0"},
    JobField{.name = "reduction", .title = "reduction", .axis = JobField::Axis::behind_training, .is_default = true},
    JobField{.name = "reduced_dim",
             .title = "reduced dimension",
             .kind = JobField::Kind::whole,
             .axis = JobField::Axis::behind_training,
             .is_default = true},
    JobField{.name = "clustering", .title = "clustering", .axis = JobField::Axis::behind_training},
    JobField{.name = "k",
             .title = "k",
             .kind = JobField::Kind::whole,
             .axis = JobField::Axis::behind_training,
             .is_default = true,
             .none = "0"},
    JobField{.name = "seed",
             .title = "seed",
             .kind = JobField::Kind::whole,
             .axis = JobField::Axis::of_training,
             .is_default = true},
    JobField{.name = "params", .title = "parameters"},
    JobField{.name = "state", .title = "state", .changes = true},
};

// What a job is from the start, in the order of the columns of the database's views.
std::vector<std::string> recorded_fields();

const JobField* find_job_field(std::string_view name);  // null where there is none of this name

// Axes that every job has a value on, in the order of the way of the data.
std::vector<std::string> axes_of_every_job();
bool is_common_axis(std::string_view name);

// What a sweep's `report:` may name, parameters aside, sorted: fields, metrics, and measures (columns/measures.hpp). `params`, a
// long text of JSON, is only for `query`.
std::vector<std::string> report_fields();
bool is_report_field(std::string_view name);
std::vector<std::string> measured_fields();  // those of them that are metrics

}  // namespace latentgrid
