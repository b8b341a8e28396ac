# Reference values for change over waves: R lme4 with Kenward-Roger tests (lmerTest, pbkrtest), Welch and paired t tests.
# Makes change.csv (simulated here: 12 teams of 4 workers, three waves, half of the teams trained between waves 2 and 3,
# some people lost) and change_reference.json. Run in this folder.
suppressMessages({library(lme4); library(lmerTest); library(clubSandwich); library(jsonlite)})
set.seed(41)
d <- expand.grid(person = 1:5, worker = 1:4, team = 1:12, wave = 1:3)
d$worker <- paste0("w", d$team, "-", d$worker); d$person <- paste0(d$worker, "-", d$person)
d$trained <- as.integer(d$team <= 6)
effect <- function(id, s) { u <- unique(id); setNames(rnorm(length(u), 0, s), u)[as.character(id)] }
d$score <- round(3 + effect(d$team, .25) + effect(d$worker, .3) + effect(d$person, .5) +
  effect(paste(d$team, d$wave), .3) + effect(paste(d$worker, d$wave), .25) + .1 * d$wave + .45 * d$trained * (d$wave == 3) + rnorm(nrow(d), 0, .5), 4)
d <- d[runif(nrow(d)) < .82, ]
write.csv(d, "change.csv", row.names = FALSE, quote = FALSE)
d$w <- relevel(factor(d$wave), "2"); d$tw <- paste(d$team, d$wave); d$ww <- paste(d$worker, d$wave)
kr <- function(f) { s <- coef(summary(f, ddf = "Kenward-Roger"))
  list(terms = rownames(s), estimate = s[, 1], std_error = s[, 2], df = s[, 3], p_value = s[, 5]) }
variances <- function(f) { v <- as.data.frame(VarCorr(f)); setNames(as.list(v$vcov), v$grp) }
one <- function(f) c(kr(f), list(variance = variances(f)))
persons <- lmer(score ~ factor(wave) + (1 | worker / person), d)
cross <- lmer(score ~ factor(wave) + (1 | worker / ww), d)
did_persons <- lmer(score ~ w * trained + (1 | team / person), d)
did_cross <- lmer(score ~ w * trained + (1 | team / tw), d)
line <- lmer(score ~ I(wave - 1) + (1 | worker / person), d)
m <- tapply(d$score, list(d$team, d$wave), mean); change <- m[, "3"] - m[, "2"]; tr <- tapply(d$trained, d$team, max) == 1
welch <- t.test(change[tr], change[!tr])
wm <- tapply(d$score, list(d$worker, d$wave), mean); paired <- t.test(wm[, "3"] - wm[, "1"])
ols <- lm(score ~ w * trained, d); cr2 <- coef_test(ols, vcov = "CR2", cluster = d$team)
full <- update(persons, REML = FALSE); less <- update(full, . ~ . - factor(wave))
base <- d[d$wave == 1, ]; stayed <- base$person %in% d$person[d$wave == 3]
lost <- t.test(base$score[!stayed], base$score[stayed])
t_list <- function(t, est) list(estimate = est, std_error = t$stderr, df = unname(t$parameter), p_value = t$p.value,
  conf_low = t$conf.int[1], conf_high = t$conf.int[2])
write_json(list(versions = list(R = R.version.string, lme4 = as.character(packageVersion("lme4")),
    lmerTest = as.character(packageVersion("lmerTest")), pbkrtest = as.character(packageVersion("pbkrtest")),
    clubSandwich = as.character(packageVersion("clubSandwich"))),
  persons = one(persons), cross = one(cross), did_persons = one(did_persons), did_cross = one(did_cross), line = one(line),
  welch = t_list(welch, unname(diff(rev(welch$estimate)))), paired = t_list(paired, unname(paired$estimate)),
  cr2 = list(estimate = cr2["w3:trained", "beta"], std_error = cr2["w3:trained", "SE"], df = cr2["w3:trained", "df_Satt"],
    p_value = cr2["w3:trained", "p_Satt"]),
  joint_p = anova(full, less)[["Pr(>Chisq)"]][2],
  lost = c(t_list(lost, unname(diff(rev(lost$estimate)))), list(n_lost = sum(!stayed), n_stayed = sum(stayed)))),
  "change_reference.json", auto_unbox = TRUE, digits = 14)
