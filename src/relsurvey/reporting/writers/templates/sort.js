"use strict";
// Headings become buttons that sort their table: upwards, downwards, as it was.
// Without scripts the tables stand as they are, and nothing is missing.
(() => {
  const BELOW = /^(p\s*)?(<|fewer than|under|less than|below|at most)/i;
  const ABOVE = /^(p\s*)?(>|more than|over|above)/i;
  const NUMBER = /-?(?:\d[\d,]*\.?\d*|\.\d+)/g;
  const HAIR = 1e-6;
  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
  const SAID = {
    none: "in its first order",
    ascending: "sorted upwards by",
    descending: "sorted downwards by",
  };
  const words = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // The numbers of a cell, in order: of an interval both ends, of "12 (40%)" the 12 and the 40.
  // "fewer than 10" stands just below 10, "over 99%" just above 99; no number is null.
  function numbers(text) {
    const found = text.replace(/\u2212/g, "-").match(NUMBER);
    if (!found) return null;
    const values = found.map((number) => Number(number.replace(/,/g, "")));
    if (BELOW.test(text)) values[0] -= HAIR;
    if (ABOVE.test(text)) values[0] += HAIR;
    return values;
  }

  function compareNumbers(one, other) {
    const length = Math.max(one.length, other.length);
    for (let place = 0; place < length; place += 1) {
      const difference = (one[place] ?? -Infinity) - (other[place] ?? -Infinity);
      if (difference) return difference;
    }
    return 0;
  }

  // The text of a row in a column, where a cell may cover several columns.
  function textAt(row, column) {
    let place = 0;
    for (const cell of row.cells) {
      place += cell.colSpan;
      if (column < place) return cell.textContent.trim();
    }
    return "";
  }

  // A cell without a value (a dash, or words among numbers) comes last, whichever way it is sorted.
  function sorted(rows, column, numeric, downwards) {
    const keyed = rows.map((row) => {
      const text = textAt(row, column);
      const blank = text === "" || text === "\u2013";
      return { row, key: blank ? null : numeric ? numbers(text) : text };
    });
    const compare = numeric ? compareNumbers : words.compare;
    const way = downwards ? -1 : 1;
    keyed.sort((one, other) => {
      if (one.key === null || other.key === null) return (one.key === null) - (other.key === null);
      return way * compare(one.key, other.key);
    });
    return keyed.map((entry) => entry.row);
  }

  function prepare(table, status) {
    const body = table.tBodies[0];
    const first = [...body.rows];
    if (first.length < 2) return;
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const name = heading.textContent.trim();
      if (!name) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const state = NEXT[heading.getAttribute("aria-sort") ?? "none"];
        for (const other of headings) other.removeAttribute("aria-sort");
        if (state !== "none") heading.setAttribute("aria-sort", state);
        const numeric = heading.classList.contains("number");
        const rows = state === "none" ? first : sorted(first, column, numeric, state === "descending");
        body.append(...rows);
        const what = table.caption.textContent.trim();
        status.textContent = `${what}: ${SAID[state]}${state === "none" ? "" : ` ${name}`}.`;
      });
    });
  }

  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  document.body.append(status);
  for (const table of document.querySelectorAll("main table")) prepare(table, status);

  // A print shows what is folded; the style sheet sees to it in new browsers, this in older ones.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
})();
