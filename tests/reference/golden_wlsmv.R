# Reference values for structural models of ordinal items, from R lavaan (estimator WLSMV: diagonally weighted least
# squares, robust standard errors, mean- and variance-adjusted test), delta parameterisation, factors with variance one.
# Data: bfi.csv (R package psych) and seeded simulated answers. Run in this folder.
suppressMessages({library(lavaan);library(jsonlite)})
cut_at <- function(x, shares) as.integer(cut(x, c(-Inf, qnorm(cumsum(shares)[-length(shares)]), Inf)))
answers <- function(f, loadings, shares) {  # f: n x m factor scores; loadings: k x m
  y <- f %*% t(loadings); noise <- pmax(0, 1 - rowSums(loadings^2))
  out <- sapply(seq_len(nrow(loadings)), function(i) cut_at(y[,i] + sqrt(noise[i])*rnorm(nrow(f)), shares[[(i-1) %% length(shares) + 1]]))
  colnames(out) <- paste0("i", seq_len(nrow(loadings))); as.data.frame(out)
}
measures <- c("npar","chisq","df","pvalue","chisq.scaled","df.scaled","pvalue.scaled","chisq.scaling.factor","baseline.chisq","baseline.df",
  "baseline.chisq.scaled","baseline.df.scaled","cfi","tli","cfi.scaled","tli.scaled","rmsea","rmsea.ci.lower","rmsea.ci.upper",
  "rmsea.scaled","rmsea.ci.lower.scaled","rmsea.ci.upper.scaled","srmr")
one <- function(x, model, keep=TRUE, indices=FALSE, ...) {
  items <- setdiff(names(x), "g")
  fit <- cfa(model, data=x, ordered=items, estimator="WLSMV", std.lv=TRUE, optim.method="BFGS", control=list(reltol=1e-15, maxit=5000), ...)
  p <- parameterEstimates(fit); s <- standardizedSolution(fit)
  if (!"group" %in% names(p)) p$group <- 1; if (!"group" %in% names(s)) s$group <- 1
  p <- p[p$op %in% c("=~","|","~~","~*~","~1"),]
  r <- list(model=model, n=unname(as.list(lavInspect(fit,"nobs"))), shift=fit@test[[2]]$shift.parameter, fit=as.list(fitMeasures(fit, measures)),
    parameters=as.list(p[,c("lhs","op","rhs","group","est","se")]), standardised=as.list(s[s$op %in% c("=~","~~"),c("lhs","op","rhs","group","est.std","se")]))
  if (keep) r$data <- as.list(x)
  if (indices) {
    m <- modindices(fit, sort.=TRUE, maximum.number=10); if (!"group" %in% names(m)) m$group <- 1
    r$modification <- as.list(m[,c("lhs","op","rhs","group","mi","epc")])
  }
  r
}
out <- list(versions=list(R=R.version.string, lavaan=as.character(packageVersion("lavaan"))))
d <- read.csv("bfi.csv"); for (v in c("A1","C4","C5","E1","E2","O2","O5")) d[[v]] <- 7 - d[[v]]
scale_of <- function(name, letter) paste0(name, " =~ ", paste0(letter, 1:5, collapse=" + "))
ac <- c(paste0("A",1:5), paste0("C",1:5)); two <- paste(scale_of("agree","A"), scale_of("conscientious","C"), sep="\n")
x <- d[,ac]; x <- x[complete.cases(x),]; out$bfi_two_factors <- one(x, two, keep=FALSE, indices=TRUE)
v <- c(ac, paste0("E",1:5), paste0("N",1:5)); x <- d[,v]; x <- x[complete.cases(x),]
second <- paste(two, scale_of("extraversion","E"), scale_of("neuroticism","N"), "g =~ agree + conscientious + extraversion + neuroticism", sep="\n")
out$bfi_second_order <- one(x, second, keep=FALSE)
g <- d[,c(ac,"gender")]; g <- g[complete.cases(g),]; names(g)[11] <- "g"
out$bfi_groups_configural <- one(g, two, keep=FALSE, group="g")
out$bfi_groups_loadings <- one(g, two, keep=FALSE, group="g", group.equal="loadings")
out$bfi_groups_thresholds <- one(g, two, keep=FALSE, group="g", group.equal=c("loadings","thresholds"))
set.seed(11); f <- rnorm(300); out$one_factor_three <- one(answers(cbind(f), cbind(c(.8,.7,.6,.5,.4)), list(c(.2,.5,.3), c(.6,.3,.1))), "f =~ i1 + i2 + i3 + i4 + i5")
set.seed(12); f <- matrix(rnorm(1000), 500); f[,2] <- .5*f[,1] + sqrt(.75)*f[,2]
L <- rbind(cbind(c(.8,.7,.6,.7),0), cbind(0,c(.6,.7,.8,.5))); skewed <- list(c(.02,.05,.08,.25,.6), c(.5,.25,.15,.06,.04))
out$two_factors_skewed <- one(answers(f, L, skewed), "f =~ i1 + i2 + i3 + i4\nh =~ i5 + i6 + i7 + i8")
set.seed(13); f <- matrix(rnorm(900*4), 900); L <- cbind(c(.6,.5,.7,.6,.5,.6,.7,.5,.6,.6,.6,.5), c(.5,.4,.5,.4,rep(0,8)), c(rep(0,4),.5,.5,.4,.4,rep(0,4)), c(rep(0,8),.5,.4,.5,.5))
bi <- "g =~ i1 + i2 + i3 + i4 + i5 + i6 + i7 + i8 + i9 + i10 + i11 + i12\na =~ i1 + i2 + i3 + i4\nb =~ i5 + i6 + i7 + i8\nc =~ i9 + i10 + i11 + i12"
out$bifactor <- one(answers(f, L, list(c(.1,.3,.4,.2))), bi, orthogonal=TRUE)
set.seed(14); f <- c(rnorm(350), .4 + 1.2*rnorm(250)); y <- cbind(f) %*% t(c(.8,.7,.6,.7,.5)); y <- y + t(sqrt(1 - c(.8,.7,.6,.7,.5)^2)*t(matrix(rnorm(3000), 600)))
x <- as.data.frame(apply(y, 2, function(v) findInterval(v, c(-.8,.1,.9)) + 1L)); names(x) <- paste0("i", 1:5); x$g <- rep(c("one","two"), c(350,250))
m <- "f =~ i1 + i2 + i3 + i4 + i5"
out$groups_configural <- one(x, m, group="g", indices=TRUE); out$groups_loadings <- one(x, m, keep=FALSE, group="g", group.equal="loadings"); out$groups_thresholds <- one(x, m, keep=FALSE, group="g", group.equal=c("loadings","thresholds"))
out$groups_thresholds_only <- one(x, m, keep=FALSE, group="g", group.equal="thresholds")
write_json(out, "wlsmv_reference.json", auto_unbox=TRUE, digits=14, na="null")
