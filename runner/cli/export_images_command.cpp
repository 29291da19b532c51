#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <memory>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/output_file.hpp"
#include "cli/commands.hpp"
#include "cli/find_job.hpp"
#include "cli/option_checks.hpp"
#include "cli/output.hpp"
#include "exports/job_labels.hpp"
#include "methods/artifact_files.hpp"
#include "report/job_artifacts.hpp"
#include "report/job_images.hpp"
#include "report/table.hpp"
#include "report/table_csv.hpp"
#include "store/npy.hpp"

namespace latentgrid::cli {

namespace fs = std::filesystem;

namespace {

enum class ExportPart { latents, embedding, labels, misclustered };

struct ExportKind {
  ExportPart part;
  const char* name;
  const char* help;
  const char* default_format;
  std::vector<std::string> formats;
};

const std::vector<ExportKind>& export_kinds() {
  static const std::vector<ExportKind> all = {
      {ExportPart::latents, "latents", "Write the latents of a job: a float32 matrix with a row for each image", "npy",
       {"npy", "csv"}},
      {ExportPart::embedding, "embedding",
       "Write the embedding of a job, which its last reduction made: a float32 matrix with the rows of `export latents`",
       "npy", {"npy", "csv"}},
      {ExportPart::labels, "labels",
       "Write a row for each image of a job: its number, file, label, cluster, predicted class and squared error", "csv",
       {"csv", "npy"}},
      {ExportPart::misclustered, "misclustered",
       "Write the rows of `export labels` whose predicted class is wrong, the worst reconstruction first", "csv",
       {"csv", "npy"}}};
  return all;
}

struct ImageExportOptions {
  std::string job, out, format;
};

std::string format_of(const ExportKind& kind, const ImageExportOptions& options) {
  if (!options.format.empty()) return options.format;
  const std::string named = format_by_ending(options.out, kind.formats);
  return named.empty() ? std::string(kind.default_format) : named;
}

void write_out(const std::string& out, const std::function<void(const WriteBytes&)>& produce) {
  OutputFile file(out);
  produce([&](std::string_view bytes) { file.write(bytes); });
  file.commit();
}

fs::path matrix_file(const ExportKind& kind, const FoundJob& found) {
  if (kind.part == ExportPart::latents) {
    return required_file(found.job, "encode", latents_file, found.revision, found.store);
  }
  if (found.job.row.reduction == "none") {
    throw UsageError(fmt::format(
        "job {0} has no embedding: it has no reduction and clusters the latents\n  hint: `latentgrid export latents "
        "{0}` writes those",
        found.job.row.job));
  }
  return required_file(found.job, "reduce", embedding_file, found.revision, found.store);
}

void write_matrix_csv(const std::string& name, const NpyFile& matrix, const SelectedImages& images,
                      const WriteBytes& write) {
  constexpr std::size_t most_buffered = 1 << 20;
  const auto columns = static_cast<std::size_t>(matrix.header().shape[1]);
  fmt::memory_buffer text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "image,file");
  for (std::size_t c = 0; c < columns; ++c) fmt::format_to(out, ",{}_{}", name, c);
  fmt::format_to(out, "\n");
  for (std::size_t i = 0; i < images.size(); ++i) {
    const SelectedImages::Place place = images.place(i);
    fmt::format_to(out, "{},{}", place.number, csv_field(images.name_of_file(i)));
    for (const float value : matrix.floats().subspan(i * columns, columns)) fmt::format_to(out, ",{}", value);
    fmt::format_to(out, "\n");
    if (text.size() < most_buffered) continue;
    write({text.data(), text.size()});
    text.clear();
  }
  write({text.data(), text.size()});
}

// Says what was written.
std::string write_matrix(const ExportKind& kind, const FoundJob& found, const std::string& format, const std::string& out) {
  const fs::path path = matrix_file(kind, found);
  const NpyFile matrix(path);
  const std::vector<std::int64_t>& shape = matrix.header().shape;
  if (shape.size() != 2 || matrix.floats().empty()) throw Error(fmt::format("{}: not a matrix", path.string()));
  if (format == "npy") {
    write_out(out, [&](const WriteBytes& write) { write(read_file(path)); });
  } else {
    const SelectedImages images = image_labels_of(found.job, found.revision, found.store).images;
    if (static_cast<std::int64_t>(images.size()) != shape[0]) {
      throw Error(fmt::format("{}: {} rows, but the data set has {} images", path.string(), shape[0], images.size()));
    }
    write_out(out, [&](const WriteBytes& write) { write_matrix_csv(kind.name, matrix, images, write); });
  }
  return fmt::format("the {} of job {}, {} images by {} values", kind.name, found.job.row.job, shape[0], shape[1]);
}

std::string write_labels(const ExportKind& kind, const FoundJob& found, const std::string& format, const std::string& out) {
  if (kind.part == ExportPart::misclustered && !found.job.row["accuracy"]) {
    require_complete(found.job, found.revision);
    throw Error(fmt::format("no image of job {} has a label, so nothing tells which are misclustered", found.job.row.job));
  }
  JobLabels labels = labels_of_job(found.job, found.revision, found.store);
  const std::size_t all = labels.images.size();
  if (kind.part == ExportPart::misclustered) labels = misclustered(labels);
  write_out(out, [&](const WriteBytes& write) {
    format == "npy" ? write_npy(labels, write) : write_csv(labels, write);
  });
  if (kind.part == ExportPart::labels) return fmt::format("{} images of job {}", all, found.job.row.job);
  return fmt::format("{} misclustered images of the {} of job {}", labels.images.size(), all, found.job.row.job);
}

int export_part(const ExportKind& kind, const ImageExportOptions& options, const Context& context) {
  const FoundJob found = find_job(context, options.job);
  const std::string format = format_of(kind, options);
  const fs::path default_path =
      found.store.exports() / fmt::format("{}_{}.{}", kind.name, found.job.row.job, format);
  const std::string out = options.out.empty() ? default_path.string() : options.out;
  if (fs::is_directory(out)) {
    throw UsageError(fmt::format("{} is a folder: name the file to write, e.g. --out {}", out,
                                 (fs::path(out) / default_path.filename()).string()));
  }
  const bool matrix = kind.part == ExportPart::latents || kind.part == ExportPart::embedding;
  const std::string what = (matrix ? write_matrix : write_labels)(kind, found, format, out);
  if (!is_stdout(out)) fmt::print(stderr, "wrote {}: {}\n", out, what);
  return 0;
}

}  // namespace

void add_export_images(CLI::App& exporting, Context& context) {
  for (const ExportKind& kind : export_kinds()) {
    auto options = std::make_shared<ImageExportOptions>();
    CLI::App* command = exporting.add_subcommand(kind.name, kind.help);
    command->add_option("job", options->job, "the job's id, or the beginning of it")->required()->type_name("JOB");
    command
        ->add_option("--out", options->out,
                     fmt::format("the file to write, - for standard output; the default is RESULTS/exports/{}_JOB.{}",
                                 kind.name, kind.default_format))
        ->type_name("FILE");
    command
        ->add_option("--format", options->format,
                     fmt::format("{}; the default is the ending of FILE, or else {}",
                                 fmt::join(kind.formats, " or "), kind.default_format))
        ->check(one_of(kind.formats))
        ->type_name(fmt::format("{}", fmt::join(kind.formats, "|")));
    command->callback([&kind, options, &context] {
      context.action = [&kind, options, &context] { return export_part(kind, *options, context); };
    });
  }
}

}  // namespace latentgrid::cli
