// Runs before the first paint, as a classic script. Sets data-theme to the theme that is shown: the chosen one, else the system's.
(function () {
  var root = document.documentElement;
  var theme = null;
  try {
    theme = localStorage.getItem('tocsin.theme');
    var language = localStorage.getItem('tocsin.language');
    if (language) root.lang = language;
  } catch (_) {
    // Storage may be forbidden; the system's theme it is.
  }
  root.dataset.theme = theme === 'light' || theme === 'dark' ? theme : matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
})();
