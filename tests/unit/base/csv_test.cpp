#include "base/csv.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace latentgrid {
namespace {

using Fields = std::vector<std::string>;

std::vector<Fields> fields_of(std::string_view text) {
  std::vector<Fields> found;
  for (CsvRecord& record : parse_csv(text, "x.csv")) found.push_back(std::move(record.fields));
  return found;
}

std::string error_of(std::string_view text) {
  try {
    parse_csv(text, "x.csv");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// The examples of RFC 4180, section 2.
TEST(Csv, ReadsTheExamplesOfItsSpecification) {
  EXPECT_EQ(fields_of("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"),
            (std::vector<Fields>{{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}}));
  EXPECT_EQ(fields_of("aaa,bbb,ccc\r\nzzz,yyy,xxx"),
            (std::vector<Fields>{{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}}));
  EXPECT_EQ(fields_of("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx"),
            (std::vector<Fields>{{"aaa", "b\r\nbb", "ccc"}, {"zzz", "yyy", "xxx"}}));
  EXPECT_EQ(fields_of("\"aaa\",\"b\"\"bb\",\"ccc\""), (std::vector<Fields>{{"aaa", "b\"bb", "ccc"}}));
}

TEST(Csv, KeepsEmptyFieldsAndSpaces) {
  EXPECT_EQ(fields_of(",a, b ,\n\"\",\n"), (std::vector<Fields>{{"", "a", " b ", ""}, {"", ""}}));
  EXPECT_EQ(fields_of("a,"), (std::vector<Fields>{{"a", ""}}));
}

TEST(Csv, TakesEveryLineEndingAByteOrderMarkAndNoLastOne) {
  EXPECT_EQ(fields_of("\xEF\xBB\xBF"
                      "a,b\nc,d\re,f\r\ng,h"),
            (std::vector<Fields>{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}}));
  EXPECT_EQ(fields_of(""), std::vector<Fields>{});
  EXPECT_EQ(fields_of("\xEF\xBB\xBF"), std::vector<Fields>{});
}

TEST(Csv, PassesOverEmptyLinesButCountsThem) {
  std::vector<CsvRecord> records = parse_csv("a,b\n\n\nc,\"d\ne\"\nf,g\r\n", "x.csv");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].line, 1);
  EXPECT_EQ(records[1].line, 4);
  EXPECT_EQ(records[2].line, 6);
}

TEST(Csv, AQuoteWithinAnUnquotedFieldIsACharacter) {
  EXPECT_EQ(fields_of("5\" disk,b\n"), (std::vector<Fields>{{"5\" disk", "b"}}));
}

TEST(Csv, ABrokenQuoteIsNamedWithItsLine) {
  EXPECT_EQ(error_of("a,b\nc,\"d\ne,f\n"), "x.csv:2: a quoted field begins here and never ends");
  EXPECT_EQ(error_of("a,b\n\"c\" d,e\n"),
            "x.csv:2: a field goes on after its closing quote; a quote within one is written twice");
  EXPECT_EQ(error_of("\""), "x.csv:1: a quoted field begins here and never ends");
}

TEST(Csv, KeepsBytesThatAreNoText) {
  const std::string text("a\0b,\xFF\n", 6);
  EXPECT_EQ(fields_of(text), (std::vector<Fields>{{std::string("a\0b", 3), "\xFF"}}));
}

TEST(Csv, AnotherSeparatorLeavesCommasToTheFields) {
  const std::vector<CsvRecord> records = parse_csv("a;b\n0,5;\"1;2\"\n", "x.csv", ';');
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].fields, (Fields{"0,5", "1;2"}));
}

}  // namespace
}  // namespace latentgrid
