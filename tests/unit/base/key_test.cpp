#include "base/key.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace latentgrid;

TEST(Sha256, GivesTheKnownAnswersOfFips180) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(KeyBuilder, TellsTypesApart) {
  auto key = [](const Json& value) { return KeyBuilder().add("v", value).key(); };
  std::set<std::string> keys{key(1), key(1.0), key("1"), key(true), key(nullptr), key(Json::array({1})), key({{"a", 1}})};
  EXPECT_EQ(keys.size(), 7u);
}

TEST(KeyBuilder, TellsWhereAFieldEnds) {
  EXPECT_NE(KeyBuilder().add("a", "bc").key(), KeyBuilder().add("ab", "c").key());
  EXPECT_NE(KeyBuilder().add("a", "b").add("c", "d").key(), KeyBuilder().add("a", "bcd").key());
  EXPECT_NE(KeyBuilder().add("x", Json::array({"ab"})).key(), KeyBuilder().add("x", Json::array({"a", "b"})).key());
  EXPECT_NE(KeyBuilder().add("x", {{"a", Json::object()}, {"b", 1}}).key(), KeyBuilder().add("x", {{"a", {{"b", 1}}}}).key());
}

TEST(KeyBuilder, DoesNotDependOnHowARealWasWritten) {
  EXPECT_EQ(KeyBuilder().add("lr", Json::parse("3e6").get<double>()).key(), KeyBuilder().add("lr", 3000000.0).key());
  EXPECT_EQ(KeyBuilder().add("o", Json::parse(R"({"a":1,"b":2})")).key(), KeyBuilder().add("o", Json::parse(R"({"b":2,"a":1})")).key());
}

TEST(KeyBuilder, KeepsATranscript) {
  KeyBuilder builder;
  builder.add("stage", "train").add("params", {{"lr", 0.001}, {"layers", {1, 2}}});
  EXPECT_EQ(builder.transcript(),
            "stage = text train\nparams = map 2\nparams.layers = list 2\nparams.layers[0] = int 1\nparams.layers[1] = int 2\n"
            "params.lr = real 0.001\n");
}

TEST(KeyBuilder, ACopyGoesOnFromWhereItsOriginalIs) {
  KeyBuilder begun;
  begun.add("stage", "train");
  KeyBuilder copy = begun;
  begun.add("seed", 1);
  copy.add("seed", 2);
  EXPECT_EQ(copy.key(), KeyBuilder().add("stage", "train").add("seed", 2).key());
  EXPECT_EQ(begun.key(), KeyBuilder().add("stage", "train").add("seed", 1).key());
  EXPECT_EQ(copy.transcript(), "stage = text train\nseed = int 2\n");
}

TEST(KeyBuilder, TheDirectWaysMakeWhatJsonMakes) {
  const std::string text(1000, 'x');
  KeyBuilder direct(KeyBuilder::Transcript::drop);
  direct.add_map("input", 2).add_integer("input.extent", -7).add_text("input.key", text);
  EXPECT_EQ(direct.key(), KeyBuilder().add("input", {{"extent", -7}, {"key", text}}).key());
  EXPECT_EQ(direct.transcript(), "");
}

// Keys name artifacts on disk: whatever this file is rewritten into must give the same.
TEST(KeyBuilder, TheBytesThatAreHashedAreFixed) {
  EXPECT_EQ(KeyBuilder().add("a", "b").key(), sha256_hex("1:as1:b"));
  EXPECT_EQ(KeyBuilder().add("p", {{"lr", 0.5}, {"n", {1, nullptr, true}}}).key(),
            sha256_hex("1:po1:24:p.lrr3:0.53:p.na1:36:p.n[0]i1:16:p.n[1]n0:6:p.n[2]b4:true"));
}

TEST(RealToText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(real_to_text(0.1), "0.1");
  EXPECT_EQ(real_to_text(3e6), "3e+06");
  EXPECT_EQ(real_to_text(5), "5.0");
}
