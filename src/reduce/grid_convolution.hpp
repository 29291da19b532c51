#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "reduce/line_transform.hpp"

namespace latentgrid {

// Convolves grids of real numbers with a kernel that is even along both axes, by Fourier transforms. Not thread-safe: keeps the kernel's
// transform, and its own room, for the next call.
class GridConvolution {
 public:
  // The kernel's value at a displacement of nodes, both >= 0, and what its transform is multiplied by along each axis, at a
  // frequency of a transform of `length`.
  using Kernel = std::function<double(std::int64_t x, std::int64_t y)>;
  using Filter = std::function<double(std::int64_t frequency, std::int64_t length)>;

  GridConvolution(Kernel kernel, Filter filter) : kernel_of_(std::move(kernel)), filter_of_(std::move(filter)) {}

  // In place: grid is nodes_x × pitch, of which nodes_y are read and written. `margin` more nodes than the grid's are kept
  // between it and its periodic image, for a filter that reaches so far. An axis of one node isn't filtered.
  void convolve(float* grid, std::int64_t nodes_x, std::int64_t nodes_y, std::int64_t pitch, std::int64_t margin, int threads);

 private:
  // Transforms along one axis at a time: `columns_` holds, for groups of eight frequencies along y, the values of all x.
  void prepare(std::int64_t length_x, std::int64_t length_y, int threads);
  void transform_rows(const float* grid, std::int64_t rows, std::int64_t filled, std::int64_t pitch, int threads);
  void transform_columns(std::int64_t rows, int threads);
  void restore_rows(float* grid, std::int64_t rows, std::int64_t filled, std::int64_t pitch, int threads);
  void resize_columns(std::int64_t rows);
  std::vector<double> filter(std::int64_t length, std::int64_t count) const;

  // What a thread works in.
  struct Workspace {
    std::vector<float> data, scratch;
  };
  Workspace& workspace(int worker, const LineTransform& transform);

  std::int64_t column_groups() const { return (along_y_->length() / 2 + 1 + lines - 1) / lines; }
  float* element(std::int64_t group, std::int64_t x, std::int64_t rows) { return columns_.data() + (group * rows + x) * 2 * lines; }

  static constexpr auto lines = static_cast<std::int64_t>(LineTransform::lines);

  Kernel kernel_of_;
  Filter filter_of_;
  std::optional<LineTransform> along_x_, along_y_;
  std::vector<float> kernel_;   // its transform, real: groups of frequencies along y × length along x × 8
  std::vector<Workspace> workspaces_;
  std::vector<float> columns_;  // groups × rows × {real, imaginary} × 8
};

}  // namespace latentgrid
