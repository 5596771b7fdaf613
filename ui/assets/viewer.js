// The source pane. Asks the server for a citation, a passage or a document, and draws the pieces it is sent.
const root = element.querySelector(".attest-viewer");
const pane = make("section", "pane");
pane.tabIndex = -1;
pane.setAttribute("aria-label", "Source");
const title = make("h2", "title");
const by = make("p", "by");
const where = make("p", "where");
const previous = button("step", "Previous", () => emit("attest:step", { by: -1 }));
const next = button("step", "Next", () => emit("attest:step", { by: 1 }));
const shut = button("close", "Close", () => close(true));
const tools = make("div", "tools");
tools.append(previous, next, shut);
const head = make("header", "head");
head.append(title, by, where, tools);
const body = make("div", "body");
body.tabIndex = 0;
body.setAttribute("role", "region");
body.setAttribute("aria-label", "Text of the source");
pane.append(head, body);
root.replaceChildren(pane);

const EMPTY = "Click a citation to see the exact sentence in its source.";
const UNREACHED = { error: "Attest does not answer. Is it still running in its terminal?" };
const page = document.documentElement;
let opener = null;
let asked = 0;
let shown = null;

const note = (cls, text) => make("p", cls, text);

const opened = (by) => emit("attest:opened", { opener: by });

const close = (returnFocus) => {
  asked += 1;
  shown = null;
  page.dataset.attestSource = "closed";
  title.textContent = by.textContent = where.textContent = "";
  body.replaceChildren(note("hint", EMPTY));
  for (const node of [previous, next, shut]) node.disabled = true;
  opened(null);
  if (returnFocus && opener) backTo(opener);
  opener = null;
};

// The button that opened the source may have been drawn again since.
const backTo = (node) => {
  if (node.isConnected) return node.focus();
  const again = [...document.querySelectorAll("#attest button")].find((other) =>
    ["answer", "n", "rank", "document"].every((name) => other.dataset[name] === node.dataset[name]));
  if (again) again.focus();
};

const ask = (detail) => {
  if (detail.kind === "document") return server.open_document([detail.id]);
  if (detail.kind === "passage") return server.open_passage([detail.answer, detail.n]);
  return server.resolve([detail.answer, detail.n]);
};

const draw = (view, detail) => {
  title.textContent = view.title || "";
  by.textContent = view.by || "";
  where.textContent = [view.where, view.about].filter(Boolean).join(" · ");
  previous.disabled = next.disabled = detail.kind !== "citation";
  shut.disabled = false;
  body.replaceChildren();
  body.scrollTop = 0;
  if (view.error) return body.append(note("problem", view.error));
  if (view.gone) {
    body.append(note("problem", view.gone), note("hint", "The cited words were:"));
    return body.append(drawPieces(make("blockquote", "gone"), view.quote, true));
  }
  const text = drawPieces(make("div", "text"), view.parts, false);
  body.append(text);
  shown = { document: view.document, answer: detail.answer || null };
  if (view.earlier !== null) body.prepend(moreButton("earlier", view.earlier, text));
  if (view.later !== null) body.append(moreButton("later", view.later, text));
  centre(text.querySelector("mark"));
};

const centre = (mark) => {
  if (!mark) return;
  const from = body.getBoundingClientRect();
  const at = mark.getBoundingClientRect();
  body.scrollTop += at.top - from.top - Math.max(24, (body.clientHeight - at.height) / 2);
};

const moreButton = (direction, offset, text) => {
  const node = button("more", direction === "earlier" ? "Earlier…" : "Later…");
  node.addEventListener("click", async () => {
    node.disabled = true;
    const turn = asked;
    const view = await reached(server.more([shown.document, offset, direction, shown.answer]));
    if (turn !== asked) return;
    if (view.error) return node.replaceWith(note("problem", view.error));
    const run = drawPieces(document.createDocumentFragment(), view.parts, false);
    const height = body.scrollHeight;
    if (direction === "earlier") text.prepend(run);
    else text.append(run);
    const following = view[direction];
    node.replaceWith(...(following === null ? [] : [moreButton(direction, following, text)]));
    if (direction === "earlier") body.scrollTop += body.scrollHeight - height;
  });
  return node;
};

const reached = async (promise) => {
  try {
    return (await promise) || UNREACHED;
  } catch {
    return UNREACHED;
  }
};

const open = async (detail) => {
  const turn = ++asked;
  opener = detail.opener || null;
  opened(opener);
  const view = await reached(ask(detail));
  if (turn !== asked) return;
  page.dataset.attestSource = "open";
  draw(view, detail);
  body.focus({ preventScroll: true });
  emit("attest:say", { text: ["Source open", view.title, where.textContent].filter(Boolean).join(". ") });
};

listen("viewer-open", "attest:open", ({ detail }) => open(detail));
listen("viewer-close", "attest:close", () => close(false));
listen("viewer-keys", "keydown", (event) => {
  if (event.key === "Escape" && page.dataset.attestSource === "open") close(true);
});
close(false);
