# Reference values for what stands around a fitted mixed model, from R lme4 / lmerTest / pbkrtest / performance / car:
# profile and Wald limits of variances, likelihood-ratio tests, R-squared (Nakagawa; Rights & Sterba by their published
# formulas), residuals, groups left out by refitting, joint tests of factors. Data: hsb.csv and lme4's Dyestuff, Dyestuff2.
# Run in this folder.
suppressMessages({library(lme4);library(lmerTest);library(pbkrtest);library(performance);library(car);library(jsonlite)})
tight <- lmerControl(optCtrl=list(ftol_rel=1e-15, xtol_rel=1e-13, ftol_abs=1e-13, xtol_abs=1e-13, maxeval=1e5), calc.derivs=FALSE)
h <- read.csv("hsb.csv"); h$catholic <- as.integer(h$Sector=="Catholic"); h$female <- as.integer(h$Sex=="Female"); h$minority <- as.integer(h$Minority=="Yes")
ranks <- sort(unique(h$School)); h$district <- factor((match(h$School, ranks)-1) %/% 10)
sc <- unique(h[,c("School","PRACAD")]); sc <- sc[order(sc$PRACAD, sc$School),]; sc$area <- (seq_len(nrow(sc))-1) %/% 10
h$area <- factor(sc$area[match(h$School, sc$School)]); h$School <- factor(h$School)
h$kind <- paste(h$Sex, h$Minority); h$band <- as.character(cut(h$Size, c(0, 600, 1100, 1700, 9999), labels=c("small", "middle", "large", "huge")))
h$cmean <- ave(h$SES, h$School); h$cses <- h$SES - h$cmean
small <- droplevels(subset(h, School %in% levels(h$School)[seq(1,160,by=8)]))
out <- list(versions=list(R=R.version.string, lme4=as.character(packageVersion("lme4")), lmerTest=as.character(packageVersion("lmerTest")), pbkrtest=as.character(packageVersion("pbkrtest")), performance=as.character(packageVersion("performance")), car=as.character(packageVersion("car"))))
fit <- function(f, d, REML=TRUE) suppressMessages(lmerTest::lmer(f, d, REML=REML, control=tight))
# --- limits of standard deviations: lme4's profile (spline), and the same limits by root finding on lme4's own deviance
sdnames <- function(m) c(rep("sd", length(getME(m, "theta"))), "sigma")
exact <- function(m) {  # m by ML; the profile deviance of one standard deviation, its limits at 95%
  dev <- lme4:::devfun2(m, useSc=TRUE, signames=FALSE); best <- attr(dev, "optimum"); k <- length(getME(m, "theta")) + 1; floor <- as.numeric(-2*logLik(m)); cut <- qchisq(.95, 1)
  opt <- pmax(as.numeric(best[1:k]), 0)
  along <- function(i, value) { free <- setdiff(seq_len(k), i); g <- function(p) { x <- numeric(k); x[i] <- value; x[free] <- exp(p); if (any(!is.finite(x))) return(1e10); dev(x) - floor }
    start <- log(pmax(opt[free], 1e-2))
    if (length(free) == 1) optimize(function(p) g(p), log(c(1e-8, 20*max(opt))), tol=1e-11)$objective else optim(start, g, control=list(reltol=1e-14, maxit=5000))$value }
  t(sapply(seq_len(k), function(i) { f <- function(v) along(i, v) - cut; o <- opt[i]; eps <- 1e-6*max(opt)
    low <- if (i < k && f(eps) <= 0) 0 else uniroot(f, c(if (i<k) eps else o*.2, o), tol=1e-10)$root
    high <- uniroot(f, c(max(o, eps), max(5*o, 2*max(opt))), tol=1e-10, extendInt="upX")$root; c(low, high) }))
}
limits <- function(f, d, spline=TRUE) { m <- lme4::lmer(f, d, REML=FALSE, control=tight); vc <- as.data.frame(VarCorr(m))
  list(group=vc$grp, sd=vc$sdcor, spline=if (spline) unname(suppressWarnings(confint(m, parm="theta_", method="profile", quiet=TRUE))), exact=exact(m)) }
