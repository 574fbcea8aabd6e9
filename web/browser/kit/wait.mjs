// Waiting for what must come true, with a limit; nothing is decided by how long a look waits.
import { setTimeout as rest } from 'node:timers/promises';

export async function until(what, holds, ms = 30_000, pauseMs = 50) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s for: ${what}`);
    await rest(pauseMs);
  }
}

export const within = (what, ms, promise) => {
  let timer;
  const late = new Promise((_, refuse) => (timer = setTimeout(() => refuse(new Error(`${what}: not within ${ms / 1000} s`)), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};
