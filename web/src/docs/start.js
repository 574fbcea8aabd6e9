// Starts the viewer of the API's description. A classic script in the head: it sets the theme before the first paint, as the pages do.
(function () {
  function chosen() {
    try {
      return localStorage.getItem('tocsin.theme');
    } catch (_) {
      return null; // storage may be forbidden; the system's theme it is
    }
  }
  var system = window.matchMedia('(prefers-color-scheme: dark)');
  function showTheme() {
    var theme = chosen();
    document.documentElement.classList.toggle('dark-mode', theme === 'dark' || (theme !== 'light' && system.matches));
  }
  showTheme();
  system.addEventListener('change', showTheme);

  // Who is signed in tries things out with the session; its token must stand in a header of every method that changes something.
  var csrf = null;
  function withSession(request) {
    if (csrf !== null && request.method !== 'GET' && !(request.headers && request.headers.Authorization)) {
      request.headers = Object.assign({}, request.headers, { 'X-CSRF-Token': csrf });
    }
    return request;
  }

  document.addEventListener('DOMContentLoaded', function () {
    fetch('v1/session', { headers: { Accept: 'application/json' } })
      .then(function (answer) {
        return answer.ok ? answer.json() : null;
      })
      .then(function (session) {
        csrf = session === null ? null : session.csrf_token;
      })
      .catch(function () {});
    window.SwaggerUIBundle({
      dom_id: '#docs',
      url: 'v1/openapi.json',
      deepLinking: true,
      docExpansion: 'none',
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      filter: true,
      validatorUrl: null,
      requestInterceptor: withSession,
      presets: [window.SwaggerUIBundle.presets.apis],
      layout: 'BaseLayout',
    });
  });
})();
