// Maps, from what a run has left for them.
#include <fmt/format.h>

#include <algorithm>

#include "unit/report/figures_of_tasks.hpp"

namespace latentgrid {
namespace {

using charts::embedding_map;
using charts::reconstructions;

TEST_F(FiguresOfTasks, AMapHasAPanelAnEmbedding) {
  images();
  clusters();
  embedding(0, {{"method", "pca"}, {"width", 64}}, 2, {{"explained_variance", 0.25}}, 0.5);
  const Json tsne = {{"method", "tsne"}, {"perplexity", 30}, {"early_exaggeration_iterations", 250}};
  embedding(1, tsne, 250, {{"kl_divergence", 2.5}}, 0.75);
  embedding(2, tsne, 1000, {{"kl_divergence", 1.25}}, 0.875);
  const Figure figure = embedding_map(data(), spec);
  EXPECT_TRUE(figure.omissions.empty()) << figure.omissions.front();
  const auto& plot = std::get<XyPlot>(figure.body);
  ASSERT_EQ(plot.panels.size(), 3u);
  EXPECT_EQ(plot.panels[0].title, "PCA of the latents, 2-D");
  EXPECT_EQ(plot.panels[0].caption, (std::vector<std::string>{"explained variance 0.250", "trustworthiness 0.500"}));
  EXPECT_EQ(plot.panels[1].title, "t-SNE of the latents, 2-D, 250 iterations");
  EXPECT_EQ(plot.panels[1].caption,
            (std::vector<std::string>{"KL divergence 2.500", "trustworthiness 0.750", "end of early exaggeration"}));
  EXPECT_EQ(plot.panels[2].title, "t-SNE of the latents, 2-D, 1000 iterations");
  EXPECT_EQ(plot.images->values, (std::vector<std::uint8_t>{1, 2, 3}));
  std::size_t points = 0;
  for (const PointSeries& series : plot.panels[2].series) {
    EXPECT_TRUE(series.name.starts_with("class ")) << series.name;
    points += series.points.size();
  }
  EXPECT_EQ(points, 3u);
  EXPECT_EQ(figure.caption.at(0),
            "Encoder of AE2 after 4 epochs, seed 0 (job " + jobs[1].id + ", one of 2 jobs that share the best accuracy of 2).");
}

TEST_F(FiguresOfTasks, APanelSaysWhetherItIsTheJobsOwnEmbedding) {
  embedding(0, {{"method", "tsne"}, {"dim", 2}}, 1000, {{"kl_divergence", 1.25}}, 0.75);
  FigureTaskRow own = rows.front();
  own.role = "own";
  rows.push_back(own);
  embedding(1, {{"method", "pca"}}, 2, Json::object(), 0.5);
  Figure figure = embedding_map(data(), spec);
  const auto& plot = std::get<XyPlot>(figure.body);
  EXPECT_EQ(plot.panels.at(0).title, "The job's own embedding: t-SNE, 2-D, 1000 iterations");
  EXPECT_EQ(plot.panels.at(0).caption,
            (std::vector<std::string>{"accuracy of its clusters 0.7500", "KL divergence 1.250", "trustworthiness 0.750"}));
  EXPECT_EQ(plot.panels.at(1).title, "PCA of the same latents, 2-D");
  EXPECT_EQ(plot.panels.at(1).caption, (std::vector<std::string>{"trustworthiness 0.500"}));
  ReportData in_percent = data();
  in_percent.revision.report = {{"tables", {{{"name", "t"}, {"percent", true}}}}};
  EXPECT_EQ(std::get<XyPlot>(embedding_map(in_percent, spec).body).panels.at(0).caption.at(0), "accuracy of its clusters 75.0 %")
      << "as the first table";
  EXPECT_EQ(figure.caption.at(1), "3 images of 'made'.");
}

TEST_F(FiguresOfTasks, WhatTheJobsOwnEmbeddingIsIsSaidWhereAMapCannotShowIt) {
  embedding(0, {{"method", "pca"}}, 2, Json::object(), 0.5);
  EXPECT_EQ(embedding_map(data(), spec).caption.at(1),
            "The job's clusters were found in 32 dimensions (PCA(dim = 32)), which a map cannot show. The panels show "
            "other embeddings of its latents.");
}

TEST_F(FiguresOfTasks, AChainIsCalledByAllOfItsSteps) {
  embedding(0, {{"method", "tsne"}, {"dim", 2}}, 500, Json::object(), 0.5);
  const ArtifactId first = id("first step", 50);
  store.publish(store.new_staging_folder(), "reduce", first,
                {{"metrics", Json::object()}, {"provenance", {{"params", {{"method", "pca"}}}}}});
  add(0, "step0", 1, "reduce", first);
  EXPECT_EQ(std::get<XyPlot>(embedding_map(data(), spec).body).panels.at(0).title,
            "PCA 50-D, then t-SNE of the latents, 2-D, 500 iterations");
}

TEST_F(FiguresOfTasks, ClassesAreCalledByTheirNames) {
  source.class_names = {"landscape", "other"};
  reconstruct(0, {-1, 1, 0, 0}, {0.25f, 0}, {0, 2});
  const std::vector<std::int32_t> labels =
      load_labels(DatasetSource{.synthetic = DatasetSource::Synthetic{.images = 3}});
  const Figure figure = reconstructions(data(), spec);
  const auto& grid = std::get<ImageGrid>(figure.body);
  EXPECT_EQ(grid.rows[0].title, "image 0, " + source.class_names.at(static_cast<std::size_t>(labels.at(0))));
  EXPECT_EQ(grid.rows[1].title, "image 2, " + source.class_names.at(static_cast<std::size_t>(labels.at(2))));
}

TEST_F(FiguresOfTasks, AMapsLegendHasTheNamesOfItsClasses) {
  source.class_names = {"landscape", "other"};
  embedding(0, {{"method", "pca"}}, 2, Json::object(), 0.5);
  auto names = [](const Figure& figure) {
    std::vector<std::string> all;
    for (const PointSeries& series : std::get<XyPlot>(figure.body).panels.at(0).series) all.push_back(series.name);
    return all;
  };
  EXPECT_EQ(names(embedding_map(data(), spec)), (std::vector<std::string>{"landscape", "other"}));
  DatasetSource others{.name = "others", .synthetic = DatasetSource::Synthetic{.images = 3}};
  other_labels(others);
  Json of_others = spec;
  of_others["dataset"] = others.to_json();
  EXPECT_EQ(names(embedding_map(data(), of_others)), (std::vector<std::string>{"class 0", "class 1"}))
      << "the sweep's names need not be those of other images";
  others.class_names = {"north", "south"};
  of_others["dataset"] = others.to_json();
  EXPECT_EQ(names(embedding_map(data(), of_others)), (std::vector<std::string>{"north", "south"}));
}

TEST_F(FiguresOfTasks, AMapSaysWhereItsClassesComeFromIfNoFileHasThem) {
  const std::vector<std::uint8_t> pixels = {1, 2, 3};
  write_npy(results.folder() / "visualization.npy", std::span(pixels), {3, 1, 1, 1});
  source = {.name = "visualization", .images = {results.folder() / "visualization.npy"}};
  images();
  embedding(0, {{"method", "pca"}, {"width", 64}}, 2, {{"explained_variance", 0.25}}, 0.5);
  auto names = [&](const Figure& figure) {
    std::vector<std::string> all;
    for (const PointSeries& series : std::get<XyPlot>(figure.body).panels.at(0).series) all.push_back(series.name);
    return all;
  };
  const Figure without = embedding_map(data(), spec);
  EXPECT_EQ(names(without), std::vector<std::string>{"no label"});
  const std::string said = "The sweep file says which class an image has: 1 image of class 0 and 2 images of class 1.";
  EXPECT_EQ(std::count(without.caption.begin(), without.caption.end(), said), 0);
  source.labels = {{.counts = {1, 2}, .gapless = true}};
  const Figure counted = embedding_map(data(), spec);
  EXPECT_EQ(names(counted), (std::vector<std::string>{"class 0", "class 1"}));
  EXPECT_EQ(std::count(counted.caption.begin(), counted.caption.end(), said), 1);
}

// The first 3 of 2 + 3 images, and of 3 + 2.
TEST_F(FiguresOfTasks, AMapWithALimitCountsTheImagesThatItShows) {
  const std::vector<std::uint8_t> pixels = {1, 2, 3, 4, 5};
  write_npy(results.folder() / "visualization.npy", std::span(pixels), {5, 1, 1, 1});
  images();
  embedding(0, {{"method", "pca"}, {"width", 64}}, 2, {{"explained_variance", 0.25}}, 0.5);
  auto caption = [&](std::vector<std::int64_t> counts) {
    source = {.name = "visualization", .images = {results.folder() / "visualization.npy"}, .limit = 3};
    source.labels = {{.counts = std::move(counts), .gapless = true}};
    const std::vector<std::string> all = embedding_map(data(), spec).caption;
    const auto images = std::find(all.begin(), all.end(), "3 images of 'visualization'.");
    return std::vector<std::string>(images + 1, all.end());
  };
  EXPECT_EQ(caption({2, 3}).at(0), "The sweep file says which class an image has: 2 images of class 0 and 1 image of class 1.");
  const std::vector<std::string> one_class = caption({3, 2});
  EXPECT_EQ(one_class.at(0), "The sweep file says which class an image has: 3 images of class 0.");
  EXPECT_EQ(one_class.at(1), "All labelled images here are of class 0: `limit: 3` keeps only the first images.");
}

TEST_F(FiguresOfTasks, WhereJobsShareTheBestScoreTheMapSaysSo) {
  images();
  embedding(0, {{"method", "pca"}}, 2, {{"explained_variance", 0.5}}, 0.9);
  EXPECT_TRUE(embedding_map(data(), spec).caption.front().ends_with(", one of 2 jobs that share the best accuracy of 2)."))
      << embedding_map(data(), spec).caption.front();
}

TEST_F(FiguresOfTasks, AMapKnowsTheClassTheClusterAndThePredictionOfEveryImage) {
  images();
  clusters();
  embedding(0, {{"method", "pca"}}, 2, {{"explained_variance", 0.5}}, 0.9);
  const ReportData made = data();
  const Figure figure = embedding_map(made, spec);
  EXPECT_EQ(figure.omissions, std::vector<std::string>());
  const auto& plot = std::get<XyPlot>(figure.body);
  ASSERT_TRUE(plot.facts);
  EXPECT_EQ(plot.facts->clusters, (std::vector<std::int32_t>{1, 0, 1}));
  EXPECT_EQ(plot.facts->predicted, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(plot.facts->classes, load_labels(DatasetSource::from_json(made.revision.dataset.at("source"))));
  EXPECT_EQ(plot.facts->called, "image");
  EXPECT_EQ(figure.caption.back(), "Images are numbered from 0, as in their files.");
}

TEST_F(FiguresOfTasks, AMapWhoseClustersAreGoneSaysSo) {
  images();
  embedding(0, {{"method", "pca"}}, 2, {{"explained_variance", 0.5}}, 0.9);
  const Figure figure = embedding_map(data(), spec);
  const std::string key = task_of(jobs[1], "cluster").artifact.key;
  EXPECT_EQ(figure.omissions.at(0), "The pointer does not show clusters: artifacts/cluster/" + key.substr(0, 2) + "/" + key +
                                   "/0/clusters.npy is missing.");
  EXPECT_EQ(figure.omissions.size(), 2u);
  EXPECT_TRUE(std::get<XyPlot>(figure.body).facts->clusters.empty());
}

TEST_F(FiguresOfTasks, AMapWhoseLabelsAreGoneHasNoColoursAndSaysSo) {
  images();
  clusters();
  embedding(0, {{"method", "pca"}}, 2, {{"explained_variance", 0.5}}, 0.9);
  keeps_labels = false;
  const Figure figure = embedding_map(data(), spec);
  ASSERT_FALSE(figure.omissions.empty());
  EXPECT_EQ(figure.omissions.front(),
            fmt::format("There are no colours, because the labels cannot be read: images.json of job {} is missing: {}; `latentgrid run "
                        "experiments/s.yaml` makes it anew.",
                        jobs[1].id, (store.folder("labels", of_labels()) / "images.json").string()));
  EXPECT_TRUE(std::get<XyPlot>(figure.body).facts->classes.empty());
  EXPECT_EQ(figure.caption.back(),
            "Images are numbered from 0 among those that the sweep selects, because the names of their files cannot be read.");
}

TEST_F(FiguresOfTasks, AMapOfOtherImagesKnowsTheirClassesAlone) {
  images();
  embedding(0, {{"method", "pca"}}, 2, {{"explained_variance", 0.5}}, 0.9);
  Json other = spec;
  const DatasetSource others{.name = "other", .synthetic = DatasetSource::Synthetic{.images = 3}};
  other_labels(others);
  other["dataset"] = others.to_json();
  const Figure figure = embedding_map(data(), other);
  EXPECT_EQ(figure.omissions, std::vector<std::string>());
  const auto& facts = *std::get<XyPlot>(figure.body).facts;
  EXPECT_EQ(facts.classes.size(), 3u);
  EXPECT_TRUE(facts.clusters.empty() && facts.predicted.empty());
}

TEST_F(FiguresOfTasks, AnImageFarFromAllOthersDoesNotShrinkThemToADot) {
  std::vector<float> points;
  for (int i = 0; i < 200; ++i) points.insert(points.end(), {static_cast<float>(i % 14), static_cast<float>(i / 14)});
  points[2 * 77] = -900;
  embedding(0, {{"method", "pca"}}, 2, {{"explained_variance", 0.5}}, 0.9, points);
  const Figure figure = embedding_map(data(), spec);
  const Panel& panel = std::get<XyPlot>(figure.body).panels.at(0);
  EXPECT_EQ(panel.caption, (std::vector<std::string>{"explained variance 0.500", "trustworthiness 0.900",
                                                     "1 outlier not drawn"}));
  std::size_t drawn = 0;
  for (const PointSeries& series : panel.series) drawn += series.points.size();
  EXPECT_EQ(drawn, 199u);
}

TEST_F(FiguresOfTasks, PanelsThatDifferInAParameterSaySo) {
  images();
  for (int i = 0; i < 2; ++i) {
    embedding(i, {{"method", "tsne"}, {"perplexity", 10 + 20 * i}}, 500, Json::object(), 0.5);
  }
  const Figure figure = embedding_map(data(), spec);
  EXPECT_EQ(std::get<XyPlot>(figure.body).panels[0].title, "t-SNE of the latents, 2-D, 500 iterations, perplexity 10");
  EXPECT_EQ(std::get<XyPlot>(figure.body).panels[1].title, "t-SNE of the latents, 2-D, 500 iterations, perplexity 30");
}

TEST_F(FiguresOfTasks, PanelsThatDifferInAnEarlierStepHaveDifferentTitles) {
  images();
  for (int i = 0; i < 2; ++i) {
    embedding(i, {{"method", "tsne"}, {"perplexity", 30.0}, {"learning_rate", 0.0}}, 500 + i, Json::object(), 0.5);
    const Json before = {{"method", "tsne"}, {"dim", 8}, {"perplexity", 10.0 + 5 * i}};
    store.publish(store.new_staging_folder(), "reduce", id("before" + before.dump(), 1000), {{"provenance", {{"params", before}}}});
    add(i, "step0", 1, "reduce", id("before" + before.dump(), 1000));
  }
  auto titles = [&] {
    std::vector<std::string> all;
    const Figure figure = embedding_map(data(), spec);
    for (const Panel& panel : std::get<XyPlot>(figure.body).panels) all.push_back(panel.title);
    return all;
  };
  EXPECT_EQ(titles(), (std::vector<std::string>{"t-SNE 8-D, then t-SNE of the latents, 2-D, 500 iterations",
                                                "t-SNE 8-D, then t-SNE of the latents, 2-D, 501 iterations"}));
  for (FigureTaskRow& row : rows) {
    if (row.role == "embedding") row.artifact = rows.front().artifact;
  }
  EXPECT_EQ(titles(), (std::vector<std::string>{"t-SNE 8-D, then t-SNE of the latents, 2-D, 500 iterations, perplexity 10 of the t-SNE before",
                                                "t-SNE 8-D, then t-SNE of the latents, 2-D, 500 iterations, perplexity 15 of the t-SNE before"}));
}

TEST_F(FiguresOfTasks, WhatWasNeverPlannedSaysWhy) {
  const Figure figure = embedding_map(data(), spec);
  EXPECT_EQ(figure.body.index(), 0u);
  EXPECT_EQ(figure.omissions, (std::vector<std::string>{
                             "Nothing was run for it, as no complete job could be shown. `latentgrid run` says why."}));
}

TEST_F(FiguresOfTasks, AMapOfTheJobsOwnEmbeddingAloneSaysWhyThereIsNone) {
  const Json own = {{"kind", "map"}, {"name", "figure"}, {"title", "Title"}, {"reductions", {"own"}}};
  const Figure figure = embedding_map(data(), own);
  EXPECT_EQ(figure.omissions,
            (std::vector<std::string>{"The embedding of job " + jobs[0].id +
                                      " has 32 dimensions, and a map shows 2. Write `reductions: [own, pca, tsne]` to see other "
                                      "embeddings of the same latents."}));
}

TEST_F(FiguresOfTasks, APerplexityThatFewImagesLimitIsNamed) {
  embedding(0, {{"method", "tsne"}, {"perplexity", 2.0}}, 1000, Json::object(), 0.5, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13});
  const Figure figure = embedding_map(data(), spec);
  EXPECT_EQ(std::get<XyPlot>(figure.body).panels.at(0).caption,
            (std::vector<std::string>{"perplexity 2, the largest for 7 images", "trustworthiness 0.500"}));
}

TEST_F(FiguresOfTasks, AMapOfThreeImagesSaysWhyItHasNoTsne) {
  embedding(0, {{"method", "pca"}}, 2, Json::object(), 0.5);
  const Figure figure = embedding_map(data(), spec);
  EXPECT_EQ(std::count(figure.caption.begin(), figure.caption.end(), "There is no t-SNE: t-SNE needs at least 4 images, and there are 3."), 1);
}

}  // namespace
}  // namespace latentgrid
