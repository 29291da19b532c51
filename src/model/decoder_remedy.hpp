#pragma once

#include <optional>
#include <string>

#include "model/architecture.hpp"

namespace latentgrid {

// What to do about a decoder that returns `returned` for images of another shape. `model` has the sizes of its layers.
std::string decoder_remedy(const Architecture& architecture, std::optional<std::int64_t> latent_dim, const Autoencoder& model,
                           const TensorShape& returned);

}  // namespace latentgrid
