#include "compare/hashed_difference.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

StageDifference stage(const std::string& name, std::vector<FieldDifference> fields) {
  StageDifference stage{.stage = name};
  stage.sharing = Sharing::different;
  stage.fields = std::move(fields);
  return stage;
}

std::vector<std::string> names(const HashedDifferences& hashed) {
  std::vector<std::string> all;
  for (const HashedDifference& field : hashed.all()) all.push_back(field.stage + " " + field.name);
  return all;
}

TEST(HashedDifferences, AreThoseThatNoParameterExplains) {
  HashedDifferences hashed;
  hashed.add({stage("train", {{"params.autoencoder.encoder[0].out_channels", "2", "3"},
                              {"params.learning_rate", "0.1", "0.2"},
                              {"seed", "0", "1"}})},
             {{"learning_rate", 0.1, 0.2}, {"seed", 0, 1}});
  ASSERT_EQ(names(hashed), (std::vector<std::string>{"train autoencoder.encoder[0].out_channels"}));
  EXPECT_EQ(hashed.all()[0].first, (std::vector<std::string>{"2"}));
  EXPECT_EQ(hashed.all()[0].second, (std::vector<std::string>{"3"}));
  EXPECT_TRUE(hashed.missing().empty());
}

TEST(HashedDifferences, LayersFollowFromTheArchitectureAndWidthsFromTheDimension) {
  HashedDifferences hashed;
  hashed.add({stage("train", {{"params.autoencoder.encoder[0].out_channels", "2", "3"}}),
              stage("reduce", {{"params.width", "64", "128"}, {"params.perplexity", "10", "30"}}),
              stage("cluster", {{"params.k", "2", "3"}, {"version", "1", "2"}})},
             {{"architecture", "AE1", "AE2"}, {"reduced_dim", 2, 100}, {"tsne.perplexity", 10, 30}, {"k", 2, 3}});
  EXPECT_EQ(names(hashed), (std::vector<std::string>{"cluster version"}));
}

TEST(HashedDifferences, OfSeveralWorksCollectValues) {
  HashedDifferences hashed;
  for (const char* second : {"2", "3", "2"}) hashed.add({stage("train", {{"version", "1", second}})}, {});
  ASSERT_EQ(hashed.all().size(), 1u);
  EXPECT_EQ(hashed.all()[0].first, (std::vector<std::string>{"1"}));
  EXPECT_EQ(hashed.all()[0].second, (std::vector<std::string>{"2", "3"}));
}

TEST(HashedDifferences, SayWhereATranscriptIsMissing) {
  StageDifference train = stage("train", {}), encode = stage("encode", {});
  for (StageDifference* missing : {&train, &encode}) {
    missing->from_transcripts = false;
    missing->missing = "neither has left a transcript";
  }
  encode.follows = {"train"};
  HashedDifferences hashed;
  hashed.add({train, encode}, {});
  hashed.add({train, encode}, {});
  EXPECT_TRUE(hashed.all().empty());
  EXPECT_EQ(hashed.missing(), (std::vector<std::string>{"neither has left a transcript of train"}));
  EXPECT_EQ(hashed.incomplete_works(), 2);
}

}  // namespace
}  // namespace latentgrid
