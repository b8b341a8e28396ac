# Factor models fitted to incomplete rows by full information maximum likelihood, from R lavaan (missing="ml").
#   bfi.csv as it is (its own missing answers, items not reversed): two factors, five factors, a second-order factor, two
#   groups by gender with nothing, loadings, loadings and intercepts, and residuals too held equal.
#   fiml_mar.csv (written here, seeded): 300 rows, 2 x 3 items, two decimals; whether y4-y6 are missing depends on y1,
#   a tenth of all answers is missing at random besides, and four rows have no answer at all.
# The EM of the saturated model is run to 1e-12. Standard errors are from the observed information (lavaan's default
# with missing="ml"). Run in this folder.
suppressMessages({library(lavaan); library(jsonlite)})
set.seed(77); n <- 300
f <- matrix(rnorm(2 * n), n) %*% chol(matrix(c(1, .5, .5, 1), 2))
y <- cbind(f[, 1] %o% c(.8, .7, .6), f[, 2] %o% c(.9, .7, .5)) + matrix(rnorm(6 * n, 0, .6), n) + rep(c(3, 2, 4, 1, 0, -2), each=n)
colnames(y) <- paste0("y", 1:6); y <- round(y, 2)
y[y[, 1] > 3.4, 4:6][matrix(runif(sum(y[, 1] > 3.4) * 3) < .7, ncol=3)] <- NA
y[matrix(runif(6 * n) < .1, n)] <- NA; y[c(5, 60, 61, 299), ] <- NA
write.csv(y, "fiml_mar.csv", row.names=FALSE, na="")
bfi <- read.csv("bfi.csv"); mar <- read.csv("fiml_mar.csv")
two <- "agree =~ A1+A2+A3+A4+A5\nconscientious =~ C1+C2+C3+C4+C5"
five <- paste0(two, "\nextraversion =~ E1+E2+E3+E4+E5\nneuroticism =~ N1+N2+N3+N4+N5\nopenness =~ O1+O2+O3+O4+O5")
second <- paste0(five, "\ng =~ agree + conscientious + extraversion + neuroticism + openness")
simulated <- "f =~ y1+y2+y3\nh =~ y4+y5+y6"
measures <- c("chisq","df","pvalue","baseline.chisq","baseline.df","cfi","tli","rmsea","rmsea.ci.lower","rmsea.ci.upper","srmr","aic","bic","logl","unrestricted.logl","npar","ntotal")
kept <- function(fit) { p <- parameterEstimates(fit); s <- standardizedSolution(fit)
  p$std <- s$est.std; p$std_se <- s$se; p <- p[p$op %in% c("=~", "~~", "~1"), ]
  g <- if (is.null(p$group)) rep(1, nrow(p)) else p$group
  list(fit=as.list(fitMeasures(fit, measures)), converged=lavInspect(fit, "converged"),
    parameters=data.frame(group=g, lhs=p$lhs, op=p$op, rhs=p$rhs, est=p$est, se=p$se, std=p$std, std_se=p$std_se)) }
run <- function(model, data, ...) suppressWarnings(cfa(model, data=data, std.lv=TRUE, missing="ml", em.h1.tol=1e-12, em.h1.iter.max=20000, ...))
out <- list(versions=list(R=R.version.string, lavaan=as.character(packageVersion("lavaan"))))
out$two_factor <- kept(run(two, bfi)); out$five_factor <- kept(run(five, bfi)); out$second_order <- kept(run(second, bfi)); out$mar <- kept(run(simulated, mar))
out$groups <- list(none=kept(run(two, bfi, group="gender", group.label=c(1, 2))), loadings=kept(run(two, bfi, group="gender", group.label=c(1, 2), group.equal="loadings")),
  intercepts=kept(run(two, bfi, group="gender", group.label=c(1, 2), group.equal=c("loadings", "intercepts"))), residuals=kept(run(two, bfi, group="gender", group.label=c(1, 2), group.equal=c("loadings", "intercepts", "residuals"))))
out$options <- lavInspect(run(simulated, mar), "options")[c("information", "observed.information", "missing", "mimic", "likelihood")]
complete <- mar[complete.cases(mar), ]
out$complete_ml <- kept(suppressWarnings(cfa(simulated, data=complete, std.lv=TRUE, meanstructure=TRUE, information="observed")))
write_json(out, "fiml_reference.json", auto_unbox=TRUE, digits=12, na="null", dataframe="columns")
