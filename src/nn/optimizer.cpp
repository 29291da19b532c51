#include "nn/optimizer.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <cmath>

#include "base/error.hpp"

namespace latentgrid::nn {

namespace {

std::vector<at::Tensor> zeros_like_all(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> zeros;
  for (const at::Tensor& tensor : tensors) zeros.push_back(at::zeros_like(tensor.detach()));
  return zeros;
}

at::Tensor decayed_gradient(const at::Tensor& parameter, double weight_decay) {
  return weight_decay == 0 ? parameter.grad() : parameter.grad().add(parameter, weight_decay);
}

class Adam : public Optimizer {
 public:
  Adam(const TrainingOptions& options, std::vector<at::Tensor> parameters)
      : Optimizer(std::move(parameters)),
        options_(options),
        exp_avg_(zeros_like_all(parameters_)),
        exp_avg_sq_(zeros_like_all(parameters_)) {}

  // Each operation over all parameters at once: on a GPU that is one launch in place of one a parameter.
  void step(double learning_rate) override {
    at::NoGradGuard no_grad;
    ++steps_;
    const double beta1 = options_.beta1, beta2 = options_.beta2;
    const double correction1 = 1 - std::pow(beta1, static_cast<double>(steps_));
    const double correction2 = 1 - std::pow(beta2, static_cast<double>(steps_));
    std::vector<at::Tensor> parameters, gradients, averages, squares;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (!parameters_[i].grad().defined()) continue;
      parameters.push_back(parameters_[i]);
      gradients.push_back(decayed_gradient(parameters_[i], options_.weight_decay));
      averages.push_back(exp_avg_[i]);
      squares.push_back(exp_avg_sq_[i]);
    }
    if (parameters.empty()) return;
    at::_foreach_mul_(averages, beta1);
    at::_foreach_add_(averages, gradients, 1 - beta1);
    at::_foreach_mul_(squares, beta2);
    at::_foreach_addcmul_(squares, gradients, gradients, 1 - beta2);
    std::vector<at::Tensor> denominators = at::_foreach_sqrt(squares);
    at::_foreach_div_(denominators, std::sqrt(correction2));
    at::_foreach_add_(denominators, options_.epsilon);
    at::_foreach_addcdiv_(parameters, averages, denominators, -learning_rate / correction1);
  }

  std::vector<std::pair<std::string, std::vector<at::Tensor>>> state() override {
    return {{"exp_avg", exp_avg_}, {"exp_avg_sq", exp_avg_sq_}};
  }

 private:
  TrainingOptions options_;
  std::vector<at::Tensor> exp_avg_, exp_avg_sq_;
};

class Sgd : public Optimizer {
 public:
  Sgd(const TrainingOptions& options, std::vector<at::Tensor> parameters)
      : Optimizer(std::move(parameters)), options_(options) {
    if (options_.momentum != 0) momentum_buffer_ = zeros_like_all(parameters_);
  }

  void step(double learning_rate) override {
    at::NoGradGuard no_grad;
    ++steps_;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (!parameters_[i].grad().defined()) continue;
      at::Tensor direction = decayed_gradient(parameters_[i], options_.weight_decay);
      // PyTorch sets the buffer to the first gradient; from zeros that is the same.
      if (options_.momentum != 0) direction = momentum_buffer_[i].mul_(options_.momentum).add_(direction);
      parameters_[i].add_(direction, -learning_rate);
    }
  }

  std::vector<std::pair<std::string, std::vector<at::Tensor>>> state() override {
    if (momentum_buffer_.empty()) return {};
    return {{"momentum_buffer", momentum_buffer_}};
  }

 private:
  TrainingOptions options_;
  std::vector<at::Tensor> momentum_buffer_;
};

}  // namespace

void Optimizer::zero_grad() {
  // Undefined rather than zero: autograd then adopts the first gradient in the parameter's own memory format.
  for (at::Tensor& parameter : parameters_) parameter.mutable_grad() = at::Tensor();
}

std::unique_ptr<Optimizer> make_optimizer(const TrainingOptions& options, std::vector<at::Tensor> parameters) {
  if (options.optimizer == "adam") return std::make_unique<Adam>(options, std::move(parameters));
  if (options.optimizer == "sgd") return std::make_unique<Sgd>(options, std::move(parameters));
  throw Error(fmt::format("optimizer is adam or sgd, not '{}'", options.optimizer));
}

}  // namespace latentgrid::nn
