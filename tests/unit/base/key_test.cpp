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

TEST(RealToText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(real_to_text(0.1), "0.1");
  EXPECT_EQ(real_to_text(3e6), "3e+06");
  EXPECT_EQ(real_to_text(5), "5.0");
}
