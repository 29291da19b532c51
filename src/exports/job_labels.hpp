#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/details.hpp"
#include "db/queries.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// What a job made of one image.
struct JobLabel {
  std::int64_t image = 0;                 // its number in its file, from 0
  std::size_t file = 0;                   // of JobLabels::files
  std::optional<std::int64_t> label;      // as the label file has it
  std::int64_t cluster = 0;               // -1: noise, in no cluster
  std::optional<std::int64_t> predicted;  // the class that the score gives the cluster, as the label files write it
  std::optional<double> squared_error;    // of its reconstruction, the mean over its values on [-1, 1]

  std::optional<bool> correct() const;  // nothing without a label; noise and an image of a cluster without a class are wrong
};

struct JobLabels {
  std::vector<std::string> files;            // the data set's image files, by their names; "" for synthetic images
  std::map<std::int64_t, std::string> names;  // of classes, by their value in the label files; may be empty
  std::vector<JobLabel> images;              // in the order of every other artifact's rows
};

// `revision`: one that has the job. Throws Error for a job that is not complete, for artifacts that are missing or don't
// fit each other, and for images or labels that cannot be read or have changed since the job ran.
JobLabels labels_of_job(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store);

// Only the images whose label is not the predicted one, the worst reconstruction first.
JobLabels misclustered(const JobLabels& labels);

using WriteBytes = std::function<void(std::string_view)>;

// CSV: image, file, label, label_name, cluster, predicted, predicted_name, correct (1 or 0), squared_error; what is
// unknown is empty, the cluster of noise is -1. The columns of names are there where classes have names.
void write_csv(const JobLabels& labels, const WriteBytes& write);

// .npy: a structured array with the int64 fields image, file (its place in the list of image files, from 0), label,
// cluster, predicted, correct, -1 for what is unknown, and the float64 field squared_error, NaN for what is unknown.
void write_npy(const JobLabels& labels, const WriteBytes& write);

}  // namespace latentgrid
