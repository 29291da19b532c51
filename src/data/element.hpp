#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace latentgrid {

// How one element of an array file is stored.
struct Element {
  char kind = 'i';  // as numpy's: b, i, u, f
  std::size_t bytes = 8;
  bool big_endian = false;
};

// Of "<f4"; nothing unless it is a boolean, an integer or a float of up to 8 bytes.
std::optional<Element> element_of(const std::string& dtype);

std::uint64_t bits_of(const Element& element, const std::byte* from);
std::int64_t signed_value(const Element& element, std::uint64_t bits);  // of kind i
double real_value(const Element& element, std::uint64_t bits);          // of kind f
double as_double(const Element& element, const std::byte* from);        // of any kind

}  // namespace latentgrid
