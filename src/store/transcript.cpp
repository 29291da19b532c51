#include "store/transcript.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/error.hpp"
#include "base/file_system.hpp"

namespace latentgrid {

namespace {

// `name = type value`; a line that is none belongs to the text before it, which had line breaks.
std::optional<TranscriptField> field_in(std::string_view line) {
  static constexpr std::array<std::string_view, 7> types = {"null", "bool", "int", "real", "text", "list", "map"};
  const std::size_t equals = line.find(" = ");
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  const std::string_view rest = line.substr(equals + 3);
  const std::size_t space = rest.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view type = rest.substr(0, space);
  if (std::find(types.begin(), types.end(), type) == types.end()) return std::nullopt;
  return TranscriptField{std::string(line.substr(0, equals)), std::string(type), std::string(rest.substr(space + 1))};
}

std::string shown(const TranscriptField& field) {
  if (field.type == "null") return "null";
  if (field.type == "list" || field.type == "map") return fmt::format("{} of {}", field.type, field.text);
  return field.text;
}

bool is_inside(const std::string& name, const std::string& container) {
  return name.size() > container.size() && name.starts_with(container) &&
         (name[container.size()] == '.' || name[container.size()] == '[');
}

}  // namespace

Transcript parse_transcript(std::string_view text) {
  Transcript fields;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (auto field = field_in(line)) {
      fields.push_back(std::move(*field));
    } else if (!fields.empty()) {
      fields.back().text.append(1, '\n').append(line);
    }
  }
  return fields;
}

std::optional<Transcript> read_transcript(const ArtifactStore& store, const std::string& stage,
                                          const std::string& key) {
  const std::filesystem::path file = store.transcript(stage, key);
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return std::nullopt;
  return parse_transcript(read_file(file));
}

const TranscriptField* field_of(const Transcript& transcript, std::string_view name) {
  auto found =
      std::find_if(transcript.begin(), transcript.end(), [&](const auto& field) { return field.name == name; });
  return found == transcript.end() ? nullptr : &*found;
}

std::vector<FieldDifference> differing_fields(const Transcript& first, const Transcript& second) {
  std::unordered_map<std::string_view, const TranscriptField*> of_first, of_second;
  for (const TranscriptField& field : first) of_first[field.name] = &field;
  for (const TranscriptField& field : second) of_second[field.name] = &field;
  std::vector<FieldDifference> found;
  for (const TranscriptField& field : first) {
    auto other = of_second.find(field.name);
    if (other == of_second.end()) {
      found.push_back({field.name, shown(field), std::nullopt});
    } else if (field != *other->second) {
      found.push_back({field.name, shown(field), shown(*other->second)});
    }
  }
  for (const TranscriptField& field : second) {
    if (!of_first.contains(field.name)) found.push_back({field.name, std::nullopt, shown(field)});
  }
  std::vector<FieldDifference> members;
  for (const FieldDifference& difference : found) {
    const bool says_more = std::none_of(found.begin(), found.end(), [&](const FieldDifference& other) {
      return is_inside(other.name, difference.name);
    });
    if (says_more) members.push_back(difference);
  }
  return members;
}

}  // namespace latentgrid
