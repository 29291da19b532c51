#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/queries.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// One file for a competition.
struct SubmissionFile {
  std::string mapping;               // "", or "a" and "b" where nothing tells which cluster is which class
  std::vector<std::int64_t> labels;  // of every cluster; -1 for none
  std::string description;           // to give with the upload; holds the job's id
  std::string csv;                   // `id,label`, a line an image, ids from 0 in the order of the dataset; LF
};

// A job's clusters as labels. Where images are labelled, the score's matching of clusters to classes decides; where
// none is, two clusters give two files, one for either mapping, and any other number keeps the clusters' own numbers.
struct Submission {
  std::string job;
  std::int64_t images = 0;
  std::int64_t labelled = 0;
  std::optional<double> accuracy;  // on the labelled images, which have chosen the matching: an upper bound
  std::int64_t without_class = 0;  // images of clusters that the matching leaves without a class: -1 in the file
  std::string renumbered;  // why labels are classes 0, 1, ... and not the values of the label files; "" if they are
  std::vector<SubmissionFile> files;
};

// `revision`: one that has the job; its dataset's label files are read for the values that stand for the classes.
// Throws Error for a job that is not complete, and for artifacts that are missing or don't fit each other.
Submission make_submission(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store);

}  // namespace latentgrid
