#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "methods/parameter.hpp"

namespace latentgrid {

// encoder: what makes vectors of images; training: what makes the model that one of them applies; augmentation: what changes
// the images that a training sees; refinement: what trains that model further towards clusters.
enum class MethodKind { training, encoder, augmentation, refinement, reduction, clustering };

// Pixels of one image.
struct ImageSize {
  std::int64_t height, width, channels;
};

const char* kind_text(MethodKind kind);  // "training", "encoder", "augmentation", "refinement", "reduction", "clustering"

// The points that a method is to work on.
struct PointsSize {
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::max();  // then any number will do
  std::int64_t count = unknown, width = unknown;
  std::string what;  // what they are, with their width: "a latent of 32", "the 50 of PCA"
  std::optional<ImageSize> image = std::nullopt;  // what an augmentation works on; nothing: any size will do
};

// Why a method cannot do what its parameters say with such points, or does it badly.
struct Problem {
  std::string parameter;     // whose value it is about ...
  std::string message;       // "PCA cannot make 64 dimensions from a latent of 32"
  std::string hint;          // "": other points are what helps
  bool warning = false;
  std::string or_parameter = "";  // ... or where that is not written
  Json possible = nullptr;   // a value of the parameter with which it could; null: there is none, or nobody should choose it
};

// A parameter along which one execution serves several values: the artifact of a task is known by its key, which leaves
// the extent out, and by the extent.
struct Extent {
  enum class Kind {
    prefix,  // a shorter run is exactly the beginning of a longer one
    slice    // a smaller result is exactly a part of a larger one
  };
  std::string parameter;
  Kind kind;
  std::string counted_in = "";  // what a run is counted in, if the parameter is not called so: "epochs" of snapshots

  const std::string& unit() const { return counted_in.empty() ? parameter : counted_in; }
};

// A parameter that says how long a run is, though a shorter run is no beginning of a longer one. `plan` says so.
struct SeparateRuns {
  std::string parameter;
  std::string because;  // what depends on it: "the learning rate"
};

// How a map of the report uses a reduction that nobody has asked for.
struct DefaultMap {
  std::vector<std::int64_t> extents;         // snapshots of one run, a panel each; empty: one panel
  std::optional<std::int64_t> most_images;   // more would take minutes: such a map is drawn only where it is asked for
};

struct MethodSpec;

// What lies between the images and a clustering.
struct PathToClustering {
  const MethodSpec& encoder;
  const MethodSpec* training = nullptr;  // null: nothing is trained
  Json training_params;                  // complete
  bool refined = false;                  // towards clusters, behind the training
  std::vector<std::string> reductions;   // their names, in order
};

// Everything that is known of a method without computing: nobody else spells its name. What computes is in src/reduce,
// src/cluster, src/augment and src/nn, under the same name.
struct MethodSpec {
  MethodKind kind;
  std::string name;          // in sweep files, keys and the database: "pca"
  std::string display_name;  // in reports and messages: "PCA"
  std::string doc;           // one sentence
  std::string source;        // the paper or program whose behaviour it has
  int version = 1;           // raise it when the output of its stage changes for equal inputs
  std::vector<std::string> other_names = {};  // in other programs, in lower case without separators
  std::string main_parameter = "";  // the one that "pca: 8" is meant to set; "": none stands out
  std::string example;         // how it is written: "pca: {dim: 8}"
  std::vector<ParamSpec> params;
  std::optional<Extent> extent;  // nothing: every value of every parameter is a run of its own
  // What of these parameters makes the beginning of a run depend on its length, "lr_schedule cosine"; "" for nothing. The extent
  // is part of the key then. Null: nothing ever does.
  std::string_view (*depends_on_length)(const Json& params) = nullptr;
  // What of these parameters makes the result depend on how fast the machine is, "max_minutes"; "" for nothing. `plan` says so. Null:
  // nothing ever does.
  std::string_view (*depends_on_speed)(const Json& params) = nullptr;

  std::optional<SeparateRuns> separate_runs;  // a length that is no extent

