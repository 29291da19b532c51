#include "base/synonyms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace latentgrid {

namespace {

struct Synonyms {
  std::string_view ours;
  std::string_view others;  // in lower case without separators, between spaces
};

// Of scikit-learn, PyTorch, Keras, fastai, umap-learn and common speech. A word may stand in several rows.
constexpr std::array synonyms_in_jobs = {
    // training
    Synonyms{"learning_rate", " lr eta learnrate learning baselr "},
    Synonyms{"batch_size", " bs batch minibatch minibatchsize nbatch batchsz "},
    Synonyms{"epochs", " epoch nepochs numepochs maxepochs nbepoch nbepochs trainepochs niter maxiter iterations "},
    Synonyms{"weight_decay", " wd l2 l2penalty l2reg decay "},
    Synonyms{"optimizer", " optim opt optimiser solver "},
    Synonyms{"warmup_epochs", " warmup warmupepoch nwarmup warmupsteps "},
    Synonyms{"early_stop", " earlystopping earlystopper earlystoppingpatience "},
    Synonyms{"validation", " val valsplit validationsplit validationfraction valfraction holdout "},
    Synonyms{"max_minutes", " timeout timelimit maxtime maxseconds maxhours budget timebudget "},
    Synonyms{"lr_schedule", " scheduler lrscheduler schedule learningrateschedule "},
    Synonyms{"loss", " criterion objective lossfn lossfunction "},
    Synonyms{"epsilon", " eps "},
    Synonyms{"beta1", " b1 betas "},
    Synonyms{"threads", " nthreads numthreads njobs "},
    // axes
    Synonyms{"architecture", " model net network arch autoencoder encoder "},
    Synonyms{"training", " objective pretext pretraining trainer trainingmethod "},
    Synonyms{"augment", " augmentation augmentations augmenting dataaugmentation transform transforms "},
    Synonyms{"refine", " refinement refinements refining finetune finetuning "},
    Synonyms{"latent_dim", " z zdim nlatent latentsize latents codesize bottleneck encodingdim hiddendim latentspace "},
    Synonyms{"reduction", " reducer reduce dimensionalityreduction dimred projection decomposition embedding "},
    Synonyms{"clustering", " cluster clusterer clusteralgorithm "},
    Synonyms{"seeds", " seed randomstate randomseed rng replicates "},
    Synonyms{"seed", " randomstate randomseed rng "},
    Synonyms{"reduced_dim", " ncomponents components numcomponents dim dims ndim "},
    // methods
    Synonyms{"kernel_pca", " kpca kernelpca "},
    Synonyms{"none", " no identity null nothing "},
    Synonyms{"raw", " pixels rawpixels "},
    // their parameters
    Synonyms{"dim", " ncomponents components numcomponents ndim ndims dims dimension dimensions outputdim reduceddim "},
    Synonyms{"k", " nclusters numclusters clusters nclasses ncomponents numcomponents components "},
    Synonyms{"iterations", " niter maxiter iter nit maxiterations niterations numiterations steps "},
    Synonyms{"max_iterations", " maxiter niter iterations iter "},
    Synonyms{"tolerance", " tol "},
    Synonyms{"min_gradient_norm", " mingradnorm "},
    Synonyms{"iterations_without_progress", " niterwithoutprogress "},
    Synonyms{"early_exaggeration_iterations", " earlyexaggerationiter exaggerationiter "},
    Synonyms{"early_exaggeration", " exaggeration "},
    // columns
    Synonyms{"recon_mse", " mse loss trainloss valloss testloss reconloss reconstructionloss reconstructionerror "},
    Synonyms{"accuracy", " acc score valacc testacc valaccuracy testaccuracy clusteringaccuracy top1 "},
    Synonyms{"accuracy_public", " public publicscore publicaccuracy "},
    Synonyms{"accuracy_private", " private privatescore privateaccuracy "},
    Synonyms{"silhouette", " silhouettescore silhouettecoefficient "},
    Synonyms{"nmi", " nmiscore normalizedmutualinfo normalizedmutualinfoscore vmeasure vmeasurescore "},
    Synonyms{"ari", " ariscore adjustedrandscore adjustedrandindex adjustedrand "},
    Synonyms{"wall_s", " time runtime duration seconds elapsed walltime wallclock "},
    Synonyms{"job", " id jobid run runid trial "},
    Synonyms{"state", " status "},
    Synonyms{"reason", " error errormessage message failure "},
};

constexpr std::array synonyms_in_files = {
    // layers
    Synonyms{"conv2d", " conv convolution convolution2d "},
    Synonyms{"conv_transpose2d", " convtranspose convtransposed deconv deconv2d transposedconv conv2dtranspose "},
    Synonyms{"max_pool2d", " maxpool maxpooling maxpooling2d "},
    Synonyms{"avg_pool2d", " avgpool averagepool averagepooling averagepooling2d meanpool "},
    Synonyms{"adaptive_avg_pool2d", " adaptiveavgpool adaptiveaveragepooling2d globalavgpool globalaveragepooling globalaveragepooling2d gap "},
    Synonyms{"pixel_shuffle", " depthtospace subpixel "},
    Synonyms{"batch_norm2d", " bn batchnorm batchnormalization "},
    Synonyms{"layer_norm", " ln layernormalization "},
    Synonyms{"group_norm", " gn groupnormalization "},
    Synonyms{"silu", " swish "},
    Synonyms{"dropout2d", " spatialdropout spatialdropout2d "},
    Synonyms{"residual", " resblock resnetblock basicblock residualblock skip "},
    Synonyms{"upsample", " upsampling upsampling2d interpolate "},
    Synonyms{"leaky_relu", " lrelu "},
    Synonyms{"linear", " dense fc fullyconnected affine "},
    Synonyms{"unflatten", " reshape view "},
    // their arguments
    Synonyms{"kernel_size", " kernel ksize filtersize kernelshape "},
    Synonyms{"out_channels", " filters outplanes nfilters outputchannels outch "},
    Synonyms{"in_channels", " inplanes inputchannels inch "},
    Synonyms{"out_features", " units outputs outdim outputsize outputfeatures "},
    Synonyms{"in_features", " inputs indim inputsize inputfeatures "},
    Synonyms{"stride", " strides "},
    Synonyms{"padding", " pad "},
    Synonyms{"negative_slope", " alpha slope "},
    Synonyms{"p", " rate prob probability dropout dropoutrate "},
    Synonyms{"bias", " usebias "},
    Synonyms{"eps", " epsilon "},
    Synonyms{"scale_factor", " scale factor "},
    Synonyms{"num_features", " nfeatures features channels "},
    Synonyms{"num_groups", " ngroups groups "},
    Synonyms{"projection", " shortcut downsample "},
    Synonyms{"upscale_factor", " factor scale "},
    // losses
    Synonyms{"mse", " l2 l2loss mseloss meansquarederror "},
    Synonyms{"l1", " mae l1loss maeloss meanabsoluteerror "},
    Synonyms{"smooth_l1", " smoothl1loss "},
    // data sets
    Synonyms{"images", " x data file files path inputs trainx xtrain "},
    Synonyms{"labels", " y targets target trainy ytrain classlabels "},
};

// What people know from elsewhere, in lower case without separators.
constexpr std::pair<std::string_view, std::string_view> names_elsewhere[] = {
    {"sparsepca", "sparse PCA"},
    {"incrementalpca", "incremental PCA"},
    {"truncatedsvd", "truncated SVD"},
    {"svd", "truncated SVD"},
    {"isomap", "Isomap"},
    {"lle", "locally linear embedding"},
    {"locallylinearembedding", "locally linear embedding"},
    {"mds", "multidimensional scaling"},
    {"lda", "LDA"},
    {"nmf", "NMF"},
    {"phate", "PHATE"},
    {"trimap", "TriMap"},
    {"pacmap", "PaCMAP"},
    {"dbscan", "DBSCAN"},
    {"optics", "OPTICS"},
    {"meanshift", "mean shift"},
    {"birch", "BIRCH"},
    {"kmedoids", "k-medoids"},
    {"minibatchkmeans", "mini-batch k-means"},
    {"adamw", "AdamW"},
    {"adamax", "Adamax"},
    {"adagrad", "Adagrad"},
    {"adadelta", "Adadelta"},
    {"nadam", "NAdam"},
    {"radam", "RAdam"},
    {"rmsprop", "RMSprop"},
    {"lbfgs", "L-BFGS"},
    {"lion", "Lion"},
    {"bceloss", "binary cross-entropy"},
    {"binarycrossentropy", "binary cross-entropy"},
    {"crossentropy", "cross-entropy"},
    {"huber", "Huber loss"},
    {"ssim", "SSIM"},
    {"reducelronplateau", "ReduceLROnPlateau"},
    {"plateau", "ReduceLROnPlateau"},
    {"exponential", "exponential schedule"},
    {"exponentiallr", "exponential schedule"},
    {"batchnorm3d", "BatchNorm3d"},
    {"conv1d", "Conv1d"},
    {"conv3d", "Conv3d"},
    {"convtranspose1d", "ConvTranspose1d"},
    {"convtranspose3d", "ConvTranspose3d"},
    {"adaptivemaxpool2d", "AdaptiveMaxPool2d"},
    {"instancenorm2d", "InstanceNorm2d"},
    {"zeropad2d", "ZeroPad2d"},
    {"prelu", "PReLU"},
    {"relu6", "ReLU6"},
    {"mish", "Mish"},
    {"softmax", "Softmax"},
    {"hardtanh", "Hardtanh"},
    {"f1", "F1 score"},
    {"f1score", "F1 score"},
    {"homogeneity", "homogeneity score"},
    {"completeness", "completeness score"},
    {"calinskiharabasz", "Calinski-Harabasz score"},
    {"daviesbouldin", "Davies-Bouldin score"}};

std::string plain(std::string_view word) {
  std::string letters = lower_case(word);
  std::erase_if(letters, [](char c) { return c == '_' || c == '-' || c == ' '; });
  return letters;
}

bool stands_for(const Synonyms& row, const std::string& word) {
  return row.others.find(fmt::format(" {} ", word)) != std::string_view::npos;
}

// "learning_rate", or where only one candidate ends like that "METHOD.learning_rate".
std::string candidate_of(std::string_view ours, const std::vector<std::string>& candidates) {
  if (std::find(candidates.begin(), candidates.end(), ours) != candidates.end()) return std::string(ours);
  const std::string end = fmt::format(".{}", ours);
  auto ends = [&](const std::string& candidate) { return candidate.ends_with(end); };
  return std::count_if(candidates.begin(), candidates.end(), ends) == 1
             ? *std::find_if(candidates.begin(), candidates.end(), ends)
             : "";
}

}  // namespace

std::string same_thing(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string wanted = plain(word);
  if (wanted.empty()) return "";
  for (const std::string& candidate : candidates) {
    if (plain(candidate) == wanted) return candidate;
  }
  std::string found;
  auto look = [&](const Synonyms& row) {
    if (found.empty() && stands_for(row, wanted)) found = candidate_of(row.ours, candidates);
  };
  for (const Synonyms& row : synonyms_in_jobs) look(row);
  for (const Synonyms& row : synonyms_in_files) look(row);
  return found;
}

std::string name_in_jobs(std::string_view word) {
  const std::string wanted = plain(word);
  const auto row = std::find_if(synonyms_in_jobs.begin(), synonyms_in_jobs.end(),
                                [&](const Synonyms& synonyms) { return stands_for(synonyms, wanted); });
  return wanted.empty() || row == synonyms_in_jobs.end() ? "" : std::string(row->ours);
}

std::string known_elsewhere(std::string_view word) {
  const std::string wanted = plain(word.substr(0, word.find('.')));
  for (const auto& [name, shown] : names_elsewhere) {
    if (name == wanted) return std::string(shown);
  }
  return "";
}

}  // namespace latentgrid
