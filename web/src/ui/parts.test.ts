import tokens from './css/tokens.css?raw';
import { expect, test } from 'vitest';
import type { Beat } from '../api/types';
import { toYaml, monitorYaml } from './code';
import { beatPaths, placed } from './heartbeats';
import { visibleRange } from './virtual';

const at = (slot: number) => new Date(slot * 10_000).toISOString();
const beat = (slot: number, verdict: Beat['verdict'] = 'passed', us: number | null = 1000): Beat => ({ slot: at(slot), verdict, response_time_us: us, error: null });

test('a slot without a check is an empty place, the newest is at the right', () => {
  expect(placed([beat(5), beat(8)], 5, 10).map((one) => one?.slot ?? null)).toEqual([null, at(5), null, null, at(8)]);
  expect(placed([], 3, 10)).toEqual([null, null, null]);
});

// The first check is made at once and "run now" comes when it is asked for: neither lies on the grid, and neither may hide another.
test('checks beside the grid keep places of their own', () => {
  expect(placed([beat(5), beat(5.2), beat(6), beat(7)], 5, 10).map((one) => one?.slot ?? null)).toEqual([null, at(5), at(5.2), at(6), at(7)]);
  expect(placed([beat(1), beat(2), beat(3)], 2, 10).map((one) => one?.slot)).toEqual([at(2), at(3)]);
});

// Colour alone must not tell: each verdict has a form of its own.
test('each verdict is drawn in its own form', () => {
  const paths = beatPaths([beat(1), beat(2, 'degraded'), beat(3, 'failed'), beat(4, 'unknown'), null]);
  const pieces = Object.fromEntries(Object.entries(paths).map(([name, d]) => [name, (d.match(/M/g) ?? []).length]));
  expect(pieces).toEqual({ up: 1, degraded: 2, down: 2, unknown: 1, none: 1 });
});

test('only the rows in view and a few more are drawn', () => {
  expect(visibleRange(0, 800, 200, 46, 10_000)).toEqual([0, 18]);
  const [first, last] = visibleRange(46 * 5000, 800, 0, 46, 10_000);
  expect(first).toBeLessThan(5000);
  expect(last - first).toBeLessThan(30);
  expect(visibleRange(1e9, 800, 0, 46, 10)).toEqual([10, 10]);
});

test('a definition is written as YAML that reads back', () => {
  expect(monitorYaml('redis', { target: '10.0.0.5:6379', tags: ['prod', 'on'], assert: ['response_time < 200ms'], alert: { after_runs: 2 } })).toBe(
    'version: 1\nmonitors:\n  redis:\n    target: "10.0.0.5:6379"\n    tags: [prod, "on"]\n    assert: ["response_time < 200ms"]\n    alert:\n      after_runs: 2\n');
  expect(toYaml({ request: [{ send: 'PING\r\n' }, { expect: '+PONG' }] })).toBe('\nrequest:\n  - send: "PING\\r\\n"\n  - expect: "+PONG"');
});

// Texts with escapes of their own ("PING\\r\\n" is read by the server) and quotes stay readable; what needs YAML's escapes gets them.
test('YAML texts are quoted as little as they may', () => {
  expect(toYaml({ a: 'PING\\r\\n', b: 'response_data contains "+PONG"', c: "it's \\d", d: '2s', e: 'x\ny"', f: '2s x' })).toBe(
    "\na: 'PING\\r\\n'\nb: 'response_data contains \"+PONG\"'\nc: 'it''s \\d'\nd: 2s\ne: \"x\\ny\\\"\"\nf: \"2s x\"");
});

// A colour that only one theme has would be missing in the other, or never change with it.
test('the dark theme changes every colour, and names no other value', () => {
  const names = (text: string) => [...text.matchAll(/(--[\w-]+): ([^;]+);/g)].filter((m) => /#|rgb/.test(m[2]!)).map((m) => m[1]!).sort();
  const [light, dark] = tokens.split("data-theme='dark'") as [string, string];
  expect(names(dark).length).toBeGreaterThan(30);
  expect(names(dark)).toEqual(names(light));
  expect(tokens.match(/prefers-color-scheme/g)).toBeNull();
});
