#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "base/output_file.hpp"
#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/output.hpp"
#include "db/export_results.hpp"

namespace latentgrid::cli {

namespace {

struct ExportOptions {
  std::string sweep;
  std::filesystem::path out;
  std::optional<std::int64_t> revision;
};

constexpr std::size_t written_at_once = 1 << 20;

// Collects small pieces to large writes.
class BufferedFile {
 public:
  explicit BufferedFile(const std::filesystem::path& path) : file_(path) {}

  void write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= written_at_once) flush();
  }
  void commit() {
    flush();
    file_.commit();
  }

 private:
  void flush() {
    file_.write(buffer_);
    buffer_.clear();
  }

  OutputFile file_;
  std::string buffer_;
};

class CountingSink : public RowSink {
 public:
  explicit CountingSink(RowSink& sink) : sink_(sink) {}
  void begin(const std::vector<std::string>& columns) override {
    columns_ = columns.size();
    sink_.begin(columns);
  }
  void row(const std::vector<Cell>& cells) override {
    ++rows_;
    sink_.row(cells);
  }
  std::size_t columns() const { return columns_; }
  std::size_t rows() const { return rows_; }

 private:
  RowSink& sink_;
  std::size_t columns_ = 0, rows_ = 0;
};

void write_file(const ResultsDb& db, const ExportOptions& options, Format format) {
  BufferedFile file(options.out);
  auto writer = make_row_writer(format, [&file](std::string_view text) { file.write(text); });
  CountingSink sink(*writer);
  export_results(db, options.sweep, sink, options.revision);
  writer->finish();
  file.commit();
  fmt::print(stderr, "wrote {}: {} job{}, {} columns\n", options.out.string(), sink.rows(),
             sink.rows() == 1 ? "" : "s", sink.columns());
}

int export_sweep(const ExportOptions& options, const Context& context) {
  // Without --format the ending of the file's name decides.
  const bool json = context.format == Format::json ||
                    (context.format == Format::table && format_by_ending(options.out, {"csv", "json"}) == "json");
  const Format format = json ? Format::json : Format::csv;
  ResultsDb db = open_results(context);
  Snapshot snapshot(db);
  require_revision(db, options.sweep, options.revision);
  if (!options.out.empty() && !is_stdout(options.out)) {
    write_file(db, options, format);
    return 0;
  }
  std::unique_ptr<RowPrinter> printer = make_printer(format);
  export_results(db, options.sweep, *printer, options.revision);
  printer->finish();
  return 0;
}

}  // namespace

void add_export_results(CLI::App& exporting, Context& context) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = exporting.add_subcommand(
      "results", "Write every job of a sweep with every axis, metric and leaderboard score, as the ending of FILE says; the default is CSV");
  command->add_option("sweep", options->sweep, "the sweep's name")->required()->type_name("SWEEP");
  command->add_option("--out", options->out, "the file to write instead of printing; - for standard output")
      ->type_name("FILE");
  add_revision_option(*command, options->revision);
  add_format_options(*command, context, {Format::csv, Format::json});
  command->callback(
      [options, &context] { context.action = [options, &context] { return export_sweep(*options, context); }; });
}

}  // namespace latentgrid::cli
