// The words an island shows come from the page, in its language.
export const text = (name) => document.getElementById("texts")?.dataset[name] ?? "";
