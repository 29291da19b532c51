#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "methods/method.hpp"

// All methods, one line each; a name is that of a file here (its descriptor) and of what computes in src/reduce, src/cluster and
// src/augment, or for encoders in runner/worker/encode_stage.cpp.
#define LATENTGRID_TRAININGS(METHOD) METHOD(autoencoder) METHOD(vae) METHOD(contrastive) METHOD(vicreg)
#define LATENTGRID_ENCODERS(METHOD) METHOD(autoencoder) METHOD(raw) METHOD(features) METHOD(contrastive)
#define LATENTGRID_AUGMENTATIONS(METHOD) METHOD(horizontal_flip) METHOD(crop) METHOD(random_resized_crop) METHOD(color_jitter) METHOD(grayscale) METHOD(blur) METHOD(erasing) METHOD(noise) METHOD(rotation)
#define LATENTGRID_REFINEMENTS(METHOD) METHOD(dec) METHOD(idec)
#define LATENTGRID_REDUCTIONS(METHOD) METHOD(pca) METHOD(standardize) METHOD(tsne) METHOD(umap) METHOD(kernel_pca) METHOD(laplacian_eigenmaps) METHOD(fast_ica) METHOD(l2_normalize)
#define LATENTGRID_CLUSTERINGS(METHOD) METHOD(kmeans) METHOD(gmm) METHOD(spectral) METHOD(agglomerative) METHOD(hdbscan) METHOD(heads)

namespace latentgrid {

const std::vector<MethodSpec>& all_methods();
const MethodSpec* find_method(MethodKind kind, std::string_view name);
std::vector<std::string> method_names(MethodKind kind);

// Values of "augment" and "reduction" are chains of methods, or none.
inline bool is_chained(MethodKind kind) { return kind == MethodKind::reduction || kind == MethodKind::augmentation; }
// Of these and of "refine": "none" is a value.
inline bool may_be_none(MethodKind kind) { return is_chained(kind) || kind == MethodKind::refinement; }
// The axis of a grid whose values are methods of this kind: "training", "augment", "refine", "reduction", "clustering".
std::string axis_of(MethodKind kind);
std::optional<MethodKind> methods_on_axis(std::string_view axis);  // nothing for other axes

// The name here of what other programs call so: "pca" for "Principal Components"; "" for any other word.
std::string method_meant_by(MethodKind kind, std::string_view word);

// What trains the encoder of images, and that encoder. `model_parameter`: which parameter of a training's task is the model.
inline constexpr const char* model_parameter = "autoencoder";
// Which parameter of a training is the number of its cluster heads of each size.
inline constexpr const char* heads_parameter = "heads";
// Which parameter of a task is the identity of the user's vectors, where the encoder reads those.
inline constexpr const char* features_parameter = "features";
// Which parameter of a training is what is done to its images, [{"method": "horizontal_flip", "p": 0.5}, ...]; without it, nothing.
inline constexpr const char* augment_parameter = "augment";
// The axis of refinements, and the part of a job's parameters that is one.
inline constexpr const char* refine_parameter = "refine";
// "horizontal_flip+crop": how such steps are called in columns.
std::string augment_name(const Json& steps);

// The training of a sweep that names none.
const MethodSpec& default_training();
// Of its options, those that jobs without a training have too: threads, arithmetic. They are of whatever goes through a BLAS.
bool is_of_every_job(std::string_view training_option);
// What applies the model of a training.
const MethodSpec& encoder_of(const MethodSpec& training);
// The encoder that an architecture of this name stands for without being trained ("raw"); null for any other name.
const MethodSpec* untrained_encoder(std::string_view architecture);
std::vector<std::string> untrained_encoder_names();
// Whether jobs of this architecture train an autoencoder: have epochs, a reconstruction loss, a model.
bool trains_encoder(std::string_view architecture);
// What a report calls an architecture, and what its encoder makes of images: "raw pixels" and "pixels", "AE1" and "latents".
std::string display_name_of_architecture(const std::string& architecture);
const std::string& vectors_of_architecture(std::string_view architecture);
// The training in the parameters of a task or a job, which leave the default's name out: keys are older than the others. Null for a name
// that is not known.
const MethodSpec* training_in(const Json& params);
// The same of what goes through a trainer: a training or a refinement.
const MethodSpec* trained_by(const Json& params);
// The clustering of a sweep that names none.
const MethodSpec& default_clustering();

// The reductions that a map of the report shows unless told otherwise.
std::vector<std::string> default_map_methods();

// "tsne.perplexity": how a parameter of a method is named where jobs have many.
inline constexpr const char* example_parameter = "tsne.perplexity";
// "[{pca: {dim: 8}}, {tsne: {dim: 2, perplexity: 30}}]": how a chain of reductions is written.
// Of augmentations: "[horizontal_flip, {crop: {padding: 4}}]".
std::string example_chain(MethodKind kind = MethodKind::reduction);

// As papers write a method's name: "PCA" for "pca"; a word that is no method's name as it is.
std::string display_name_of(std::string_view method);

}  // namespace latentgrid
