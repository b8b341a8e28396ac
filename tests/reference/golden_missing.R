# Saturated normal model from incomplete rows, and Little's MCAR test, from R.
#   h1: mean, covariance (divisor n) and log-likelihood of the saturated model by lavaan, its EM run to 1e-12.
#   little: d-squared by Little's (1988) formula from those estimates, summed over missing-data patterns here.
#   (mice::mcar of mice 3.15 is not Little's test but that of Jamshidian & Jalal (2010), on imputed data.)
# Data: bfi.csv (agreeableness and conscientiousness; all 25 items), R's own "airquality" (data included), and bfi.csv
# with answers made missing here (kept as bits, one string an item). Run in this folder.
suppressMessages({library(lavaan); library(jsonlite)})
bfi <- read.csv("bfi.csv")[, 2:26]
set.seed(41)
heavy <- bfi[1:400, 1:10]; heavy[matrix(runif(400 * 10) < .3, 400)] <- NA
dependent <- bfi[1:600, 1:6]; dependent[!is.na(dependent$A2) & dependent$A2 < 5 & runif(600) < .6, "A5"] <- NA; dependent[runif(600) < .1, c("A4", "C1")] <- NA
sets <- list(ten=bfi[, 1:10], all=bfi, airquality=airquality, heavy=heavy, dependent=dependent)
h1 <- function(x) {
  model <- paste(c(paste(names(x), "~~", names(x)), "") , collapse="\n")
  fit <- lavaan(paste0(model, "\n", paste(names(x), "~ 1", collapse="\n")), data=x, missing="ml", em.h1.tol=1e-12, em.h1.iter.max=20000, se="none", test="standard", do.fit=TRUE, warn=FALSE)
  s <- fit@SampleStats@missing.h1[[1]]
  list(mean=unname(s$mu), covariance=unname(s$sigma), n=sum(rowSums(!is.na(x)) > 0))
}
loglik <- function(x, mean, covariance) {
  total <- 0
  for (i in seq_len(nrow(x))) { o <- !is.na(x[i, ]); if (!any(o)) next
    y <- as.numeric(x[i, o]); S <- covariance[o, o, drop=FALSE]; d <- y - mean[o]
    total <- total - .5 * (sum(o) * log(2 * pi) + as.numeric(determinant(S)$modulus) + sum(d * solve(S, d))) }
  total
}
little <- function(x, mean, covariance) {
  x <- x[rowSums(!is.na(x)) > 0, ]; id <- apply(!is.na(x), 1, function(r) paste(as.integer(r), collapse="")); d2 <- 0; answers <- 0
  for (p in unique(id)) { rows <- x[id == p, , drop=FALSE]; o <- strsplit(p, "")[[1]] == "1"
    d <- colMeans(rows[, o, drop=FALSE]) - mean[o]; d2 <- d2 + nrow(rows) * sum(d * solve(covariance[o, o, drop=FALSE], d)); answers <- answers + sum(o) }
  df <- answers - ncol(x)
  list(statistic=d2, df=df, p_value=pchisq(d2, df, lower.tail=FALSE), n_patterns=length(unique(id)))
}
bits <- function(x) lapply(x, function(v) paste(as.integer(!is.na(v)), collapse=""))
out <- list(versions=list(R=R.version.string, lavaan=as.character(packageVersion("lavaan"))))
for (k in names(sets)) { x <- sets[[k]]; h <- h1(x)
  out[[k]] <- c(h, list(log_likelihood=loglik(x, h$mean, h$covariance), little=little(x, h$mean, h$covariance), little_unbiased=little(x, h$mean, h$covariance * h$n / (h$n - 1)))) }
out$airquality$data <- as.list(airquality)
out$heavy$answered <- bits(heavy); out$dependent$answered <- bits(dependent)
write_json(out, "missing_reference.json", auto_unbox=TRUE, digits=14, na="null")
