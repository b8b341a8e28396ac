# Reference values for three levels (rows in groups in units), from R lme4 / lmerTest / pbkrtest, on seeded simulated
# studies: unbalanced with single rows; few units; units of one group; either variance, or both, estimated as zero;
# nearly all variance between units, or between groups; the Pastes data of lme4. Kenward-Roger in two levels too. Run in this folder.
suppressMessages({library(lme4);library(lmerTest);library(pbkrtest);library(jsonlite)})
tight <- lmerControl(optimizer="bobyqa", calc.derivs=FALSE, check.conv.singular="ignore", optCtrl=list(rhoend=1e-11, maxfun=1e5))
fitted_by <- function(f, d, reml) {
  fit <- suppressMessages(lmerTest::lmer(f, d, REML=reml, control=tight))
  s <- summary(fit, ddf="Satterthwaite")$coefficients; v <- as.data.frame(VarCorr(fit)); v <- setNames(v$vcov, sub(":.*", "", v$grp))
  out <- list(names=as.list(rownames(s)), estimate=as.list(s[,1]), se=as.list(s[,2]), df=as.list(s[,3]), p=as.list(s[,5]), variance=as.list(v),
    deviance=as.numeric(-2*logLik(fit)), covariance=as.matrix(vcov(fit)))
  if (reml) {
    k <- summary(fit, ddf="Kenward-Roger")$coefficients
    out$se_kenward_roger <- as.list(k[,2]); out$df_kenward_roger <- as.list(k[,4-1]); out$covariance_kenward_roger <- as.matrix(vcovAdj(fit))
  }
  for (n in c("estimate","se","df","p","se_kenward_roger","df_kenward_roger")) if (!is.null(out[[n]])) out[[n]] <- unname(out[[n]])
  out
}
values <- function(f, d) list(formula=paste(deparse(f), collapse=" "), data=as.list(d), reml=fitted_by(f, d, TRUE), ml=fitted_by(f, d, FALSE))
study <- function(seed, groups_in, sizes, unit_sd, group_sd, sd=1) {
  set.seed(seed); n_groups <- sum(groups_in); unit <- rep(seq_along(groups_in), groups_in)
  size <- if (is.null(sizes)) sample(1:9, n_groups, replace=TRUE) else rep_len(sizes, n_groups)
  group <- rep(seq_len(n_groups), size); team <- unit[group]
  t <- round(rnorm(length(groups_in)), 3); w <- round(rnorm(n_groups) + t[unit]/2, 3); u <- rnorm(length(groups_in), 0, unit_sd); g <- rnorm(n_groups, 0, group_sd)
  x <- round(rnorm(length(group), w[group]/2), 3)
  data.frame(team=team, worker=group, t=t[team], w=w[group], x=x, y=round(4 + .3*t[team] + .5*w[group] - .2*x + u[team] + g[group] + rnorm(length(group), 0, sd), 3))
}
sets <- list(unbalanced=study(1, c(2, 5, 3, 8, 4, 6, 2, 7, 3, 5, 4, 9), NULL, .7, .5), few_units=study(2, c(4, 4, 4, 4, 4, 4), 4, .5, .5),
  single_groups=study(3, c(1, 1, 3, 1, 6, 2, 1, 4, 5, 1, 2, 8), NULL, .8, .6), no_units=study(22, c(3, 5, 4, 6, 2, 5, 3, 4), NULL, 0, .7),
  no_groups=study(6, c(3, 5, 4, 6, 2, 5, 3, 4), NULL, .8, 0), neither=study(22, c(3, 5, 4, 6, 2, 5, 3, 4), NULL, 0, 0, 1.5),
  between_units=study(8, c(3, 5, 4, 6, 2, 5, 3, 4), NULL, 6, .4, .5), between_groups=study(9, c(3, 5, 4, 6, 2, 5, 3, 4), NULL, 3, 5, .3), three_units=study(11, c(5, 7, 6), NULL, .9, .4))
out <- list(versions=list(R=R.version.string, lme4=as.character(packageVersion("lme4")), lmerTest=as.character(packageVersion("lmerTest")), pbkrtest=as.character(packageVersion("pbkrtest"))))
for (k in names(sets)) {
  d <- sets[[k]]; full <- if (k == "three_units") y ~ w + x + (1|team/worker) else y ~ t + w + x + (1|team/worker)
  out[[k]] <- values(full, d)
}
p <- data.frame(team=as.integer(Pastes$batch), worker=as.integer(Pastes$sample), y=Pastes$strength)
out$pastes <- values(y ~ 1 + (1|team/worker), p)
out$two_levels <- values(y ~ w + x + (1|worker), sets$unbalanced)
out$two_levels_none <- values(y ~ w + x + (1|worker), sets$neither)
for (k in setdiff(names(out), "versions")) { v <- unlist(out[[k]]$reml$variance); cat(k, round(v, 4), "\n") }
write_json(out, "nested_reference.json", auto_unbox=TRUE, digits=14, pretty=FALSE)
