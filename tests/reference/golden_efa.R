# Exploratory factor analysis by R: stats::factanal, psych (fa, KMO, cortest.bartlett, VSS) and GPArotation.
# Data: bfi.csv beside this file; attitude, mtcars and Harman74.cor of R itself (written out below).
suppressMessages({library(psych); library(GPArotation); library(jsonlite)})
out <- list(versions = list(R = R.version.string, psych = as.character(packageVersion("psych")),
  GPArotation = as.character(packageVersion("GPArotation"))))

options(mc.cores = 1)  # fa.parallel then draws from the one seeded stream
tight <- list(factr = 1, pgtol = 0, maxit = 20000)

# The best of many starts: GPArotation as installed has no random starts of its own.
best_oblimin <- function(A, starts = 200) {
  k <- ncol(A); set.seed(1); best <- NULL
  for (i in seq_len(starts)) {
    start <- if (i == 1) diag(k) else qr.Q(qr(matrix(rnorm(k * k), k)))
    r <- suppressWarnings(GPFoblq(A, Tmat = start, method = "quartimin", eps = 1e-7, maxit = 5000))
    value <- min(r$Table[, 2])
    if (is.null(best) || value < best$value - 1e-12) best <- list(value = value, L = r$loadings, Phi = r$Phi)
  }
  best
}
plain <- function(x) unname(as.matrix(unclass(x)))

# Least squares of the off-diagonal correlations, searched to the end of what doubles can tell.
minres <- function(R, k) {
  axes <- function(psi) { e <- eigen(R - diag(psi), symmetric = TRUE)
    e$vectors[, 1:k, drop = FALSE] %*% diag(sqrt(pmax(e$values[1:k], 0)), k) }
  value <- function(psi) { e <- eigen(R - diag(psi), symmetric = TRUE, only.values = TRUE)$values
    0.5 * sum(e[-(1:k)]^2) }
  slope <- function(psi) { L <- axes(psi); -diag(R - L %*% t(L) - diag(psi)) }
  r <- optim(1 - smc(R), value, slope, method = "L-BFGS-B", lower = 0.005, upper = 1, control = tight)
  list(uniqueness = r$par, value = r$value, loadings = axes(r$par))
}

one <- function(R, n, k) {
  ml <- factanal(covmat = R, n.obs = n, factors = k, rotation = "none", control = list(opt = tight, nstart = 10, lower = 0.005))
  A <- plain(ml$loadings)
  r <- list(n = n, n_factors = k,
    factanal = list(uniqueness = unname(ml$uniquenesses), objective = unname(ml$criteria["objective"]),
      df = ml$dof, chisq = unname(ml$STATISTIC), p_value = unname(ml$PVAL)))
  mr <- minres(R, k)
  r$minres <- list(uniqueness = mr$uniqueness, value = mr$value)
  if (k > 1) {
    v <- varimax(A, eps = 1e-15); r$factanal$varimax <- plain(v$loadings)
    # Promax from the same tight varimax.
    p <- local({ x <- plain(v$loadings); Q <- x * abs(x)^3
      U <- lm.fit(x, Q)$coefficients; d <- diag(solve(t(U) %*% U)); U <- U %*% diag(sqrt(d))
      list(L = x %*% U, Phi = solve(U) %*% t(solve(U)), stats = plain(promax(A)$loadings)) })
    r$factanal$promax <- unname(p$L); r$factanal$promax_phi <- unname(p$Phi); r$factanal$promax_stats <- p$stats
    o <- best_oblimin(A); r$factanal$oblimin <- plain(o$L); r$factanal$oblimin_phi <- unname(o$Phi); r$factanal$oblimin_value <- o$value
    o <- best_oblimin(mr$loadings); r$minres$oblimin <- plain(o$L); r$minres$oblimin_phi <- unname(o$Phi)
  }
  for (fm in c("ml", "minres")) {
    f <- suppressWarnings(suppressMessages(fa(R, nfactors = k, n.obs = n, fm = fm, rotate = if (k > 1) "oblimin" else "none")))
    r[[paste0("psych_", fm)]] <- list(communality = unname(f$communality), chisq = f$STATISTIC, df = f$dof,
      p_value = f$PVAL, objective = f$objective, null_objective = f$null.model, null_df = f$null.dof, rms = f$rms,
      tli = f$TLI, rmsea = unname(f$RMSEA), bic = f$BIC, loadings = plain(f$loadings), phi = if (k > 1) unname(f$Phi),
      ss_loadings = unname(f$Vaccounted[1, ]), complexity = unname(f$complexity), structure = plain(f$Structure))
  }
  r
}

bfi <- read.csv("bfi.csv")[, 2:26]
all25 <- bfi[complete.cases(bfi), ]
ten <- bfi[, 1:10]; ten <- ten[complete.cases(ten), ]
harman <- Harman74.cor$cov
sets <- list(
  bfi_5 = list(R = cor(all25), n = nrow(all25), k = 5),
  bfi_ten_2 = list(R = cor(ten), n = nrow(ten), k = 2),
  bfi_ten_1 = list(R = cor(ten), n = nrow(ten), k = 1),
  attitude_2 = list(R = cor(attitude), n = nrow(attitude), k = 2),
  mtcars_3 = list(R = cor(mtcars), n = nrow(mtcars), k = 3),
  harman_4 = list(R = harman, n = 145, k = 4))
for (s in names(sets)) { out[[s]] <- one(sets[[s]]$R, sets[[s]]$n, sets[[s]]$k)
  out[[s]]$items <- if (s == "harman_4") paste0("t", 1:24) else colnames(sets[[s]]$R) }
out$data <- list(attitude = as.list(attitude), mtcars = as.list(mtcars), harman = unname(harman))

adequacy <- function(R, n) { k <- KMO(R); b <- cortest.bartlett(R, n = n)
  list(kmo = k$MSA, kmo_items = unname(k$MSAi), chisq = b$chisq, df = b$df, p_value = b$p.value) }
average_partial <- function(R, n) suppressWarnings(VSS(R, n = n, n.obs = 1000, plot = FALSE, fm = "pc", rotate = "none"))$map
reduced <- function(R) { diag(R) <- smc(R); eigen(R)$values }
for (s in c("bfi_5", "bfi_ten_2", "attitude_2", "harman_4")) { R <- sets[[s]]$R
  out[[s]]$adequacy <- adequacy(R, sets[[s]]$n); out[[s]]$map <- average_partial(R, min(8, ncol(R) - 1))
  out[[s]]$components <- eigen(R)$values; out[[s]]$reduced <- reduced(R) }
set.seed(2); p <- suppressMessages(fa.parallel(all25, fm = "minres", SMC = TRUE, n.iter = 200, plot = FALSE))
out$bfi_5$parallel <- list(components = p$ncomp, factors = p$nfact, simulated_components = p$pc.sim,
  simulated_factors = p$fa.sim, permuted_components = p$pc.simr, permuted_factors = p$fa.simr)
write_json(out, "efa_reference.json", auto_unbox = TRUE, digits = 14, pretty = FALSE)
