// Live pages follow the theme that is chosen for the manual, where the browser lets us tell them.
const tell = () => {
  const theme = document.body.getAttribute("data-md-color-scheme") === "slate" ? "dark" : "light";
  for (const frame of document.querySelectorAll("iframe.live")) {
    const page = frame.contentDocument?.documentElement;
    if (page) page.dataset.theme = theme;
    if (page) page.style.colorScheme = theme;
  }
};
for (const frame of document.querySelectorAll("iframe.live")) frame.addEventListener("load", tell);
new MutationObserver(tell).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });
tell();
