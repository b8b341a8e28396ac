# Further reference values for reliability, from R psych: R's own data set "attitude" (30 departments, 7 items) and seeded
# simulated answers (12 items with 40 of 720 answers missing; two items; a scale with one item keyed the wrong way,
# whose alpha is negative). Run in this folder.
suppressMessages({library(psych);library(jsonlite)})
set.seed(21); f <- rnorm(60); twelve <- sapply(1:12, function(i) pmin(5, pmax(1, round(3 + f*.8 + rnorm(60))))); twelve[sample(length(twelve), 40)] <- NA; colnames(twelve) <- paste0("i", 1:12)
set.seed(22); f <- rnorm(25); two <- sapply(1:2, function(i) round(3 + f + rnorm(25, 0, .7))); colnames(two) <- c("i1","i2")
set.seed(23); f <- rnorm(80); wrong <- cbind(i1=round(4+f+rnorm(80,0,.5)), i2=round(4-f+rnorm(80,0,.5)), i3=round(4+f+rnorm(80,0,2)))
sets <- list(attitude=attitude, twelve=as.data.frame(twelve), two=as.data.frame(two), wrong=as.data.frame(wrong))
one <- function(x) {
  a <- suppressWarnings(psych::alpha(x, check.keys=FALSE)); cc <- x[complete.cases(x),]; f <- alpha.ci(a$total$raw_alpha, nrow(cc), ncol(x))
  list(n=nrow(cc), alpha=a$total$raw_alpha, std_alpha=a$total$std.alpha, lambda6=a$total[["G6(smc)"]], mean_r=a$total$average_r,
    feldt95=c(f$lower.ci, f$upper.ci), alpha_if_dropped=a$alpha.drop$raw_alpha, item_rest_r=a$item.stats$r.drop, item_mean=a$item.stats$mean, item_sd=a$item.stats$sd)
}
out <- list(versions=list(R=R.version.string, psych=as.character(packageVersion("psych"))))
for (k in names(sets)) { x <- sets[[k]]; cc <- x[complete.cases(x),]
  out[[k]] <- list(data=as.list(x), pairwise=suppressMessages(one(x)), listwise=suppressMessages(one(cc))) }
write_json(out, "alpha_reference.json", auto_unbox=TRUE, digits=14, na="null")
