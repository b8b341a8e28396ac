# Reference values for tests of a slope against a margin: R lmerTest contest1D with rhs = -margin and rhs = margin, on
# hsb.csv (Satterthwaite and Kenward-Roger). Two-sided p values and t are R's own; the one-sided tests are pt of them.
# Run in this folder.
suppressMessages({library(lmerTest); library(pbkrtest); library(jsonlite)})
h <- read.csv("hsb.csv"); h$School <- factor(h$School); h$catholic <- as.integer(h$Sector == "Catholic")
fit <- lmer(MathAch ~ MEANSES + SES + catholic + (1 | School), h, control = lmerControl(optCtrl = list(ftol_rel = 1e-14, xtol_rel = 1e-12)))
few <- subset(h, School %in% levels(h$School)[seq(1, 160, by = 8)]); few$School <- factor(few$School)
small <- lmer(MathAch ~ MEANSES + SES + (1 | School), few, control = lmerControl(optCtrl = list(ftol_rel = 1e-14, xtol_rel = 1e-12)))
one <- function(f, term, margin, ddf) {
  L <- as.numeric(names(fixef(f)) == term)
  low <- contest1D(f, L, rhs = -margin, ddf = ddf); high <- contest1D(f, L, rhs = margin, ddf = ddf); zero <- contest1D(f, L, ddf = ddf)
  d <- zero$df; list(term = term, margin = margin, ddf = ddf, estimate = zero$Estimate, std_error = zero$`Std. Error`, df = d,
    p_difference = zero$`Pr(>|t|)`, t_low = low$`t value`, t_high = high$`t value`, p_lower = pt(low$`t value`, d, lower.tail = FALSE),
    p_upper = pt(high$`t value`, d), p_larger = min(1, 2 * min(pt(low$`t value`, d), pt(high$`t value`, d, lower.tail = FALSE))),
    ci90 = zero$Estimate + qt(c(.05, .95), d) * zero$`Std. Error`)
}
out <- list(versions = list(R = R.version.string, lmerTest = as.character(packageVersion("lmerTest"))),
  tests = list(one(fit, "MEANSES", 2, "Satterthwaite"), one(fit, "MEANSES", 5, "Kenward-Roger"), one(fit, "catholic", 1, "Satterthwaite"),
    one(fit, "catholic", 3, "Satterthwaite"), one(fit, "SES", 2.5, "Satterthwaite"), one(small, "MEANSES", 1, "Kenward-Roger"),
    one(small, "MEANSES", 4, "Satterthwaite")))
write_json(out, "equivalence_reference.json", auto_unbox = TRUE, digits = 14)
