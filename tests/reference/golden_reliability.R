# Further reference values for reliability: split halves for several numbers of items (R psych; and all splits, counted
# here one by one, since psych takes the first half of the list also where the number of items is odd and no split is
# listed twice), omega total from the one-factor ML model (lavaan, semTools compRelSEM) with omega if an item is
# dropped, omega hierarchical from a second-order and a bifactor model, and ordinal omega after Green and Yang (2009).
# Data: attitude (R), complete rows of "twelve" in alpha_reference.json, bfi.csv here, and seeded simulated answers to
# twelve items with a general factor and three group factors. Run in this folder.
suppressMessages({library(psych);library(lavaan);library(semTools);library(jsonlite)})
d <- read.csv("bfi.csv"); for (v in c("A1","C4","C5","E1","E2","O2","O5")) d[[v]] <- 7 - d[[v]]
old <- fromJSON("alpha_reference.json")
twelve <- as.data.frame(old$twelve$data); twelve <- twelve[complete.cases(twelve),]
set.seed(41); n <- 300; g <- rnorm(n); s <- matrix(rnorm(3*n), n)
general <- c(.6,.5,.7,.6, .5,.6,.6,.4, .7,.5,.6,.5); own <- c(.5,.4,.5,.4, .4,.5,.6,.5, .4,.5,.3,.5)
deep <- sapply(1:12, function(i) pmin(6, pmax(1, round(3.5 + 1.2*(general[i]*g + own[i]*s[,(i+3)%/%4] + .6*rnorm(n))))))
colnames(deep) <- paste0("d", 1:12); deep <- as.data.frame(deep)
bfi_items <- function(l) { x <- d[, paste0(l, 1:5)]; x[complete.cases(x),] }

halves <- function(x) { r <- cor(x); k <- ncol(x); m <- k %/% 2; total <- sum(r)
  of <- function(a) 4*sum(r[a, -a])/total
  all <- combn(k, m, of); p <- splitHalf(x, raw=TRUE, check.keys=FALSE)
  list(n_items=k, psych_min=p$minrb, psych_mean=p$meanr, psych_max=p$maxrb, all_min=min(all), all_mean=mean(all), all_max=max(all)) }
omega_of <- function(x) as.numeric(compRelSEM(cfa(paste("f =~", paste(names(x), collapse=" + ")), data=x, std.lv=TRUE)))
dropped <- function(x) sapply(seq_along(x), function(i) omega_of(x[,-i]))

out <- list(versions=list(R=R.version.string, psych=as.character(packageVersion("psych")), lavaan=as.character(packageVersion("lavaan")), semTools=as.character(packageVersion("semTools"))))
sets <- list(attitude=attitude, twelve=twelve, four=deep[,c(1,2,5,9)], eight=deep[,1:8])
out$split_half <- lapply(sets, halves)
out$split_half$bfi <- sapply(c("A","C","E","N","O"), function(l) halves(bfi_items(l)), simplify=FALSE)
out$omega <- lapply(list(attitude=attitude, twelve=twelve, three=deep[,1:3], four=deep[,1:4], deep=deep), function(x) list(omega=omega_of(x)))
for (l in c("A","C","E","N","O")) out$omega[[l]] <- list(omega=omega_of(bfi_items(l)), dropped=dropped(bfi_items(l)))
out$omega$attitude$dropped <- dropped(attitude)
parts <- "one =~ d1+d2+d3+d4\ntwo =~ d5+d6+d7+d8\nthree =~ d9+d10+d11+d12"
second <- cfa(paste(parts, "\nall =~ one + two + three"), data=deep, std.lv=TRUE)
bi <- cfa(paste(parts, "\nall =~", paste(names(deep), collapse="+")), data=deep, std.lv=TRUE, orthogonal=TRUE)
out$hierarchical <- list(data=as.list(deep), second_order=as.numeric(compRelSEM(second, higher="all")["all"]), bifactor=as.numeric(compRelSEM(bi)["all"]),
  second_order_chisq=as.numeric(fitMeasures(second, "chisq")), bifactor_chisq=as.numeric(fitMeasures(bi, "chisq")))
green_yang <- function(x) { f <- cfa(paste("f =~", paste(names(x), collapse=" + ")), data=x, std.lv=TRUE, ordered=names(x), estimator="WLSMV"); as.numeric(compRelSEM(f)) }
out$ordinal_omega <- list(A=green_yang(bfi_items("A")), C=green_yang(bfi_items("C")), E=green_yang(bfi_items("E")), N=green_yang(bfi_items("N")), O=green_yang(bfi_items("O")), four=green_yang(deep[,1:4]))
polychoric_alpha <- function(x) { r <- lavCor(x, ordered=names(x)); k <- ncol(x); k/(k-1)*(1 - k/sum(r)) }
out$ordinal_alpha <- list(four=polychoric_alpha(deep[,1:4]), deep=polychoric_alpha(deep))
write_json(out, "reliability_reference.json", auto_unbox=TRUE, digits=14, na="null")
