# Reference values for the cumulative logit with cluster-robust errors (ordinal::clm with sandwich::vcovCL), for the
# logistic GEE (geepack, exchangeable; its robust errors and its fully iterated jackknife), and for the correlations over
# clusters: seeded simulated studies with 2, 3 and 5 categories. Run in this folder.
suppressMessages({library(ordinal);library(sandwich);library(geepack);library(jsonlite)})
study <- function(seed, sizes, cuts, tau=.8) {
  set.seed(seed); g <- rep(seq_along(sizes), sizes); w <- round(rnorm(length(sizes)),3); u <- rnorm(length(sizes),0,tau)
  x <- round(rnorm(length(g), w[g]/2),3); data.frame(group=g, w=w[g], x=x, y=findInterval(.7*w[g]-.4*x+u[g]+rlogis(length(g)), cuts)+1)
}
sets <- list(two=study(31, rep(c(3,5,7,9),8), .4), three=study(32, rep(c(1,2,5,8),6), c(-.5,1)), five=study(33, rep(c(2,4,6,12),10), c(-2.5,-1.2,0,1.1)))
out <- list(versions=list(R=R.version.string, ordinal=as.character(packageVersion("ordinal")), sandwich=as.character(packageVersion("sandwich")), geepack=as.character(packageVersion("geepack"))))
for (k in names(sets)) {
  d <- sets[[k]]; out[[k]] <- list(data=as.list(d))
  d$yf <- factor(d$y, ordered=TRUE); d$top <- as.integer(d$y==max(d$y))
  if (nlevels(d$yf) > 2) {
    fit <- clm(yf ~ w + x, data=d, control=clm.control(gradTol=1e-12)); v <- vcovCL(fit, cluster=d$group, type="HC0", cadjust=TRUE)
    out[[k]]$clm <- list(estimate=unname(coef(fit)), se=unname(sqrt(diag(v))), log_likelihood=as.numeric(logLik(fit)))
  } else {
    fit <- glm(top ~ w + x, binomial, d, control=glm.control(epsilon=1e-14)); v <- vcovCL(fit, cluster=d$group, type="HC0", cadjust=TRUE)
    out[[k]]$glm <- list(estimate=unname(coef(fit)), se=unname(sqrt(diag(v))), log_likelihood=as.numeric(logLik(fit)))
  }
  gee <- geeglm(top ~ w + x, id=group, data=d, family=binomial, corstr="exchangeable", control=geese.control(epsilon=1e-12, maxit=100))
  # Mancl and DeRouen (2001), equation 5, from geepack's estimates and working correlation
  a <- unname(gee$geese$alpha); X <- model.matrix(gee); p <- fitted(gee); b <- 0; M <- 0; cl <- split(seq_along(p), d$group)
  Vi <- lapply(cl, function(i) {s <- sqrt(p[i]*(1-p[i])); solve(outer(s,s)*(diag(length(i))*(1-a)+a))}); D <- lapply(cl, function(i) X[i,,drop=FALSE]*(p[i]*(1-p[i])))
  B <- solve(Reduce(`+`, Map(function(d,v) t(d)%*%v%*%d, D, Vi)))
  for (j in seq_along(cl)) { i <- cl[[j]]; H <- D[[j]]%*%B%*%t(D[[j]])%*%Vi[[j]]; e <- solve(diag(length(i))-H, d$top[i]-p[i]); s <- t(D[[j]])%*%Vi[[j]]%*%e; M <- M + s%*%t(s) }
  out[[k]]$gee <- list(best=max(d$y), estimate=unname(coef(gee)), se_robust=unname(summary(gee)$coefficients[,2]), se_bias_reduced=unname(sqrt(diag(B%*%M%*%B))), alpha=a)
  m <- aggregate(cbind(y,w) ~ group, d, mean); pe <- cor.test(m$y,m$w); sp <- suppressWarnings(cor.test(m$y,m$w,method="spearman",exact=FALSE)); ke <- suppressWarnings(cor.test(m$y,m$w,method="kendall",exact=FALSE))
  out[[k]]$correlations <- list(n=nrow(m), pearson=unname(pe$estimate), pearson_p=pe$p.value, pearson_ci=as.numeric(pe$conf.int), spearman=unname(sp$estimate), spearman_p=sp$p.value, kendall=unname(ke$estimate), kendall_p=ke$p.value)
}
write_json(out, "ordinal_outcome_reference.json", auto_unbox=TRUE, digits=14, pretty=FALSE)
