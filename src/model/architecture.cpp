#include "model/architecture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/layers.hpp"

namespace latentgrid {

namespace {

Layer make_layer(const char* type, Json given, const SourcePosition& where) {
  return {complete_arguments(*find_layer(type), given), where};
}

Json layer_list(const std::vector<Layer>& layers) {
  Json list = Json::array();
  for (const Layer& layer : layers) list.push_back(layer.arguments);
  return list;
}

// Runs shapes through `layers`, resolving their sizes on the way.
bool infer_all(std::vector<Layer>& layers, const TensorShape& image, TensorShape& shape, const SourcePosition& used_at,
               Diagnostics& diagnostics) {
  for (Layer& layer : layers) {
    if (layer.where.line == 0) layer.where = used_at;
    resolve_sizes(layer, image, shape);
    TensorShape output;
    if (auto problem = infer_shape(layer, shape, output)) {
      diagnostics.error(layer.where, std::move(problem->message), std::move(problem->hint));
      return false;
    }
    shape = output;
  }
  return true;
}

}  // namespace

std::string TensorShape::text() const {
  return flat() ? fmt::format("{}", channels) : fmt::format("{}×{}×{}", channels, height, width);
}

Json Autoencoder::to_json() const {
  return {{"encoder", layer_list(encoder)},
          {"decoder", layer_list(decoder)},
          {"input", {input.channels, input.height, input.width}}};
}

bool Autoencoder::normalizes_batches() const {
  auto is_norm = [](const Layer& layer) { return layer.arguments.at("type") == "batch_norm2d"; };
  return std::any_of(encoder.begin(), encoder.end(), is_norm) || std::any_of(decoder.begin(), decoder.end(), is_norm);
}

std::string Autoencoder::irreproducible_on_gpu() const {
  for (const std::vector<Layer>* layers : {&encoder, &decoder}) {
    for (const Layer& layer : *layers) {
      for (const auto& [argument, value] : {std::pair("mode", "bilinear"), {"mode", "bicubic"}, {"padding_mode", "reflect"}}) {
        if (layer.arguments.value(argument, "") != value) continue;
        return fmt::format("{} with {}: {}", layer.arguments.at("type").get<std::string>(), argument, value);
      }
    }
  }
  return "";
}

std::optional<Autoencoder> fit_architecture(const Architecture& architecture, const TensorShape& image,
                                            std::optional<std::int64_t> latent_dim, const SourcePosition& used_at,
                                            Diagnostics& diagnostics) {
  Autoencoder model = {architecture.encoder, architecture.decoder, image, {}};
  TensorShape shape = image;
  if (!infer_all(model.encoder, image, shape, used_at, diagnostics)) return std::nullopt;
  if (latent_dim) {
    const TensorShape map = shape;
    std::vector<Layer> back = {make_layer("linear", {{"out_features", map.values()}}, used_at)};
    if (!map.flat()) {
      model.encoder.push_back(make_layer("flatten", Json::object(), used_at));
      back.push_back(make_layer("unflatten", {{"unflattened_size", {map.channels, map.height, map.width}}}, used_at));
    }
    model.encoder.push_back(make_layer("linear", {{"out_features", *latent_dim}}, used_at));
    model.decoder.insert(model.decoder.begin(), back.begin(), back.end());
    shape = image;
    infer_all(model.encoder, image, shape, used_at, diagnostics);
  }
  model.latent = shape;
  if (!infer_all(model.decoder, image, shape, used_at, diagnostics)) return std::nullopt;
  if (shape != image) {
    const SourcePosition& where = architecture.where.line > 0 ? model.decoder.back().where : used_at;
    diagnostics.error(
        where,
        fmt::format("the decoder of {} returns {}, the images are {}", architecture.name, shape.text(), image.text()),
        "change the decoder, or bring the images to a size it can return with pad_to");
    return std::nullopt;
  }
  return model;
}

}  // namespace latentgrid
