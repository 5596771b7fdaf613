// The name of the product, what is searched, and the list of documents.
const root = element.querySelector(".attest-documents");
const head = make("header", "head");
const scope = make("p", "scope");
const fresh = button("fresh", "New", () => trigger("fresh"));
fresh.append(make("span", "wide", " conversation"));
fresh.setAttribute("aria-label", "New conversation");
const toggle = button("toggle", "Documents", () => show(list.dataset.open !== "yes"));
const name = make("div", "name");
name.append(make("h1", "", "Attest"), scope);
head.append(name, toggle, fresh);
const list = make("nav", "list");
list.id = "attest-list";
list.setAttribute("aria-label", "Documents");
toggle.setAttribute("aria-controls", list.id);
root.replaceChildren(head, list);

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

listen("documents-keys", "keydown", (event) => {
  if (event.key === "Escape" && list.dataset.open === "yes") { show(false); toggle.focus(); }
});
show(false);
watch("value", render);
render();
