// A text that was checked: what the documents say of each of its sentences, in its order.
const root = element.querySelector(".attest-checking");
const result = make("div", "result");
result.tabIndex = 0;
result.setAttribute("role", "region");
result.setAttribute("aria-label", "Result of the check");
root.replaceChildren(result);
const chipOf = citing(root, result, "checking");

const page = document.documentElement;
const MARKS = { quoted: "”", supported: "✓", partly: "◐", unsupported: "∅", contradicted: "✕", unchecked: "–" };

const introNode = (words) => {
  const box = make("div", "blank");
  box.append(make("h2", "", "Which of these sentences do my documents support?"), make("p", "", words));
  return box;
};

const lineNode = (cls, words) => {
  const box = make("div", cls);
  box.append(make("p", "", words));
  return box;
};

const summaryNode = (words) => {
  const box = make("header", "summary");
  const caution = make("p", "caution", "A screening aid: it errs, see ");
  caution.append(make("code", "", "rag eval selftest"), ". Read the sources. Scores run from 0 to 1, which is supported.");
  box.append(make("h2", "", words), caution);
  return box;
};

const claimNode = (id, claim) => {
  const item = make("li", `claim ${claim.support}`);
  const mark = make("span", "mark-of", MARKS[claim.support]);
  mark.setAttribute("aria-hidden", "true");
  const words = addText(make("p", "words"), claim.text);
  const tail = make("span", "tail");
  tail.append(...claim.chips.map((chip) => chipOf(id, chip)));
  words.append(tail);
  const verdict = make("p", "verdict");
  verdict.append(make("span", "label", claim.label));
  if (claim.score !== null) verdict.append(" · ", make("span", "score", `score ${claim.score}`));
  item.append(mark, words, verdict, ...claim.reasons.map((reason) => make("p", "reason", reason)));
  return item;
};

const claimsNode = (value) => {
  const list = make("ol", "claims");
  list.append(...value.sentences.map((claim) => claimNode(value.id, claim)));
  return list;
};

let seen = "";
const render = () => {
  const value = props.value;
  if (!value || !value.state || JSON.stringify(value) === seen) return;
  seen = JSON.stringify(value);
  page.dataset.attestChecked = value.state === "idle" ? "no" : "yes";
  if (value.state === "working" && visible(result)) {
    emit("attest:close", {});
    result.focus(); // the button is about to be disabled
  }
  const { state, stage, problem, summary } = value;
  if (state === "idle") result.replaceChildren(introNode(stage));
  else if (state === "working") result.replaceChildren(lineNode("stage", stage));
  else if (state === "failed") result.replaceChildren(lineNode("problem", problem));
  else result.replaceChildren(summaryNode(summary), claimsNode(value));
  result.scrollTop = 0;
  if (state !== "idle") emit("attest:say", { text: problem || (summary && `Checked. ${summary}.`) || stage });
};

watch("value", render);
render();