  bool stochastic = false;          // draws from the seed ...
  std::string stochastic_if;        // ... always, or, if this parameter is named, ...
  std::string stochastic_if_value;  // ... only while it has this value
  bool blas = false;                // its floats go through a BLAS on the CPU: the number of threads is in the key
  bool libtorch = false;            // needs LibTorch on the CPU too
  std::string encoder;              // of a training, the method that applies what it trained
  bool reconstructs = false;        // of a training: its model has a decoder
  bool has_prior = false;           // of a training: latents are to follow N(0, I), so that what it decodes of draws from that is a sample
  int views = 1;                    // of a training: how many augmented views of an image a step needs; of 1, augmentation is optional
  std::vector<std::string> default_augment = {};  // of a training: the augmentations, with their defaults, where a sweep names none
  std::string vectors;              // of an encoder, what it makes of images: "latents", "pixels"
  bool reads_dataset = false;       // an encoder that reads the user's files, not images that were loaded
  bool has_noise = false;           // a clustering that leaves images out of every cluster: they are cluster -1
  bool by_heads = false;            // a clustering whose clusters the encoder's training gives, by its cluster heads
  std::vector<std::string> metrics;  // what it leaves besides its result, for the results table
  std::vector<std::string> files = {};  // of its artifact, besides those of every method of its stage
  std::string not_finite;           // what has happened, and the remedy, where its result is not finite; "": its input was to blame
  std::optional<DefaultMap> default_map;
  std::string map_note;             // what one who looks at a map by it should know

  // Pure functions of complete parameters, the extent among them. Null: nothing to say.
  // The same with what the number of points decides in place of "auto". The others get what it returned.
  Json (*settled)(const Json& params, const PointsSize& points) = nullptr;
  std::vector<Problem> (*problems)(const Json& params, const PointsSize& points) = nullptr;
  // Of a training: why it cannot train this model (its layers, as model/architecture.hpp writes them).
  std::optional<Problem> (*problem_with_model)(const Json& params, const Json& model) = nullptr;
  // Of a training: whether it has cluster heads with these parameters. Null: it never has.
  bool (*has_heads)(const Json& params) = nullptr;
  // Of a clustering: why it cannot stand behind what is before it.
  std::optional<Problem> (*problem_with_path)(const PathToClustering& path) = nullptr;
  // What is hashed and sent in place of `params`, the extent left out: what the plan decides, such as a width.
  Json (*task_params)(const Json& params, std::int64_t extent, const PointsSize& points) = nullptr;
  // Seconds on one core of a 2020s x86-64 machine, or on a GPU; the extent is not among `params`.
  double (*cost)(const Json& params, std::int64_t extent, const PointsSize& points, bool on_gpu) = nullptr;
  // Whether a `device` that is named is of no use for such points. Null: it always is of use.
  bool (*ignores_device)(const Json& params, const PointsSize& points) = nullptr;

  Json settle(Json complete_params, const PointsSize& points) const {
    return settled ? settled(complete_params, points) : complete_params;
  }
  std::vector<Problem> problems_with(const Json& complete_params, const PointsSize& points) const {
    return problems ? problems(complete_params, points) : std::vector<Problem>();
  }
  const ParamSpec* find(std::string_view parameter) const;
  // Every parameter once, defaults filled in, those that the method ignores dropped; so that equal work has equal
  // parameters. `given` must hold checked values; a required parameter that is missing stays missing.
  Json complete(const Json& given) const;
  // With the defaults that complete() left out: what a reader is told of `complete_params`.
  Json with_dropped_defaults(Json complete_params) const;
  // A parameter's value among complete ones, a dropped default too; null if they have none.
  Json value(const Json& complete_params, std::string_view parameter) const;
  bool draws_random_numbers(const Json& complete_params) const;
  bool is_extent(std::string_view parameter) const { return extent && extent->parameter == parameter; }
  bool finds_k() const { return kind == MethodKind::clustering && !find("k"); }  // the number of clusters, always
  bool shares_its_beginning(const Json& all) const { return !depends_on_length || depends_on_length(all).empty(); }
  bool has_slices() const { return extent && extent->kind == Extent::Kind::slice; }
  // Dimensions of a reduction's result: its `dim`, or as many as the points have.
  std::int64_t result_width(const Json& complete_params, std::int64_t width) const;
};

// Of a reduction that takes its dimensions from the points: more than they have, or than there are points.
std::optional<Problem> too_many_dimensions(const std::string& display_name, std::int64_t dim, const PointsSize& points,
                                           bool limited_by_width = true);

// Of ranges from which a method draws, "scale" of the parameters scale_min and scale_max: those whose end lies below their beginning.
std::vector<Problem> empty_ranges(const std::string& display_name, const Json& params, const std::vector<std::string>& ranges);

// Of a method on the graph of nearest neighbors, an image being the first of its own: there are fewer images than n_neighbors, and
// with fewer than `least` no number of them will do.
Problem too_few_images(const MethodSpec& method, std::int64_t n_neighbors, const PointsSize& points, std::int64_t least);

// Of a reduction whose dimensions are slices: it is computed once for so many of them, smallest * 2^k until `dim` are in it, but
// `most`. A function of the job alone, so that its key never depends on which other dimensions are in the grid.
std::int64_t shared_width(std::int64_t dim, std::int64_t smallest, std::int64_t most);

}  // namespace latentgrid
