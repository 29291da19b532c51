#include "base/utf8.hpp"

#include <gtest/gtest.h>

using namespace latentgrid;

TEST(Utf8, IsMadeOfUtf16WithAByteOrderMark) {
  using namespace std::string_literals;
  EXPECT_EQ(utf8_of("\xFF\xFEj\0\xE4\0\xAC\x20\x3D\xD8\x00\xDE"s), "jä€😀");
  EXPECT_EQ(utf8_of("\xFE\xFF\0j\0\xE4\x20\xAC\xD8\x3D\xDE\x00"s), "jä€😀");
  EXPECT_EQ(utf8_of("\xFF\xFE\x3D\xD8j\0"s), "\xEF\xBF\xBDj") << "half of a pair";
  EXPECT_EQ(utf8_of("\xFF\xFEj\0x"s), "j") << "half of a unit";
  EXPECT_EQ(utf8_of("\xEF\xBB\xBFä"), "\xEF\xBB\xBFä") << "what is in UTF-8 stays";
}

TEST(Utf8, IsToldFromOtherBytes) {
  for (const char* good : {"", "a", "ä", "€", "😀", "\xF4\x8F\xBF\xBF"})
    EXPECT_FALSE(first_that_is_not_utf8(good)) << good;
  EXPECT_EQ(first_that_is_not_utf8("caf\xE9.npy"), 3u);  // Latin-1
  EXPECT_EQ(first_that_is_not_utf8("a\xC0\x80"), 1u);    // longer than it need be
  EXPECT_EQ(first_that_is_not_utf8("a\xE0\x80\x80"), 1u);
  EXPECT_EQ(first_that_is_not_utf8("\xED\xA0\x80"), 0u);      // half of a UTF-16 pair
  EXPECT_EQ(first_that_is_not_utf8("\xF4\x90\x80\x80"), 0u);  // beyond the last character
  EXPECT_EQ(first_that_is_not_utf8("ab\xE2\x82"), 2u);        // cut off
  EXPECT_EQ(first_that_is_not_utf8("\x80"), 0u);
}
