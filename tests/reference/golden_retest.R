# Reference values for intraclass correlations, from R psych's ICC() by analysis of variance: the six targets and four
# judges of Shrout and Fleiss (1979, table 2), and seeded simulated scores (test and retest; three raters, one of them
# strict; raters who do not agree at all; an occasion nine points later). Run in this folder.
suppressMessages({library(psych);library(jsonlite)})
sf <- matrix(c(9,2,5,8, 6,1,3,2, 8,4,6,8, 7,1,2,6, 10,5,6,9, 6,2,4,7), ncol=4, byrow=TRUE)
set.seed(31); f <- rnorm(40); retest <- round(cbind(4 + f + rnorm(40, 0, .5), 4.2 + f + rnorm(40, 0, .5)), 2)
set.seed(32); f <- rnorm(15); strict <- round(cbind(5 + f + rnorm(15, 0, .6), 5 + f + rnorm(15, 0, .6), 2 + f + rnorm(15, 0, .6)), 1)
set.seed(33); none <- round(matrix(rnorm(30, 3), 10), 2)
shifted <- cbind(1:12, 10:21 + rep(c(0, .5), 6))
sets <- list(shrout_fleiss=sf, retest=retest, strict=strict, none=none, shifted=shifted)
out <- list(versions=list(R=R.version.string, psych=as.character(packageVersion("psych"))))
for (k in names(sets)) { x <- as.data.frame(sets[[k]])
  of <- function(a) { r <- suppressMessages(ICC(x, alpha=a, lmer=FALSE))$results
    list(icc=r$ICC, F=r$F, df1=r$df1, df2=r$df2, p=r$p, low=r[["lower bound"]], high=r[["upper bound"]]) }
  out[[k]] <- list(data=unname(as.matrix(x)), level95=of(.05), level80=of(.2)) }
write_json(out, "retest_reference.json", auto_unbox=TRUE, digits=14, na="null")
