// SimCLR (Chen et al. 2020): a head of two layers behind the encoder, and NT-Xent. Beside it may stand cluster heads.
#include <ATen/ATen.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/linear.h>

#include "base/error.hpp"
#include "methods/methods.hpp"
#include "nn/cluster_heads.hpp"
#include "nn/nt_xent.hpp"
#include "nn/objective.hpp"
#include "nn/run_layers.hpp"

namespace latentgrid::nn {

namespace {

class ContrastiveObjective : public Objective {
 public:
  ContrastiveObjective(const Json& training, const Compute& compute)
      : Objective(training.at(model_parameter), compute), temperature_(training.at("temperature")) {
    const std::int64_t width = values_behind_encoder(model_, training.at(model_parameter), compute);
    beside_->push_back(torch::nn::Linear(width, width));
    beside_->push_back(torch::nn::ReLU());
    beside_->push_back(torch::nn::Linear(width, training.at("projection_dim").get<std::int64_t>()));
    if (const std::int64_t heads = training.at(heads_parameter); heads > 0) {
      heads_weight_ = training.at("heads_weight");
      // A module of the sequence, but none of its layers.
      heads_ = ClusterHeads(beside_->register_module(cluster_heads_name, ClusterHeads(width, heads, training.at("head_clusters"), training.at("overclusters"))));
    }
    beside_->to(compute.device());
  }

  void begin_epoch() override {
    Objective::begin_epoch();
    if (!heads_.is_empty()) heads_->begin_epoch();
  }

  at::Tensor loss(const TrainingBatch& batch) override {
    const at::Tensor features = model_.encode(at::cat(batch.views)).flatten(1);
    const at::Tensor of_views = nt_xent(run_layers(beside_, features), temperature_);
    return heads_.is_empty() ? of_views : of_views + heads_->loss(features) * heads_weight_;
  }

 private:
  double temperature_;
  ClusterHeads heads_{nullptr};
  double heads_weight_ = 0;
};

}  // namespace

std::unique_ptr<Objective> contrastive_objective(const Json& training, const Compute& compute) {
  return std::make_unique<ContrastiveObjective>(training, compute);
}

}  // namespace latentgrid::nn
