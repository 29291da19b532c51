#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// One figure: a kind by itself, or {kind: {parameter: value}}. What it needs beside the jobs is in the request.
struct FigureContext {
  std::filesystem::path folder;               // of the sweep's file
  std::optional<std::filesystem::path> data;  // --data
  const std::map<std::string, Architecture>& architectures;
};
FigureRequest read_report_figure(const YamlNode& node, const FigureContext& context, Reader& reader);

// What a report shows that lists no figures, as far as it needs tasks: each such kind. Where no job suits there is none.
std::vector<FigureRequest> default_figures();

}  // namespace latentgrid
