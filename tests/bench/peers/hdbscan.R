# dbscan::hdbscan of points in a text file; times the call. Rscript hdbscan.R POINTS.csv MIN_POINTS LABELS TREE
library(dbscan)
words <- commandArgs(trailingOnly = TRUE)
points <- as.matrix(read.csv(words[1], header = FALSE))
started <- proc.time()[["elapsed"]]
found <- hdbscan(points, minPts = as.integer(words[2]))
seconds <- proc.time()[["elapsed"]] - started
write.table(found$cluster, words[3], row.names = FALSE, col.names = FALSE)
write.table(format(cbind(found$hc$merge, found$hc$height), digits = 17), words[4], quote = FALSE, row.names = FALSE, col.names = FALSE)
cat(sprintf('{"seconds": %.6f, "quality": {"clusters": %d}}\n', seconds, max(found$cluster)))
