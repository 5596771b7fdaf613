// The conversation. Draws props.value; while an answer grows only what changed is replaced, so that focus stays.
const root = element.querySelector(".attest-transcript");
const log = make("div", "log");
log.setAttribute("role", "log");
log.setAttribute("aria-live", "off");
log.setAttribute("aria-label", "Conversation");
log.tabIndex = 0;
const refused = make("p", "refused");
root.replaceChildren(log, refused);
const chipOf = citing(root, log, "transcript");

const page = document.documentElement;
const composer = () => document.querySelector("#attest-question textarea");
const drawn = new Map();

const wordsOf = (parts) => {
  const words = drawPieces(make("span", "words"), parts, true);
  if (/^\s*["“”„«]/.test(parts.filter((part) => !part.m).map((part) => part.t).join(""))) words.dataset.inner = "yes";
  return words;
};

// The closing quotation mark and the chips stay on the line of the last word.
const tailOf = (answer, chips) => {
  const tail = make("span", "tail");
  tail.append(...chips.map((chip) => chipOf(answer, chip)));
  return tail;
};

const sentenceNode = (answer, sentence) => {
  const item = make(sentence.quote ? "blockquote" : "p", "sentence");
  item.attestKey = bodyKey(sentence);
  item.append(wordsOf(sentence.parts), tailOf(answer, sentence.chips), make("span", "foot"));
  return item;
};

// A sentence that is checked, or joined by one of another source, changes below its words; those stay as they are.
const bodyKey = (sentence) => JSON.stringify([sentence.quote, sentence.parts, sentence.chips]);
const footKey = (sentence) => JSON.stringify([sentence.support, sentence.label, sentence.by, sentence.reasons]);

const drawFoot = (item, sentence) => {
  if (item.attestFoot === footKey(sentence)) return;
  item.attestFoot = footKey(sentence);
  item.className = `sentence ${sentence.support}`;
  const foot = item.lastChild;
  foot.replaceChildren();
  if (!sentence.by && sentence.support === "quoted" && !sentence.reasons.length) return;
  const line = make("span", "attribution");
  line.append(make("span", "label", sentence.label));
  if (sentence.by) line.append(" · ", make("span", "by", sentence.by));
  foot.append(line, ...sentence.reasons.map((reason) => make("span", "reason", reason)));
};

const disagreementNode = (answer, item) => {
  const card = make("section", "disagreement");
  const heading = item.unclear ? "Your sources may differ about " : "Your sources disagree about ";
  card.append(make("h3", "", heading + item.about));
  const sides = make("div", "sides");
  for (const side of item.sides) {
    const column = make("div", "side");
    column.append(drawPieces(make("p", "value"), side.value, true));
    for (const quote of side.quotes) {
      const words = wordsOf(quote.parts);
      const block = make("blockquote", "sentence quoted");
      block.append(words, tailOf(answer, [quote.chip]), make("span", "attribution", quote.by));
      column.append(block);
    }
    sides.append(column);
  }
  card.append(sides);
  return card;
};

const passagesNode = (answer, passages, found, open) => {
  const details = make("details", "passages");
  details.open = open;
  details.append(make("summary", "", `${found ? "Passages found" : "Closest passages"} (${passages.length})`));
  const list = make("ol");
  for (const passage of passages) {
    const item = make("li");
    const opener = button("passage");
    opener.dataset.answer = answer;
    opener.dataset.rank = passage.rank;
    opener.setAttribute("aria-label", `Passage ${passage.rank}: ${passage.title}. Open it in its source.`);
    opener.append(make("span", "rank", String(passage.rank)), make("span", "from", passage.title));
    opener.append(drawPieces(make("span", "excerpt"), passage.parts, true));
    opener.addEventListener("click", () => emit("attest:open", { kind: "passage", answer, n: passage.rank, opener }));
    item.append(opener);
    list.append(item);
  }
  details.append(list);
  return details;
};

const abstentionNode = (reason) => {
  const box = make("section", "abstention");
  const icon = make("span", "icon", "∅");
  icon.setAttribute("aria-hidden", "true");
  box.append(icon, make("h3", "", "Your documents do not say"), make("p", "", reason || ""));
  return box;
};

const exchangeNodes = (view) => {
  const node = make("article", "exchange");
  node.append(make("h2", "question", view.question));
  const parts = { node, seen: {} };
  for (const name of ["stage", "short", "sentences", "disagreements", "abstention", "meta", "problem", "passages"]) {
    parts[name] = make("div", name);
    node.append(parts[name]);
  }
  return parts;
};

// Redraws one part of an exchange, only if what it shows has changed.
const refresh = (parts, name, data, draw) => {
  const key = JSON.stringify(data);
  if (parts.seen[name] === key) return;
  parts.seen[name] = key;
  const chip = parts[name].contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
  parts[name].replaceChildren(...(data ? draw(data) : []));
  if (chip) refocus(parts[name], chip);
};

const refocus = (scope, data) => {
  const again = [...scope.querySelectorAll("button")].find((b) => b.dataset.n === data.n && b.dataset.rank === data.rank);
  if (again) again.focus({ preventScroll: true });
};

const patchSentences = (parts, id, sentences) => {
  const box = parts.sentences;
  sentences.forEach((sentence, at) => {
    const old = box.children[at];
    const item = old && old.attestKey === bodyKey(sentence) ? old : sentenceNode(id, sentence);
    const focused = old && old !== item && old.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
    if (!old) box.append(item);
    else if (old !== item) old.replaceWith(item);
    drawFoot(item, sentence);
    if (focused) refocus(item, focused);
  });
  while (box.children.length > sentences.length) box.lastChild.remove();
};

const patch = (parts, view) => {
  const answer = view.answer;
  const shown = answer && (answer.found || view.state !== "done");
  const missing = answer && !answer.found && view.state === "done";
  parts.node.dataset.state = missing ? "abstained" : view.state;
  refresh(parts, "stage", view.state === "working" ? view.stage : "", (text) => [make("p", "", text)]);
  refresh(parts, "short", shown ? answer.short : null, (short) => [drawPieces(make("p", ""), short, true)]);
  patchSentences(parts, view.id, shown ? answer.sentences : []);
  refresh(parts, "disagreements", shown && answer.disagreements.length ? answer.disagreements : null, (items) =>
    items.map((item) => disagreementNode(view.id, item)));
  refresh(parts, "abstention", missing ? [answer.reason] : null, ([reason]) => [abstentionNode(reason)]);
  const done = shown && view.state === "done";
  refresh(parts, "meta", done ? [metaWords(answer), answer.confidence, answer.reason] : null, (facts) =>
    facts.filter(Boolean).flatMap((fact, at) => [...(at ? [" · "] : []), make("span", "", fact)]));
  refresh(parts, "problem", view.problem, (text) => [make("p", "", text)]);
  const passages = answer && view.state === "done" && answer.passages.length ? answer.passages : null;
  refresh(parts, "passages", passages, (items) => [passagesNode(view.id, items, !missing, missing)]);
};

const metaWords = (answer) => {
  const quoted = answer.sentences.every((sentence) => sentence.support === "quoted");
  const words = quoted ? "Quoted word for word" : "";
  return answer.source ? `${words ? words + " from " : "From "}${answer.source}` : words;
};

const drawEmpty = (value) => {
  const box = make("div", "empty");
  box.append(make("h2", "", value.empty));
  if (value.documents) box.append(make("p", "", "Answers are quoted from them word for word. Click a citation to see the sentence where it stands."));
  if (value.examples.length) {
    const list = make("div", "examples");
    for (const question of value.examples) list.append(button("example", question, () => trigger("pick", { question })));
    box.append(list);
  }
  return box;
};

const setBusy = (busy) => {
  const was = page.dataset.attestBusy === "yes";
  page.dataset.attestBusy = busy ? "yes" : "no";
  const active = document.activeElement && document.activeElement.id;
  if (busy && !was && active === "attest-ask") document.getElementById("attest-stop").focus();
  if (!busy && was && active === "attest-stop" && composer()) composer().focus();
};

const render = () => {
  const value = props.value;
  if (!value || !value.exchanges) return;
  page.dataset.attestTalk = value.exchanges.length ? "yes" : "no";
  setBusy(value.busy);
  refused.textContent = value.refused;
  const ids = new Set(value.exchanges.map((view) => view.id));
  for (const [id, parts] of drawn) if (!ids.has(id)) { parts.node.remove(); drawn.delete(id); }
  if (!value.exchanges.length) {
    log.replaceChildren(drawEmpty(value));
    emit("attest:close", {});
  } else if (log.querySelector(".empty")) log.replaceChildren();
  for (const view of value.exchanges) {
    const fresh = !drawn.has(view.id);
    if (fresh) drawn.set(view.id, exchangeNodes(view));
    patch(drawn.get(view.id), view);
    if (fresh) {
      emit("attest:close", {});
      log.append(drawn.get(view.id).node);
      log.scrollTop = drawn.get(view.id).node.offsetTop;
    }
  }
  emit("attest:say", { text: value.notice });
};

watch("value", render);
render();
