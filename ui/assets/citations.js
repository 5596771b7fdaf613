// The chips of one component: each opens its citation in the source pane, and shows what it quotes on hover or focus.
// Returns what makes a chip; `scroller` holds them all, and j and k step through them while it can be seen.
const citing = (root, scroller, name) => {
  const tip = make("div", "tip");
  tip.setAttribute("aria-hidden", "true");

  const showTip = (chip) => {
    tip.replaceChildren(make("strong", "", chip.dataset.title), make("em", "", chip.dataset.by), make("span", "", `“${chip.dataset.quote}”`));
    root.append(tip);
    const at = chip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(at.left - 20, innerWidth - tip.offsetWidth - 8))}px`;
    const below = at.bottom + 8;
    tip.style.top = `${below + tip.offsetHeight < innerHeight - 8 ? below : Math.max(8, at.top - tip.offsetHeight - 8)}px`;
  };
  const hideTip = () => tip.remove();
  const chipAt = (event) => event.target.closest && event.target.closest(".chip");
  root.addEventListener("mouseover", (event) => chipAt(event) && showTip(chipAt(event)));
  root.addEventListener("mouseout", (event) => chipAt(event) && hideTip());
  root.addEventListener("focusin", (event) => chipAt(event) && event.target.matches(":focus-visible") && showTip(chipAt(event)));
  root.addEventListener("focusout", hideTip);
  scroller.addEventListener("scroll", hideTip);

  const openChip = (node) => {
    hideTip();
    emit("attest:open", { kind: "citation", answer: node.dataset.answer, n: Number(node.dataset.n), opener: node });
  };

  let current = null;
  const step = (by) => {
    const chips = visible(scroller) ? [...scroller.querySelectorAll(".chip")] : [];
    if (!chips.length) return;
    const at = chips.indexOf(current);
    const next = chips[at < 0 ? (by > 0 ? 0 : chips.length - 1) : Math.max(0, Math.min(chips.length - 1, at + by))];
    next.scrollIntoView({ block: "nearest" });
    openChip(next);
  };

  listen(`${name}-open`, "attest:opened", ({ detail }) => {
    for (const node of scroller.querySelectorAll(".open")) node.classList.remove("open");
    current = detail.opener && scroller.contains(detail.opener) ? detail.opener : null;
    if (current) current.classList.add("open");
  });
  listen(`${name}-step`, "attest:step", ({ detail }) => step(detail.by));
  listen(`${name}-keys`, "keydown", (event) => {
    if (event.key === "Escape") hideTip();
    if (!plainKey(event) || inTextField(event.target)) return;
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });

  return (answer, chip) => {
    const node = button("chip", `[${chip.n}]`);
    node.dataset.answer = answer;
    node.dataset.n = chip.n;
    node.dataset.title = chip.title;
    node.dataset.by = chip.by;
    node.dataset.quote = chip.quote;
    node.setAttribute("aria-label", `Citation ${chip.n}: ${chip.title}, “${chip.quote}”`);
    node.addEventListener("click", () => openChip(node));
    return node;
  };
};
