import { expect, test } from 'vitest';
import { pauseOf } from './live';
import { eventParser, type ServerEvent } from './sse';

const stream = ': hello\nretry: 3000\n\nid: a-1\nevent: monitor\ndata: {"a":\ndata: 1}\n\r\nid: a-2\r\ndata: x\r\n\r\nevent: nothing\n\n';

// The network cuts where it likes: the events are the same for every cut.
test('events come whole however the text is cut', () => {
  for (let size = 1; size <= stream.length; size += 1) {
    const events: ServerEvent[] = [];
    const waits: number[] = [];
    const feed = eventParser((event) => events.push(event), (ms) => waits.push(ms));
    for (let i = 0; i < stream.length; i += size) feed(stream.slice(i, i + size));
    expect(events, `pieces of ${size}`).toEqual([{ event: 'monitor', data: '{"a":\n1}', id: 'a-1' }, { event: 'message', data: 'x', id: 'a-2' }]);
    expect(waits).toEqual([3000]);
  }
});

test('pauses grow to half a minute and differ between pages', () => {
  expect([0, 1, 2, 3, 10].map((n) => pauseOf(n, 1000, 0))).toEqual([1000, 2000, 4000, 8000, 30_000]);
  expect(pauseOf(0, 1000, 1)).toBe(1250);
});
