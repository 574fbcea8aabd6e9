// The live feed of the stand-in, and what makes the world move.
import { settle } from './world.mjs';
import { rowOf } from './monitors.mjs';

const kKept = 500;

export function addLive(world) {
  const clients = new Set();
  const kept = [];
  const start = Date.now().toString(36);
  let number = 0;
  world.tell = (event, data) => {
    number += 1;
    const topic = event === 'removed' ? 'monitor' : event;
    const text = `id: ${start}-${number}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    kept.push({ number, topic, text });
    if (kept.length > kKept) kept.shift();
    for (const client of clients) if (client.topics.has(topic)) client.response.write(text);
  };
  world.dropClients = () => {
    for (const client of clients) client.response.destroy();
  };
  return ['GET', '/events', 'read', ['topics'], ({ query, request, response }) => {
    const topics = new Set((query.get('topics') ?? 'monitor,incident,alert').split(','));
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write('retry: 3000\n\n');
    const last = /^([0-9a-z]+)-(\d+)$/.exec(request.headers['last-event-id'] ?? '');
    if (last) {
      const after = Number(last[2]);
      if (last[1] !== start || (kept[0] && after < kept[0].number - 1)) response.write('event: reset\ndata: {}\n\n');
      else for (const one of kept) if (one.number > after && topics.has(one.topic)) response.write(one.text);
    }
    const client = { response, topics };
    clients.add(client);
    const beat = setInterval(() => response.write(': still here\n\n'), 15_000);
    response.on('close', () => {
      clearInterval(beat);
      clients.delete(client);
    });
    return undefined;
  }];
}

// `perSecond` rows change each second; now and then one of them goes down or comes back.
export function startMoving(world, perSecond) {
  if (perSecond <= 0) return;
  setInterval(() => {
    for (let i = 0; i < Math.max(1, perSecond / 4); i += 1) {
      const monitor = world.monitors[Math.floor(world.random() * world.monitors.length)];
      if (!monitor || monitor.status === 'paused' || monitor.status === 'pending') continue;
      const dot = world.random();
      const before = monitor.status;
      if (dot < 0.01) monitor.status = before === 'up' ? 'down' : 'up';
      else if (dot < 0.02) monitor.status = before === 'up' ? 'degraded' : 'up';
      if (monitor.status !== before) monitor.since = new Date().toISOString();
      settle(monitor, world.random);
      world.tell('monitor', rowOf(monitor));
    }
  }, 250).unref();
}
