#include "spec/report_fields.hpp"

namespace latentgrid {

const std::map<std::string, int>& report_fields() {
  static const std::map<std::string, int> known = {{"label", 0},
                                                   {"reduction_label", 0},
                                                   {"sweep", 0},
                                                   {"job", 0},
                                                   {"dataset", 0},
                                                   {"architecture", 0},
                                                   {"latent", 0},
                                                   {"latent_dim", 0},
                                                   {"epochs", 0},
                                                   {"reduction", 0},
                                                   {"reduced_dim", 0},
                                                   {"clustering", 0},
                                                   {"k", 0},
                                                   {"seed", 0},
                                                   {"recon_mse", 4},
                                                   {"accuracy", 4},
                                                   {"accuracy_public", 4},
                                                   {"accuracy_private", 4},
                                                   {"ari", 4},
                                                   {"nmi", 4},
                                                   {"silhouette", 4},
                                                   {"leaderboard_public", 4},
                                                   {"leaderboard_private", 4},
                                                   {"clusters_found", 1},
                                                   {"state", 0},
                                                   {"wall_s", 1}};
  return known;
}

std::vector<std::string> report_field_names() {
  std::vector<std::string> names;
  for (const auto& [name, digits] : report_fields()) names.push_back(name);
  return names;
}

std::vector<std::string> measured_field_names() {
  std::vector<std::string> names;
  for (const auto& [name, digits] : report_fields()) {
    if (digits > 0) names.push_back(name);
  }
  return names;
}

bool is_fraction(const std::string& field) {
  return field.starts_with("accuracy") || field.starts_with("leaderboard_") || field == "ari" || field == "nmi";
}

}  // namespace latentgrid
