# Factor models from R lavaan and semTools: estimates, standard errors, standardised values, fit,
# omega and modification indices, on the bfi data (bfi.csv) and on the nine tests of Holzinger and
# Swineford 1939 (holzinger1939.csv, written by this script from the data of the package lavaan).
suppressMessages({library(lavaan); library(semTools); library(jsonlite)})
data(HolzingerSwineford1939)
hs <- HolzingerSwineford1939[, c("school", "sex", "ageyr", paste0("x", 1:9))]
write.csv(hs, "holzinger1939.csv", row.names = FALSE)
hs <- read.csv("holzinger1939.csv")
raw <- read.csv("bfi.csv")
keyed <- raw
for (v in c("A1", "C4", "C5", "E1", "E2", "O2", "O5")) keyed[[v]] <- 7 - keyed[[v]]
tight <- list(rel.tol = 1e-15, iter.max = 10000, eval.max = 20000)
names_of <- c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper",
              "srmr", "aic", "bic", "logl", "npar", "ntotal")
key <- function(t) {
  g <- if ("group" %in% names(t)) paste0(" @", t$group) else ""
  gsub("^ +| +$", "", paste0(t$lhs, " ", t$op, " ", t$rhs, g))
}
described <- function(fit, mi = FALSE, higher = character(0), omega = TRUE) {
  pe <- parameterEstimates(fit, remove.nonfree = FALSE); ss <- standardizedSolution(fit)
  if (is.null(ss$group) && !is.null(pe$group)) ss$group <- pe$group[seq_len(nrow(ss))]
  out <- list(fit = as.list(fitMeasures(fit, names_of)),
              est = as.list(setNames(pe$est, key(pe))), se = as.list(setNames(pe$se, key(pe))),
              std = as.list(setNames(ss$est.std, key(ss))), std_se = as.list(setNames(ss$se, key(ss))))
  if (omega) {
    rel <- compRelSEM(fit, higher = higher)
    out$omega <- if (is.data.frame(rel)) as.list(as.data.frame(rel)) else as.list(unclass(rel))
  }
  if (mi) {
    m <- modindices(fit); m <- m[is.finite(m$mi), ]
    if (lavInspect(fit, "ngroups") == 1) m$group <- NULL
    out$mi <- as.list(setNames(m$mi, key(m))); out$epc <- as.list(setNames(m$epc, key(m)))
    out$sepc_all <- as.list(setNames(m$sepc.all, key(m)))
  }
  out
}
# Fitted, and then once more from there, so tightly that the optimizer says it cannot get closer.
fitted_to <- function(model, data, ...) suppressWarnings({
  first <- cfa(model, data = data, ...)
  cfa(model, data = data, start = first, control = tight, optim.force.converged = TRUE,
      check.gradient = FALSE, ...)
})
scale_of <- function(f, letter) paste0(f, " =~ ", paste0(letter, 1:5, collapse = " + "))
two <- paste(scale_of("agree", "A"), scale_of("conscientious", "C"), sep = "\n")
three <- paste(two, scale_of("extraversion", "E"), sep = "\n")
five <- paste(three, scale_of("neuroticism", "N"), scale_of("openness", "O"), sep = "\n")
models <- list()
add <- function(name, model, fit, ...) {
  message(name, " ", lavInspect(fit, "converged"))
  models[[name]] <<- c(list(model = model, lavaan = described(fit, ...)))
}
add("two_factor", two, fitted_to(two, keyed, std.lv = TRUE), mi = TRUE)
add("two_factor_marker", two, fitted_to(two, keyed), mi = TRUE)
# Default tolerances: with tighter ones lavaan ends at a worse optimum here (chi-square 788.6).
add("two_factor_raw_marker", two, cfa(two, data = raw), omega = FALSE)
add("five_factor", five, fitted_to(five, keyed, std.lv = TRUE), mi = TRUE)
second <- paste0(three, "\ng =~ agree + conscientious + extraversion")
add("second_order", second, fitted_to(second, keyed, std.lv = TRUE), higher = "g")
add("second_order_marker", second, fitted_to(second, keyed), higher = "g")
items <- c(paste0("A", 1:5), paste0("E", 1:5), paste0("N", 1:5))
bifactor <- paste(paste0("general =~ ", paste(items, collapse = " + ")), scale_of("agree", "A"),
                  scale_of("extraversion", "E"), scale_of("neuroticism", "N"), sep = "\n")
add("bifactor", bifactor, fitted_to(bifactor, keyed, std.lv = TRUE, orthogonal = TRUE))
residual <- paste0(scale_of("neuroticism", "N"), "\nN1 ~~ N2\nN3 ~~ N4")
add("residual_covariances", residual, fitted_to(residual, keyed, std.lv = TRUE), mi = TRUE)
text <- "agree =~ A1 + l*A2 + l*A3 + 0.8*A4 + A5
conscientious =~ C1 + C2 + C3 + C4 + C5
agree ~~ NA*agree
agree ~~ 0*conscientious
C1 ~~ r*C1
C2 ~~ r*C2
C3 ~~ 1.2*C3"
add("fixed_and_equal", text, fitted_to(text, keyed), omega = FALSE)
method <- paste0(two, "\nmethod =~ e*A1 + e*C4\nmethod ~~ 0*agree\nmethod ~~ 0*conscientious")
add("method_factor", method, fitted_to(method, keyed, std.lv = TRUE))
nine <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
add("holzinger", nine, fitted_to(nine, hs, std.lv = TRUE), mi = TRUE)
steps <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"),
              strict = c("loadings", "intercepts", "residuals"))
for (s in names(steps)) for (lv in c(TRUE, FALSE)) {
  tag <- if (lv) "_std_lv" else "_marker"
  add(paste0("holzinger_school_", s, tag), nine,
      fitted_to(nine, hs, group = "school", group.equal = steps[[s]], std.lv = lv),
      mi = s == "configural" && lv)
  add(paste0("bfi_gender_", s, tag), two,
      fitted_to(two, keyed, group = "gender", group.equal = steps[[s]], std.lv = lv))
}
sorted <- keyed[order(keyed$education), ]
add("bfi_education_metric", two,
    fitted_to(two, sorted, group = "education", group.equal = "loadings", std.lv = TRUE))
# A covariance matrix whose best one-factor solution has a negative residual variance.
heywood <- matrix(c(1, .8, .7, .42, .8, 1, .5, .3, .7, .5, 1, .27, .42, .3, .27, 1), 4)
dimnames(heywood) <- list(paste0("h", 1:4), paste0("h", 1:4))
one <- "f =~ h1 + h2 + h3 + h4"
add("heywood", one, suppressWarnings(cfa(one, sample.cov = heywood, sample.nobs = 200, std.lv = TRUE,
    control = tight, optim.force.converged = TRUE, check.gradient = FALSE)))
models$heywood$covariance <- unname(heywood)
models$heywood$n <- 200
out <- list(versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan")),
                            semTools = as.character(packageVersion("semTools"))), models = models)
write_json(out, "cfa_reference.json", auto_unbox = TRUE, digits = 14, na = "null", pretty = TRUE)
