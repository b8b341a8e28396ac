# Reference values for cluster-robust ordinary regression, from R clubSandwich: seeded simulated studies that are
# unbalanced with clusters of one; few clusters; clusters of one only; cluster-level predictors only; a predictor that
# differs in one cluster alone; collinear inside every cluster; workers in teams, clustered by team. Run in this folder.
suppressMessages({library(clubSandwich);library(jsonlite)})
study <- function(seed, sizes, tau=.6) {
  set.seed(seed); g <- rep(seq_along(sizes), sizes); w <- round(rnorm(length(sizes)),3); v <- round(rexp(length(sizes)),3); u <- rnorm(length(sizes),0,tau)
  x <- round(rnorm(length(g), w[g]/2),3); data.frame(group=g, w=w[g], v=v[g], x=x, y=round(50+.5*w[g]-.3*x+u[g]+rnorm(length(g)),3))
}
sets <- list(unbalanced=study(21, c(1,1,1,2,2,3,5,8,13,20,17,4,6,1)), few=study(22, c(6,3,9,4,7)), singles=study(23, rep(1,30)),
  cluster_level=study(24, c(4,2,7,5,3,8,6,4,9,2)), one_cluster=study(25, c(5,4,6,3,7,5,4,6)), inside=study(26, c(5,4,6,3,7,5,4,6,5)), teams=study(27, rep(c(2,3,4,5),6)))
sets$one_cluster$z <- ifelse(sets$one_cluster$group==3, sets$one_cluster$x, 0)
sets$inside$z <- round(sets$inside$v * sets$inside$x + sets$inside$w, 6)
sets$teams$team <- (sets$teams$group - 1) %/% 4
formulas <- list(unbalanced=y~w+x, few=y~w+x, singles=y~w+x, cluster_level=y~w+v, one_cluster=y~w+z, inside=y~x+z, teams=y~w+x)
out <- list(versions=list(R=R.version.string, clubSandwich=as.character(packageVersion("clubSandwich"))))
for (k in names(sets)) {
  d <- sets[[k]]; fit <- lm(formulas[[k]], d); cl <- if (k=="teams") d$team else d$group
  out[[k]] <- list(formula=deparse(formulas[[k]]), data=as.list(d), predictors=attr(terms(formulas[[k]]),"term.labels"), estimate=unname(coef(fit)), r_squared=summary(fit)$r.squared)
  for (v in c("CR0","CR1","CR1S","CR2","CR3")) {
    ct <- try(as.data.frame(coef_test(fit, vcov=v, cluster=cl, test="Satterthwaite")), silent=TRUE)
    if (!inherits(ct, "try-error")) out[[k]][[v]] <- list(se=ct$SE, df=ct$df, p=ct$p_Satt)
  }
}
write_json(out, "cluster_reference.json", auto_unbox=TRUE, digits=15, pretty=FALSE)
