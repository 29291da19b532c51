#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "methods/methods.hpp"

namespace latentgrid {

// A kind of work. Everything that is known of it besides the code that does it (runner/worker): keys, the worker's dispatch,
// progress lines and what reads its artifacts ask here.
struct StageSpec {
  std::string_view name;
  int version = 0;                  // raise it when its output changes for equal inputs; 0: the version of its method
  std::optional<MethodKind> kind;   // whose method it runs; "method" in its parameters says which, unless there is but one
  bool blas = false;                // of a stage without methods: its floats go through a BLAS on the CPU ...
  bool libtorch = false;            // ... or it needs LibTorch ...
  bool stochastic = false;          // ... or it draws from the seed
  bool shares_cpu_on_gpu = false;   // with a GPU it still has work for CPU threads
  std::string_view dataset_part = "";  // the part of the data set that its key is about: "images", "labels" (and the split)
  bool reads_dataset = false;       // the user's files, not artifacts alone; so does a method that says so
  bool makes_model = false;         // what an encoder applies; the last one of a job's path is its model
  bool is_cache = false;            // it has no tasks: others publish what they find about their points, and share it
  std::vector<std::string_view> files = {};     // of every artifact of it; its method may add more
  std::vector<std::string_view> may_have = {};  // patterns, as of fnmatch(3), of files that only some of its artifacts have
  std::vector<std::string> metrics = {};  // of every artifact of it; its method may add more
  std::string_view points = "";     // which of its files is a matrix with one row for each image
  std::string_view resumes_from = "";  // the folder of its artifact that a longer run goes on from and nothing else reads
  bool leaves_rolling_checkpoints = false;  // in partial/: another worker goes on from where one was interrupted; some of its methods may not
  std::string_view not_finite = ""; // of a stage without methods, as MethodSpec::not_finite ...
  double (*cost)(double images) = nullptr;  // ... and as MethodSpec::cost; null: it takes little
  // How a progress line names it, with {stage}, {images}, {model}, {trained} (model and its epochs), {method} (with its
  // extents), {longest} and {points} ("tsne 2-D of ").
  std::string_view progress = "";

  bool has_checkpoints() const { return !resumes_from.empty(); }
};

const std::vector<StageSpec>& all_stages();         // in the order of the data's way
const StageSpec& find_stage(std::string_view name);  // throws std::invalid_argument

// The method of a task; null where its stage has none, or the name is unknown.
const MethodSpec* method_of(std::string_view stage, const Json& params);

// What of an artifact's files, named from its folder on, its stage does not list, or lists and hasn't; "" for nothing.
std::string problem_with_files(std::string_view stage, const Json& params, const std::vector<std::string>& files);

// Of an artifact of a stage that is a cache of what is found about points.
std::string cache_key(const StageSpec& cache, std::string_view points_stage, const std::string& points_key, std::int64_t points_extent);
// Which of those found about the same points: 60 bits of the digest of what decides it besides them. Its record has the whole.
std::int64_t cache_extent(const Json& identity);

int task_version(std::string_view stage, const Json& params);
// What a worker tells of itself, and what a coordinator expects: "load": 1, "reduce pca": 5, ...
std::map<std::string, int> all_versions();
// The folders that a longer run goes on from, by stage.
std::map<std::string, std::string> resume_folders();

// Seed and threads enter a key only where they can change a number.
bool draws_random_numbers(std::string_view stage, const Json& params);
bool goes_through_blas(std::string_view stage, const Json& params);  // the CPU's
bool runs_on_gpu(const Json& params);
// What decides which workers may take a task.
struct WorkKind {
  std::string stage;
  bool on_gpu = false;
  auto operator<=>(const WorkKind&) const = default;
};
// Whether there is somebody for a task of a kind. The last one might take a shorter task of that kind.
enum class Taker { somebody, nobody, nobody_with_enough_time };
// Whether its floats must be the same bytes on every CPU with AVX2: the worker's libraries are then kept to that instruction set.
inline constexpr const char* arithmetic_parameter = "arithmetic";
inline constexpr const char* portable_arithmetic = "portable";
inline constexpr const char* native_arithmetic = "native";
bool is_portable(const Json& params);
// Whether it reads the user's files, and not artifacts alone.
bool reads_dataset(std::string_view stage, const Json& params);
// Whether a worker needs LibTorch for it. `device`: the GPU that it was given, "" for none.
bool needs_libtorch(std::string_view stage, const Json& params, std::string_view device);

}  // namespace latentgrid
