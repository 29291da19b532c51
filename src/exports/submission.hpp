#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/details.hpp"
#include "db/queries.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// One file for a competition.
struct SubmissionFile {
  std::string mapping;               // "", or "a" and "b" where nothing tells which cluster is which class
  std::vector<std::int64_t> labels;  // of every cluster; -1 for none
  std::string description;           // to give with the upload; holds the job's id
  std::string csv;  // `id,label`, a line an image; ids are the images' own numbers in the competition's file; LF
};

// A job's clusters as labels, of the images of one file: a competition scores one, and its data set may have others
// beside it, whose labels are known. Where images are labelled, the score's matching of clusters to classes decides; where
// none is, two clusters give two files, one for either mapping, and any other number keeps the clusters' own numbers.
struct Submission {
  std::string job;
  std::int64_t images = 0;          // of the data set
  std::int64_t rows = 0;            // of the file
  std::string image_file;           // which of the data set's; "" for all of them, and for synthetic images
  std::int64_t images_in_file = 0;  // more than `rows` where the data set selects
  std::string selection;            // what selects, "classes 1, 2 and limit 40"; "" where nothing does
  std::vector<std::string> without_rows;  // the other image files of the data set
  std::int64_t labelled = 0;
  std::optional<double> accuracy;  // on the labelled images, which have chosen the matching: an upper bound
  std::int64_t without_class = 0;  // rows of clusters that the matching leaves without a class: -1 in the file
  std::int64_t noise = 0;          // rows of images that are in no cluster: -1 in the file
  std::vector<SubmissionFile> files;
};

// `revision`: one that has the job. The images' numbers, and the values that stand for the classes, are those that its files
// had when the job ran. `images`: the competition's file, by its name or path; "" is the first of the data
// set, "all" are all of them, numbered on from file to file. Throws UsageError for a file that the data set doesn't have;
// Error for a job that is not complete, and for artifacts that are missing or don't fit each other.
Submission make_submission(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store,
                           const std::string& images = "");

}  // namespace latentgrid
