"""The works behind the methods of a report, and which of them a text names.

A text names a work by its short name, as in "Feldt 1965" or "Bell & McCaffrey (2002)"; a report
lists in full the works that its own texts name, and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from relsurvey.views import Bullets, Figure, Notice, Paragraph, Section, Subheading, Table

__all__ = ["WORKS", "named_in", "words_of"]

# Short name and full entry. A short name has "and" for "&" and no brackets around its year.
WORKS = {
    "Aiken and West 1991": "Aiken LS, West SG (1991). Multiple regression: testing and "
    "interpreting interactions. Sage",
    "Barnard and Rubin 1999": "Barnard J, Rubin DB (1999). Small-sample degrees of freedom with "
    "multiple imputation. Biometrika 86(4):948-955",
    "Bell and McCaffrey 2002": "Bell RM, McCaffrey DF (2002). Bias reduction in standard errors "
    "for linear regression with multi-stage samples. Survey Methodology 28(2):169-181",
    "Bliese 2000": "Bliese PD (2000). Within-group agreement, non-independence, and reliability. "
    "In Klein KJ, Kozlowski SWJ (eds), Multilevel theory, research, and methods in "
    "organizations, 349-381. Jossey-Bass",
    "Bonett and Wright 2000": "Bonett DG, Wright TA (2000). Sample size requirements for "
    "estimating Pearson, Kendall and Spearman correlations. Psychometrika 65(1):23-28",
    "Burke and Dunlap 2002": "Burke MJ, Dunlap WP (2002). Estimating interrater agreement with "
    "the average deviation index. Organizational Research Methods 5(2):159-172. doi "
    "10.1177/1094428102005002002",
    "Cohen 1988": "Cohen J (1988). Statistical power analysis for the behavioral sciences, 2nd "
    "ed. Erlbaum",
    "Cook and Stefanski 1994": "Cook JR, Stefanski LA (1994). Simulation-extrapolation estimation "
    "in parametric measurement error models. Journal of the American Statistical Association "
    "89(428):1314-1328",
    "Cronbach 1951": "Cronbach LJ (1951). Coefficient alpha and the internal structure of tests. "
    "Psychometrika 16(3):297-334. doi 10.1007/BF02310555",
    "Curran 2016": "Curran PG (2016). Methods for the detection of carelessly invalid responses "
    "in survey data. Journal of Experimental Social Psychology 66:4-19. doi "
    "10.1016/j.jesp.2015.07.006",
    "Davison and Hinkley 1997": "Davison AC, Hinkley DV (1997). Bootstrap methods and their "
    "application. Cambridge University Press",
    "DiCiccio and Romano 2017": "DiCiccio CJ, Romano JP (2017). Robust permutation tests for "
    "correlation and regression coefficients. Journal of the American Statistical Association "
    "112(519):1211-1220",
    "Dunn et al. 2018": "Dunn AM, Heggestad ED, Shanock LR, Theilgard N (2018). Intra-individual "
    "response variability as an indicator of insufficient effort responding. Journal of Business "
    "and Psychology 33:105-121. doi 10.1007/s10869-016-9479-0",
    "Efron 1987": "Efron B (1987). Better bootstrap confidence intervals. Journal of the American "
    "Statistical Association 82(397):171-185",
    "Eysenbach 2004": "Eysenbach G (2004). Improving the quality of Web surveys: the Checklist "
    "for Reporting Results of Internet E-Surveys (CHERRIES). Journal of Medical Internet Research "
    "6(3):e34. doi 10.2196/jmir.6.3.e34",
    "Fai and Cornelius 1996": "Fai AH, Cornelius PL (1996). Approximate F-tests of multiple "
    "degree of freedom hypotheses in generalized least squares analyses of unbalanced split-plot "
    "experiments. Journal of Statistical Computation and Simulation 54(4):363-378. doi "
    "10.1080/00949659608811740",
    "Fairclough and Cella 1996": "Fairclough DL, Cella DF (1996). Functional Assessment of Cancer "
    "Therapy (FACT-G): non-response to individual questions. Quality of Life Research 5:321-329",
    "Feldt 1965": "Feldt LS (1965). The approximate sampling distribution of Kuder-Richardson "
    "reliability coefficient twenty. Psychometrika 30(3):357-370. doi 10.1007/BF02289499",
    "Fieller, Hartley and Pearson 1957": "Fieller EC, Hartley HO, Pearson ES (1957). Tests for "
    "rank correlation coefficients. I. Biometrika 44(3-4):470-481",
    "Fisher 1921": "Fisher RA (1921). On the “probable error” of a coefficient of correlation "
    "deduced from a small sample. Metron 1:3-32",
    "Freedman and Lane 1983": "Freedman D, Lane D (1983). A nonstochastic interpretation of "
    "reported significance levels. Journal of Business & Economic Statistics 1(4):292-298",
    "Green and Yang 2009": "Green SB, Yang Y (2009). Reliability of summed item scores using "
    "structural equation modeling: an alternative to coefficient alpha. Psychometrika "
    "74(1):155-167. doi 10.1007/s11336-008-9099-3",
    "Guttman 1945": "Guttman L (1945). A basis for analyzing test-retest reliability. "
    "Psychometrika 10(4):255-282. doi 10.1007/BF02288892",
    "Halekoh and Højsgaard 2014": "Halekoh U, Højsgaard S (2014). A Kenward-Roger approximation "
    "and parametric bootstrap methods for tests in linear mixed models: the R package pbkrtest. "
    "Journal of Statistical Software 59(9):1-32",
    "Holm 1979": "Holm S (1979). A simple sequentially rejective multiple test procedure. "
    "Scandinavian Journal of Statistics 6(2):65-70",
    "Huang et al. 2012": "Huang JL, Curran PG, Keeney J, Poposki EM, DeShon RP (2012). Detecting "
    "and deterring insufficient effort responding to surveys. Journal of Business and Psychology "
    "27(1):99-114. doi 10.1007/s10869-011-9231-8",
    "Jackson 1976": "Jackson DN (1976). The appraisal of personal reliability. Paper, Society of "
    "Multivariate Experimental Psychology",
    "James, Demaree and Wolf 1984": "James LR, Demaree RG, Wolf G (1984). Estimating within-group "
    "interrater reliability with and without response bias. Journal of Applied Psychology "
    "69(1):85-98. doi 10.1037/0021-9010.69.1.85",
    "Jeffreys 1961": "Jeffreys H (1961). Theory of probability, 3rd ed. Oxford University Press",
    "Johnson 2005": "Johnson JA (2005). Ascertaining the validity of individual protocols from "
    "web-based personality inventories. Journal of Research in Personality 39(1):103-129. doi "
    "10.1016/j.jrp.2004.09.009",
    "Kendall 1945": "Kendall MG (1945). The treatment of ties in ranking problems. Biometrika "
    "33(3):239-251",
    "Kenward and Roger 1997": "Kenward MG, Roger JH (1997). Small sample inference for fixed "
    "effects from restricted maximum likelihood. Biometrics 53(3):983-997. doi 10.2307/2533558",
    "Kish 1965": "Kish L (1965). Survey sampling. Wiley",
    "Kottner et al. 2011": "Kottner J, Audigé L, Brorson S, Donner A, Gajewski BJ, Hróbjartsson "
    "A, Roberts C, Shoukri M, Streiner DL (2011). Guidelines for Reporting Reliability and "
    "Agreement Studies (GRRAS) were proposed. Journal of Clinical Epidemiology 64(1):96-106. doi "
    "10.1016/j.jclinepi.2010.03.002",
    "Lakens 2017": "Lakens D (2017). Equivalence tests: a practical primer for t tests, "
    "correlations, and meta-analyses. Social Psychological and Personality Science 8(4):355-362. "
    "doi 10.1177/1948550617697177",
    "Lang and Altman 2015": "Lang TA, Altman DG (2015). Basic statistical reporting for articles "
    "published in biomedical journals: the SAMPL guidelines. International Journal of Nursing "
    "Studies 52(1):5-9. doi 10.1016/j.ijnurstu.2014.09.006",
    "LeBreton and Senter 2008": "LeBreton JM, Senter JL (2008). Answers to 20 questions about "
    "interrater reliability and interrater agreement. Organizational Research Methods "
    "11(4):815-852. doi 10.1177/1094428106296642",
    "Lee and Wagenmakers 2013": "Lee MD, Wagenmakers EJ (2013). Bayesian cognitive modeling: a "
    "practical course. Cambridge University Press",
    "Liang and Zeger 1986": "Liang KY, Zeger SL (1986). Longitudinal data analysis using "
    "generalized linear models. Biometrika 73(1):13-22",
    "Little 1988": "Little RJA (1988). A test of missing completely at random for multivariate "
    "data with missing values. Journal of the American Statistical Association 83(404):1198-1202. "
    "doi 10.1080/01621459.1988.10478722",
    "Ly, Verhagen and Wagenmakers 2016": "Ly A, Verhagen J, Wagenmakers EJ (2016). Harold "
    "Jeffreys's default Bayes factor hypothesis tests. Journal of Mathematical Psychology "
    "72:19-32",
    "Mancl and DeRouen 2001": "Mancl LA, DeRouen TA (2001). A covariance estimator for GEE with "
    "improved small-sample properties. Biometrics 57(1):126-134",
    "McCullagh 1980": "McCullagh P (1980). Regression models for ordinal data. Journal of the "
    "Royal Statistical Society B 42(2):109-142. doi 10.1111/j.2517-6161.1980.tb01109.x",
    "McDonald 1999": "McDonald RP (1999). Test theory: a unified treatment. Erlbaum",
    "Meade and Craig 2012": "Meade AW, Craig SB (2012). Identifying careless responses in survey "
    "data. Psychological Methods 17(3):437-455. doi 10.1037/a0028085",
    "Mislevy 1991": "Mislevy RJ (1991). Randomization-based inference about latent variables from "
    "complex samples. Psychometrika 56(2):177-196",
    "Mokkink et al. 2018": "Mokkink LB, de Vet HCW, Prinsen CAC, Patrick DL, Alonso J, Bouter LM, "
    "Terwee CB (2018). COSMIN risk of bias checklist for systematic reviews of patient-reported "
    "outcome measures. Quality of Life Research 27(5):1171-1179. doi 10.1007/s11136-017-1765-4",
    "Mundlak 1978": "Mundlak Y (1978). On the pooling of time series and cross section data. "
    "Econometrica 46(1):69-85",
    "Murphy and Myors 1999": "Murphy KR, Myors B (1999). Testing the hypothesis that treatments "
    "have negligible effects: minimum-effect tests in the general linear model. Journal of "
    "Applied Psychology 84(2):234-248. doi 10.1037/0021-9010.84.2.234",
    "Nakagawa, Johnson and Schielzeth 2017": "Nakagawa S, Johnson PCD, Schielzeth H (2017). The "
    "coefficient of determination R2 and intra-class correlation coefficient from generalized "
    "linear mixed-effects models revisited and expanded. Journal of the Royal Society Interface "
    "14(134):20170213",
    "Olsson 1979": "Olsson U (1979). Maximum likelihood estimation of the polychoric correlation "
    "coefficient. Psychometrika 44(4):443-460. doi 10.1007/BF02296207",
    "Patterson and Thompson 1971": "Patterson HD, Thompson R (1971). Recovery of inter-block "
    "information when block sizes are unequal. Biometrika 58(3):545-554",
    "Potter 2005": "Potter DM (2005). A permutation test for inference in logistic regression "
    "with small- and moderate-sized data sets. Statistics in Medicine 24(5):693-708",
    "Prinsen et al. 2018": "Prinsen CAC, Mokkink LB, Bouter LM, Alonso J, Patrick DL, de Vet HCW, "
    "Terwee CB (2018). COSMIN guideline for systematic reviews of patient-reported outcome "
    "measures. Quality of Life Research 27(5):1147-1157. doi 10.1007/s11136-018-1798-3",
    "Pustejovsky and Tipton 2018": "Pustejovsky JE, Tipton E (2018). Small-sample methods for "
    "cluster-robust variance estimation and hypothesis testing in fixed effects models. Journal "
    "of Business & Economic Statistics 36(4):672-683",
    "Rubin 1987": "Rubin DB (1987). Multiple imputation for nonresponse in surveys. Wiley",
    "Schuirmann 1987": "Schuirmann DJ (1987). A comparison of the two one-sided tests procedure "
    "and the power approach for assessing the equivalence of average bioavailability. Journal of "
    "Pharmacokinetics and Biopharmaceutics 15(6):657-680. doi 10.1007/BF01068419",
    "Sharma et al. 2021": "Sharma A, Minh Duc NT, Luu Lam Thang T, et al. (2021). A "
    "consensus-based checklist for reporting of survey studies (CROSS). Journal of General "
    "Internal Medicine 36(10):3179-3187. doi 10.1007/s11606-021-06737-1",
    "Simonsohn, Simmons and Nelson 2020": "Simonsohn U, Simmons JP, Nelson LD (2020). "
    "Specification curve analysis. Nature Human Behaviour 4(11):1208-1214",
    "Snijders and Bosker 2012": "Snijders TAB, Bosker RJ (2012). Multilevel analysis, 2nd ed. Sage",
    "Spearman 1904": "Spearman C (1904). The proof and measurement of association between two "
    "things. American Journal of Psychology 15(1):72-101",
    "Tabachnick and Fidell 2013": "Tabachnick BG, Fidell LS (2013). Using multivariate "
    "statistics, 6th ed. Pearson",
    "Terwee et al. 2007": "Terwee CB, Bot SDM, de Boer MR, van der Windt DAWM, Knol DL, Dekker J, "
    "Bouter LM, de Vet HCW (2007). Quality criteria were proposed for measurement properties of "
    "health status questionnaires. Journal of Clinical Epidemiology 60(1):34-42. doi "
    "10.1016/j.jclinepi.2006.03.012",
    "VanderWeele and Ding 2017": "VanderWeele TJ, Ding P (2017). Sensitivity analysis in "
    "observational research: introducing the E-value. Annals of Internal Medicine "
    "167(4):268-274",
    "von Elm et al. 2007": "von Elm E, Altman DG, Egger M, Pocock SJ, Gøtzsche PC, Vandenbroucke "
    "JP (2007). The Strengthening the Reporting of Observational Studies in Epidemiology (STROBE) "
    "statement: guidelines for reporting observational studies. PLoS Medicine 4(10):e296. doi "
    "10.1371/journal.pmed.0040296",
    "Wald 1943": "Wald A (1943). Tests of statistical hypotheses concerning several parameters "
    "when the number of observations is large. Transactions of the American Mathematical Society "
    "54(3):426-482",
    "Westfall and Young 1993": "Westfall PH, Young SS (1993). Resampling-based multiple testing. "
    "Wiley",
    "Winkler, Ridgway, Webster, Smith and Nichols 2014": "Winkler AM, Ridgway GR, Webster MA, "
    "Smith SM, Nichols TE (2014). Permutation inference for the general linear model. NeuroImage "
    "92:381-397",
    "Zumbo, Gadermann and Zeisser 2007": "Zumbo BD, Gadermann AM, Zeisser C (2007). Ordinal "
    "versions of coefficients alpha and theta for Likert rating scales. Journal of Modern Applied "
    "Statistical Methods 6(1):21-29. doi 10.22237/jmasm/1177992180",
}


def named_in(text: str) -> tuple[str, ...]:
    """Return the short names of the works that a text names, in the order of the alphabet.

    Examples
    --------
    >>> named_in("CR2 after Bell & McCaffrey (2002); Pustejovsky and Tipton 2018, eq. 4")
    ('Bell and McCaffrey 2002', 'Pustejovsky and Tipton 2018')
    """
    line = re.sub(r",? \((\d{4})\)", r" \1", text.replace("&", "and"))
    return tuple(name for name in WORKS if re.search(rf"(?<![\w.]){re.escape(name)}\b", line))


def words_of(sections: Iterable[Section], notices: Iterable[Notice] = ()) -> Iterator[str]:
    """Return every text of sections and notices, one after the other; no reference list."""
    for notice in notices:
        yield from (notice.title, notice.text)
    for section in sections:
        yield section.title
        for block in section.blocks:
            match block:
                case Paragraph(text) | Subheading(text):
                    yield text
                case Bullets(points):
                    yield from (part for point in points for part in point)
                case Figure():
                    yield from (block.title, block.alt, *block.notes)
                case Table():
                    yield from (block.caption, *block.columns, *block.notes)
                    for row in block.rows:
                        yield from (cell if isinstance(cell, str) else cell.text for cell in row)
