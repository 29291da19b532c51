#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/artifact_store.hpp"

namespace latentgrid {

// What KeyBuilder hashed, as it is kept beside an artifact (base/key.hpp): fields in the order they were hashed.
struct TranscriptField {
  std::string name;  // "params.learning_rate", "input.images.key"
  std::string type;  // null, bool, int, real, text, list, map
  std::string text;  // of lists and maps: their size
  bool operator==(const TranscriptField&) const = default;
};
using Transcript = std::vector<TranscriptField>;

Transcript parse_transcript(std::string_view text);
// Nothing where the task has left none: it was never executed, or the file is gone.
std::optional<Transcript> read_transcript(const ArtifactStore& store, const std::string& stage, const std::string& key);

const TranscriptField* field_of(const Transcript& transcript, std::string_view name);  // null if there is none

// A field that two transcripts have different values of; nothing where one lacks it. Of a list or map that differs, its
// differing members stand alone.
struct FieldDifference {
  std::string name;
  std::optional<std::string> first, second;
};
std::vector<FieldDifference> differing_fields(const Transcript& first, const Transcript& second);

}  // namespace latentgrid
