#pragma once

#include <map>
#include <string>
#include <vector>

namespace latentgrid {

// Columns of the view `results`, and what tables derive from them; with the digits shown unless told otherwise, 0 for
// what is not measured. report/fields.cpp knows where each comes from.
const std::map<std::string, int>& report_fields();
std::vector<std::string> report_field_names();
std::vector<std::string> measured_field_names();
bool is_fraction(const std::string& field);  // of 1: a table may show it in percent

}  // namespace latentgrid
