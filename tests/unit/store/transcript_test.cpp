#include "store/transcript.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "base/key.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

Transcript transcript_of(const Json& params) {
  KeyBuilder key;
  key.add_text("stage", "train").add_integer("version", 2).add("params", params).add("seed", nullptr);
  return parse_transcript(key.transcript());
}

TEST(Transcript, IsReadAsKeyBuilderWroteIt) {
  const Transcript fields = transcript_of({{"flip", true}, {"layers", {"tanh"}}, {"learning_rate", 0.001}});
  EXPECT_EQ(fields, (Transcript{{"stage", "text", "train"},
                                {"version", "int", "2"},
                                {"params", "map", "3"},
                                {"params.flip", "bool", "true"},
                                {"params.layers", "list", "1"},
                                {"params.layers[0]", "text", "tanh"},
                                {"params.learning_rate", "real", "0.001"},
                                {"seed", "null", ""}}));
  EXPECT_EQ(field_of(fields, "version")->text, "2");
  EXPECT_EQ(field_of(fields, "vers"), nullptr);
}

TEST(Transcript, ATextMayHaveLineBreaksAndEqualsSigns) {
  const Transcript fields = transcript_of({{"a", "one\ntwo = 2\n"}, {"b", "x = text y"}});
  EXPECT_EQ(field_of(fields, "params.a")->text, "one\ntwo = 2\n");
  EXPECT_EQ(field_of(fields, "params.b")->text, "x = text y");
  EXPECT_TRUE(parse_transcript("").empty());
}

std::vector<std::string> shown(const std::vector<FieldDifference>& differences) {
  std::vector<std::string> texts;
  for (const FieldDifference& d : differences) {
    texts.push_back(d.name + ": " + d.first.value_or("-") + " | " + d.second.value_or("-"));
  }
  return texts;
}

TEST(Transcript, MembersThatDifferStandForTheListsTheyAreIn) {
  const Transcript first = transcript_of({{"layers", {"conv2d", "tanh"}}, {"lr", 0.001}, {"same", 1}});
  const Transcript second = transcript_of({{"layers", {"conv2d"}}, {"lr", 0.0005}, {"same", 1}, {"step", 5}});
  EXPECT_EQ(shown(differing_fields(first, second)),
            (std::vector<std::string>{"params.layers[1]: tanh | -", "params.lr: 0.001 | 5e-04", "params.step: - | 5"}));
  EXPECT_TRUE(differing_fields(first, first).empty());
}

TEST(Transcript, TypesCountAndAnEmptyListIsNamed) {
  EXPECT_EQ(shown(differing_fields(transcript_of({{"k", 2}}), transcript_of({{"k", 2.0}}))),
            (std::vector<std::string>{"params.k: 2 | 2.0"}));
  EXPECT_EQ(shown(differing_fields(transcript_of({{"l", Json::array()}}), transcript_of({{"l", nullptr}}))),
            (std::vector<std::string>{"params.l: list of 0 | null"}));
}

TEST(Transcript, OfATaskThatLeftNoneIsNothing) {
  testing::TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  const std::string key(64, 'a');
  EXPECT_EQ(read_transcript(store, "train", key), std::nullopt);
  std::filesystem::create_directories(store.transcript("train", key).parent_path());
  write_file(store.transcript("train", key), "stage = text train\n");
  EXPECT_EQ(read_transcript(store, "train", key), (Transcript{{"stage", "text", "train"}}));
}

}  // namespace
}  // namespace latentgrid
