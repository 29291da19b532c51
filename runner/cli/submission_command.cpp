#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "base/decimal.hpp"
#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/output_file.hpp"
#include "cli/commands.hpp"
#include "cli/find_job.hpp"
#include "cli/output.hpp"
#include "exports/submission.hpp"

namespace latentgrid::cli {

namespace {

namespace fs = std::filesystem;

struct SubmissionOptions {
  std::string job;
  std::string images;
  fs::path out;
};

struct Written {
  fs::path path;
  bool replaced = false;  // it held something else
};

// out.csv, or out_a.csv and out_b.csv.
fs::path with_mapping(const fs::path& path, const std::string& mapping) {
  if (mapping.empty()) return path;
  return path.parent_path() / fmt::format("{}_{}{}", path.stem().string(), mapping, path.extension().string());
}

// Standard output, a device or a pipe: there are no two names to be made of it.
bool is_one_stream(const fs::path& path) {
  return is_stdout(path) || (fs::exists(path) && !fs::is_regular_file(path));
}

std::vector<Written> write_files(const Submission& submission, const SubmissionOptions& options,
                                 const ArtifactStore& store) {
  const std::string default_name = fmt::format("submission_{}.csv", submission.job);
  fs::path path = options.out.empty() ? store.submissions() / default_name : options.out;
  if (fs::is_directory(path)) path /= default_name;
  if (submission.files.size() > 1 && is_one_stream(path)) {
    throw UsageError(fmt::format(
        "the submission of job {} is {} files, one for each way to map clusters to classes: name a file, as --out {}",
        submission.job, submission.files.size(), default_name));
  }
  std::vector<Written> written;
  for (const SubmissionFile& file : submission.files) {
    Written one{with_mapping(path, file.mapping)};
    one.replaced = fs::is_regular_file(one.path) && read_file(one.path) != file.csv;
    write_output(one.path, file.csv);
    written.push_back(one);
  }
  return written;
}

Json to_json(const Submission& submission, const std::vector<Written>& written) {
  Json files = Json::array();
  for (std::size_t i = 0; i < written.size(); ++i) {
    const SubmissionFile& file = submission.files[i];
    files.push_back({{"file", written[i].path.string()},
                     {"replaced", written[i].replaced},
                     {"mapping", file.mapping.empty() ? Json() : Json(file.mapping)},
                     {"labels", file.labels},
                     {"description", file.description}});
  }
  return {{"job", submission.job},
          {"images", submission.images},
          {"rows", submission.rows},
          {"image_file", submission.image_file.empty() ? Json() : Json(submission.image_file)},
          {"images_in_file", submission.images_in_file},
          {"without_rows", submission.without_rows},
          {"labelled", submission.labelled},
          {"accuracy", submission.accuracy ? Json(*submission.accuracy) : Json()},
          {"without_class", submission.without_class},
          {"noise", submission.noise},
          {"files", files}};
}

// "80 rows, one for each image of trainX.npy"
std::string rows_text(const Submission& s) {
  const std::string of_file = s.image_file.empty() ? "" : " of " + s.image_file;
  if (s.rows == s.images_in_file) return fmt::format("{} rows, one for each image{}", s.rows, of_file);
  return fmt::format("{} rows, for {} of the {} images{}", s.rows, s.rows, s.images_in_file, of_file);
}

// What the competition may miss in the file.
std::string missing_rows(const Submission& s) {
  std::string text;
  if (s.images_in_file > s.rows) {
    text += fmt::format(
        "warning: {} images{} have no row, because the sweep's data set selects {}\n  hint: a competition that scores "
        "every image needs a sweep without that selection\n",
        s.images_in_file - s.rows, s.image_file.empty() ? "" : " of " + s.image_file, s.selection);
  }
  if (!s.without_rows.empty()) {
    text += fmt::format("the images of {} have no rows; --images NAME writes those of another file, and --images all those of "
                        "all files, numbered on from file to file\n",
                        fmt::join(s.without_rows, ", "));
  }
  return text;
}

std::string noise_text(const Submission& submission) {
  if (submission.noise == 0) return "";
  return fmt::format("warning: {} noise, in no cluster: {} label is -1\n",
                     submission.noise == 1 ? "1 image is" : fmt::format("{} images are", submission.noise),
                     submission.noise == 1 ? "its" : "their");
}

std::string how_mapped(const Submission& submission) {
  if (!submission.accuracy) {
    return (submission.files.size() > 1
                ? "no image has a label, so nothing tells which cluster is which class: a and b are the two mappings\n"
                : "no image has a label: the labels are the numbers of the clusters, which stand for no class\n") +
           noise_text(submission);
  }
  std::string text = fmt::format(
      "the clusters were matched to classes on {} labelled images; the accuracy on them is {}, an upper bound\n",
      submission.labelled, fixed(*submission.accuracy, 4));
  const std::vector<std::int64_t>& labels = submission.files[0].labels;
  text += fmt::format("labels of the clusters, in order: {}\n", fmt::join(labels, ", "));
  if (submission.without_class > 0) {
    text += fmt::format(
        "{} images are in clusters without a class, because there are more clusters than classes: their label is -1\n",
        submission.without_class);
  }
  return text + noise_text(submission);
}

int write_submission(const SubmissionOptions& options, const Context& context) {
  require_one_on_stdout(options.out, context);
  const FoundJob found = find_job(context, options.job);
  const Submission submission = make_submission(found.job, found.revision, found.store, options.images);
  const std::vector<Written> written = write_files(submission, options, found.store);
  if (context.format == Format::json) {
    fmt::print("{}\n", to_json(submission, written).dump());
    return 0;
  }
  for (const Written& file : written) {
    const std::string name = is_stdout(file.path) ? "standard output" : file.path.string();
    fmt::print(stderr, "wrote {}: {}{}\n", name, rows_text(submission),
               file.replaced ? "; it held something else before" : "");
  }
  fmt::print(stderr, "{}{}upload it with this description, by which `latentgrid scores import` finds the job:\n",
             missing_rows(submission), how_mapped(submission));
  for (const SubmissionFile& file : submission.files) fmt::print(stderr, "  {}\n", file.description);
  return 0;
}

}  // namespace

void add_submission(CLI::App& app, Context& context) {
  auto options = std::make_shared<SubmissionOptions>();
  CLI::App* command = app.add_subcommand("submission", "Write the predicted classes of a job as the CSV file of a competition: id,label");
  command->add_option("job", options->job, "the job's id, or the beginning of it")->required()->type_name("JOB");
  command
      ->add_option("--images", options->images,
                   "the image file that the competition scores, by its name or path; `all` for all of them; the "
                   "default is the data set's first file")
      ->type_name("FILE");
  command
      ->add_option(
          "--out", options->out,
          "the file to write, - for standard output; the default is RESULTS/submissions/submission_JOB.csv")
      ->type_name("FILE");
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback(
      [options, &context] { context.action = [options, &context] { return write_submission(*options, context); }; });
}

}  // namespace latentgrid::cli
