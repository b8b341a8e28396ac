# Bootstrap over schools from R boot, and the parametric bootstrap from lme4 and pbkrtest: 16 schools of hsb.csv,
# math ~ SES + MEANSES + (1|School). The indices drawn are written too, so that the same schools can be drawn
# elsewhere; a school drawn twice counts as two. Acceleration by jackknife over schools. Run in this folder.
suppressMessages({library(lme4);library(boot);library(pbkrtest);library(jsonlite)})
tight <- lmerControl(optCtrl=list(ftol_rel=1e-15, xtol_rel=1e-13, ftol_abs=1e-13, xtol_abs=1e-13, maxeval=1e5), check.conv.singular="ignore")
d <- read.csv("hsb.csv", colClasses=c(School="character"))
schools <- unique(d$School)[seq(1, 160, by=10)]; d <- d[d$School %in% schools, c("School","SES","MEANSES","MathAch")]
rows <- split(seq_len(nrow(d)), factor(d$School, levels=schools))
fit_of <- function(data) suppressWarnings(suppressMessages(lmer(MathAch ~ SES + MEANSES + (1|School), data, control=tight)))
drawn <- function(index) { e <- d[unlist(rows[index]),]; e$School <- rep(seq_along(index), lengths(rows[index])); e }
slope <- function(ids, index) fixef(fit_of(drawn(index)))[["MEANSES"]]
set.seed(20261122); b <- boot(seq_along(schools), slope, R=599)
jack <- empinf(b, type="jack"); jack <- jack - mean(jack) # about their mean, as Efron (1987) has them
 ci <- boot.ci(b, conf=.95, type=c("bca","perc"), L=jack); ci90 <- boot.ci(b, conf=.90, type=c("bca","perc"), L=jack)
full <- suppressMessages(lmer(MathAch ~ SES + MEANSES + (1|School), d))
m <- bootMer(full, function(f) fixef(f)[["MEANSES"]], nsim=2000, seed=1)
w <- bootMer(full, function(f) fixef(f)[["SES"]], nsim=2000, seed=2)
weaker <- d; weaker$MathAch <- weaker$MathAch - 4.6*weaker$MEANSES
f1 <- lmer(MathAch ~ SES + MEANSES + (1|School), weaker, REML=FALSE); f0 <- lmer(MathAch ~ SES + (1|School), weaker, REML=FALSE)
pb <- PBmodcomp(f1, f0, nsim=2000, seed=3)
between <- function(x) list(mean=mean(x), sd=sd(x), quantiles=unname(quantile(x, c(.025,.05,.5,.95,.975))))
out <- list(versions=list(R=R.version.string, lme4=as.character(packageVersion("lme4")), boot=as.character(packageVersion("boot")), pbkrtest=as.character(packageVersion("pbkrtest"))),
  schools=schools, estimate=b$t0, indices=boot.array(b, indices=TRUE), slopes=b$t[,1], jackknife_influence=jack,
  se=sd(b$t[,1]), bias=mean(b$t[,1])-b$t0, bca=ci$bca[4:5], percentile=ci$percent[4:5], bca90=ci90$bca[4:5], percentile90=ci90$percent[4:5],
  bootmer=list(nsim=2000, MEANSES=between(m$t[,1]), SES=between(w$t[,1])),
  weaker=list(shift=4.6, nsim=pb$samples[["nsim"]], lrt=pb$test["LRT","stat"], lrt_p=pb$test["LRT","p.value"], p=pb$test["PBtest","p.value"]))
write_json(out, "resampling_reference.json", auto_unbox=TRUE, digits=14, pretty=FALSE)
