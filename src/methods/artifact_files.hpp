#pragma once

namespace latentgrid {

// The files of artifacts that stages write and others read; which stage has which is in its row (stages.cpp).
inline constexpr const char* images_file = "images.npy";
inline constexpr const char* model_file = "model.json";
inline constexpr const char* losses_file = "losses.npy";
inline constexpr const char* validation_file = "validation.npy";  // what early_stop judged each epoch by
inline constexpr const char* optimizer_folder = "optimizer";  // what training goes on from
inline constexpr const char* latents_file = "latents.npy";
inline constexpr const char* errors_file = "errors.npy";
inline constexpr const char* heads_file = "heads.npy";  // the clusters that the training's best cluster head gives
inline constexpr const char* neighbor_indices_file = "indices.npy";
inline constexpr const char* neighbor_distances_file = "distances.npy";
inline constexpr const char* start_stage = "start";  // the graph of neighbors and the first coordinates that a layout begins with
inline constexpr const char* start_points_file = "points.npy";
inline constexpr const char* graph_starts_file = "graph_starts.npy";  // of its rows; columns and values row by row
inline constexpr const char* graph_columns_file = "graph_columns.npy";
inline constexpr const char* graph_values_file = "graph_values.npy";
inline constexpr const char* embedding_file = "embedding.npy";
inline constexpr const char* state_file = "state.json";  // what a reduction goes on from, beside arrays
inline constexpr const char* clusters_file = "clusters.npy";
inline constexpr const char* assignment_file = "assignment.npy";
inline constexpr const char* confusion_file = "confusion.npy";
inline constexpr const char* predictions_file = "predictions.npy";
inline constexpr const char* originals_file = "originals.npy";
inline constexpr const char* reconstructions_file = "reconstructions.npy";
inline constexpr const char* interpolations_file = "interpolations.npy";
inline constexpr const char* samples_file = "samples.npy";
inline constexpr const char* views_file = "views.npy";  // what augmentation makes of images
inline constexpr const char* encoder_file = "encoder.pt";  // TorchScript

}  // namespace latentgrid
