# Reference values for the bivariate normal distribution function, polychoric correlations, their asymptotic covariance,
# ordinal alpha and omega of ordinal items, from R pbivnorm, psych, lavaan and semTools and from a tight optimum of the
# two-step likelihood of our own (root of the score, uniroot to 1e-15, on pbivnorm). Data: bfi.csv (R package psych) and
# seeded simulated answers: six, seven, four, three and two categories, skewed, with sixty rows, with mixed numbers of
# categories, with an empty cell in a 2 x 2 table, with missing answers. Run in this folder.
suppressMessages({library(psych);library(lavaan);library(semTools);library(pbivnorm);library(jsonlite)})
cut_at <- function(x, shares) as.integer(cut(x, c(-Inf, qnorm(cumsum(shares)[-length(shares)]), Inf)))
congeneric <- function(seed, n, loadings, shares) {
  set.seed(seed); f <- rnorm(n)
  out <- sapply(seq_along(loadings), function(i) cut_at(loadings[i]*f + sqrt(1-loadings[i]^2)*rnorm(n), shares[[(i-1) %% length(shares) + 1]]))
  colnames(out) <- paste0("i", seq_along(loadings)); as.data.frame(out)
}
sets <- list(
  skewed_seven = congeneric(1, 400, c(.8,.7,.6,.5), list(c(.01,.02,.03,.06,.13,.25,.5))),
  two = congeneric(2, 300, c(.8,.7,.7,.5,.6), list(c(.8,.2), c(.3,.7))),
  three_sparse = congeneric(9, 60, c(.9,.8,.7,.4), list(c(.7,.2,.1), c(.1,.3,.6))),
  in_order = congeneric(3, 60, c(.9,.8,.7,.4), list(c(.7,.2,.1), c(.1,.3,.6))),
  six_sparse = congeneric(4, 60, c(.8,.7,.6,.5), list(rep(1/6,6))),
  mixed = congeneric(5, 250, c(.9,.7,-.6,.5,.3,.8), list(c(.5,.5), c(.2,.3,.5), c(.1,.2,.3,.4), c(.6,.1,.1,.1,.1), rep(1/6,6), c(.05,.05,.1,.2,.2,.2,.2))),
  strong = congeneric(6, 500, c(.99,.985,.98,.97), list(rep(.2,5))),
  empty_cell = as.data.frame(list(i1=c(rep(1,20),rep(2,30)), i2=c(rep(1,25),rep(2,25)), i3=rep(c(1,2,2,1,2),10)))
)
gaps <- congeneric(7, 200, c(.8,.7,.6,.5), list(c(.1,.2,.4,.3))); set.seed(8)
for (j in 1:4) gaps[sample(200, 20), j] <- NA
sets$gaps <- gaps

thresholds_of <- function(x) { p <- cumsum(table(x))/sum(!is.na(x)); qnorm(p[-length(p)]) }
tight <- function(x, y) {  # two-step maximum likelihood with thresholds from all answers to each item
  a <- c(-Inf, thresholds_of(x), Inf); b <- c(-Inf, thresholds_of(y), Inf); freq <- table(factor(x), factor(y))
  if (all(dim(freq) == 2) && sum(freq == 0) == 1) { e <- if (freq[1,1] == 0 || freq[2,2] == 0) 1 else -1; freq <- freq + .5*e*matrix(c(1,-1,-1,1),2) }
  score <- function(r) {
    grid <- function(f) outer(a, b, f)
    cdf <- grid(function(u, v) ifelse(u == -Inf | v == -Inf, 0, ifelse(u == Inf, pnorm(v), ifelse(v == Inf, pnorm(u), pbivnorm(pmin(pmax(u,-38),38), pmin(pmax(v,-38),38), rep(r, length(u)))))))
    pdf <- grid(function(u, v) ifelse(is.infinite(u) | is.infinite(v), 0, exp(-(u^2 - 2*r*u*v + v^2)/(2*(1-r^2)))/(2*pi*sqrt(1-r^2))))
    cells <- function(m) m[-1,-1] - m[-nrow(m),-1] - m[-1,-ncol(m)] + m[-nrow(m),-ncol(m)]
    sum(ifelse(freq > 0, freq*cells(pdf)/cells(cdf), 0))
  }
  low <- high <- cor(x, y, use="complete.obs")
  while (score(low) < 0) low <- low - (low + 1)/8
  while (score(high) > 0) high <- high + (1 - high)/8
  uniroot(score, c(low, high), tol=1e-15, maxiter=1000)$root
}
lower <- function(m) unname(m[lower.tri(m)])
out <- list(versions=list(R=R.version.string, psych=as.character(packageVersion("psych")), lavaan=as.character(packageVersion("lavaan")),
  semTools=as.character(packageVersion("semTools")), pbivnorm=as.character(packageVersion("pbivnorm"))), order="lower triangle by columns")

