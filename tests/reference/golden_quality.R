# Reference values for the quality of answers, from base R and psych, on bfi.csv (2800 x 25).
# Run lengths by rle, spread by sd, distances by psych::outlier (complete rows) and by mahalanobis()
# on the EM moments of lavaan (incomplete rows), even-odd as the package careless documents it (its
# sign turned round, so that a high value is consistent), person-total by cor.
suppressMessages({library(psych); library(lavaan); library(jsonlite)})
d <- read.csv("bfi.csv"); raw <- as.matrix(d[, 2:26])
reversed <- c("A1", "C4", "C5", "E1", "E2", "O2", "O5")
keyed <- raw; keyed[, reversed] <- 7 - keyed[, reversed]
longest <- function(x) { r <- rle(x); l <- r$lengths[!is.na(r$values)]; if (length(l)) max(l) else 0 }
scales <- split(1:25, rep(1:5, each = 5))
halves <- function(x) t(sapply(scales, function(s) c(mean(x[s[c(1, 3, 5)]], na.rm = TRUE), mean(x[s[c(2, 4)]], na.rm = TRUE))))
even_odd <- function(x) {
  f <- halves(x)
  if (sum(complete.cases(f)) < 3) return(NA)
  r <- suppressWarnings(cor(f[, 1], f[, 2], use = "complete.obs"))
  s <- 2 * r / (1 + r)
  if (!is.na(s) && s < -1) -1 else s
}
centre <- colMeans(raw, na.rm = TRUE)
person_total <- apply(raw, 1, function(x) suppressWarnings(cor(x, centre, use = "complete.obs")))
whole <- complete.cases(raw)
d2 <- psych::outlier(raw[whole, ], plot = FALSE)
em <- lavInspect(lavCor(as.data.frame(raw), missing = "fiml", output = "fit", em.h1.iter.max = 20000, em.h1.tol = 1e-12), "sampstat")
n <- nrow(raw); sigma <- unclass(em$cov) * n / (n - 1); mu <- as.numeric(em$mean)
d2_em <- apply(raw, 1, function(x) { o <- !is.na(x); mahalanobis(x[o], mu[o], sigma[o, o, drop = FALSE]) })
shape <- describe(keyed)
out <- list(
  versions = list(R = R.version.string, psych = as.character(packageVersion("psych")), lavaan = as.character(packageVersion("lavaan"))),
  longstring = apply(raw, 1, longest),
  irv = apply(raw, 1, sd, na.rm = TRUE),
  even_odd = apply(keyed, 1, even_odd),
  person_total = person_total,
  whole = as.integer(whole), d2 = unname(d2), d2_p = unname(pchisq(d2, 25, lower.tail = FALSE)), d2_em = d2_em,
  items = list(mean = shape$mean, sd = shape$sd, skewness = shape$skew, n = shape$n),
  duplicates = as.integer(sum(duplicated(raw[whole, ]) | duplicated(raw[whole, ], fromLast = TRUE))))
write_json(out, "quality_reference.json", auto_unbox = TRUE, digits = 14, na = "null")
