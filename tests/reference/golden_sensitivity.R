# Values for the sensitivity checks, from R, on hsb.csv. Run in tests/reference:
#   Rscript golden_sensitivity.R
# Packages: survival, clubSandwich, lme4, lmerTest, jsonlite.
suppressPackageStartupMessages({
  library(survival); library(clubSandwich); library(lmerTest); library(jsonlite)
})
d <- read.csv("hsb.csv", colClasses = c(School = "character"))
d$catholic <- as.numeric(d$Sector == "Catholic")
out <- list()

# Censored at the top: MathAch from 20 up counts as "at least 20".
top <- 20
d$capped <- pmin(d$MathAch, top)
m <- survreg(Surv(capped, capped < top) ~ MEANSES + SES, data = d, dist = "gaussian",
             cluster = School, control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
out$censored <- list(top = top, effects = as.list(coef(m)), sigma = m$scale,
                     robust_se = as.list(sqrt(diag(vcov(m)))), n_clusters = length(unique(d$School)),
                     share_at_top = mean(d$capped >= top))

# One worker, one vote: regression of means over schools, HC2 with Satterthwaite df.
means <- aggregate(cbind(MathAch, MEANSES) ~ School, data = d, FUN = mean)
w <- lm(MathAch ~ MEANSES, data = means)
t <- coef_test(w, vcov = "CR2", cluster = seq_len(nrow(means)), test = "Satterthwaite")
out$one_worker_one_vote <- list(estimate = t$beta[2], std_error = t$SE[2], df = t$df_Satt[2],
                                p_value = t$p_Satt[2])

# Does the number of pupils go with the outcome.
d$size <- as.numeric(table(d$School)[d$School])
s <- coef(summary(lmer(MathAch ~ MEANSES + size + (1 | School), data = d,
          control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12)))))
out$size <- list(estimate = s["size", 1], std_error = s["size", 2], df = s["size", 3],
                 p_value = s["size", 5], slope_held = s["MEANSES", 1])

# A bend: the squared predictor, centred over schools.
d$squared <- (d$MEANSES - mean(means$MEANSES))^2
q <- coef(summary(lmer(MathAch ~ MEANSES + squared + (1 | School), data = d)))
out$squared <- list(estimate = q["squared", 1], std_error = q["squared", 2], df = q["squared", 3],
                    p_value = q["squared", 5])

# A moderator of the school: Catholic.
d$xc <- d$MEANSES - mean(d$MEANSES); d$mc <- d$catholic - mean(d$catholic)
i <- coef(summary(lmer(MathAch ~ xc * mc + (1 | School), data = d)))
zero <- coef(summary(lmer(MathAch ~ xc * catholic + (1 | School), data = d)))
out$interaction <- list(estimate = i["xc:mc", 1], std_error = i["xc:mc", 2], df = i["xc:mc", 3],
                        slope_at_zero = zero["xc", 1], slope_at_zero_se = zero["xc", 2])

# Schools of at least 60 pupils.
big <- d[d$size >= 60, ]
b <- coef(summary(lmer(MathAch ~ MEANSES + (1 | School), data = big)))
out$at_least_60 <- list(estimate = b["MEANSES", 1], std_error = b["MEANSES", 2],
                        df = b["MEANSES", 3], n_groups = length(unique(big$School)),
                        n_rows = nrow(big))

# Catholic schools against the others, school means: Welch.
v <- aggregate(cbind(MEANSES, catholic) ~ School, data = d, FUN = mean)
w2 <- t.test(MEANSES ~ catholic, data = v)
n <- table(v$catholic)
pooled <- sqrt(sum(sapply(split(v$MEANSES, v$catholic), function(x) sum((x - mean(x))^2))) /
               (nrow(v) - 2))
out$welch <- list(difference_sd = unname(w2$estimate[2] - w2$estimate[1]) / pooled,
                  std_error_sd = unname(w2$stderr) / pooled, df = unname(w2$parameter),
                  p_value = w2$p.value)
write(toJSON(out, digits = 14, auto_unbox = TRUE, pretty = TRUE), "sensitivity_reference.json")
