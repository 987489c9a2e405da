// Live pages follow the theme that is chosen for the manual, where the browser lets us tell them.
const tell = () => {
  const theme = document.body.getAttribute("data-md-color-scheme") === "slate" ? "dark" : "light";
  for (const frame of document.querySelectorAll("iframe.live")) {
    const page = frame.contentDocument?.documentElement;
    if (page) page.dataset.theme = theme;
    if (page) page.style.colorScheme = theme;
  }
};
// A live page is as high as what it shows, at every width.
const fit = ({ target: frame }) => {
  const page = frame.contentDocument?.documentElement;
  if (page) new ResizeObserver(() => frame.style.height = `${page.offsetHeight + 2}px`).observe(page);
};
for (const frame of document.querySelectorAll("iframe.live")) {
  frame.addEventListener("load", tell);
  frame.addEventListener("load", fit);
}
new MutationObserver(tell).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
tell();

// Names for what the theme leaves without.
document.querySelector(".md-search")?.setAttribute("aria-label", "Search the manual");
const name = () => document.querySelectorAll(".md-code__nav").forEach((bar, i) => bar.setAttribute("aria-label", `Code ${i + 1}`));
addEventListener("load", name);
setTimeout(name, 300);
