#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/pixel_range.hpp"
#include "figure/figure.hpp"
#include "report/charts/figure_panels.hpp"
#include "report/job_names.hpp"
#include "store/npy.hpp"

// What the figures that show images have in common.
namespace latentgrid::charts {

// Floats on this scale as pixels; what lies beyond it is clipped.
std::vector<std::uint8_t> to_pixels(const NpyFile& file, PixelRange range);

// The array's last three dimensions as one image's, the others as images; throws Error unless it has so many dimensions.
Pixels images_like(const NpyFile& file, std::size_t dimensions);

// "image 17, class 1" or "image 17, landscape"; the class only where there is one. `job`: whose images they are.
std::vector<std::string> image_titles(const ReportData& data, const std::string& job, const std::vector<std::int64_t>& positions,
                                      std::vector<std::string>& omissions);

// What the models of panels are called, one a panel: `AE1`, `AE1, training vae`, told apart by what they don't share.
std::vector<std::string> model_labels(const ReportData& data, const JobNames& names, const std::vector<FigurePanel>& panels);

// "AE1 after 20 epochs, seed 0; AE2 after 4 epochs, seed 0".
std::string trainings_shown(const ReportData& data, const JobNames& names, const std::vector<FigurePanel>& panels);

// Collects the images of a grid.
class GridImages {
 public:
  // `like`: as large as these.
  explicit GridImages(const Pixels& like) : images_{0, like.height, like.width, like.channels, {}} {}

  // The `index`-th of images of this size.
  ImageCell cell(const std::vector<std::uint8_t>& pixels, std::size_t index, std::string caption = "");
  Pixels take() { return std::move(images_); }

 private:
  Pixels images_;
};

}  // namespace latentgrid::charts
