# Reference values for Rubin's rules with the degrees of freedom of Barnard and Rubin (1999): R mice (pool.scalar, and
# pool on its own imputations of nhanes) and mitml (testEstimates). The estimates and variances that are pooled are in
# the output, so that no imputation has to be repeated. Run in this folder.
suppressMessages({library(mice); library(mitml); library(jsonlite)})
set.seed(1999)
one <- function(q, u, dfcom) {
  s <- pool.scalar(q, u, n = dfcom + 1, k = 1)
  t <- testEstimates(qhat = matrix(q, 1), uhat = array(u, c(1, 1, length(u))), df.com = if (is.finite(dfcom)) dfcom)$estimates
  list(estimates = q, variances = u, df_complete = if (is.finite(dfcom)) dfcom else "Inf",
    mice = list(estimate = s$qbar, std_error = sqrt(s$t), df = s$df, between = s$b, within = s$ubar, fmi = s$fmi),
    mitml = list(estimate = t[[1, "Estimate"]], std_error = t[[1, "Std.Error"]], df = t[[1, "df"]],
      statistic = t[[1, "t.value"]], p_value = t[[1, "P(>|t|)"]], fmi = t[[1, "FMI"]]))
}
scalar <- list(
  few_draws   = one(c(.42, .50, .38, .47), c(.010, .012, .011, .010), 25),
  many_draws  = one(rnorm(50, .3, .1), runif(50, .008, .02), 80),
  mostly_gone = one(rnorm(20, -.2, .5), runif(20, .01, .03), 12),
  large       = one(rnorm(10, 1, .05), runif(10, .01, .02), Inf),
  hardly_any  = one(rnorm(10, 1, .001), runif(10, .01, .02), 6))
imp <- mice(nhanes, m = 10, seed = 5, printFlag = FALSE)
fits <- with(imp, lm(chl ~ age + bmi)); pooled <- pool(fits)$pooled; sm <- summary(pool(fits))
nhanes_out <- list(terms = as.character(pooled$term), df_complete = pooled$dfcom[1],
  estimates = sapply(fits$analyses, coef), variances = sapply(fits$analyses, function(f) diag(vcov(f))),
  estimate = pooled$estimate, std_error = sm$std.error, df = pooled$df, fmi = pooled$fmi, p_value = sm$p.value,
  between = pooled$b, within = pooled$ubar)
write_json(list(versions = list(R = R.version.string, mice = as.character(packageVersion("mice")),
  mitml = as.character(packageVersion("mitml"))), scalar = scalar, nhanes = nhanes_out),
  "pooling_reference.json", auto_unbox = TRUE, digits = 14)
