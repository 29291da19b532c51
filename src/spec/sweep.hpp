#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"
#include "columns/condition.hpp"
#include "data/dataset.hpp"
#include "model/architecture.hpp"
#include "spec/launcher_section.hpp"

namespace latentgrid {

struct SpecOptions {
  std::vector<std::string> sets;               // --set path=value, applied in order
  std::optional<std::filesystem::path> data;   // --data DIR: a folder of course-shaped .npy files replaces the dataset
  std::vector<std::string> slurm = {};         // --slurm key=value, in the section slurm, after the sets
};

struct AxisValue;

// One swept parameter and its values in the order of the file. `name` is "architecture", "latent_dim", "reduction",
// "clustering", "seeds", a parameter of training ("epochs", "learning_rate", ...) or, below a method, one of its own.
struct Axis {
  std::string name;
  SourcePosition where;  // of the name
  std::vector<AxisValue> values;
};

struct MethodChoice {
  std::string method;
  SourcePosition where;
  std::vector<Axis> params;  // only those written
};

struct AxisValue {
  SourcePosition where;
  Json value;                         // of a parameter, typed; architecture: its name; latent_dim: number or "native"
  std::vector<MethodChoice> methods;  // reduction: the chain in order, empty for none; clustering: one
  std::vector<Axis> axes;             // architecture: what holds under this one alone (latent_dim, parameters of training)
};

// Axes that advance together (`zip`, all of one length), or one axis by itself.
struct AxisGroup {
  std::vector<Axis> axes;
};

// Removes every cell that agrees with all of the axes, each of which lists the values meant. A parameter that a cell
// ignores agrees with nothing. Besides the axes of a grid: "reduced_dim".
struct Exclusion {
  std::vector<Axis> axes;
  SourcePosition where;
};

// Product of the groups, first slowest; then `exclude`; then the products of `include` are appended as they are.
struct Grid {
  SourcePosition where;
  bool whole = true;  // false: something in it could not be read, so its cells are not known
  std::vector<AxisGroup> groups;
  std::vector<Exclusion> exclude;
  std::vector<Grid> include;  // without groups they don't name, but for the seeds, which follow the grid's
};

// A value of the `train:` section, or of --set train.NAME, which wins over what the file's grid says.
struct TrainSetting {
  Json value;
  SourcePosition where;
};

// Where the values of the dataset stand.
struct DatasetPositions {
  SourcePosition section;
  SourcePosition limit;
  std::map<std::pair<DatasetError::Part, std::size_t>, SourcePosition> parts;

  const SourcePosition& of(const DatasetError& error) const {
    auto found = parts.find({error.part(), error.index()});
    return found == parts.end() ? section : found->second;
  }
};

// What of a sweep file could not be read. Nothing that depends on it is judged: one mistake, one error.
struct Unread {
  bool everything = false;   // YAML errors and --set options may concern any part
  bool image_shape = false;  // of the dataset; then neither of the next two is known
  bool selection = false;    // which images, and how many
  bool labels = false;       // the number of classes
  bool train = false;
  std::set<std::string> architectures;

  void add(DatasetError::Part part, bool selects_classes);
};

// Which jobs a figure is about.
struct JobChoice {
  SourcePosition where;
  // The best complete job by this measured field; "": by accuracy, or by recon_mse where no image has a label.
  std::optional<std::string> best;
  struct Value {
    std::string axis;
    SourcePosition where;
    std::vector<Json> values;  // any of them
    SourcePosition of_values;
  };
  std::vector<Value> values;  // without `best` and `ids`: all must agree; none: every job
  struct Id {
    std::string text;  // the beginning of a job's id, or all of it
    SourcePosition where;
  };
  std::vector<Id> ids;  // without `best`: these jobs, in this order
};

// A condition by which a part of the report chooses jobs.
struct JobCondition {
  Condition condition;
  SourcePosition of_column, of_values;
};
// Of a table: all must hold.
struct TableJobs {
  SourcePosition where;
  std::vector<JobCondition> conditions;
};

// A parameter of the jobs that a table of the report names ("tsne.perplexity"): some job must have it.
struct ReportParameter {
  std::string name;
  SourcePosition where;
};

// One figure of the report. What it needs besides the jobs' own artifacts is planned from it (plan/figure_tasks.hpp); the
// report reads `json`.
struct FigureRequest {
  std::string kind, name;  // the name is unique in the report
  SourcePosition where;
  Json json;  // {"kind", "name", "title", parameters of the kind, "jobs", "dataset"}: typed, defaults filled in
  std::optional<JobChoice> jobs;
  std::optional<DatasetSource> dataset;  // of a map: other images than the sweep's
  DatasetPositions dataset_where;
  std::vector<AxisValue> reductions;     // of a map: each value a panel or several; empty: map_reductions() has some
  bool reductions_listed = false;        // the file says which
  bool own_embedding = false;            // `own` is listed: the embedding in which the job's clusters were found
  std::vector<std::int64_t> images;      // of reconstructions and augmented; empty: the first of each class. Of interpolations: two by two
  SourcePosition images_where;
  std::int64_t views = 6;                // of augmented: of each image
  std::int64_t count = 16;               // of samples: of each model
  std::int64_t steps = 6;                // of interpolations: images from one to another, with their own reconstructions
  bool by_default = false;  // nobody asked for it: what of it cannot be is left out, and is no mistake
};

// A sweep checked for form; expand() (plan/expand.hpp) makes jobs of it and checks sizes.
struct Sweep {
  std::string name;
  std::string file;       // as given
  std::string text;       // the YAML as read, for the record
  DatasetSource dataset;
  DatasetPositions dataset_where;
  std::map<std::string, Architecture> architectures;  // built-in ones and the sweep's own
  std::map<std::string, TrainSetting> train;          // as written in `train:`, after --set; threads among them
  std::optional<Json> probe;  // parameters of stage probe, where the file has such a section
  SourcePosition probe_where;
  ClusterWorkers slurm;      // where the work is done on a cluster: no part of any key
  LauncherSection launcher;  // the same for other schedulers
  std::vector<Grid> grids;                            // their jobs follow each other
  Json report;            // `report:` checked and typed; what report/ reads from the database. null: the default report
  std::vector<TableJobs> table_jobs;  // of the tables that show some jobs
  std::vector<ReportParameter> report_parameters;
  std::vector<FigureRequest> figures;  // of the report; where it lists none, the default ones that need tasks
  Unread unread;          // of a sweep with errors
};

// Reads what can be read of a sweep file; everything that is wrong goes to `diagnostics`. After errors the sweep is
// only good for finding more of them.
Sweep read_sweep(const std::filesystem::path& file, const SpecOptions& options, Diagnostics& diagnostics);

}  // namespace latentgrid
