#pragma once

#include <string>
#include <vector>

#include "db/details.hpp"

namespace latentgrid {

// The label of a row that several jobs share. What they differ in is listed: `AE1/AE2 + PCA(dim = 8/16)`; so a mean
// over an axis never bears the name of one job. Of more than `most_listed` values their number is said: `AE1 + PCA(12
// values of dim)`.
constexpr std::size_t most_listed = 4;

struct LabelParts {
  bool architecture = true, reduction = true;  // what is the same in all rows of a table may be left out
};

// `latents`: of the rows, those whose label has the latent dimension in it (`AE2(64)`).
std::string joint_label(const std::vector<const ResultRow*>& rows, const std::vector<bool>& latents, LabelParts parts);

// `AE1`, `AE2(64)`, `raw pixels`, `AE1/AE2`, `AE2(32/64)`.
std::string joint_architecture(const std::vector<const ResultRow*>& rows, const std::vector<bool>& latents);
// `PCA(dim = 8)`, `PCA(dim = 50) + TSNE(dim = 2)`, `PCA(dim = 8/16)`; nothing where there is no reduction.
std::string joint_reduction(const std::vector<const ResultRow*>& rows);
// `PCA`, `t-SNE`, `PCA/t-SNE`, `none`: reduction_label() of several.
std::string joint_reduction_label(const std::vector<const ResultRow*>& rows);

}  // namespace latentgrid
