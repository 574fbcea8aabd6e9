// A reverse proxy that serves a server below /tocsin/ and nothing else, as nginx does with "location /tocsin/ { proxy_pass http://…/; }".
import { createServer, request } from 'node:http';

export async function startProxy(server, { prefix = '/tocsin/', dropCookies = false } = {}) {
  const seen = [];
  const proxy = createServer((from, to) => {
    seen.push(from.url);
    if (!from.url.startsWith(prefix)) {
      to.writeHead(404, { 'Content-Type': 'text/plain' }).end('not below the prefix\n');
      return;
    }
    const onward = request({ host: '127.0.0.1', port: server.port, path: `/${from.url.slice(prefix.length)}`, method: from.method, headers: from.headers }, (answer) => {
      if (dropCookies) delete answer.headers['set-cookie'];
      to.writeHead(answer.statusCode, answer.headers);
      to.flushHeaders();
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    seen,
    address: `http://127.0.0.1:${proxy.address().port}${prefix.replace(/\/$/, '')}`,
    stop() {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(resolve));
    },
  };
}
