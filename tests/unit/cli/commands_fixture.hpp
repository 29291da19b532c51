#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "cli/commands.hpp"
#include "support/sample_results.hpp"

namespace latentgrid::testing {

// The commands that only read the database, called in this process on a results folder of its own.
struct CommandsFixture : ::testing::Test {
  TemporaryResults results;
  std::string out, err;

  int run(const std::string& arguments) {
    CLI::App app;
    cli::Context context;
    context.results = results.folder();
    add_status(app, context);
    add_logs(app, context);
    add_ls(app, context);
    add_show(app, context);
    add_query(app, context);
    add_report(app, context);
    add_submission(app, context);
    add_export(app, context);
    app.parse(arguments);
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    auto finish = [&] {
      std::fflush(stdout);
      out = ::testing::internal::GetCapturedStdout();
      err = ::testing::internal::GetCapturedStderr();
    };
    try {
      int code = context.action();
      finish();
      return code;
    } catch (...) {
      finish();
      throw;
    }
  }
  std::string error(const std::string& arguments) {
    return error_of([&] { run(arguments); });
  }
};

}  // namespace latentgrid::testing
