#include "spec/report_figures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "columns/fields.hpp"
#include "columns/figure_kinds.hpp"
#include "spec/axes.hpp"
#include "spec/dataset_section.hpp"
#include "spec/report_job_choice.hpp"
#include "spec/report_section.hpp"

namespace latentgrid {

namespace {

class FigureReader {
 public:
  FigureReader(const FigureContext& context, Reader& reader)
      : context_(context), reader_(reader), measured_(measured_fields()) {}

  FigureRequest read(const YamlNode& node) {
    FigureRequest figure;
    figure.where = node.where;
    const YamlNode* parameters = nullptr;
    if (node.is_map() && node.entries.size() == 1) {
      figure.kind = node.entries[0].key;
      figure.where = node.entries[0].key_where;
      parameters = &node.entries[0].value;
    } else if (node.is_map()) {
      reader_.error(node.where, "a figure is one kind with its parameters", "for example - map: {job: best}");
      return figure;
    } else {
      figure.kind = reader_.text(node, "a figure").value_or("");
    }
    const std::vector<FigureKind>& kinds = figure_kinds();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const FigureKind& k) { return k.name == figure.kind; });
    if (kind == kinds.end()) {
      std::vector<std::string> names;
      for (const FigureKind& known : kinds) names.push_back(known.name);
      if (!figure.kind.empty()) reader_.unknown(figure.where, "figure", figure.kind, names);
      return figure;
    }
    figure.name = kind->name;
    figure.json = {{"kind", kind->name}, {"title", kind->title}};
    if (parameters && !parameters->is_null() && reader_.expect_map(*parameters, kind->name)) {
      read_parameters(*kind, *parameters, figure);
    }
    figure.json["name"] = figure.name;
    return figure;
  }

 private:
  void read_parameters(const FigureKind& kind, const YamlNode& node, FigureRequest& figure) {
    std::vector<std::string> known = {"name", "title"};
    for (FigureParameter parameter : kind.parameters) known.emplace_back(key_of(parameter));
    reader_.check_keys(node, known, kind.name);
    if (auto* entry = node.find("name")) figure.name = report_file_name(entry->value, reader_);
    if (auto* entry = node.find("title")) figure.json["title"] = reader_.text(entry->value, "title").value_or("");
    for (FigureParameter parameter : kind.parameters) {
      if (auto* entry = node.find(key_of(parameter))) read_parameter(parameter, *entry, figure);
    }
  }

  void read_parameter(FigureParameter parameter, const YamlEntry& entry, FigureRequest& figure) {
    switch (parameter) {
      case FigureParameter::score:
      case FigureParameter::score_but_loss:
        figure.json["score"] = score(entry.value);
        if (parameter == FigureParameter::score_but_loss && figure.json["score"] == "recon_mse") {
          reader_.error(entry.value.where, "this figure would show the reconstruction loss against itself", "choose another score: score: accuracy");
        }
        break;
      case FigureParameter::scores:
        figure.json["score"] = scores(entry.value);
        break;
      case FigureParameter::job:
      case FigureParameter::jobs:
      case FigureParameter::jobs_but_best:
        figure.jobs = read_job_choice(
            entry.value, {parameter == FigureParameter::job, parameter != FigureParameter::jobs_but_best, measured_}, reader_);
        if (figure.jobs) figure.json["jobs"] = to_json(*figure.jobs);
        break;
      case FigureParameter::images:
      case FigureParameter::image_pairs:
        choose_images(entry.value, parameter == FigureParameter::image_pairs, figure);
        break;
      case FigureParameter::views:
        read_number(entry, 1, 16, figure.views, figure);
        break;
      case FigureParameter::count:
        read_number(entry, 1, 64, figure.count, figure);
        break;
      case FigureParameter::steps:
        read_number(entry, 3, 12, figure.steps, figure);
        break;
      case FigureParameter::dataset:
        read_images(entry.value, figure);
        break;
      case FigureParameter::reductions:
        read_reductions(entry, figure);
        break;
    }
  }

  Json score(const YamlNode& node) {
    auto name = reader_.text(node, "score");
    if (name && std::find(measured_.begin(), measured_.end(), *name) == measured_.end()) {
      reader_.unknown(node.where, "score", *name, measured_);
    }
    return name.value_or("");
  }

  // One, or a list of several.
  Json scores(const YamlNode& node) {
    if (!node.is_list()) return score(node);
    Json all = Json::array();
    for (const YamlNode& item : node.items) {
      Json name = score(item);
      if (std::find(all.begin(), all.end(), name) != all.end()) {
        reader_.error(item.where, fmt::format("{} is listed twice", name.get<std::string>()), "remove one of them");
      }
      all.push_back(std::move(name));
    }
    if (all.empty()) reader_.error(node.where, "score is an empty list", "for example score: [accuracy_public, accuracy_private]");
    return all;
  }