out$limits <- list(adjusted=limits(MathAch ~ MEANSES + catholic + SES + female + minority + (1|School), h), few=limits(MathAch ~ MEANSES + SES + (1|School), small),
  areas=limits(MathAch ~ MEANSES + SES + (1|area/School), h), district=limits(MathAch ~ MEANSES + SES + (1|district/School), h, spline=FALSE),
  dyestuff=limits(Yield ~ 1 + (1|Batch), Dyestuff), dyestuff2=limits(Yield ~ 1 + (1|Batch), Dyestuff2, spline=FALSE))
# Wald: the curvature of the deviance along the logs of the standard deviations (nlme's own is by coarse differences)
wald <- function(f, d) { m <- lme4::lmer(f, d, REML=FALSE, control=tight); dev <- lme4:::devfun2(m, useSc=TRUE, signames=FALSE); k <- length(getME(m, "theta")) + 1; o <- as.numeric(attr(dev, "optimum")[1:k])
  se <- sqrt(diag(solve(numDeriv::hessian(function(l) dev(exp(l)), log(o))/2))); list(group=as.data.frame(VarCorr(m))$grp, low=o*exp(-qnorm(.975)*se), high=o*exp(qnorm(.975)*se)) }
out$wald <- list(few=wald(MathAch ~ MEANSES + SES + (1|School), small), areas=wald(MathAch ~ MEANSES + SES + (1|area/School), h))
cat("limits\n")
# --- likelihood-ratio tests
two <- function(a, b) { t <- as.data.frame(suppressMessages(anova(a, b, refit=FALSE))); list(npar=t$npar, aic=t$AIC, bic=t$BIC, deviance=t$deviance, chisq=t$Chisq[2], df=t$Df[2], p=t[2,"Pr(>Chisq)"]) }
base <- MathAch ~ MEANSES + (1|School)
out$compare <- list(fixed=two(fit(base, h, FALSE), fit(MathAch ~ MEANSES + catholic + SES + (1|School), h, FALSE)),
  level_ml=two(fit(MathAch ~ MEANSES + SES + (1|School), h, FALSE), fit(MathAch ~ MEANSES + SES + (1|area/School), h, FALSE)),
  level_reml=two(fit(MathAch ~ MEANSES + SES + (1|School), h), fit(MathAch ~ MEANSES + SES + (1|area/School), h)))
# --- R-squared
naka <- function(m) { r <- r2_nakagawa(m); list(conditional=unname(r$R2_conditional), marginal=unname(r$R2_marginal)) }
cm <- fit(MathAch ~ cses + cmean + catholic + (1|School), h); g <- fixef(cm); v <- as.data.frame(VarCorr(cm))$vcov
f1 <- g["cses"]^2*var(h$cses); f2 <- as.numeric(t(g[c("cmean","catholic")]) %*% var(h[,c("cmean","catholic")]) %*% g[c("cmean","catholic")]); m <- v[1]; s <- v[2]; total <- f1+f2+m+s
out$explained <- list(adjusted=naka(fit(MathAch ~ MEANSES + catholic + SES + female + minority + (1|School), h)), few=naka(fit(MathAch ~ MEANSES + SES + (1|School), small)),
  areas=naka(fit(MathAch ~ MEANSES + SES + (1|area/School), h)), centred=naka(cm),
  rights_sterba=list(total=c(f1=unname(f1/total), f2=unname(f2/total), f=unname((f1+f2)/total), m=unname(m/total), fm=unname((f1+f2+m)/total)), within=c(f1=unname(f1/(f1+s))), between=c(f2=unname(f2/(f2+m)), m=unname(m/(f2+m)))))
