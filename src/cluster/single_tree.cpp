#include "cluster/single_tree.hpp"

#include "cluster/spanning_tree.hpp"

namespace latentgrid {

LinkageTree single_tree(ConstMatrixRef points, int threads, const TreeProgress& progress) {
  return linkage_tree(points.rows(), minimum_spanning_tree(points, {}, threads, progress));
}

}  // namespace latentgrid
