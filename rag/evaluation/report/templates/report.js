// Adds to a page that works without it: a filter, and keys to walk through the questions. Nothing is stored or sent.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const controls = document.getElementById("controls");
  if (!controls) return;
  const rows = [...document.querySelectorAll("#list .row")];
  const search = document.getElementById("search");
  const select = document.getElementById("select");
  const status = document.getElementById("status");
  const keys = document.getElementById("keys");
  const words = new Map();

  // what is searched: the row, and what was answered and expected
  function wordsOf(row) {
    if (!words.has(row)) {
      const page = document.getElementById("q-" + row.dataset.n);
      const parts = [row.textContent, ...[...page.querySelectorAll("bdi, .text, blockquote, h2")].map((e) => e.textContent)];
      words.set(row, parts.join("\n").toLowerCase());
    }
    return words.get(row);
  }

  function fits(row) {
    const wanted = select.value;
    const state = !wanted || (wanted === "failed" ? row.classList.contains("failed") : row.dataset.state === wanted);
    const sought = search.value.trim().toLowerCase();
    return state && (!sought || wordsOf(row).includes(sought));
  }

  function apply() {
    let count = 0;
    for (const row of rows) {
      row.hidden = !fits(row);
      count += row.hidden ? 0 : 1;
    }
    status.textContent = count ? `${count} of ${rows.length} shown` : "No question fits. Press Esc in the search to clear it.";
  }

  function currentRow() {
    const found = /^#q-(\d+)/.exec(location.hash);
    return found ? document.getElementById("row-" + found[1]) : null;
  }

  // the next question, or the previous one, that the filter lets through
  function step(by) {
    const row = currentRow();
    let at = row ? rows.indexOf(row) + by : by > 0 ? 0 : -1;
    while (rows[at] && rows[at].hidden) at += by;
    if (rows[at]) location.hash = "q-" + rows[at].dataset.n;
  }

  function back(row) {
    location.hash = row.id;
    row.hidden = false;
    row.querySelector("a").focus();
  }

  function onEscape(event) {
    const row = currentRow();
    if (event.target === search) {
      if (search.value) search.value = "";
      else search.blur();
      apply();
    } else if (row) back(row);
    else return;
    event.preventDefault();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return onEscape(event);
    if (!keys.checked || event.target.closest("input, select, textarea")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") {
      if (currentRow()) location.hash = "questions";
      search.focus();
      search.select();
    } else return;
    event.preventDefault();
  }

  function onHash() {
    const found = /^#only-([a-z_]+)$/.exec(location.hash);
    if (!found) return;
    select.value = found[1];
    if (select.selectedIndex < 0) select.value = "";
    search.value = "";
    apply();
  }

  controls.hidden = false;
  search.addEventListener("input", apply);
  select.addEventListener("change", apply);
  document.addEventListener("keydown", onKey);
  window.addEventListener("hashchange", onHash);
  apply();
  onHash();
})();
