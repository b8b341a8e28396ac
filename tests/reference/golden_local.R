# A small, weak bifactor model with two ways down: one to a possible solution, one along which a residual variance falls
# without end. R lavaan takes the first. Data: small_bifactor.csv, 100 simulated rows of eight items. Run in this folder.
suppressMessages({library(lavaan);library(jsonlite)})
d <- read.csv("small_bifactor.csv"); v <- names(d)
m <- paste0("g =~ ", paste(v, collapse=" + "), "\ns1 =~ v1 + v2 + v3 + v4\ns2 =~ v5 + v6 + v7 + v8")
f <- cfa(m, d, std.lv=TRUE, orthogonal=TRUE)
write_json(list(versions=list(lavaan=as.character(packageVersion("lavaan"))), converged=lavInspect(f,"converged"),
  admissible=lavInspect(f,"post.check"), fit=as.list(fitMeasures(f, c("chisq","df","cfi","rmsea","srmr")))),
  "local_reference.json", auto_unbox=TRUE, digits=14, pretty=TRUE)