grid <- expand.grid(x=c(-5,-2.3,-.7,0,.4,1.9,6), y=c(-4,-1.1,0,.39,2.5), rho=c(-1,-.9999,-.99,-.94,-.926,-.92,-.75,-.3,-.1,0,.05,.3,.6,.75,.924,.93,.96,.999,.999999,1))
out$bivariate_normal <- c(as.list(grid), list(probability=pbivnorm(grid$x, grid$y, grid$rho)))

one_factor <- function(x, estimate_omega=TRUE) {
  m <- paste0("f =~ ", paste(names(x), collapse=" + "))
  fit <- suppressWarnings(cfa(m, data=x, std.lv=TRUE, ordered=names(x), estimator="WLSMV", optim.method="BFGS", control=list(reltol=1e-15, maxit=5000)))
  list(loadings=unname(coef(fit)[seq_along(x)]), omega_ordinal=as.numeric(compRelSEM(fit, ord.scale=TRUE)),
    omega_latent_response=as.numeric(compRelSEM(fit, ord.scale=FALSE)), alpha_ordinal=as.numeric(compRelSEM(fit, tau.eq=TRUE, ord.scale=FALSE)),
    alpha_raw=as.numeric(compRelSEM(fit, tau.eq=TRUE, ord.scale=TRUE)),
    thresholds=unname(lavInspect(fit, "sampstat")$th), nacov=unname(as.matrix(lavInspect(fit, "gamma"))), weights=unname(1/diag(lavInspect(fit, "gamma"))))
}
for (k in names(sets)) {
  x <- sets[[k]]; cc <- x[complete.cases(x),]; pairs <- which(lower.tri(diag(ncol(x))), arr.ind=TRUE)
  r <- list(data=as.list(x), n=nrow(cc), tight=if (k != "in_order") apply(pairs, 1, function(p) tight(cc[[p[2]]], cc[[p[1]]])),
    psych=lower(suppressMessages(suppressWarnings(psych::polychoric(cc, correct=0, smooth=FALSE)$rho))), lavaan=lower(suppressWarnings(lavCor(cc, ordered=names(cc)))))
  if (k == "gaps") { r$tight_pairwise <- apply(pairs, 1, function(p) tight(x[[p[2]]], x[[p[1]]])); r$lavaan_pairwise <- lower(suppressWarnings(lavCor(x, ordered=names(x), missing="pairwise"))) }
  if (k == "in_order") r$tight <- NULL
  if (k != "in_order" && k != "empty_cell" && k != "mixed" && k != "strong") r <- c(r, one_factor(cc))
  out[[k]] <- r
}
items <- read.csv("bfi.csv")[,2:26]; cc <- items[complete.cases(items),]
pairs <- which(lower.tri(diag(25)), arr.ind=TRUE)
out$bfi_25 <- list(n=nrow(cc), tight=apply(pairs, 1, function(p) tight(cc[[p[2]]], cc[[p[1]]])), lavaan=lower(lavCor(cc, ordered=names(cc))), psych=lower(psych::polychoric(cc)$rho))
keys <- list(agree=paste0("A",1:5), conscientious=paste0("C",1:5), extraversion=paste0("E",1:5), neuroticism=paste0("N",1:5), openness=paste0("O",1:5))
reversed <- c("A1","C4","C5","E1","E2","O2","O5"); items[reversed] <- 7 - items[reversed]
out$bfi_scales <- lapply(keys, function(v) { x <- items[,v]; f <- one_factor(x[complete.cases(x),]); f$nacov <- NULL; f$nacov_diagonal <- 1/f$weights; f$weights <- NULL; f })
write_json(out, "polychoric_reference.json", auto_unbox=TRUE, digits=16, na="null")
