#include "spec/yaml.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>

#include "spec/yaml_mistake.hpp"

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
            "f.yaml:3:1: error: duplicate key 'a'\n  hint: it stands in line 1 already: remove one of them\n");
}

TEST(Yaml, KeysThatAreNoNamesAreRefused) {
  EXPECT_EQ(Parsed("[a, b]: 1\n").diagnostics.render(), "f.yaml:1:1: error: a key is a name, not a list\n  hint: write name: value\n");
}

TEST(Yaml, ASecondDocumentIsRefused) {
  EXPECT_EQ(Parsed("a: 1\n---\nb: 2\n").diagnostics.render(),
            "f.yaml:3:1: error: this is a second document in one file\n"
            "  hint: one file is one sweep: remove the line '---' and what follows it, or move that to a file of its own\n");
}

TEST(Yaml, AliasesThatMultiplyAreRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    text +=
        fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  }
  EXPECT_EQ(Parsed(text).diagnostics.render(),
            "f.yaml:1:1: error: this file has more than 1000000 values, each '*' counted with the value it stands for\n"
            "  hint: use fewer of them\n");
}

TEST(Yaml, AnAliasInsideItsAnchorIsRefused) {
  EXPECT_EQ(Parsed("a: &a [1, *a]\n").diagnostics.render(),
            "f.yaml:1:11: error: this '*' stands inside the value at its own '&'\n  hint: write the value out\n");
}

// The commonest mistakes, one a file, are in tests/golden/broken_sweeps/yaml_*.
TEST(Yaml, AMistakeIsNamedWhereItWasMade) {
  const std::vector<std::pair<std::string, std::string>> said = {
      {"a: [1, 2\nb: 3\n", "1:4: this '[' is not closed"},
      {"a: [[1, 2], {x: [3]\n", "1:13: this '{' is not closed"},
      {"a: {b: 1,\nc: 2\nd: 3\n", "1:4: this '{' is not closed"},
      {"a: {\n  b: 1,\n  c: 2\nd: {e: 3}\n", "1:4: this '{' is not closed"},
      {"a: {\nb: 1,\nc: 2\nd: 3}\n", "4:1: a comma is missing before 'd'"},
      {"a: [1, 2]]\n", "1:10: this ']' closes nothing"},
      {"a: ]\n", "1:4: this ']' closes nothing"},
      {"a: {x: [1] y: 2}\n", "1:12: a comma is missing before 'y'"},
      {"a: {x: 1,\n    y: 2\n    z: 3}\n", "3:5: a comma is missing before 'z'"},
      {"a: {x: \"1\" y: 2}\n", "1:12: there is more text after the closing quote"},
      {"a: [1] b\n", "1:8: there is more text after the ']' that closes the list"},
      {"a: \"x\nb: \"y\"\n", "1:4: the quote that begins here is not closed in its line"},
      {"a: 1\n\tb: 2\n", "2:1: this line is indented with a tab"},
      {"name:x\ngrid: 3\n", "1:5: a space is missing after the colon"},
      {"a: b\n  c: d\n", "2:3: this line is indented further than line 1, but line 1 has a value already"},
      {"f:\n  - a: 1\n   b: 2\n", "3:4: this line aligns with no line above it"},
      {"- a\nb: 1\n", "2:1: a key stands among list items: line 1 is an item"},
      {"%YAML 3.0\n---\na: 1\n", "1:1: this line is a directive to YAML readers"},
      {"t: > 3\n", "1:4: a text that begins with '>' needs quotes"},
      {"t: !new x\n", "1:4: a text that begins with '!' needs quotes"},
      {"*a : b\n", "1:1: this '*' stands for the value at an '&' before it, and there is none"},
      {std::string(3000, '['), "1:3000: this '[' is not closed"},
  };
  for (const auto& [text, mistake] : said) {
    Parsed p(text);
    ASSERT_EQ(p.diagnostics.all().size(), 1u) << text << p.diagnostics.render();
    const Diagnostic& d = p.diagnostics.all()[0];
    EXPECT_EQ(fmt::format("{}:{}: {}", d.where.line, d.where.column, d.message), mistake) << text;
    EXPECT_NE(d.hint, "") << text;
  }
}

// YAML accepts some of these: "train {epochs" is a key to it.
TEST(Yaml, ACharacterThatIsMissingIsSaidWithTheWholeLine) {
  const std::pair<std::string, std::string> said[] = {
      {"train {epochs: 2, batch_size: 32}\n", "1:1: a colon is missing after 'train': write train: {epochs: 2, batch_size: 32}"},
      {"a:\n  - none\n  - pca {dim: 4}  # few\n", "3:5: a colon is missing after 'pca': write - pca: {dim: 4}"},
      {"a: [none, pca {dim: 4}]\n", "1:11: a colon is missing after 'pca': write a: [none, pca: {dim: 4}]"},
      {"reduction [pca, {tsne: {dim: 2}}]\n", "1:1: a colon is missing after 'reduction': write reduction: [pca, {tsne: {dim: 2}}]"},
      {"encoder:\n  - conv2d: [3, 8, 3]\n  -relu\n", "3:3: a space is missing after the '-': write '- relu'"},
      {"encoder:\n  -relu\n  -conv2d: [3, 8, 3]\n", "2:3: a space is missing after the '-': write '- relu'"},
      {"encoder:\n  -conv2d: [3, 8, 3]\n", "2:3: a space is missing after the '-': write '- conv2d: [3, 8, 3]'"},
  };
  for (const auto& [text, mistake] : said) {
    Parsed p(text);
    ASSERT_EQ(p.diagnostics.all().size(), 1u) << text << p.diagnostics.render();
    const Diagnostic& d = p.diagnostics.all()[0];
    EXPECT_EQ(fmt::format("{}:{}: {}: {}", d.where.line, d.where.column, d.message, d.hint), mistake) << text;
  }
  EXPECT_EQ(Parsed("row_titles:\n  AE1 [native]: first\n  raw {x}: second\na: -inf\n").diagnostics.render(), "");
}

TEST(Yaml, WhatIsYamlHasNoMistake) {
  const std::string text =
      "# a comment\n---\na: plain text\n  that goes on - here\n  \"and here\nb: \"quoted: # 'text\n  on two lines\"\nc: 'it''s'\n"
      "d: |\n  block: text [\n  \"\n\ne: >-\n  folded\nf:\n- 1\n- - 2\n  - 3\n- g: {h: [i, 'j', \"k\"], l: }\n  m: http://n.o\n"
      "p: &q [r,\ns, # t\n  u]\nv: *q\nvv: [&r 's, ''t', *r, :]\n'w x': it's 5% [not] {a} list\n\"y\" : ~\nz:\n    deeper: {\n\"a\":1, b: c d}\n";
  Parsed p(text);
  EXPECT_EQ(p.diagnostics.render(), "");
  const auto mistake = find_yaml_mistake(text);
  EXPECT_FALSE(mistake) << mistake->line << ": " << mistake->message;
}

}  // namespace
}  // namespace latentgrid
