#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "methods/methods.hpp"
#include "report/charts/figure_panels.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// One embedding of a map, and what is said of it.
struct MapPanel {
  bool own = false;        // made as the embedding in which the job's clusters were found
  bool latents = false;    // no reduction at all
  std::string steps;       // "PCA 50-D, then t-SNE"
  std::vector<Json> before;  // parameters of the steps before the last
  Json params, metrics;
  std::int64_t extent = 0;
  std::vector<float> coordinates;  // n×2
};

// Whose embeddings the panels are.
struct MapSubject {
  const ResultRow* row = nullptr;  // the job's; null where the sweep no longer has it
  bool other_images = false;       // than the sweep's own
  bool own_is_shown = false;

  std::string points() const { return vectors_of_architecture(row ? row->architecture : ""); }
};

// Throws Error for an artifact that is no matrix of two columns.
MapPanel read_map_panel(const ReportData& data, const FigurePanel& panel);

// One a panel, each different from the others.
std::vector<std::string> panel_titles(const std::vector<MapPanel>& all, const MapSubject& subject);

// What is to be known of the methods shown, and why one that is there by default is not. `spec`: of the figure.
std::vector<std::string> lines_about_methods(const std::vector<MapPanel>& panels, std::int64_t count, const Json& spec);

}  // namespace latentgrid
