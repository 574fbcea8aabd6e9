// A real server of its own for one story: a scratch folder, a free port, ended by its own process id.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { promisify } from 'node:util';
import { until } from './wait.mjs';

export const program = process.env.TOCSIN_BINARY ?? new URL('../../../build/release/tocsin', import.meta.url).pathname;
export const user = { name: 'admin', password: 'correct horse' };
const run = promisify(execFile);

function ended(child, ms) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

export class Server {
  constructor(folder, args) {
    this.folder = folder;
    this.data = join(folder, 'data');
    this.config = join(folder, 'tocsin.yaml');
    this.args = args;
    this.port = 0;
    this.out = '';
  }

  async start() {
    const from = this.out.length;
    this.child = spawn(program, ['serve', '--config', this.config, '--data', this.data, '--listen', `127.0.0.1:${this.port}`, ...this.args], {
      stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOOK_SECRET: 'a-browser-test-secret-of-32-bytes!' },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', (text) => (this.out += text));
    const line = await until('the server listens', () => {
      if (this.child.exitCode !== null) throw new Error(`the server ended:\n${this.out}`);
      return /^listening on http:\/\/127\.0\.0\.1:(\d+)$/m.exec(this.out.slice(from));
    });
    this.port = Number(line[1]);
    this.address = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async stop() {
    if (!this.child) return;
    this.child.kill('SIGTERM');
    if (!(await ended(this.child, 10_000))) {
      this.child.kill('SIGKILL');
      await ended(this.child, 5000);
    }
  }

  // The newest link to the first account, without its address: "#/setup/TOKEN".
  async setupHash() {
    return until('the set-up link', () => [...this.out.matchAll(/^set up: \S+\/(#\/setup\/[\w-]+)$/gm)].at(-1)?.[1]);
  }

  async cli(words, input = '') {
    const going = run(program, [...words, '--data', this.data]);
    going.child.stdin.end(input);
    return (await going).stdout.trim();
  }
  async addUser() {
    await this.cli(['user', 'create', user.name], `${user.password}\n`);
    return this;
  }

  // The API as a program uses it.
  async api(method, path, body, headers = {}) {
    this.token ??= await this.cli(['token', 'create', '--scope', 'admin', '--name', 'story']);
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method, headers: { Authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers }, body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (response.status === 429) {
      // A story asks faster than people do.
      await rest(1000 * Number(response.headers.get('Retry-After') ?? 1));
      return this.api(method, path, body, headers);
    }
    const text = await response.text();
    const answer = /json/.test(response.headers.get('Content-Type') ?? '') && !/ndjson/.test(response.headers.get('Content-Type')) ? JSON.parse(text) : text;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return answer;
  }
  monitor(id) {
    return this.api('GET', `/monitors/${encodeURIComponent(id)}`);
  }
  async settled(id, status) {
    return until(`${id} is ${status}`, async () => {
      const found = await this.monitor(id);
      return found.status === status && found;
    }, 30_000, 150);
  }
  writeConfig(text) {
    return writeFile(this.config, text);
  }
  log() {
    return readFile(join(this.folder, 'log'), 'utf8').catch(() => this.out);
  }
  remove() {
    return rm(this.folder, { recursive: true, force: true });
  }
}

export async function startServer({ config = 'version: 1\nmonitors: {}\n', account = true, args = [] } = {}) {
  const server = new Server(await mkdtemp(join(tmpdir(), 'tocsin-browser-')), args);
  await server.writeConfig(config);
  await server.start();
  return account ? server.addUser() : server;
}
