# Reference values for agreement and aggregation, from R multilevel, nlme and lme4. Data: hsb.csv (pupils in schools) and
# bfi.csv beside this script, with made-up groups of unequal size (the respondent's age in years, which is in the file), and
# agreement_teams.csv, seeded simulated five-point answers of 40 teams of 1 to 14 people, written by this script. Run in this folder.
suppressMessages({library(multilevel);library(nlme);library(lme4);library(jsonlite)})
set.seed(404)
sizes <- sample(1:14, 40, replace=TRUE); team <- rep(seq_along(sizes), sizes); effect <- rnorm(40, 0, .6)
items <- sapply(1:4, function(i) pmin(5, pmax(1, round(3.6 + effect[team] + rnorm(length(team), 0, .9)))))
colnames(items) <- paste0("q", 1:4); teams <- data.frame(team=team, items); teams$score <- rowMeans(items)
teams$q2[c(5, 60, 111)] <- NA
write.csv(teams, "agreement_teams.csv", row.names=FALSE, na="")
icc <- function(y, g) {
  d <- na.omit(data.frame(y=y, g=g)); d$g <- factor(d$g); a <- aov(y ~ g, d); m <- summary(a)[[1]]
  n <- as.numeric(table(d$g)); N <- sum(n); K <- length(n); n0 <- (N - sum(n^2)/N)/(K-1); B <- m[1,3]; W <- m[2,3]
  fit <- lmer(y ~ 1 + (1|g), d, control=lmerControl(optCtrl=list(ftol_rel=1e-15, xtol_rel=1e-13, maxeval=1e5)))
  v <- as.data.frame(VarCorr(fit))$vcov; reml <- v[1]/sum(v)
  dev <- lmer(y ~ 1 + (1|g), d, devFunOnly=TRUE); best <- optimise(function(s) dev(s), c(0, 20), tol=1e-10)
  cross <- function(s) dev(s) - best$objective - qchisq(.95, 1)
  lo <- if (cross(0) > 0) uniroot(cross, c(0, best$minimum), tol=1e-12)$root else 0
  hi <- uniroot(cross, c(best$minimum, best$minimum + 20), tol=1e-12)$root
  fr <- B/W; fl <- fr/qf(.975, K-1, N-K); fu <- fr*qf(.975, N-K, K-1); k <- N/K
  list(n=N, groups=K, icc1=ICC1(a), icc2=ICC2(a), n0=n0, icc1_n0=(B-W)/(B+(n0-1)*W), f=m[1,4], p=m[1,5], ms_between=B, ms_within=W,
    icc1_ci=c((fl-1)/(fl+k-1), (fu-1)/(fu+k-1)), icc2_ci=c(1-1/fl, 1-1/fu), icc1_n0_ci=c((fl-1)/(fl+n0-1), (fu-1)/(fu+n0-1)),
    icc_reml=reml, icc_reml_profile=c(lo^2/(1+lo^2), hi^2/(1+hi^2)))
}
rel <- function(y, g) { d <- na.omit(data.frame(y=y, g=g)); d$g <- factor(d$g); r <- gmeanrel(lme(y ~ 1, random=~1|g, data=d, control=lmeControl(opt="optim", msTol=1e-12, reltol=1e-14)))
  list(icc=r$ICC, group=as.character(r$Group), n=r$GrpSize, reliability=r$MeanRel) }
frame <- function(x) { x <- as.list(x); x$grpid <- as.character(x$grpid); x }
within <- function(x, g, null) list(rwg_j=frame(rwg.j(x, g, null)), lindell=frame(rwg.j.lindell(x, g, null)),
  ad_mean=frame(transform(ad.m(x, g, "mean"), grpid=rownames(ad.m(x, g, "mean")))), ad_median=frame(transform(ad.m(x, g, "median"), grpid=rownames(ad.m(x, g, "median")))))
h <- read.csv("hsb.csv"); b <- read.csv("bfi.csv"); q <- paste0("q", 1:4)
for (i in c("A1","C4","C5","E1","E2","O2","O5")) b[[i]] <- 7 - b[[i]]
A <- b[paste0("A", 1:5)]; b$A <- ifelse(complete.cases(A), rowMeans(A), NA)
balanced <- data.frame(g=rep(1:12, each=6), y=as.numeric(sapply(1:12, function(i) rnorm(1, 0, .9) + rnorm(6))))
negative <- data.frame(g=rep(1:5, c(4,4,3,5,4)), y=c(1,5,2,4, 5,1,4,2, 3,1,5, 2,4,1,5,3, 1,5,4,3))
out <- list(versions=list(R=R.version.string, multilevel=as.character(packageVersion("multilevel")), lme4=as.character(packageVersion("lme4")), nlme=as.character(packageVersion("nlme"))),
  hsb=icc(h$MathAch, h$School), bfi=icc(b$A, b$age), teams=icc(teams$score, teams$team),
  balanced=c(list(data=balanced), icc(balanced$y, balanced$g)),
  negative=list(data=negative, icc1=ICC1(aov(y ~ factor(g), negative)), icc2=ICC2(aov(y ~ factor(g), negative))),
  gmeanrel_teams=rel(teams$score, teams$team),
  teams_within=c(within(teams[q], teams$team, 2), list(rwg_q1=frame(rwg(teams$q1, teams$team, 2)), rwg_j_slight=frame(rwg.j(teams[q], teams$team, 1.34)),
    rwg_j_heavy=frame(rwg.j(teams[q], teams$team, .44)))),
  bfi_within=within(A, b$age, 35/12))
write_json(out, "agreement_reference.json", auto_unbox=TRUE, digits=14, na="null")
