// Shared by all components; put in front of each one's own script. Text only ever goes in through textContent.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
};

const button = (cls, text, onClick) => {
  const node = make("button", cls, text);
  node.type = "button";
  if (onClick) node.addEventListener("click", onClick);
  return node;
};

// Some sources put a no-break space between all words: a line may end after one, or words would be torn apart instead.
// A <wbr> is not text, so what is selected, copied or compared stays exact.
const addText = (node, text) => {
  text.split("\u00a0").forEach((run, at) => {
    if (at) node.append("\u00a0", document.createElement("wbr"));
    if (run) node.append(run);
  });
  return node;
};

// Draws text that the server has cut: `k` is its kind, `m` says that it is Markdown syntax.
const drawPieces = (parent, parts, hideSyntax) => {
  for (const part of parts) {
    const node = addText(make(part.k === "mark" ? "mark" : "span", part.k === "cited" ? "cited" : ""), part.t);
    if (part.m && hideSyntax) node.hidden = true;
    else if (part.m) node.classList.add("syntax");
    parent.append(node);
  }
  return parent;
};

// A listener on window outlives a component that is mounted again, so the earlier one is taken off first.
const listen = (key, type, handler) => {
  const held = (window.attestListeners = window.attestListeners || {});
  if (held[key]) window.removeEventListener(type, held[key]);
  held[key] = handler;
  window.addEventListener(type, handler);
};

const emit = (type, detail) => window.dispatchEvent(new CustomEvent(type, { detail }));

const visible = (node) => !!node && node.getClientRects().length > 0;

const inTextField = (node) =>
  !!node && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));

const plainKey = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
