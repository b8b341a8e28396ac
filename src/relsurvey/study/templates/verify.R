# Computes the headline figures of this study again, in R, and sets ours beside R's.
#
#   Rscript verify.R
#
# It reads the files beside it and nothing else: answers with reversed items turned
# (worker_items.csv, service_user_items.csv), the linked scores (linked.csv), which items, models
# and terms were asked for (verify_asked.csv), and the figures it compares with (verify_ours.csv).
# Exit status: 1 where a figure differs by more than its tolerance, 2 where a package or a file is
# missing, otherwise 0. Where R gives no figure (a search that does not end), it says why.

here <- function() {
  said <- grep("^--file=", commandArgs(FALSE), value = TRUE)
  if (!length(said)) return(getwd())
  # R writes a space in the name of a script as ~+~.
  dirname(normalizePath(gsub("~+~", " ", sub("^--file=", "", said[1]), fixed = TRUE)))
}

stop_with <- function(...) {
  message(...)
  quit(save = "no", status = 2)
}

ours_of <- function(folder) read_table(folder, "verify_ours.csv")

# Ids stay text, an empty cell is missing, and the apostrophe that keeps a spreadsheet from
# running a text as a formula is taken off again.
read_table <- function(folder, name) {
  path <- file.path(folder, name)
  if (!file.exists(path)) stop_with("There is no ", name, " beside verify.R.")
  ids <- c("respondent_id", "worker_id", "team", "worker_team", "survey", "name", "key", "value",
           "note", "quantity", "part", group_columns)
  heads <- names(read.csv(path, nrows = 1, check.names = FALSE, encoding = "UTF-8"))
  heads <- intersect(heads, ids)
  table <- read.csv(path, na.strings = "", check.names = FALSE, encoding = "UTF-8",
                    colClasses = setNames(rep("character", length(heads)), heads))
  for (column in names(table)) if (is.character(table[[column]])) {
    table[[column]] <- sub("^'(?=[-=+@\t\r])", "", table[[column]], perl = TRUE)
  }
  table
}
group_columns <- character()

need <- function(packages) {
  absent <- packages[!vapply(packages, requireNamespace, logical(1), quietly = TRUE)]
  if (!length(absent)) return(invisible())
  debian <- paste0("r-cran-", tolower(absent), collapse = " ")
  quoted <- paste0('"', absent, '"', collapse = ", ")
  stop_with("This script needs the R package(s) ", paste(absent, collapse = ", "), ".\n",
            "In R:      install.packages(c(", quoted, "))\n",
            "On Debian: apt-get install ", debian)
}

asked_for <- function(asked, part, survey, name, key) {
  mine <- asked$part == part & asked$name == name & asked$key == key &
    (if (is.na(survey)) is.na(asked$survey) else !is.na(asked$survey) & asked$survey == survey)
  asked$value[mine]
}

quietly <- function(expression) {
  sink(nullfile())
  on.exit(sink())
  suppressWarnings(suppressMessages(expression))
}

# Reliability: alpha by psych; omega total from one factor fitted by lavaan, over the variance of
# the sum as observed. Scales use the rows that answer all their items, or every pair.
reliability <- function(answers, items, missing) {
  data <- answers[items]
  names(data) <- paste0("i", seq_along(items))
  if (missing == "listwise") data <- data[complete.cases(data), , drop = FALSE]
  list(
    alpha = function() {
      quietly(psych::alpha(data, check.keys = FALSE, use = "pairwise"))$total$raw_alpha
    },
    omega_total = function() {
      covariance <- cov(data, use = "pairwise")
      model <- paste("f =~", paste(names(data), collapse = " + "))
      fit <- quietly(lavaan::cfa(model, sample.cov = covariance, sample.nobs = nrow(data),
                                 std.lv = TRUE, sample.cov.rescale = FALSE))
      sum(lavaan::lavInspect(fit, "est")$lambda)^2 / sum(covariance)
    }
  )
}

# Structure: lavaan, maximum likelihood, the rows that answer every item of every model.
structure_fit <- function(answers, items, row_items, syntax) {
  data <- answers[complete.cases(answers[row_items]), items, drop = FALSE]
  names(data) <- paste0("i", seq_along(items))
  quietly(lavaan::lavaan(gsub("; ", "\n", syntax), data = data, std.lv = TRUE, auto.var = TRUE,
                         estimator = "ML", meanstructure = FALSE))
}

# Association: a term is a column; the deviation of a column from the mean of its worker, called
# "(within)"; that mean, called "(between)"; or a level of a category, called "column[level]".
column_of <- function(linked, name) {
  if (name %in% names(linked)) return(linked[[name]])
  for (column in names(linked)) {
    start <- paste0(column, "[")
    if (startsWith(name, start) && endsWith(name, "]")) {
      level <- substr(name, nchar(start) + 1, nchar(name) - 1)
      return(as.numeric(as.character(linked[[column]]) == level))
    }
  }
  stop("linked.csv has no column for ", name)
}

term_of <- function(linked, term, group) {
  if (term %in% names(linked)) return(linked[[term]])
  within <- grepl(" (within)", term, fixed = TRUE)
  between <- grepl(" (between)", term, fixed = TRUE)
  values <- column_of(linked, sub(" \\((within|between)\\)$", "", term))
  means <- ave(values, group)
  if (within) values - means else if (between) means else values
}

