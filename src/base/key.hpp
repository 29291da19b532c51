#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace latentgrid {

// Incremental SHA-256 (OpenSSL). Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view bytes);
  // 64 lower-case hex digits; the object may not be used afterwards.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);

// Builds a content key: SHA-256 over named, typed, length-prefixed fields, so that no two different identities give the
// same bytes. `transcript()` is the readable list of what was hashed, one `name = type value` a line.
class KeyBuilder {
 public:
  KeyBuilder& add(std::string_view name, const Json& value);  // null, bool, integer, real, text, arrays and objects
  const std::string& transcript() const { return transcript_; }
  std::string key();  // 64 hex digits

 private:
  void field(std::string_view path, char type, std::string_view bytes);
  void value(const std::string& path, const Json& value);

  Sha256 hash_;
  std::string transcript_;
};

// The shortest text that reads back as the same double (std::to_chars); integers-as-reals keep a ".0".
std::string real_to_text(double value);

}  // namespace latentgrid
