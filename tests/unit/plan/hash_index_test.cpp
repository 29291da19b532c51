#include "plan/hash_index.hpp"

#include <gtest/gtest.h>

using namespace latentgrid;

TEST(HashIndex, FindsWhatWasAddedThoughItGrows) {
  HashIndex index(0);
  auto find = [&](std::size_t entry, std::size_t next) {
    return index.find_or_add(HashIndex::hash({static_cast<std::int64_t>(entry)}), next,
                             [&](std::size_t known) { return known == entry; });
  };
  constexpr std::size_t count = 10'000;
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(find(i, i), (std::pair<std::size_t, bool>(i, true)));
  for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(find(i, count), (std::pair<std::size_t, bool>(i, false)));
}

TEST(HashIndex, EqualHashesAreToldApart) {
  HashIndex index(4);
  auto find = [&](std::size_t entry, std::size_t next) {
    return index.find_or_add(0xFFFFFFFF, next, [&](std::size_t known) { return known == entry; });
  };
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(find(i, i), (std::pair<std::size_t, bool>(i, true)));
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(find(i, 100), (std::pair<std::size_t, bool>(i, false)));
}
