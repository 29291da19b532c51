#include "reduce/grid_convolution.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel.hpp"

namespace latentgrid {

GridConvolution::Workspace& GridConvolution::workspace(int worker, const LineTransform& transform) {
  Workspace& workspace = workspaces_[worker];
  if (workspace.data.size() < transform.size()) {
    workspace.data.resize(transform.size());
    workspace.scratch.resize(transform.size());
  }
  return workspace;
}

void GridConvolution::convolve(float* grid, std::int64_t nodes_x, std::int64_t nodes_y, std::int64_t pitch,
                               std::int64_t margin, int threads) {
  auto length = [&](std::int64_t nodes) { return LineTransform::fast_length(nodes == 1 ? 2 : 2 * nodes + margin); };
  workspaces_.resize(std::max<std::size_t>(workspaces_.size(), std::max(1, threads)));
  prepare(length(nodes_x), length(nodes_y), threads);
  resize_columns(nodes_x);
  transform_rows(grid, nodes_x, nodes_y, pitch, threads);
  transform_columns(nodes_x, threads);
  restore_rows(grid, nodes_x, nodes_y, pitch, threads);
}

void GridConvolution::resize_columns(std::int64_t rows) {
  columns_.resize(column_groups() * rows * 2 * lines);
}

std::vector<double> GridConvolution::filter(std::int64_t length, std::int64_t count) const {
  std::vector<double> out(count, 1.0);
  for (std::int64_t k = 0; k < count && length > 2; ++k) out[k] = filter_of_(k, length);
  return out;
}

void GridConvolution::prepare(std::int64_t length_x, std::int64_t length_y, int threads) {
  if (along_x_ && along_x_->length() == length_x && along_y_->length() == length_y) return;
  along_x_.emplace(length_x);
  along_y_.emplace(length_y);
  std::vector<float> values(length_x * length_y);
  parallel_for(length_x / 2 + 1, threads, [&](std::int64_t x) {
    float* const row = values.data() + x * length_y;
    for (std::int64_t y = 0; y < length_y; ++y) row[y] = static_cast<float>(kernel_of_(x, std::min(y, length_y - y)));
    if (x > 0) std::copy(row, row + length_y, values.data() + (length_x - x) * length_y);
  });
  resize_columns(length_x);
  transform_rows(values.data(), length_x, length_y, length_y, threads);
  kernel_.resize(column_groups() * length_x * lines);
  const std::vector<double> filter_x = filter(length_x, length_x), filter_y = filter(length_y, column_groups() * lines);
  const double scale = 1 / (static_cast<double>(length_x) * static_cast<double>(length_y));
  parallel_for_workers(column_groups(), threads, [&](std::int64_t group, int worker) {
    const float* const transformed = along_x_->forward(element(group, 0, length_x), workspace(worker, *along_x_).scratch.data());
    float* const out = kernel_.data() + group * length_x * lines;
    for (std::int64_t x = 0; x < length_x; ++x) {
      for (std::int64_t l = 0; l < lines; ++l) {
        const double filter = scale * filter_x[x] * filter_y[group * lines + l];
        out[x * lines + l] = static_cast<float>(filter * transformed[x * 2 * lines + l]);
      }
    }
  });
}

// Two rows at a time, as real and imaginary part of one; their transforms are its even and odd part.
void GridConvolution::transform_rows(const float* grid, std::int64_t rows, std::int64_t filled, std::int64_t pitch, int threads) {
  const std::int64_t length = along_y_->length(), half = length / 2 + 1;
  parallel_for_workers((rows + 2 * lines - 1) / (2 * lines), threads, [&](std::int64_t task, int worker) {
    Workspace& own = workspace(worker, *along_y_);
    const std::int64_t first = task * 2 * lines, count = std::min(2 * lines, rows - first);
    std::fill_n(own.data.begin(), along_y_->size(), 0.0f);
    for (std::int64_t r = 0; r < count; ++r) {
      const float* const row = grid + (first + r) * pitch;
      float* const to = own.data.data() + (r % 2) * lines + r / 2;
      for (std::int64_t y = 0; y < filled; ++y) to[y * 2 * lines] = row[y];
    }
    const float* const z = along_y_->forward(own.data.data(), own.scratch.data());
    for (std::int64_t k = 0; k < half; ++k) {
      const float* const at = z + k * 2 * lines;
      const float* const mirrored = z + (k == 0 ? 0 : length - k) * 2 * lines;
      float* const to = element(k / lines, first, rows) + k % lines;
      for (std::int64_t r = 0; r < count; ++r) {
        const float re = at[r / 2], im = at[lines + r / 2], re2 = mirrored[r / 2], im2 = mirrored[lines + r / 2];
        float* const out = to + r * 2 * lines;
        out[0] = 0.5f * (r % 2 == 0 ? re + re2 : im + im2);
        out[lines] = 0.5f * (r % 2 == 0 ? im - im2 : re2 - re);
      }
    }
  });
  // Frequencies beyond the last fill the last group.
  const std::int64_t group = column_groups() - 1;
  for (std::int64_t x = 0; x < rows; ++x) {
    for (std::int64_t l = half - group * lines; l < lines; ++l) element(group, x, rows)[l] = element(group, x, rows)[lines + l] = 0;
  }
}

void GridConvolution::transform_columns(std::int64_t rows, int threads) {
  const std::int64_t length = along_x_->length();
  parallel_for_workers(column_groups(), threads, [&](std::int64_t group, int worker) {
    Workspace& own = workspace(worker, *along_x_);
    float* const column = element(group, 0, rows);
    std::copy(column, column + rows * 2 * lines, own.data.begin());
    std::fill_n(own.data.begin() + rows * 2 * lines, along_x_->size() - rows * 2 * lines, 0.0f);
    float* const transformed = along_x_->forward(own.data.data(), own.scratch.data());
    const float* const kernel = kernel_.data() + group * length * lines;
    for (std::int64_t x = 0; x < length; ++x) {
      for (std::int64_t l = 0; l < lines; ++l) {
        transformed[x * 2 * lines + l] *= kernel[x * lines + l];
        transformed[x * 2 * lines + lines + l] *= kernel[x * lines + l];
      }
    }
    float* const free = transformed == own.data.data() ? own.scratch.data() : own.data.data();
    const float* const back = along_x_->backward(transformed, free);
    std::copy(back, back + rows * 2 * lines, column);
  });
}

void GridConvolution::restore_rows(float* grid, std::int64_t rows, std::int64_t filled, std::int64_t pitch, int threads) {
  const std::int64_t length = along_y_->length(), half = length / 2 + 1;
  parallel_for_workers((rows + 2 * lines - 1) / (2 * lines), threads, [&](std::int64_t task, int worker) {
    Workspace& own = workspace(worker, *along_y_);
    const std::int64_t first = task * 2 * lines, count = std::min(2 * lines, rows - first);
    if (count < 2 * lines) std::fill_n(own.data.begin(), along_y_->size(), 0.0f);
    for (std::int64_t k = 0; k < half; ++k) {
      const float* const from = element(k / lines, first, rows) + k % lines;
      float* const at = own.data.data() + k * 2 * lines;
      float* const mirrored = own.data.data() + (k == 0 ? 0 : length - k) * 2 * lines;
      for (std::int64_t pair = 0; pair < (count + 1) / 2; ++pair) {
        const float* const even = from + pair * 4 * lines;
        const bool both = 2 * pair + 1 < count;
        const float re = even[0], im = even[lines];
        const float re2 = both ? even[2 * lines] : 0, im2 = both ? even[3 * lines] : 0;
        mirrored[pair] = re + im2;
        mirrored[lines + pair] = re2 - im;
        at[pair] = re - im2;
        at[lines + pair] = im + re2;
      }
    }
    const float* const back = along_y_->backward(own.data.data(), own.scratch.data());
    for (std::int64_t r = 0; r < count; ++r) {
      float* const row = grid + (first + r) * pitch;
      const float* const from = back + (r % 2) * lines + r / 2;
      for (std::int64_t y = 0; y < filled; ++y) row[y] = from[y * 2 * lines];
    }
  });
}

}  // namespace latentgrid
