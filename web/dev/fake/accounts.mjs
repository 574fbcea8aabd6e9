// Accounts of the stand-in: first run, sign-in, sign-out.
import { randomBytes } from 'node:crypto';
import { invalid, readBody, Refusal, text } from './http.mjs';

const kDay = 86_400_000;
function open(world, name) {
  const id = randomBytes(24).toString('base64url');
  const session = { user: { name }, scope: 'admin', csrf_token: randomBytes(18).toString('base64url'), expires: new Date(Date.now() + 7 * kDay).toISOString() };
  world.sessions.set(id, session);
  return { json: session, headers: { 'Set-Cookie': `__Host-tocsin=${id}; HttpOnly; Secure; SameSite=Strict; Path=/` } };
}
function checkPassword(password, pointer = '/password') {
  const bytes = Buffer.byteLength(password);
  if (bytes < 10 || bytes > 1024) throw invalid(pointer, 'out_of_range', 'A password has 10 to 1024 bytes.');
}

export const accountRoutes = [
  ['GET', '/setup', 'none', [], ({ world }) => ({ json: { open: world.users.length === 0 } })],
  ['POST', '/setup', 'none', [], async ({ world, request }) => {
    const body = await readBody(request, ['setup_token', 'user', 'password']);
    if (world.users.length > 0) throw new Refusal(409, 'setup_closed', 'There is an account already: sign in.');
    if (text(body, 'setup_token') !== world.setupToken) throw new Refusal(403, 'bad_setup_token', 'This link is not the one that the server printed when it started.');
    const user = text(body, 'user', { max: 100 });
    if (user.trim() === '') throw invalid('/user', 'required', 'A user needs a name.');
    const password = text(body, 'password', { max: 4096 });
    checkPassword(password);
    world.users.push({ name: user, password });
    return { status: 201, ...open(world, user) };
  }],
  ['POST', '/session', 'none', [], async ({ world, request }) => {
    const body = await readBody(request, ['user', 'password']);
    const found = world.users.find((one) => one.name === body.user && one.password === body.password);
    world.failures = found ? 0 : (world.failures ?? 0) + 1;
    if (!found && world.failures > 5) throw new Refusal(429, 'too_many_logins', 'Too many tries.', { headers: { 'Retry-After': '30' } });
    if (!found) throw new Refusal(401, 'bad_login', 'User name or password is wrong.');
    return open(world, found.name);
  }],
  ['GET', '/session', 'none', [], ({ session }) => {
    if (!session) throw new Refusal(401, 'unauthorized', 'Nobody is signed in.');
    return { json: session };
  }],
  ['DELETE', '/session', 'none', [], ({ world, sessionId }) => {
    world.sessions.delete(sessionId);
    return { status: 204, headers: { 'Set-Cookie': '__Host-tocsin=; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=0' } };
  }],
  ['POST', '/password', 'read', [], async ({ world, request, session }) => {
    const body = await readBody(request, ['current', 'new']);
    const user = world.users.find((one) => one.name === session.user.name);
    if (user.password !== text(body, 'current', { max: 4096 })) throw new Refusal(403, 'bad_password', 'The current password is wrong.');
    checkPassword(text(body, 'new', { max: 4096 }), '/new');
    user.password = body.new;
    return { status: 204 };
  }],
];