out$explained$rights_sterba <- lapply(out$explained$rights_sterba, as.list)
cat("r2\n")
# --- residuals of rows and of groups: divisor n for the moments, n - 1 for the standard deviation
shape <- function(x) { d <- x - mean(x); k <- mean(d^2); list(sd=sd(x), skewness=mean(d^3)/k^1.5, kurtosis=mean(d^4)/k^2 - 3) }
res <- function(f, d, level) { m <- fit(f, d); e <- resid(m); l <- leveneTest(e, factor(d$School)); big <- d$School %in% names(which(table(d$School) >= 5)); b <- bartlett.test(e, d$School)
  c(list(rows=shape(e), groups=shape(ranef(m)[[level]][,1]), levene=list(statistic=l[1,2], df1=l[1,1], df2=l[2,1], p=l[1,3]), bartlett=list(statistic=unname(b$statistic), df=unname(b$parameter), p=b$p.value)),
    if (grepl(":", level)) list(parents=shape(ranef(m)[["area"]][,1]))) }
out$residuals <- list(few=res(MathAch ~ MEANSES + SES + (1|School), small, "School"), areas=res(MathAch ~ MEANSES + SES + (1|area/School), h, "School:area"))
# --- groups left out
leave <- function(f, d, level, ids) lapply(setNames(ids, ids), function(id) { m <- fit(f, droplevels(d[d[[level]] != id,])); list(estimate=unname(fixef(m)), se=unname(sqrt(diag(as.matrix(vcov(m))))), df=unname(summary(m)$coefficients[,3]), variance=as.data.frame(VarCorr(m))$vcov) })
m0 <- fit(MathAch ~ MEANSES + SES + (1|School), small); all <- leave(MathAch ~ MEANSES + SES + (1|School), small, "School", levels(small$School))
out$left_out <- list(full=list(estimate=unname(fixef(m0)), vcov=as.matrix(vcov(m0))), few=all,
  cooks=sapply(all, function(x) { d <- fixef(m0) - x$estimate; as.numeric(t(d) %*% solve(as.matrix(vcov(m0)), d)/length(d)) }),
  three=leave(MathAch ~ MEANSES + SES + (1|area/School), h, "School", c("1224", "8857", "9586")), area=leave(MathAch ~ MEANSES + SES + (1|area/School), h, "area", c("0", "7", "15")))
out$left_out$cooks <- as.list(out$left_out$cooks)
cat("left out\n")
# --- joint tests of factors
joint <- function(f, d) { m <- fit(f, d); s <- anova(m, type=3, ddf="Satterthwaite"); k <- anova(m, type=3, ddf="Kenward-Roger")
  get <- function(t) list(term=rownames(t), df1=t$NumDF, df2=t$DenDF, statistic=t[["F value"]], p=t[["Pr(>F)"]]); list(satterthwaite=get(s), kenward_roger=get(k), estimate=unname(fixef(m)), names=names(fixef(m))) }
h$kind <- relevel(factor(h$kind), names(which.max(table(h$kind)))); h$band <- relevel(factor(h$band), names(which.max(table(h$band))))
small$kind <- relevel(factor(small$kind), names(which.max(table(small$kind)))); small$band <- relevel(factor(small$band), names(which.max(table(small$band))))
out$joint <- list(few=joint(MathAch ~ MEANSES + band + kind + (1|School), small)); cat("joint few\n")
h$kind <- as.character(h$kind); sub <- droplevels(h[h$area %in% as.character(c(0,3,6,9,12,15)) & (as.integer(h$School) %% 2 == 0),]); sub$kind <- relevel(factor(sub$kind), names(which.max(table(sub$kind)))); sub$Sector <- relevel(factor(sub$Sector), names(which.max(table(sub$Sector))))
out$joint$areas <- joint(MathAch ~ Sector + kind + (1|area/School), sub); out$joint$areas$variance <- as.data.frame(VarCorr(fit(MathAch ~ Sector + kind + (1|area/School), sub)))$vcov; cat("joint areas\n")
full <- fit(MathAch ~ MEANSES + band + kind + (1|School), h); s <- anova(full, type=3); out$joint$full <- list(satterthwaite=list(term=rownames(s), df1=s$NumDF, df2=s$DenDF, statistic=s[["F value"]], p=s[["Pr(>F)"]]), estimate=unname(fixef(full)), names=names(fixef(full)))
write_json(out, "models_reference.json", auto_unbox=TRUE, digits=14, pretty=FALSE)
