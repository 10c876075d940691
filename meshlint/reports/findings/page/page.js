"use strict";
(() => {
  const form = document.querySelector("form");
  const findings = Array.from(document.querySelectorAll("ol.findings > li"));
  const told = document.getElementById("told");
  const keys = ["rule", "namespace", "file"];

  const wanted = () => {
    const data = new FormData(form);
    return {
      levels: new Set(data.getAll("level")),
      words: String(data.get("words")).toLowerCase().split(/\s+/).filter(Boolean),
      fields: keys.map((key) => [key, data.get(key)]).filter(([, value]) => value !== ""),
    };
  };

  const fits = (item, { levels, words, fields }) =>
    levels.has(item.dataset.level) &&
    fields.every(([key, value]) => item.dataset[key] === value) &&
    words.every((word) => item.querySelector("summary").textContent.toLowerCase().includes(word));

  const filter = () => {
    const now = wanted();
    let shown = 0;
    for (const item of findings) {
      item.hidden = !fits(item, now);
      shown += item.hidden ? 0 : 1;
    }
    told.textContent = `${shown} of ${findings.length} findings are shown.`;
  };

  const open = (state) => () => {
    for (const item of findings) {
      if (!item.hidden) item.querySelector("details").open = state;
    }
  };

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  document.getElementById("open").addEventListener("click", open(true));
  document.getElementById("close").addEventListener("click", open(false));
  filter();
})();
