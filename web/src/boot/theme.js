// Runs before the first paint, as a classic script. Sets data-theme to light or dark when one was chosen; absent means as the system says.
(function () {
  try {
    var theme = localStorage.getItem('tocsin.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    var language = localStorage.getItem('tocsin.language');
    if (language) document.documentElement.lang = language;
  } catch (_) {
    // Storage may be forbidden; the system's theme it is.
  }
})();
