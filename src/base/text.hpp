#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace latentgrid {

std::string_view trimmed(std::string_view text);  // without spaces, tabs and ends of lines around it

std::string lower_case(std::string_view text);  // ASCII letters; others stay

std::string sentence_case(std::string text);  // its first letter, if ASCII, in upper case

std::string shell_word(std::string_view text);  // as one word of a line for the shell

std::string counted(std::int64_t number, std::string_view noun);  // "1 job", "2 jobs"

}  // namespace latentgrid
