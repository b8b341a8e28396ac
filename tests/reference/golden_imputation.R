# Reference values for multiple imputation with clusters: R mice (2l.pan for columns of service users with worker means
# among the predictors, 2lonly.norm for a column of workers), pooled by mitml::testEstimates over lme4 fits with
# Satterthwaite degrees of freedom (lmerTest). Makes imputation.csv (simulated here; missing at random: the experience
# given the complete column `ease`, the worker's reflection given the worker's mean of it), three of R's own completed
# data sets (imputation_completed.csv), and imputation_reference.json. Run in this folder; takes a few minutes.
suppressMessages({library(mice); library(pan); library(mitml); library(lmerTest); library(jsonlite)})
set.seed(20261)
J <- 48; n <- sample(4:11, J, TRUE); w <- rep(seq_len(J), n); N <- length(w)
ease_w <- rnorm(J, 0, .6); reflection <- .5 * ease_w + rnorm(J, 0, .8)
ease <- ease_w[w] + rnorm(N); age <- .3 * ease + rnorm(N)
experience <- 3 + .4 * reflection[w] + .5 * ease + rnorm(J, 0, .5)[w] + rnorm(N)
full <- data.frame(worker_id = w, experience, reflection = reflection[w], ease, age)
data <- full
data$experience[runif(N) < plogis(-.9 + 1.2 * ease)] <- NA
data$age[runif(N) < .15] <- NA
gone <- runif(J) < plogis(-1.6 + 1.5 * ave(ease, w)[!duplicated(w)])
data$reflection[gone[w]] <- NA
data[-1] <- round(data[-1], 6); full[-1] <- round(full[-1], 6)
write.csv(cbind(data, experience_full = full$experience, reflection_full = full$reflection), "imputation.csv",
  row.names = FALSE, na = "", quote = FALSE)
pred <- make.predictorMatrix(data)
pred[, "worker_id"] <- -2
pred["experience", c("ease", "age")] <- 3; pred["age", c("experience", "ease")] <- 3
pred["reflection", c("experience", "ease", "age")] <- 1
method <- c(worker_id = "", experience = "2l.pan", reflection = "2lonly.norm", ease = "", age = "2l.pan")
m <- 300
imp <- mice(data, m = m, maxit = 10, method = method, predictorMatrix = pred, seed = 7, printFlag = FALSE, paniter = 200)
means <- function(d) { d$ease_between <- ave(d$ease, d$worker_id); d$ease_within <- d$ease - d$ease_between; d }
fit <- function(d) lmer(experience ~ reflection + ease_within + ease_between + (1 | worker_id), means(d))
numbers <- function(f) { s <- coef(summary(f)); list(estimate = s[, 1], std_error = s[, 2], df = s[, 3]) }
pooled <- function(fits) {
  each <- lapply(fits, numbers)
  q <- sapply(each, `[[`, "estimate"); u <- sapply(each, `[[`, "std_error")^2; df <- rowMeans(sapply(each, `[[`, "df"))
  rows <- lapply(seq_len(nrow(q)), function(k) testEstimates(qhat = matrix(q[k, ], 1), uhat = array(u[k, ], c(1, 1, ncol(q))),
    df.com = df[k])$estimates)
  pick <- function(name) sapply(rows, function(r) r[[1, name]])
  list(terms = rownames(q), estimate = pick("Estimate"), std_error = pick("Std.Error"), df = pick("df"),
    p_value = pick("P(>|t|)"), fmi = pick("FMI"), between = apply(q, 1, var), df_complete = df)
}
fits <- lapply(seq_len(m), function(i) fit(complete(imp, i)))
few <- lapply(1:3, function(i) complete(imp, i))
for (i in 1:3) few[[i]][-1] <- round(few[[i]][-1], 6)
write.csv(do.call(rbind, lapply(1:3, function(i) cbind(imputation = i, few[[i]]))), "imputation_completed.csv",
  row.names = FALSE, quote = FALSE)
complete_cases <- numbers(fit(data[complete.cases(data[, -5]), ]))
imputed_mean <- function(name) { x <- unlist(imp$imp[[name]]); c(mean = mean(x), sd = sd(x)) }
# One value a worker, not one a row.
of_workers <- { r <- imp$imp$reflection; first <- !duplicated(data$worker_id[as.integer(rownames(r))]); unlist(r[first, ]) }
write_json(list(versions = list(R = R.version.string, mice = as.character(packageVersion("mice")),
    mitml = as.character(packageVersion("mitml")), pan = as.character(packageVersion("pan"))),
  n_imputations = m, many = pooled(fits), three = pooled(lapply(few, fit)), full = numbers(fit(full)),
  complete_cases = complete_cases, imputed = list(experience = imputed_mean("experience"), age = imputed_mean("age"),
    reflection = c(mean = mean(of_workers), sd = sd(of_workers)))),
  "imputation_reference.json", auto_unbox = TRUE, digits = 14)
