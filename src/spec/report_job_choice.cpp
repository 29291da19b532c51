#include "spec/report_job_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "columns/figure_kinds.hpp"
#include "columns/metrics.hpp"
#include "columns/names.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t digits_of_an_id = 12;

// A value of an axis, as it would be typed.
Json typed(const YamlNode& node) {
  for (ParamType type : {ParamType::integer, ParamType::real, ParamType::boolean}) {
    Json value = typed_scalar(node, type);
    if (!value.is_string()) return value;
  }
  return node.text;
}

class JobChoiceReader {
 public:
  JobChoiceReader(const JobChoiceRules& rules, Reader& reader) : rules_(rules), reader_(reader) {}

  std::optional<JobChoice> read(const YamlNode& node) {
    JobChoice choice = {.where = node.where};
    const bool wrong = reader_.fails([&] {
      if (node.is_list()) {
        read_ids(node, choice);
      } else if (node.is_scalar() && node.text == "best") {
        choice.best = "";
      } else if (node.is_scalar()) {
        read_id(node, choice);
      } else if (reader_.expect_map(node, "job")) {
        read_map(node, choice);
      }
      if (choice.best && !rules_.best) {
        reader_.error(node.where, "this figure shows one line per setting, not a single best job",
                      "jobs: {architecture: AE2} chooses by values of axes");
      }
    });
    if (wrong) return std::nullopt;
    return choice;
  }

 private:
  void read_ids(const YamlNode& node, JobChoice& choice) {
    for (const YamlNode& item : node.items) {
      if (item.is_scalar()) {
        read_id(item, choice);
      } else {
        reader_.error(item.where, fmt::format("a list of jobs holds their ids, not {}", item.kind_name()),
                      "values of axes are a map: {architecture: AE2, epochs: [4, 8]}");
      }
    }
    if (node.items.empty()) reader_.error(node.where, "the list of jobs is empty", "leave it out, or name jobs by their ids");
    if (rules_.one && node.items.size() > 1) {
      reader_.error(node.where, fmt::format("this figure shows one job, and {} are listed", node.items.size()),
                    "name one, or make a figure of each");
    }
  }

  // The text as written: 123456789012 and 1e5 are ids, not numbers.
  void read_id(const YamlNode& node, JobChoice& choice) {
    std::string id = node.text;
    for (char& c : id) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    if (id.empty() || id.find_first_not_of("0123456789abcdef") != std::string::npos) {
      const bool misspelt = !closest_match(id, {"best"}).empty();
      return reader_.error(node.where, fmt::format("'{}' is neither 'best' nor the id of a job", node.text),
                           misspelt ? "did you mean 'best'?"
                                    : "best, {best: recon_mse}, values of axes such as {architecture: AE2, epochs: 4}, or "
                                      "an id as `latentgrid ls SWEEP` prints it");
    }
    if (id.size() > digits_of_an_id) {
      return reader_.error(node.where, fmt::format("'{}' is too long for the id of a job", node.text),
                           "an id has 12 hexadecimal digits: `latentgrid ls SWEEP` prints them");
    }
    const bool listed = std::any_of(choice.ids.begin(), choice.ids.end(), [&](const JobChoice::Id& known) { return known.text == id; });
    if (listed) reader_.error(node.where, fmt::format("job {} is listed twice", id));
    choice.ids.push_back({std::move(id), node.where});
  }

  void read_map(const YamlNode& node, JobChoice& choice) {
    if (const YamlEntry* best = node.find("best")) {
      if (node.entries.size() > 1)
        reader_.error(node.where, "best cannot be combined with axes", "choose the job either by its axes or by best");
      choice.best = measured_field(best->value);
      if (is_metric(*choice.best, &Metric::of_one_embedding)) {
        reader_.error(best->value.where, fmt::format("a job cannot be chosen by its {}", *choice.best),
                      fmt::format("{}s of different embeddings cannot be compared: choose by another score, or name the job by its id",
                                  *choice.best));
      }
      return;
    }
    for (const YamlEntry& entry : node.entries) {
      JobChoice::Value value = {canonical_column(entry.key), entry.key_where, {}, entry.value.where};
      for (const YamlNode* item : items_of(entry.value)) {
        if (item->is_scalar()) {
          value.values.push_back(typed(*item));
        } else {
          reader_.error(item->where, fmt::format("{} expects a value or a list of values", entry.key));
        }
      }
      choice.values.push_back(std::move(value));
    }
  }

  std::string measured_field(const YamlNode& node) {
    auto name = reader_.text(node, "best");
    if (name && std::find(rules_.measured.begin(), rules_.measured.end(), *name) == rules_.measured.end()) {
      reader_.unknown(node.where, "score", *name, rules_.measured);
    }
    return name.value_or("");
  }

  const JobChoiceRules& rules_;
  Reader& reader_;
};

}  // namespace

std::optional<JobChoice> read_job_choice(const YamlNode& node, const JobChoiceRules& rules, Reader& reader) {
  return JobChoiceReader(rules, reader).read(node);
}

Json to_json(const JobChoice& choice) {
  if (choice.best) return {{"best", choice.best->empty() ? default_best : *choice.best}};
  if (!choice.ids.empty()) {
    Json ids = Json::array();
    for (const JobChoice::Id& id : choice.ids) ids.push_back(id.text);
    return {{"ids", ids}};
  }
  Json where = Json::object();
  for (const JobChoice::Value& value : choice.values) where[value.axis] = value.values;
  return {{"where", where}};
}

}  // namespace latentgrid
