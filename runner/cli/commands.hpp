#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace latentgrid::cli {

enum class Format { table, json, csv, md, tex };

// Options that every command shares, and what the chosen command will do: a subcommand's callback only sets `action`.
struct Context {
  std::string program = "latentgrid";  // as it was called
  std::vector<std::string> arguments;  // behind that
  std::filesystem::path results = "results";
  std::filesystem::path database;  // empty: in the results folder, or where that remembers it
  Format format = Format::table;
  std::function<int()> action;  // returns the exit code
};

// --format, one of these, and its alias --json.
void add_format_options(CLI::App& command, Context& context,
                        const std::vector<Format>& formats = {Format::table, Format::json, Format::csv, Format::md});

// One file a subcommand.
void add_methods(CLI::App& app, Context& context);
void add_schema(CLI::App& app, Context& context);
void add_init(CLI::App& app, Context& context);
void add_validate(CLI::App& app, Context& context);
void add_plan(CLI::App& app, Context& context);
void add_run(CLI::App& app, Context& context);
void add_doctor(CLI::App& app, Context& context);
void add_status(CLI::App& app, Context& context);
void add_logs(CLI::App& app, Context& context);
void add_cancel(CLI::App& app, Context& context);
void add_ls(CLI::App& app, Context& context);
void add_show(CLI::App& app, Context& context);
void add_compare(CLI::App& app, Context& context);
void add_choose(CLI::App& app, Context& context);
void add_explain(CLI::App& app, Context& context);
void add_query(CLI::App& app, Context& context);
void add_report(CLI::App& app, Context& context);
void add_submission(CLI::App& app, Context& context);
void add_scores(CLI::App& app, Context& context);
void add_completion(CLI::App& app, Context& context);
void add_man(CLI::App& app, Context& context);
void add_du(CLI::App& app, Context& context);
void add_gc(CLI::App& app, Context& context);
void add_rm(CLI::App& app, Context& context);
CLI::App* add_export(CLI::App& app, Context& context);  // the command, for what needs a worker

// Of `export`.
void add_export_results(CLI::App& exporting, Context& context);
void add_export_images(CLI::App& exporting, Context& context);  // latents, embedding, labels, misclustered
void add_export_encoder(CLI::App& exporting, Context& context);

}  // namespace latentgrid::cli
