// The name of the product, what is searched, the choice of what to do, the list of documents; and what a screen reader is told.
const root = element.querySelector(".attest-documents");
const head = make("header", "head");
const scope = make("p", "scope");
const fresh = button("fresh", "New", () => trigger("fresh"));
fresh.append(make("span", "wide", " conversation"));
fresh.setAttribute("aria-label", "New conversation");
const toggle = button("toggle", "Documents", () => show(list.dataset.open !== "yes"));
const name = make("div", "name");
name.append(make("h1", "", "Attest"), scope);
const views = make("nav", "views");
views.setAttribute("aria-label", "What to do");
head.append(name, toggle, fresh, views);
const list = make("nav", "list");
list.id = "attest-list";
list.setAttribute("aria-label", "Documents");
toggle.setAttribute("aria-controls", list.id);
const status = make("div", "status");
status.setAttribute("role", "status");
status.setAttribute("aria-live", "polite");
root.replaceChildren(head, list, status);

const show = (open) => {
  list.dataset.open = open ? "yes" : "no";
  toggle.setAttribute("aria-expanded", open ? "true" : "false");
};

const entry = (view) => {
  const node = button("document");
  node.dataset.document = view.id;
  node.append(make("span", "title", view.title), make("span", "by", view.by));
  if (view.id !== view.title) node.append(make("span", "id", view.id));
  node.addEventListener("click", () => {
    show(false);
    emit("attest:open", { kind: "document", id: view.id, opener: node });
  });
  return node;
};

let seen = "";
const render = () => {
  const value = props.value;
  if (!value || !value.documents || JSON.stringify(value) === seen) return;
  seen = JSON.stringify(value);
  scope.textContent = value.scope;
  const items = value.documents.map((view) => {
    const item = make("li");
    item.append(entry(view));
    return item;
  });
  const entries = make("ul");
  entries.append(...items);
  list.replaceChildren(make("h2", "", "Documents"), entries);
};

const page = document.documentElement;
const choose = (chosen) => {
  page.dataset.attestView = chosen.dataset.view;
  for (const node of views.children) node.setAttribute("aria-current", node === chosen ? "page" : "false");
  show(false);
  emit("attest:close", {});
};
for (const [view, words] of [["ask", "Ask"], ["check", "Check a text"]]) {
  const node = button("view", words, () => choose(node));
  node.dataset.view = view;
  views.append(node);
}
views.firstChild.setAttribute("aria-label", "Ask questions");

listen("say", "attest:say", ({ detail }) => {
  if (detail.text && status.textContent !== detail.text) status.textContent = detail.text;
});
listen("documents-keys", "keydown", (event) => {
  if (event.key === "Escape" && list.dataset.open === "yes") { show(false); toggle.focus(); }
  if (event.key !== "/" || !plainKey(event) || inTextField(event.target)) return;
  const box = [...document.querySelectorAll("#attest-question textarea, #attest-text textarea")].find(visible);
  if (box) { event.preventDefault(); box.focus(); }
});
choose([...views.children].find((node) => node.dataset.view === page.dataset.attestView) || views.firstChild);
watch("value", render);
render();
