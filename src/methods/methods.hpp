#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "methods/method.hpp"

// All methods, one line each; a name is that of a file here (its descriptor) and of what computes in src/reduce, src/cluster and
// src/augment, or for encoders in runner/worker/encode_stage.cpp.
#define LATENTGRID_ENCODERS(METHOD) METHOD(autoencoder) METHOD(raw) METHOD(features)
#define LATENTGRID_AUGMENTATIONS(METHOD) METHOD(horizontal_flip) METHOD(crop) METHOD(random_resized_crop) METHOD(color_jitter) METHOD(grayscale) METHOD(blur) METHOD(erasing) METHOD(noise) METHOD(rotation)
#define LATENTGRID_REDUCTIONS(METHOD) METHOD(pca) METHOD(standardize) METHOD(tsne) METHOD(umap) METHOD(kernel_pca) METHOD(laplacian_eigenmaps) METHOD(fast_ica) METHOD(l2_normalize)
#define LATENTGRID_CLUSTERINGS(METHOD) METHOD(kmeans) METHOD(gmm) METHOD(spectral) METHOD(agglomerative) METHOD(hdbscan)

namespace latentgrid {

const std::vector<MethodSpec>& all_methods();
const MethodSpec* find_method(MethodKind kind, std::string_view name);
std::vector<std::string> method_names(MethodKind kind);

// The name here of what other programs call so: "pca" for "Principal Components"; "" for any other word.
std::string method_meant_by(MethodKind kind, std::string_view word);

// What trains the encoder of images, and that encoder. `model_parameter`: which parameter of a training's task is the model.
inline constexpr const char* model_parameter = "autoencoder";
// Which parameter of a task is the identity of the user's vectors, where the encoder reads those.
inline constexpr const char* features_parameter = "features";
const MethodSpec& training_method();
// Of its parameters, those that jobs without a training have too: threads, arithmetic. They are of whatever goes through a BLAS.
bool is_of_every_job(std::string_view training_parameter);
const MethodSpec& trained_encoder();
// The encoder that an architecture of this name stands for without being trained ("raw"); null for any other name.
const MethodSpec* untrained_encoder(std::string_view architecture);
std::vector<std::string> untrained_encoder_names();
// Whether jobs of this architecture train an autoencoder: have epochs, a reconstruction loss, a model.
bool trains_encoder(std::string_view architecture);
// What a report calls an architecture, and what its encoder makes of images: "raw pixels" and "pixels", "AE1" and "latents".
std::string display_name_of_architecture(const std::string& architecture);
const std::string& vectors_of_architecture(std::string_view architecture);
// The clustering of a sweep that names none.
const MethodSpec& default_clustering();

// The reductions that a map of the report shows unless told otherwise.
std::vector<std::string> default_map_methods();

// "tsne.perplexity": how a parameter of a method is named where jobs have many.
inline constexpr const char* example_parameter = "tsne.perplexity";
// "[{pca: {dim: 8}}, {tsne: {dim: 2, perplexity: 30}}]": how a chain of reductions is written.
std::string example_chain();

// As papers write a method's name: "PCA" for "pca"; a word that is no method's name as it is.
std::string display_name_of(std::string_view method);

}  // namespace latentgrid
