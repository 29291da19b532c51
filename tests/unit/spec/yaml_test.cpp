#include "spec/yaml.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace latentgrid {
namespace {

struct Parsed {
  explicit Parsed(const std::string& text) : root(parse_yaml(text, "f.yaml", diagnostics)) {}
  Diagnostics diagnostics;
  YamlNode root;
};

TEST(Yaml, KeepsThePositionOfEveryKeyAndValue) {
  Parsed p("a: 1\nb:\n  - x\n  - {c: d}\n");
  const YamlEntry& b = *p.root.find("b");
  EXPECT_EQ(b.key_where.line, 2);
  EXPECT_EQ(b.key_where.column, 1);
  EXPECT_EQ(b.value.items[0].where.line, 3);
  EXPECT_EQ(b.value.items[0].where.column, 5);
  const YamlEntry& c = b.value.items[1].entries[0];
  EXPECT_EQ(c.key_where.column, 6);
  EXPECT_EQ(c.value.where.column, 9);
  EXPECT_EQ(c.value.where.file, "f.yaml");
}

TEST(Yaml, AnAliasIsItsAnchorsValueAndPlace) {
  Parsed p("a: &x [1, 2]\nb: *x\n");
  EXPECT_EQ(p.diagnostics.render(), "");
  const YamlNode& b = p.root.find("b")->value;
  ASSERT_EQ(b.items.size(), 2u);
  EXPECT_EQ(b.items[1].text, "2");
  EXPECT_EQ(b.where.line, 1);
}

TEST(Yaml, AnEmptyValueStandsAtItsKey) {
  Parsed p("a: 1\nraw:\nb: 2\n");
  EXPECT_TRUE(p.root.find("raw")->value.is_null());
  EXPECT_EQ(p.root.find("raw")->value.where.line, 2);
}

TEST(Yaml, QuotedScalarsAreText) {
  Parsed p("a: '1'\nb: \"~\"\nc: ~\n");
  EXPECT_TRUE(p.root.find("a")->value.quoted);
  EXPECT_TRUE(p.root.find("b")->value.is_scalar());
  EXPECT_TRUE(p.root.find("c")->value.is_null());
}

TEST(Yaml, DuplicateKeysAreRefused) {
  EXPECT_EQ(Parsed("a: 1\nb: 2\na: 3\n").diagnostics.render(),
            "f.yaml:3:1: error: duplicate key 'a'\n  hint: it was first written in line 1\n");
}

TEST(Yaml, KeysThatAreNoNamesAreRefused) {
  EXPECT_EQ(Parsed("[a, b]: 1\n").diagnostics.render(), "f.yaml:1:1: error: a key is a name, not a list\n");
}

TEST(Yaml, ASecondDocumentIsRefused) {
  EXPECT_EQ(Parsed("a: 1\n---\nb: 2\n").diagnostics.render(),
            "f.yaml:3:1: error: a second document in one file\n"
            "  hint: one file is one sweep: remove '---' and what follows\n");
}

TEST(Yaml, AliasesThatMultiplyAreRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    text +=
        fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  }
  EXPECT_EQ(Parsed(text).diagnostics.render(),
            "f.yaml:1:1: error: more than 1000000 values once aliases are followed\n");
}

TEST(Yaml, AnAliasInsideItsAnchorIsRefused) {
  EXPECT_EQ(Parsed("a: &a [1, *a]\n").diagnostics.render(),
            "f.yaml:1:11: error: this alias stands inside its own anchor\n");
}

TEST(Yaml, SyntaxErrorsHaveAPlace) {
  EXPECT_EQ(Parsed("a: [1, 2\nb: 3\n").diagnostics.render(),
            "f.yaml:2:2: error: YAML: end of sequence flow not found\n");
  EXPECT_EQ(Parsed("a: 1\n\tb: 2\n").diagnostics.all().size(), 1u);
}

}  // namespace
}  // namespace latentgrid
