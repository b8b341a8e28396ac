# Reference values for reliability within and between workers: maximum likelihood estimates of the two covariance
# matrices of the unrestricted two-level model (R lavaan), alpha of each level from them (Geldhof, Preacher and Zyphur
# 2014), omega of each level from a one-factor model fitted to its matrix alone (lavaan, the matrix itself below), and
# from the two-level one-factor model (semTools compRelSEM). Data: seeded simulated
# answers to five items of service users of 60 workers, one to nine a worker (included). Run in this folder.
suppressMessages({library(lavaan);library(semTools);library(jsonlite)})
set.seed(51); J <- 60; size <- sample(1:9, J, TRUE); w <- rep(1:J, size); n <- length(w)
b <- rnorm(J, 0, .6); u <- matrix(rnorm(J*5, 0, .35), J); f <- rnorm(n, 0, .8)
x <- sapply(1:5, function(i) round(4 + c(1,.8,1.1,.9,1)[i]*b[w] + u[w,i] + c(1,1.1,.8,.9,1)[i]*f + rnorm(n, 0, .7), 1))
d <- data.frame(x, worker=w); names(d)[1:5] <- paste0("q", 1:5)
p <- function(v) paste(sapply(1:5, function(i) paste0(v[i], " ~~ ", paste(v[i:5], collapse=" + "))), collapse="\n")
model <- paste0("level: 1\n", p(names(d)[1:5]), "\nlevel: 2\n", p(names(d)[1:5]))
fit <- sem(model, data=d, cluster="worker")
cov <- lapply(lavInspect(fit, "implied"), function(l) unclass(l$cov))
alpha <- function(s) { k <- ncol(s); k/(k-1)*(1 - sum(diag(s))/sum(s)) }
one <- cfa("level: 1\nfw =~ q1+q2+q3+q4+q5\nlevel: 2\nfb =~ q1+q2+q3+q4+q5", data=d, cluster="worker", std.lv=TRUE)
omega <- function(s, n) { dimnames(s) <- list(names(d)[1:5], names(d)[1:5])
  f <- cfa("f =~ q1+q2+q3+q4+q5", sample.cov=s, sample.nobs=n, sample.cov.rescale=FALSE, std.lv=TRUE, control=list(rel.tol=1e-11))
  sum(lavInspect(f, "est")$lambda)^2 / sum(s) }
out <- list(versions=list(R=R.version.string, lavaan=as.character(packageVersion("lavaan")), semTools=as.character(packageVersion("semTools"))),
  data=as.list(d), log_likelihood=as.numeric(logLik(fit)), mean=as.numeric(lavInspect(fit, "implied")[[2]]$mean),
  within=unname(as.matrix(cov[[1]])), between=unname(as.matrix(cov[[2]])), alpha_within=alpha(cov[[1]]), alpha_between=alpha(cov[[2]]),
  semtools_alpha=as.list(unlist(compRelSEM(one, tau.eq=TRUE))), omega_within=omega(unname(as.matrix(cov[[1]])), n - J), omega_between=omega(unname(as.matrix(cov[[2]])), J),
  semtools_omega=as.list(unlist(compRelSEM(one))), converged=lavInspect(fit, "converged"))
write_json(out, "levels_reference.json", auto_unbox=TRUE, digits=14, na="null")
