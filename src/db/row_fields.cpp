#include "db/row_fields.hpp"

namespace latentgrid {

const std::vector<RowField>& row_fields() {
  using R = ResultRow;
  static const std::vector<RowField> fields = {{"job", &R::job},
                                               {"dataset", &R::dataset},
                                               {"architecture", &R::architecture},
                                               {"latent", &R::latent},
                                               {"latent_dim", &R::latent_dim},
                                               {"epochs", &R::epochs},
                                               {"reduction", &R::reduction},
                                               {"reduced_dim", &R::reduced_dim},
                                               {"clustering", &R::clustering},
                                               {"k", &R::k},
                                               {"seed", &R::seed},
                                               {"params", &R::params},
                                               {"state", &R::state},
                                               {"reason", &R::reason}};
  return fields;
}

}  // namespace latentgrid
