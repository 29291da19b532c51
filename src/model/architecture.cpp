#include "model/architecture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/decoder_remedy.hpp"
#include "model/layer_text.hpp"
#include "model/layers.hpp"
#include "model/resolve.hpp"
#include "model/shapes.hpp"

namespace latentgrid {

namespace {

Layer make_layer(const char* type, Json given, const SourcePosition& where) {
  return {complete_arguments(*find_layer(type), given), where};
}

Json layer_list(const std::vector<Layer>& layers) {
  Json list = Json::array();
  for (const Layer& layer : layers) list.push_back(layer.to_json());
  return list;
}

// What `ask` answers of a layer and of those inside it, before any of them where it answers something.
template <typename Ask>
std::string first_answer(const std::vector<Layer>& layers, const Ask& ask) {
  for (const Layer& layer : layers) {
    if (std::string answer = ask(layer); !answer.empty()) return answer;
    for (const std::vector<Layer>* inner : {&layer.layers, &layer.projection}) {
      if (std::string answer = first_answer(*inner, ask); !answer.empty()) return answer;
    }
  }
  return "";
}

std::string norm_of_single_values(const std::vector<Layer>& layers, TensorShape& shape) {
  for (const Layer& layer : layers) {
    if (layer.type() == "batch_norm1d") return "batch_norm1d";
    if (layer.type() == "batch_norm2d" && shape.height == 1 && shape.width == 1) return "batch_norm2d of 1×1 maps";
    for (const std::vector<Layer>* inner : {&layer.layers, &layer.projection}) {
      TensorShape inside = shape;
      if (std::string found = norm_of_single_values(*inner, inside); !found.empty()) return found;
    }
    TensorShape output;
    infer_shape(layer, shape, output);
    shape = output;
  }
  return "";
}

std::string irreproducible(const Layer& layer) {
  const std::string type = layer.type();
  for (const auto& [argument, value] : {std::pair("mode", "bilinear"), {"mode", "bicubic"}, {"padding_mode", "reflect"}}) {
    if (layer.arguments.value(argument, "") == value) return fmt::format("{} with {}: {}", type, argument, value);
  }
  // Of a single output LibTorch takes the mean, whose gradient adds nothing up.
  if (type == "adaptive_avg_pool2d" && layer.arguments.at("output_size") != Json({1, 1})) return layer_text(layer.arguments);
  return "";
}

// The layers with their sizes, and the shape that the decoder returns.
struct Fitted {
  Autoencoder model;
  TensorShape returned;
};

std::optional<Fitted> fit_layers(const Architecture& architecture, const TensorShape& image,
                                 std::optional<std::int64_t> latent_dim, const SourcePosition& used_at,
                                 Diagnostics& diagnostics) {
  Autoencoder model = {.encoder = architecture.encoder, .decoder = architecture.decoder, .input = image};
  TensorShape shape = image;
  if (!resolve_layers(model.encoder, image, shape, used_at, diagnostics)) return std::nullopt;
  if (latent_dim) {
    const TensorShape map = shape;
    std::vector<Layer> back = {make_layer("linear", {{"out_features", map.values()}}, used_at)};
    if (!map.flat()) {
      model.encoder.push_back(make_layer("flatten", Json::object(), used_at));
      back.push_back(make_layer("unflatten", {{"unflattened_size", {map.channels, map.height, map.width}}}, used_at));
    }
    model.encoder.push_back(make_layer("linear", {{"out_features", *latent_dim}}, used_at));
    model.added_to_encoder = model.encoder.size() - architecture.encoder.size();
    if (!model.decoder.empty()) {
      model.decoder.insert(model.decoder.begin(), back.begin(), back.end());
      model.added_to_decoder = back.size();
    }
    shape = image;
    resolve_layers(model.encoder, image, shape, used_at, diagnostics);
  }
  model.latent = shape;
  if (model.decoder.empty()) return Fitted{std::move(model), image};
  if (!resolve_layers(model.decoder, image, shape, used_at, diagnostics)) return std::nullopt;
  return Fitted{std::move(model), shape};
}

}  // namespace

std::string TensorShape::text() const {
  return flat() ? fmt::format("{}", channels) : fmt::format("{}×{}×{}", channels, height, width);
}

std::string Layer::type() const { return arguments.at("type").get<std::string>(); }

Json Layer::to_json() const {
  Json json = arguments;
  if (layers.empty()) return json;
  json["layers"] = layer_list(layers);
  json["projection"] = layer_list(projection);
  return json;
}

Json Autoencoder::to_json() const {
  Json json = {{"encoder", layer_list(encoder)},
               {"decoder", layer_list(decoder)},
               {"input", {input.channels, input.height, input.width}}};
  put_range(json, range);
  return json;
}

Json Autoencoder::encoder_to_json() const {
  Json json = to_json();
  json.erase("decoder");
  return json;
}

std::string Autoencoder::normalizes_single_values() const {
  TensorShape shape = input;
  const std::string found = norm_of_single_values(encoder, shape);
  return found.empty() ? norm_of_single_values(decoder, shape) : found;
}

const Layer* Autoencoder::nonnegative_end() const {
  for (auto layer = decoder.rbegin(); layer != decoder.rend(); ++layer) {
    const std::string type = layer->type();
    if (type == "relu" || type == "sigmoid" || type == "softplus") return &*layer;
    const bool keeps_sign = type == "flatten" || type == "unflatten" || type.starts_with("dropout") || type == "pixel_shuffle" ||
                            type.ends_with("_pool2d") ||
                            (type == "upsample" && layer->arguments.at("mode") != "bicubic");
    if (!keeps_sign) return nullptr;
  }
  return nullptr;
}

std::string Autoencoder::added_layers() const {
  if (added_to_encoder + added_to_decoder == 0) return "";
  auto texts = [](auto first, auto last) {
    std::vector<std::string> all;
    for (; first != last; ++first) all.push_back(layer_text(first->to_json()));
    return fmt::format("{} {} added", fmt::join(all, " and "), all.size() == 1 ? "is" : "are");
  };
  std::string at_end = texts(encoder.end() - static_cast<std::ptrdiff_t>(added_to_encoder), encoder.end());
  std::string text = fmt::format("{} to the end of the encoder", at_end);
  if (added_to_decoder > 0) {
    text += fmt::format(", {} to the beginning of the decoder", texts(decoder.begin(), decoder.begin() + static_cast<std::ptrdiff_t>(added_to_decoder)));
  }
  if (added_to_encoder == 1) {  // no flatten
    text += fmt::format(" (the encoder already ends in a vector of {} values; latent_dim: native adds nothing)",
                        encoder.back().arguments.at("in_features").get<std::int64_t>());
  }
  return text;
}

std::string Autoencoder::irreproducible_on_gpu() const {
  const std::string found = first_answer(encoder, irreproducible);
  return found.empty() ? first_answer(decoder, irreproducible) : found;
}

std::optional<TensorShape> returned_shape(const Architecture& architecture, const TensorShape& image,
                                          std::optional<std::int64_t> latent_dim, Diagnostics& diagnostics) {
  const auto fitted = fit_layers(architecture, image, latent_dim, {}, diagnostics);
  return fitted ? std::optional(fitted->returned) : std::nullopt;
}

std::optional<Autoencoder> fit_architecture(const Architecture& architecture, const TensorShape& image,
                                            std::optional<std::int64_t> latent_dim, const SourcePosition& used_at,
                                            Diagnostics& diagnostics) {
  std::optional<Fitted> fitted = fit_layers(architecture, image, latent_dim, used_at, diagnostics);
  if (!fitted) return std::nullopt;
  Autoencoder& model = fitted->model;
  const TensorShape& shape = fitted->returned;
  if (shape != image) {
    const SourcePosition& where = architecture.where.line > 0 ? model.decoder.back().where : used_at;
    diagnostics.error(
        where,
        fmt::format("the decoder of {} returns {}, but the images are {}", architecture.name, shape.text(), image.text()),
        decoder_remedy(architecture, latent_dim, model, shape));
    return std::nullopt;
  }
  if (std::none_of(model.encoder.begin(), model.encoder.end(), has_parameters) &&
      std::none_of(model.decoder.begin(), model.decoder.end(), has_parameters)) {
    diagnostics.error(in_file(architecture.where) ? architecture.where : used_at,
                      fmt::format("{} has nothing to train: none of its layers has parameters", architecture.name),
                      "add a layer with weights (conv2d, conv_transpose2d, linear), or give the architecture a latent_dim, "
                      "which adds linear layers");
    return std::nullopt;
  }
  return std::move(model);
}

}  // namespace latentgrid
