# Reference values for the invariance ladder and for the comparison of models, from R lavaan: bfi (two and five factors, reversed
# items turned, complete cases) by gender, and lavaan's own data set HolzingerSwineford1939 (301 pupils, 9 tests) by school, written with the
# values. Steps: configural, metric (loadings), scalar (+ intercepts), strict (+ residuals); differences by lavTestLRT.
# Comparison: one factor, three factors and a second-order model on the nine tests, same rows. Run in this folder.
suppressMessages({library(lavaan);library(jsonlite)})
d <- read.csv("bfi.csv"); for (v in c("A1","C4","C5","E1","E2","O2","O5")) d[[v]] <- 7-d[[v]]
names4 <- c("configural","metric","scalar","strict"); eq <- list("", "loadings", c("loadings","intercepts"), c("loadings","intercepts","residuals"))
fm <- c("chisq","df","pvalue","cfi","tli","rmsea","rmsea.ci.lower","rmsea.ci.upper","srmr","aic","bic")
ladder <- function(model, data, group, std.lv=TRUE) {
  fits <- lapply(eq, function(e) cfa(model, data=data, group=group, group.equal=e, std.lv=std.lv))
  steps <- lapply(fits, function(f) as.list(fitMeasures(f, fm))); names(steps) <- names4
  lrt <- lapply(2:4, function(i) { t <- lavTestLRT(fits[[i]], fits[[i-1]]); list(chisq=t[["Chisq diff"]][2], df=t[["Df diff"]][2], p=t[["Pr(>Chisq)"]][2]) }); names(lrt) <- names4[2:4]
  list(n=as.list(setNames(lavInspect(fits[[1]],"nobs"), lavInspect(fits[[1]],"group.label"))), steps=steps, difference=lrt)
}
two <- "agree =~ A1+A2+A3+A4+A5\nconscientious =~ C1+C2+C3+C4+C5"
HS <- HolzingerSwineford1939; tests <- paste0("x",1:9); nine <- "visual =~ x1+x2+x3\ntextual =~ x4+x5+x6\nspeed =~ x7+x8+x9"
out <- list(versions=list(R=R.version.string, lavaan=as.character(packageVersion("lavaan"))))
keep <- complete.cases(d[,c(paste0("A",1:5),paste0("C",1:5),"gender")])
out$bfi_two_by_gender <- ladder(two, d[keep,], "gender")
k2 <- complete.cases(d[,c(paste0("A",1:5),paste0("C",1:5),"education")])
out$bfi_two_by_education <- ladder(two, d[k2,], "education")
out$nine_by_school <- ladder(nine, HS, "school")
out$nine_by_school$data <- as.list(cbind(HS[,tests], school=as.character(HS$school)))
one <- paste("g =~", paste(tests, collapse="+")); second <- paste0(nine, "\ng =~ visual+textual+speed"); pair <- "vt =~ x1+x2+x3+x4+x5+x6\nspeed =~ x7+x8+x9"
fits <- lapply(list(one=one, two=pair, three=nine, second=second), function(m) cfa(m, data=HS, std.lv=TRUE))
out$nine_compared <- lapply(fits, function(f) as.list(c(fitMeasures(f, c(fm,"npar")))))
t <- lavTestLRT(fits$one, fits$three); out$one_in_three <- list(chisq=t[["Chisq diff"]][2], df=t[["Df diff"]][2], p=t[["Pr(>Chisq)"]][2])
# Ordinal: WLSMV by gender, thresholds and loadings free, loadings equal, loadings and thresholds equal
eqo <- list("", "loadings", c("loadings","thresholds")); items <- c(paste0("A",1:5),paste0("C",1:5))
fo <- lapply(eqo, function(e) cfa(two, data=d[keep,], group="gender", group.equal=e, std.lv=TRUE, ordered=items, estimator="WLSMV"))
steps <- lapply(fo, function(f) as.list(fitMeasures(f, c("chisq","df","cfi","tli","rmsea","srmr","chisq.scaled","df.scaled","pvalue.scaled","cfi.scaled","tli.scaled","rmsea.scaled")))); names(steps) <- names4[1:3]
lrt <- lapply(2:3, function(i) { t <- lavTestLRT(fo[[i]], fo[[i-1]]); list(chisq=t[["Chisq diff"]][2], df=t[["Df diff"]][2], p=t[["Pr(>Chisq)"]][2]) }); names(lrt) <- names4[2:3]
out$bfi_two_by_gender_wlsmv <- list(steps=steps, difference=lrt)
write_json(out, "invariance_reference.json", auto_unbox=TRUE, digits=14, pretty=TRUE)
