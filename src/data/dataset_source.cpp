#include "data/dataset_source.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace latentgrid {

Json DatasetSource::to_json() const {
  Json json = {{"name", name}, {"images", Json::array()}, {"labels", Json::array()}, {"classes", classes}};
  for (const auto& path : images) json["images"].push_back(path.string());
  for (const auto& path : features) json["features"].push_back(path.string());
  for (const Labels& part : labels) {
    json["labels"].push_back({{"file", part.file.string()}, {"first_image", part.first_image}});
    if (!part.counts.empty()) json["labels"].back()["counts"] = part.counts;
    if (part.gapless) json["labels"].back()["gapless"] = true;
  }
  if (synthetic) {
    json["synthetic"] = {{"images", synthetic->images},     {"classes", synthetic->classes},
                         {"channels", synthetic->channels}, {"height", synthetic->height},
                         {"width", synthetic->width},       {"seed", synthetic->seed},
                         {"noise", synthetic->noise}};
  }
  if (!class_names.empty()) json["class_names"] = class_names;
  if (limit) json["limit"] = *limit;
  if (pad_to) json["pad_to"] = *pad_to;
  put_preparation(json, preparation);
  put_range(json, range);
  json["split"] = {{"public_fraction", split.public_fraction},
                   {"seed", split.seed},
                   {"public_indices", split.public_indices.string()}};
  return json;
}

DatasetSource DatasetSource::from_json(const Json& json) {
  DatasetSource source;
  try {
    source.name = json.at("name").get<std::string>();
    for (const Json& path : json.at("images")) source.images.emplace_back(path.get<std::string>());
    for (const Json& path : json.value("features", Json::array())) source.features.emplace_back(path.get<std::string>());
    for (const Json& part : json.at("labels")) {
      source.labels.push_back({part.at("file").get<std::string>(), part.at("first_image").get<std::int64_t>(),
                               part.value("counts", std::vector<std::int64_t>()), part.value("gapless", false)});
    }
    source.classes = json.at("classes").get<std::vector<std::int64_t>>();
    if (auto s = json.find("synthetic"); s != json.end()) {
      source.synthetic = Synthetic{s->at("images"), s->at("classes"), s->at("channels"), s->at("height"),
                                   s->at("width"),  s->at("seed"),    s->at("noise")};
    }
    source.class_names = json.value("class_names", std::vector<std::string>());
    if (json.contains("limit")) source.limit = json["limit"].get<std::int64_t>();
    if (json.contains("pad_to")) source.pad_to = json["pad_to"].get<std::array<std::int64_t, 2>>();
    source.preparation = preparation_in(json);
    source.range = range_in(json);
    const Json& split = json.at("split");
    source.split = {split.at("public_fraction"), split.at("seed"), split.at("public_indices").get<std::string>()};
  } catch (const Json::exception& error) {
    throw Error(fmt::format("not a dataset description: {}", error.what()));
  }
  return source;
}

}  // namespace latentgrid
