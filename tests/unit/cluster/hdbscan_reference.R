# Answers for hdbscan_test.cpp: Rscript hdbscan_reference.R, with Debian's r-cran-dbscan 1.1-11. Its minPts is both min_cluster_size and min_samples.
suppressMessages(library(dbscan))

# See reference_points.py.
formula_points <- function(rows, width, groups) {
  state <- 1
  draw <- function() {
    state <<- (state * 16807) %% 2147483647
    (state %/% 32768) / 65536
  }
  out <- matrix(0, rows, width)
  for (i in 0:(rows - 1)) for (j in 0:(width - 1)) {
    group <- i %% (groups + 1)
    out[i + 1, j + 1] <- if (group == groups) draw() * 64 else (group * 29 + j * 13 + group * group * 7) %% 48 + 8 + (draw() + draw() + draw() + draw() - 2) * 3
  }
  out
}

letters_of <- function(clusters) {
  seen <- unique(clusters[clusters > 0])
  paste(ifelse(clusters == 0, ".", LETTERS[match(clusters, seen)]), collapse = "")
}

sets <- list(c(600, 4, 5), c(600, 2, 6), c(900, 10, 7))
answers <- c()
for (set in sets) for (size in c(4, 10, 25)) {
  found <- hdbscan(formula_points(set[1], set[2], set[3]), minPts = size)
  answers <- c(answers, sprintf('{"rows":%d,"width":%d,"groups":%d,"size":%d,"clusters":"%s"}', set[1], set[2], set[3], size, letters_of(found$cluster)))
}
writeLines(paste0("[", paste(answers, collapse = ",\n"), "]"), "hdbscan_r_reference.json")
