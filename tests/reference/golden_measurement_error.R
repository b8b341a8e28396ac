# Reference values for a slope on a score measured with error: maximum likelihood of the two-level structural model in
# which the error variance of the workers' score is fixed (R lavaan), with and without a covariate of the workers. Data:
# seeded simulated outcomes of service users of 80 workers, one to nine a worker (included). Run in this folder.
suppressMessages({library(lavaan); library(lme4); library(jsonlite)})
set.seed(1987); J <- 80; size <- sample(1:9, J, TRUE); g <- rep(1:J, size)
z <- rnorm(J); x <- .5*z + rnorm(J, 0, sqrt(.75)); w <- x + rnorm(J, 0, .65); y <- .4*x[g] + .3*z[g] + rnorm(J, 0, .4)[g] + rnorm(length(g))
d <- data.frame(worker = g, w = round(w[g], 4), z = round(z[g], 4), y = round(y, 4)); e <- .65^2
ctl <- list(rel.tol = 1e-10, x.tol = 1e-9)
plain <- sem(sprintf("level: 1\n y ~~ y\nlevel: 2\n x =~ 1*w\n w ~~ %.10f*w\n y ~ x", e), d, cluster = "worker", control = ctl, baseline = FALSE)
full <- sem(sprintf("level: 1\n y ~~ y\nlevel: 2\n x =~ 1*w\n w ~~ %.10f*w\n x ~ z\n y ~ x + z", e), d, cluster = "worker", control = ctl, baseline = FALSE)
get <- function(f) { p <- parameterEstimates(f); r <- p[p$lhs == "y" & p$op == "~" & p$rhs == "x", ]
  v <- p[p$lhs == "x" & p$op == "~~" & p$rhs == "x", "est"]
  list(slope = r$est, std_error = r$se, true_variance = v, converged = lavInspect(f, "converged")) }
naive <- function(f) unname(fixef(lmer(f, d, REML = FALSE, control = lmerControl(optCtrl = list(ftol_rel = 1e-14, xtol_rel = 1e-12))))["w"])
write_json(list(versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")), lme4 = as.character(packageVersion("lme4"))),
  data = as.list(d), error_variance = e, plain = c(get(plain), naive = naive(y ~ w + (1 | worker))),
  with_covariate = c(get(full), naive = naive(y ~ w + z + (1 | worker)))), "measurement_error_reference.json", auto_unbox = TRUE, digits = 14)
