#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/output.hpp"
#include "db/descriptions.hpp"
#include "db/select.hpp"

namespace latentgrid::cli {

namespace {

int print_query(const std::string& sql, const Context& context) {
  ResultsDb db = open_results(context);
  std::unique_ptr<RowPrinter> printer = make_printer(context.format);
  select(db, sql, *printer);
  printer->finish();
  return 0;
}

void print_tables_as_text(const std::vector<TableDescription>& tables) {
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const TableDescription& table = tables[i];
    fmt::print("{}{} ({}): {}\n", i > 0 ? "\n" : "", table.name, table.kind, table.text);
    std::size_t width = 0;
    for (const ColumnDescription& column : table.columns) width = std::max(width, column.name.size());
    for (const ColumnDescription& column : table.columns) {
      fmt::print("  {:<{}}  {}\n", column.name, width, column.text);
    }
  }
  fmt::print(
      "\nFunctions beside SQLite's own: stddev, stddev_pop, variance, median and quantile(x, q) over rows;\n"
      "parameter(NAME, params, clustering) of a row of results or jobs. For example:\n"
      "  SELECT architecture, avg(accuracy), stddev(accuracy), count(*) FROM results GROUP BY 1\n");
}

int print_tables(const Context& context) {
  const std::vector<TableDescription> tables = describe_tables();
  if (context.format == Format::table) {
    print_tables_as_text(tables);
    return 0;
  }
  std::vector<std::vector<Cell>> rows;
  for (const TableDescription& table : tables) {
    rows.push_back({table.name, table.kind, Cell(), Cell(), table.text});
    for (const ColumnDescription& column : table.columns) {
      rows.push_back({table.name, table.kind, column.name, column.type.empty() ? Cell() : Cell(column.type), column.text});
    }
  }
  print_rows(context.format, {"table", "kind", "column", "type", "description"}, rows);
  return 0;
}

}  // namespace

void add_query(CLI::App& app, Context& context) {
  auto sql = std::make_shared<std::string>();
  auto tables = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("query", "Run one SELECT on the database, for example: SELECT * FROM results");
  command->add_option("sql", *sql, "the SELECT; --tables lists what there is to select from")->type_name("SQL");
  command->add_flag("--tables", *tables, "list the tables and views with their columns, and the functions besides SQLite's");
  add_format_options(*command, context);
  command->callback([sql, tables, &context] {
    context.action = [sql, tables, &context] {
      if (*tables) return print_tables(context);
      if (sql->empty()) {
        throw UsageError("query needs a SELECT: latentgrid query \"SELECT * FROM results\"; `latentgrid query --tables` "
                         "lists what there is to select from");
      }
      return print_query(*sql, context);
    };
  });
}

}  // namespace latentgrid::cli
