#include <memory>

#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/output.hpp"

namespace latentgrid::cli {

namespace {

int print_query(const std::string& sql, const Context& context) {
  ResultsDb db = open_results(context);
  std::unique_ptr<RowPrinter> printer = make_printer(context.format);
  select(db, sql, *printer);
  printer->finish();
  return 0;
}

}  // namespace

void add_query(CLI::App& app, Context& context) {
  auto sql = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("query", "one SELECT over the database, for example: SELECT * FROM results");
  command->add_option("sql", *sql, "the SELECT; tables and views are described in src/db/schema.sql")
      ->required()
      ->type_name("SQL");
  add_format_options(*command, context);
  command->callback([sql, &context] { context.action = [sql, &context] { return print_query(*sql, context); }; });
}

}  // namespace latentgrid::cli