association <- function(linked, asked) {
  get <- function(key) asked_for(asked, "association", NA, "primary", key)
  used <- unique(c(get("outcome"), get("predictor"), get("column"), get("group"), get("team")))
  linked <- linked[complete.cases(linked[intersect(used, names(linked))]), , drop = FALSE]
  data <- data.frame(y = linked[[get("outcome")]], g = linked[[get("group")]])
  if (length(get("team"))) data$t <- linked[[get("team")]]
  terms <- get("term")
  for (place in seq_along(terms)) {
    data[[paste0("x", place)]] <- term_of(linked, terms[place], data$g)
  }
  random <- if (length(get("team"))) "(1 | t) + (1 | g)" else "(1 | g)"
  formula <- function(fixed) as.formula(paste("y ~", paste(c(fixed, random), collapse = " + ")))
  ddf <- if (get("df") == "kenward_roger") "Kenward-Roger" else "Satterthwaite"
  searched <- lme4::lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5), calc.derivs = TRUE
  )
  fitted <- function(fixed) {
    quietly(lmerTest::lmer(formula(fixed), data, REML = TRUE, control = searched))
  }
  fit <- fitted(paste0("x", seq_along(terms)))
  null <- fitted("1")
  of <- function(model) {
    found <- as.data.frame(lme4::VarCorr(model))
    setNames(found$vcov, found$grp)
  }
  row <- paste0("x", match(get("predictor"), terms))
  table <- NULL
  tested <- function(column) {
    if (is.null(table)) table <<- quietly(coef(summary(fit, ddf = ddf)))
    unname(table[row, column])
  }
  list(
    slope = function() unname(lme4::fixef(fit)[row]),
    std_error = function() tested("Std. Error"),
    df = function() {
      if (get("df") == "residual") nrow(data) - length(terms) - 1 else tested("df")
    },
    p_value = function() {
      if (get("df") != "residual") return(tested("Pr(>|t|)"))
      2 * pt(-abs(tested("t value")), nrow(data) - length(terms) - 1)
    },
    "variance of workers" = function() unname(of(fit)["g"]),
    "variance of teams" = function() unname(of(fit)["t"]),
    "variance, residual" = function() unname(of(fit)["Residual"]),
    icc = function() {
      found <- of(null)
      1 - unname(found["Residual"]) / sum(found)
    },
    deviance = function() -2 * as.numeric(logLik(fit))
  )
}

# One figure after another: what R finds, or why it finds nothing.
figures_of <- function(folder, asked, part, survey, name) {
  if (part == "association") return(association(read_table(folder, "linked.csv"), asked))
  file <- if (survey == "workers") "worker_items.csv" else "service_user_items.csv"
  answers <- read_table(folder, file)
  get <- function(key) asked_for(asked, part, survey, name, key)
  if (part == "reliability") return(reliability(answers, get("item"), get("missing")))
  fit <- structure_fit(answers, get("item"), get("row_item"), get("syntax"))
  measure <- function(which) function() unname(lavaan::fitMeasures(fit, which))
  sapply(c("chisq", "df", "cfi", "tli", "rmsea", "srmr"), measure, simplify = FALSE)
}

shown <- function(value) ifelse(is.na(value), "", formatC(value, digits = 7, format = "g"))

main <- function() {
  folder <- here()
  ours <- ours_of(folder)
  asked <- read_table(folder, "verify_asked.csv")
  group_columns <<- asked$value[asked$key %in% c("group", "team")]
  kenward <- any(asked$key == "df" & asked$value == "kenward_roger")
  need(c("psych", "lavaan", "lme4", "lmerTest", if (kenward) "pbkrtest"))
  each <- unique(ours[c("part", "survey", "name")])
  ours$r <- NA_real_
  ours$problem <- ifelse(is.na(ours$ours), ours$note, "")
  for (place in seq_len(nrow(each))) {
    one <- each[place, ]
    mine <- which(ours$part == one$part & ours$name == one$name & !is.na(ours$ours) &
                    (is.na(one$survey) | ours$survey %in% one$survey))
    if (!length(mine)) next
    found <- tryCatch(figures_of(folder, asked, one$part, one$survey, one$name),
                      error = function(problem) conditionMessage(problem))
    for (row in mine) {
      value <- if (is.character(found)) found else
        tryCatch(found[[ours$quantity[row]]](), error = function(problem) conditionMessage(problem))
      if (is.numeric(value) && length(value) == 1 && is.finite(value)) ours$r[row] <- value
      else ours$problem[row] <- trimws(paste(value, collapse = " "))
    }
  }
  ours$difference <- ours$r - ours$ours
  ours$verdict <- ifelse(abs(ours$difference) <= ours$tolerance, "same", "DIFFERS")
  ours$verdict[is.na(ours$r)] <- "no figure in R"
  ours$verdict[is.na(ours$ours)] <- "not compared"
  tell(ours)
  quit(save = "no", status = as.integer(any(ours$verdict == "DIFFERS")))
}

tell <- function(ours) {
  about <- trimws(paste(ifelse(is.na(ours$survey), "", ours$survey), ours$name))
  table <- data.frame(
    what = paste(about, ours$quantity), ours = shown(ours$ours), R = shown(ours$r),
    difference = shown(ours$difference), verdict = ours$verdict
  )
  options(width = 200)
  print(table, row.names = FALSE, right = FALSE)
  reasons <- unique(paste0(about, ": ", ours$verdict, ": ", ours$problem)[ours$problem != ""])
  cat("", reasons, "", sep = "\n")
  versions <- vapply(c("psych", "lavaan", "lme4", "lmerTest"),
                     function(name) as.character(packageVersion(name)), "")
  cat(R.version.string, ", ", paste(names(versions), versions, collapse = ", "), "\n", sep = "")
  number <- function(...) sum(ours$verdict %in% c(...))
  cat(number("same", "DIFFERS"), " figures compared: ", number("same"), " the same, ",
      number("DIFFERS"), " different. ", number("no figure in R"),
      " that R does not give, ", number("not compared"), " not to be compared.\n", sep = "")
}

main()
