# Further reference values for the random-intercept model, from R lme4 / lmerTest: the classic small data sets of
# lme4 (Dyestuff; Dyestuff2, whose between-batch variance is zero; sleepstudy) and three seeded simulated studies
# (unbalanced with single users; few workers; nearly all variance between workers). Run in this folder.
suppressMessages({library(lme4);library(lmerTest);library(jsonlite)})
tight <- lmerControl(optCtrl=list(ftol_rel=1e-15, xtol_rel=1e-13, ftol_abs=1e-13, xtol_abs=1e-13, maxeval=1e5))
values <- function(f, d) {
  fit <- suppressMessages(lmerTest::lmer(f, d, REML=TRUE, control=tight)); ml <- suppressMessages(lmerTest::lmer(f, d, REML=FALSE, control=tight))
  s <- summary(fit)$coefficients; m <- summary(ml)$coefficients
  v <- as.data.frame(VarCorr(fit)); w <- as.data.frame(VarCorr(ml))
  list(formula=deparse(f), n=nobs(fit), names=rownames(s), estimate=unname(s[,1]), se=unname(s[,2]), df=unname(s[,3]), p=unname(s[,5]),
    variance=v$vcov, deviance=as.numeric(-2*logLik(fit)), estimate_ml=unname(m[,1]), se_ml=unname(m[,2]), df_ml=unname(m[,3]), variance_ml=w$vcov, deviance_ml=as.numeric(-2*logLik(ml)))
}
study <- function(seed, sizes, tau, sigma) {
  set.seed(seed); g <- rep(seq_along(sizes), sizes); w <- round(rnorm(length(sizes)),3); u <- rnorm(length(sizes), 0, tau)
  x <- round(rnorm(length(g), w[g]/2),3); data.frame(group=g, w=w[g], x=x, y=round(50 + .5*w[g] - .3*x + u[g] + rnorm(length(g),0,sigma),3))
}
sets <- list(dyestuff=data.frame(group=as.integer(Dyestuff$Batch), y=Dyestuff$Yield), dyestuff2=data.frame(group=as.integer(Dyestuff2$Batch), y=Dyestuff2$Yield),
  sleepstudy=data.frame(group=as.integer(as.character(sleepstudy$Subject)), x=sleepstudy$Days, y=sleepstudy$Reaction),
  unbalanced=study(11, c(rep(1,9), 2, 2, 3, 5, 8, 13, 20, 20, 17, 4, 6), .7, 1.4), few=study(12, c(3, 7, 5, 4, 9, 6), .5, 1), between=study(13, c(2, 3, 4, 5, 6, 7, 8, 9), 9, .4))
formulas <- list(dyestuff=y ~ 1 + (1|group), dyestuff2=y ~ 1 + (1|group), sleepstudy=y ~ x + (1|group), unbalanced=y ~ w + x + (1|group), few=y ~ w + x + (1|group), between=y ~ w + x + (1|group))
out <- list(versions=list(R=R.version.string, lme4=as.character(packageVersion("lme4")), lmerTest=as.character(packageVersion("lmerTest"))))
for (k in names(sets)) { out[[k]] <- values(formulas[[k]], sets[[k]]); out[[k]]$data <- as.list(sets[[k]]) }
write_json(out, "mixed_reference.json", auto_unbox=TRUE, digits=14, pretty=FALSE)
