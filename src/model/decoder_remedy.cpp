#include "model/decoder_remedy.hpp"

#include <fmt/format.h>

#include "model/layer_text.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t most_padding = 4;  // times the size of the image

// The smallest shape to which the images can be padded.
std::optional<TensorShape> padded(const Architecture& architecture, std::optional<std::int64_t> latent_dim, const TensorShape& image) {
  Diagnostics unheard;
  const auto returned = [&](const TensorShape& shape) { return returned_shape(architecture, shape, latent_dim, unheard); };
  const auto fits = [&](const TensorShape& shape) { return returned(shape) == shape; };
  if (image.height == image.width) {
    for (std::int64_t size = image.height + 1; size <= most_padding * image.height; ++size) {
      if (const TensorShape shape = {image.channels, size, size}; fits(shape)) return shape;
    }
    return std::nullopt;
  }
  TensorShape shape = image;
  for (; shape.height <= most_padding * image.height; ++shape.height) {
    const std::optional<TensorShape> back = returned(shape);
    if (back && back->height == shape.height) break;
  }
  if (shape.height > most_padding * image.height) return std::nullopt;
  for (; shape.width <= most_padding * image.width; ++shape.width) {
    if (fits(shape)) return shape;
  }
  return std::nullopt;
}

// The last layer that decides on the number of channels, and how many of them make one of the last layer's.
struct LastWithChannels {
  const Layer* layer = nullptr;
  std::int64_t of_one = 1;
  bool ends = false;  // the search is over, with or without a layer
};

LastWithChannels last_with_channels(const std::vector<Layer>& layers, std::int64_t of_one) {
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (layer->arguments.contains("out_channels")) return {&*layer, of_one, true};
    const std::string type = layer->type();
    if (type == "unflatten") return {nullptr, of_one, true};
    if (type == "pixel_shuffle") {
      const std::int64_t factor = layer->arguments.at("upscale_factor");
      of_one *= factor * factor;
    }
    if (const LastWithChannels inside = last_with_channels(layer->layers, of_one); inside.ends) return inside;
  }
  return {nullptr, of_one, false};
}

}  // namespace

std::string decoder_remedy(const Architecture& architecture, std::optional<std::int64_t> latent_dim, const Autoencoder& model,
                           const TensorShape& returned) {
  const TensorShape& image = model.input;
  if (returned.flat()) {
    return fmt::format("end the decoder with layers that make {} of it, such as {{linear: values}} and "
                       "{{unflatten: [channels, height, width]}}",
                       image.text());
  }
  const std::string last = layer_text(model.decoder.back().to_json());
  if (returned.channels != image.channels) {
    const auto [layer, of_one, ends] = last_with_channels(model.decoder, 1);
    if (!layer) return fmt::format("the last layer, {}, must return {} channels, as many as the images have", last, image.channels);
    return fmt::format("write {}{} as the out_channels of its layer {}, which has {}", of_one * image.channels,
                       of_one == 1 ? " or channels" : "", layer_text(layer->arguments),
                       layer->arguments.at("out_channels").get<std::int64_t>());
  }
  const bool own = architecture.where.line > 0;
  if (const auto shape = padded(architecture, latent_dim, image)) {
    const std::string size = shape->height == shape->width ? fmt::format("{}", shape->height)
                                                           : fmt::format("[{}, {}]", shape->height, shape->width);
    const std::string change = fmt::format(", or change the decoder: its last layer, {}, returns {}", last, returned.text());
    return fmt::format("write pad_to: {} in dataset{}", size, own ? change : "");
  }
  if (!own) return "use another architecture, or write one of your own under architectures";
  return fmt::format("the decoder's strides must undo those of the encoder: its last layer, {}, returns {}", last, returned.text());
}

}  // namespace latentgrid
