// Services to watch, on free loopback ports: one can be stopped and started again at the same port.
import { createServer } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { createServer as createHttp } from 'node:http';

export class Service {
  // `talk(socket)` says what the service says.
  constructor(talk = () => {}, tls = null) {
    this.talk = talk;
    this.tls = tls;
    this.port = 0;
    this.sockets = new Set();
  }
  async start() {
    const serve = (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => {});
      this.talk(socket);
    };
    this.server = this.tls ? createTls(this.tls, serve) : createServer(serve);
    this.server.on('tlsClientError', () => {});
    await new Promise((resolve, refuse) => this.server.once('error', refuse).listen(this.port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.target = `127.0.0.1:${this.port}`;
    return this;
  }
  async stop() {
    if (!this.server) return;
    for (const socket of this.sockets) socket.destroy();
    const server = this.server;
    this.server = null;
    await new Promise((resolve) => server.close(resolve));
  }
}

export const silent = () => new Service();
export const greeting = (bytes) => new Service((socket) => socket.write(bytes));
// Answers PING, after `ms`.
export const cache = (ms = 0) => new Service((socket) => socket.on('data', () => setTimeout(() => socket.writable && socket.write('+PONG\r\n'), ms)));

// A webhook receiver: keeps what came; `status` and `reason` are what it answers.
export class Receiver {
  constructor() {
    this.notices = [];
    this.status = 204;
    this.reason = undefined; // the usual words of the status
  }
  async start() {
    this.server = createHttp((request, response) => {
      let body = '';
      request.on('data', (piece) => (body += piece));
      request.on('end', () => {
        this.notices.push(JSON.parse(body));
        response.writeHead(this.status, this.reason).end(this.status === 204 ? '' : 'not today');
      });
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}/hook`;
    return this;
  }
  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
