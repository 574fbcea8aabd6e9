// Stories: each gets a kit, and whatever it opened is closed after it, last first.
import { Receiver } from './services.mjs';
import { startServer } from './server.mjs';
import { axe, openPage, sideways, signIn } from './page.mjs';
import { startProxy } from './proxy.mjs';

const stories = [];
export function story(name, run, { seconds = 180 } = {}) {
  stories.push({ name, run, seconds });
}
export const allStories = () => stories;

export function makeKit(browser) {
  const closers = [];
  const problems = [];
  const open = new Map();
  const kit = {
    problems,
    after: (close) => closers.push(close),
    fail: (what) => problems.push(what),
    expect: (what, ok, seen = '') => {
      if (!ok) problems.push(`${what}${seen === '' ? '' : `: ${seen}`}`);
    },
    async server(options) {
      const server = await startServer(options);
      closers.push(async () => {
        await server.stop();
        await server.remove();
      });
      return server;
    },
    async service(one) {
      await one.start();
      closers.push(() => one.stop());
      return one;
    },
    receiver: () => kit.service(new Receiver()),
    async proxy(server, options) {
      const proxy = await startProxy(server, options);
      closers.push(() => proxy.stop());
      return proxy;
    },
    // A page at the address; signed in unless `signedIn` is false.
    async open(server, hash = '#/', { signedIn = true, ...look } = {}) {
      const address = typeof server === 'string' ? server : server.address;
      const opened = await openPage(browser, address, look);
      const shut = async () => {
        if (!open.delete(opened.page)) return;
        await opened.close();
        problems.push(...opened.trouble);
      };
      open.set(opened.page, shut);
      closers.push(shut);
      if (signedIn) await signIn(opened.page, address, hash);
      else await opened.page.goto(`${address}/${hash}`);
      return opened.page;
    },
    // Closes a page before the story is over; what it complained of counts.
    shut: (page) => open.get(page)?.(),
    async axe(page, where) {
      for (const one of await axe(page)) problems.push(`axe, ${where}: ${one}`);
    },
    async fits(page, where) {
      for (const one of await sideways(page)) problems.push(`scrolls sideways, ${where}: ${one}`);
    },
    // What the open pages show, for the one who wonders why a story failed.
    seen: () => Promise.all([...open.keys()].map(async (page) => `seen at ${page.url()}: ${(await page.locator('body').innerText({ timeout: 2000 }).catch(String)).replace(/\s+/g, ' ').slice(0, 1200)}`)),
    async close() {
      for (const close of closers.reverse()) await close().catch((error) => problems.push(`while closing: ${error.stack ?? error}`));
    },
  };
  return kit;
}
