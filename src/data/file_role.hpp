#pragma once

#include <string>
#include <vector>

namespace latentgrid {

// What a file was to be read as.
enum class FileRole { images, labels, indices, features };

struct RoleWords {
  const char* plural;
  const char* needed;  // "labels are ..."
  const char* suffix;  // of a file that is made of another
};
RoleWords words(FileRole role);

// The name, of an array, a field or a column, that most likely is of this role; "" if `names` is empty.
std::string likely_name(const std::vector<std::string>& names, FileRole role);
// Whether it is plainly the name of labels.
bool names_labels(const std::string& name);

}  // namespace latentgrid
