# Reference values for differential item functioning (ordinal logistic regression), from ordinal clm and MASS polr:
# bfi (reversed items turned, complete cases of each scale) by gender (two groups) and by education (five groups), matched
# on the sum of the scale's other items; and seeded simulated answers with unequal groups, an answer that nobody in one
# group gave, and a scale of four items. Likelihood ratios (clm; polr beside them); McFadden's R-squared against the model with thresholds
# alone. Run in this folder.
suppressMessages({library(MASS);library(ordinal);library(jsonlite)})
d <- read.csv("bfi.csv")
for (v in c("A1","C4","C5","E1","E2","O2","O5")) d[[v]] <- 7-d[[v]]
keys <- list(agree="A",conscientious="C",extraversion="E",neuroticism="N",openness="O")
ll <- function(f, z) { m <- clm(f, data=z, control=clm.control(gradTol=1e-10, maxIter=200)); as.numeric(logLik(m)) }
one <- function(x, g) {
  keep <- complete.cases(x) & !is.na(g); x <- x[keep,]; g <- factor(g[keep]); total <- rowSums(x); out <- list(n=nrow(x), groups=as.list(table(g)), items=list())
  for (v in names(x)) {
    z <- data.frame(y=ordered(x[[v]]), s=as.numeric(scale(total-x[[v]])), g=g)
    l <- c(ll(y~1,z), ll(y~s,z), ll(y~s+g,z), ll(y~s*g,z))
    pol <- function(f) polr(f,data=z,Hess=TRUE,control=list(reltol=1e-14,maxit=1000)); p1 <- pol(y~s); p2 <- pol(y~s+g); p3 <- pol(y~s*g); b <- summary(p2)$coefficients; b <- b[grep("^g",rownames(b)),,drop=FALSE]
    df <- nlevels(g)-1; chi <- 2*c(l[3]-l[2], l[4]-l[3], l[4]-l[2])
    out$items[[v]] <- list(loglik=l, chisq=list(uniform=chi[1],non_uniform=chi[2],total=chi[3]),
      chisq_polr=list(uniform=deviance(p1)-deviance(p2),non_uniform=deviance(p2)-deviance(p3),total=deviance(p1)-deviance(p3)),
      p=list(uniform=pchisq(chi[1],df,lower.tail=FALSE),non_uniform=pchisq(chi[2],df,lower.tail=FALSE),total=pchisq(chi[3],2*df,lower.tail=FALSE)),
      r2_matching=1-l[2]/l[1], r2_change=list(uniform=(l[2]-l[3])/l[1],non_uniform=(l[3]-l[4])/l[1],total=(l[2]-l[4])/l[1]),
      log_odds=as.list(setNames(unname(b[,1]),sub("^g","",rownames(b)))), std_error=as.list(setNames(unname(b[,2]),sub("^g","",rownames(b)))))
  }
  p <- sapply(out$items, function(i) i$p$total); out$holm <- as.list(p.adjust(p,"holm")); out$bh <- as.list(p.adjust(p,"BH"))
  out
}
out <- list(versions=list(R=R.version.string, MASS=as.character(packageVersion("MASS")), ordinal=as.character(packageVersion("ordinal"))))
for (by in c("gender","education")) for (k in names(keys)) { cat(by,k,"\n"); out$bfi[[by]][[k]] <- one(d[,paste0(keys[[k]],1:5)], d[[by]]) }
set.seed(41); n <- 260; g <- rep(c("a","b"),c(200,60)); t <- rnorm(n, ifelse(g=="b",.5,0))
y <- sapply(1:4, function(j) findInterval(t*1.2+rlogis(n)+ifelse(g=="b" & j==4, 1.2, 0), c(-1.5,0,1.5))); colnames(y) <- paste0("i",1:4); y <- as.data.frame(y)
y$i1[g=="b" & y$i1==0] <- 1
out$simulated <- list(data=c(as.list(y), list(g=g)), result=one(y, g))
write_json(out, "dif_reference.json", auto_unbox=TRUE, digits=14)
