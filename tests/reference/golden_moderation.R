# Reference values for a moderated slope, from R lme4 / lmerTest / pbkrtest, on a seeded simulated study: predictor of
# workers by a property of teams, of workers, and of service users, with a covariate and without. Run in this folder.
suppressMessages({library(lme4);library(lmerTest);library(pbkrtest);library(jsonlite)})
tight <- lmerControl(optimizer="bobyqa", calc.derivs=FALSE, check.conv.singular="ignore", optCtrl=list(rhoend=1e-11, maxfun=1e5))
set.seed(61)
teams <- 12; per_team <- sample(2:9, teams, replace=TRUE); workers <- sum(per_team); team <- rep(seq_len(teams), per_team)
size <- sample(1:8, workers, replace=TRUE); worker <- rep(seq_len(workers), size)
support <- round(rnorm(teams, 4, .6), 3)[team]; x <- round(rnorm(workers, 3.8, .8), 3); years <- round(rexp(workers, .15), 1)
u <- rnorm(teams, 0, .3)[team]; g <- rnorm(workers, 0, .4); n <- length(worker)
d <- data.frame(team=team[worker], worker=worker, x=x[worker], support=support[worker], years=years[worker], age=round(rnorm(n, 40, 11)))
d$y <- with(d, round(2 + .3*x + .2*support + .35*(x - 3.8)*(support - 4) + .01*years + u[worker] + g[worker] + rnorm(n, 0, .9), 3))
one_each <- !duplicated(d$worker)
values <- function(moderator, covariate, formula, ddf, by_rows) {
  of <- if (by_rows) rep(TRUE, nrow(d)) else one_each
  m_mean <- mean(d[[moderator]][of]); m_sd <- sd(d[[moderator]][of])
  d$xc <- d$x - mean(d$x[one_each]); d$mc <- d[[moderator]] - m_mean
  fit <- suppressMessages(lmerTest::lmer(formula, d, control=tight))
  rows <- summary(fit, ddf=ddf)$coefficients
  where <- function(steps) { l <- setNames(numeric(nrow(rows)), rownames(rows)); l["xc"] <- 1; l["xc:mc"] <- steps*m_sd; unlist(contest1D(fit, l, ddf=ddf, confint=TRUE)) }
  list(moderator=moderator, covariate=covariate, ddf=ddf, mean=m_mean, sd=m_sd, interaction=as.list(unname(rows["xc:mc", ])),
    slopes=lapply(c(-1, 0, 1), function(k) as.list(unname(where(k)))), names=names(where(0)))
}
out <- list(versions=list(R=R.version.string, lme4=as.character(packageVersion("lme4")), lmerTest=as.character(packageVersion("lmerTest")), pbkrtest=as.character(packageVersion("pbkrtest"))),
  data=as.list(d),
  team=values("support", NULL, y ~ xc*mc + (1|team/worker), "Kenward-Roger", FALSE),
  team_adjusted=values("support", "years", y ~ xc*mc + years + (1|team/worker), "Kenward-Roger", FALSE),
  worker=values("years", NULL, y ~ xc*mc + (1|worker), "Satterthwaite", FALSE),
  service_user=values("age", NULL, y ~ xc*mc + (1|worker), "Satterthwaite", TRUE))
for (k in c("team", "team_adjusted", "worker", "service_user")) cat(k, unlist(out[[k]]$interaction), "\n")
print(out$team$names)
write_json(out, "moderation_reference.json", auto_unbox=TRUE, digits=14, null="null", pretty=FALSE)
