// Runs a widget's module on a saved state: the model keeps values and hears no kernel.
const saved = JSON.parse(document.getElementById("state").textContent, (_key, value) => {
  if (value === null || typeof value !== "object" || typeof value.base64 !== "string") return value;
  const raw = atob(value.base64);
  return new DataView(Uint8Array.from(raw, (character) => character.charCodeAt(0)).buffer);
});
const savedModel = {
  get: (name) => saved[name],
  set: (name, value) => { saved[name] = value; },
  save_changes() {},
  send() {},
  on() {},
  off() {},
};
const place = document.getElementById("widget");
place.replaceChildren();
const live = new AbortController();
const made = widget();
made.initialize({ model: savedModel, signal: live.signal });
made.render({ model: savedModel, el: place, signal: live.signal });
