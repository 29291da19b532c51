#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.hpp"
#include "data/image_source.hpp"
#include "data/label_file.hpp"
#include "data/open_input.hpp"
#include "data/preparation.hpp"
#include "base/hinted_error.hpp"

namespace latentgrid {

// A folder of its own for each test, removed at the end.
class DataTest : public ::testing::Test {
 protected:
  DataTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "latentgrid-data-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~DataTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

  // An .npy file written by hand, so that any dtype and order can be tested.
  std::filesystem::path write_raw_npy(const std::string& name, const std::string& dtype, bool fortran,
                                      const std::string& shape, const std::string& data) const {
    return write_npy_header(name,
                            fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': ({}), }}", dtype,
                                        fortran ? "True" : "False", shape),
                            data);
  }

  std::filesystem::path write_npy_header(const std::string& name, std::string header, const std::string& data) const {
    header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 10 - 1, ' ');
    header += '\n';
    std::string bytes = std::string("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size() & 255);
    bytes += static_cast<char>(header.size() >> 8);
    return write(name, bytes + header + data);
  }

  static std::string idx_bytes(std::uint8_t type, const std::vector<std::uint32_t>& shape, const std::string& data) {
    std::string bytes{'\0', '\0', static_cast<char>(type), static_cast<char>(shape.size())};
    for (std::uint32_t n : shape) {
      for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(n >> shift & 255);
    }
    return bytes + data;
  }

  std::filesystem::path write_gz(const std::string& name, const std::string& bytes) const {
    gzFile file = gzopen(path(name).c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    return path(name);
  }

  std::string message_of(const auto& action) const {
    try {
      action();
    } catch (const Error& error) {
      std::string text = text_with_hint(error);
      for (std::size_t at; (at = text.find(folder_.string() + "/")) != std::string::npos;) {
        text.erase(at, folder_.string().size() + 1);
      }
      return text;
    }
    return "no error";
  }

  // What DatasetSource would read.
  static std::unique_ptr<PreparedImages> open_images_of(const std::filesystem::path& file, const Preparation& preparation = {}) {
    return std::make_unique<PreparedImages>(open_image_source(file), preparation);
  }
  static std::vector<std::int64_t> labels_in(const std::filesystem::path& file) { return read_label_file(file).labels.values; }

  std::filesystem::path folder_;
};

// 0, 1, 2, ... modulo 251.
inline std::string counting(std::size_t n) {
  std::string bytes(n, '\0');
  for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<char>(i % 251);
  return bytes;
}

inline std::string noise(std::size_t n) {
  std::mt19937 random(1);
  std::string bytes(n, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

inline std::string as_text(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace latentgrid