  void read_number(const YamlEntry& entry, std::int64_t least, std::int64_t most, std::int64_t& number, FigureRequest& figure) {
    const auto read = reader_.integer(entry.value, entry.key, least, most);
    if (read) figure.json[entry.key] = number = *read;
  }

  void choose_images(const YamlNode& node, bool in_pairs, FigureRequest& figure) {
    figure.images_where = node.where;
    if (node.is_scalar() && node.text == "first_of_each_class") return;
    for (const YamlNode* item : items_of(node)) {
      auto index = reader_.integer(*item, "images", 0);
      if (!index) continue;
      const bool ends_a_pair = in_pairs && figure.images.size() % 2 == 1;  // an image may be in several
      if (ends_a_pair && figure.images.back() == *index) {
        reader_.error(item->where, fmt::format("a pair goes from image {} to itself", *index), "name two different images");
      } else if (!in_pairs && std::find(figure.images.begin(), figure.images.end(), *index) != figure.images.end()) {
        reader_.error(item->where, fmt::format("image {} is listed twice", *index), "remove one of them");
      }
      figure.images.push_back(*index);
    }
    figure.json["images"] = figure.images;
    if (in_pairs && figure.images.size() % 2 != 0) {
      reader_.error(node.where, "images of interpolations are pairs, and their number is odd", "images: [0, 17, 3, 9] goes from 0 to 17 and from 3 to 9");
    }
    if (figure.images.empty()) {
      reader_.error(node.where, "images expects indices or first_of_each_class",
                    "for example images: [0, 17]; the first image is 0");
    }
  }

  // Other images than the sweep's.
  void read_images(const YamlNode& node, FigureRequest& figure) {
    Sweep scratch;
    read_dataset(node, context_.folder, context_.data, scratch, reader_, DataFolder::visualization);
    figure.dataset = std::move(scratch.dataset);
    figure.dataset_where = std::move(scratch.dataset_where);
    figure.dataset_where.section = node.where;
    figure.json["dataset"] = figure.dataset->to_json();
  }

  void read_reductions(const YamlEntry& entry, FigureRequest& figure) {
    YamlEntry axis = entry;
    axis.key = "reduction";
    figure.reductions_listed = true;
    figure.own_embedding = take_own(axis.value);
    if (figure.own_embedding && axis.value.items.empty() && axis.value.is_list()) {
      figure.json["reductions"] = {"own"};
      return;
    }
    // As in an exclusion parameters may be left out: a map has two dimensions unless told otherwise.
    figure.reductions = AxisReader(context_.architectures, reader_).read(axis, AxisReader::Use::exclusion).values;
    for (const AxisValue& value : figure.reductions) {
      if (value.methods.empty())
        reader_.error(value.where, "a map needs a reduction", fmt::format("for example {}", fmt::join(default_map_methods(), " or ")));
    }
  }

  // Takes the item `own`, the job's own embedding, out of a list of reductions; whether there was one.
  static bool take_own(YamlNode& reductions) {
    auto is_own = [](const YamlNode& node) { return node.is_scalar() && node.text == "own"; };
    if (is_own(reductions)) {
      YamlNode none;
      none.kind = YamlNode::Kind::list;
      none.where = reductions.where;
      reductions = std::move(none);
      return true;
    }
    return reductions.is_list() && std::erase_if(reductions.items, is_own) > 0;
  }

  const FigureContext& context_;
  Reader& reader_;
  std::vector<std::string> measured_;
};

}  // namespace

FigureRequest read_report_figure(const YamlNode& node, const FigureContext& context, Reader& reader) {
  return FigureReader(context, reader).read(node);
}

std::vector<FigureRequest> default_figures() {
  std::vector<FigureRequest> figures;
  for (const FigureKind& kind : figure_kinds()) {
    if (!kind.has_tasks()) continue;
    FigureRequest& figure = figures.emplace_back();
    figure.by_default = true;
    figure.kind = figure.name = kind.name;
    if (std::ranges::find(kind.parameters, FigureParameter::reductions) == kind.parameters.end()) continue;
    // Of one length each: most often a job of the sweep has made it already.
    for (const std::string& method : default_map_methods()) figure.reductions.emplace_back().methods.push_back({method, {}, {}});
  }
  return figures;
}

}  // namespace latentgrid
