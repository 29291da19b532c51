#include "base/synonyms.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace latentgrid {

namespace {

struct Synonyms {
  std::string_view ours;
  std::string_view others;  // in lower case without separators, between spaces
};

// Of scikit-learn, PyTorch, Keras, fastai, umap-learn and common speech. A word may stand in several rows.
constexpr std::array synonyms = {
    // training
    Synonyms{"learning_rate", " lr eta learnrate learning baselr "},
    Synonyms{"batch_size", " bs batch minibatch minibatchsize nbatch batchsz "},
    Synonyms{"epochs", " epoch nepochs numepochs maxepochs nbepoch nbepochs trainepochs niter maxiter iterations "},
    Synonyms{"weight_decay", " wd l2 l2penalty l2reg decay "},
    Synonyms{"optimizer", " optim opt optimiser solver "},
    Synonyms{"lr_schedule", " scheduler lrscheduler schedule learningrateschedule "},
    Synonyms{"loss", " criterion objective lossfn lossfunction "},
    Synonyms{"epsilon", " eps "},
    Synonyms{"beta1", " b1 betas "},
    Synonyms{"threads", " nthreads numthreads njobs "},
    // axes
    Synonyms{"architecture", " model net network arch autoencoder encoder "},
    Synonyms{"latent_dim", " z zdim nlatent latentsize latents codesize bottleneck encodingdim hiddendim latentspace "},
    Synonyms{"reduction", " reducer reduce dimensionalityreduction dimred projection decomposition embedding "},
    Synonyms{"clustering", " cluster clusterer clusteralgorithm "},
    Synonyms{"seeds", " seed randomstate randomseed rng replicates "},
    Synonyms{"seed", " randomstate randomseed rng "},
    Synonyms{"reduced_dim", " ncomponents components numcomponents dim dims ndim "},
    // methods
    Synonyms{"pca", " principalcomponents principalcomponentanalysis "},
    Synonyms{"kernel_pca", " kpca kernelpca "},
    Synonyms{"tsne", " stochasticneighborembedding "},
    Synonyms{"none", " no identity null nothing "},
    Synonyms{"kmeans", " kmeansplusplus kmeans++ lloyd "},
    Synonyms{"raw", " pixels rawpixels "},
    // their parameters
    Synonyms{"dim", " ncomponents components numcomponents ndim ndims dims dimension dimensions outputdim reduceddim "},
    Synonyms{"k", " nclusters numclusters clusters nclasses "},
    Synonyms{"iterations", " niter maxiter iter nit maxiterations niterations numiterations steps "},
    Synonyms{"max_iterations", " maxiter niter iterations iter "},
    Synonyms{"tolerance", " tol "},
    Synonyms{"min_gradient_norm", " mingradnorm "},
    Synonyms{"iterations_without_progress", " niterwithoutprogress "},
    Synonyms{"early_exaggeration_iterations", " earlyexaggerationiter exaggerationiter "},
    Synonyms{"early_exaggeration", " exaggeration "},
    // layers
    Synonyms{"conv2d", " conv convolution convolution2d "},
    Synonyms{"conv_transpose2d", " convtranspose convtransposed deconv deconv2d transposedconv conv2dtranspose "},
    Synonyms{"max_pool2d", " maxpool maxpooling maxpooling2d "},
    Synonyms{"avg_pool2d", " avgpool averagepool averagepooling averagepooling2d meanpool "},
    Synonyms{"batch_norm2d", " bn batchnorm batchnormalization "},
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
    // data sets and columns
    Synonyms{"images", " x data file files path inputs trainx xtrain "},
    Synonyms{"labels", " y targets target trainy ytrain classlabels "},
    Synonyms{"recon_mse", " mse loss reconloss reconstructionloss reconstructionerror "},
    Synonyms{"accuracy", " acc score "},
    Synonyms{"silhouette", " silhouettescore "},
    Synonyms{"nmi", " normalizedmutualinfo normalizedmutualinfoscore v_measure "},
    Synonyms{"ari", " adjustedrandscore adjustedrandindex adjustedrand "},
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> methods_of_others = {
    {{"kpca", "kernel PCA"},
     {"kernelpca", "kernel PCA"},
     {"umap", "UMAP"},
     {"isomap", "Isomap"},
     {"lle", "locally linear embedding"},
     {"locallylinearembedding", "locally linear embedding"},
     {"mds", "multidimensional scaling"},
     {"lda", "LDA"},
     {"ica", "ICA"},
     {"fastica", "ICA"},
     {"nmf", "NMF"},
     {"phate", "PHATE"},
     {"trimap", "TriMap"},
     {"pacmap", "PaCMAP"},
     {"dbscan", "DBSCAN"},
     {"hdbscan", "HDBSCAN"},
     {"gmm", "Gaussian mixtures"},
     {"gaussianmixture", "Gaussian mixtures"},
     {"agglomerative", "agglomerative clustering"},
     {"spectral", "spectral clustering"},
     {"ward", "Ward's clustering"},
     {"kmedoids", "k-medoids"}}};

std::string plain(std::string_view word) {
  std::string letters;
  for (char c : word) {
    if (c != '_' && c != '-' && c != ' ') letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return letters;
}

}  // namespace

std::string same_thing(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string wanted = plain(word);
  if (wanted.empty()) return "";
  for (const std::string& candidate : candidates) {
    if (plain(candidate) == wanted) return candidate;
  }
  const std::string between_spaces = " " + wanted + " ";
  for (const Synonyms& row : synonyms) {
    if (row.others.find(between_spaces) == std::string_view::npos) continue;
    const auto known = std::find(candidates.begin(), candidates.end(), row.ours);
    if (known != candidates.end()) return *known;
  }
  return "";
}

std::string method_of_others(std::string_view word) {
  const auto found = std::find_if(methods_of_others.begin(), methods_of_others.end(),
                                  [name = plain(word)](const auto& method) { return method.first == name; });
  return found == methods_of_others.end() ? "" : std::string(found->second);
}

}  // namespace latentgrid
