// The strict frame of the stand-in: only what the contract names is answered. An unknown path, method, query parameter or body field is a
// problem, as it is with the real server.
import { randomBytes } from 'node:crypto';

export class Refusal extends Error {
  constructor(status, code, detail, { errors, headers } = {}) {
    super(detail);
    Object.assign(this, { status, code, detail, errors, headers });
  }
}
export const invalid = (pointer, code, message, hint) => new Refusal(422, 'validation_failed', '1 field is invalid.', { errors: [{ pointer, code, message, ...(hint ? { hint } : {}) }] });
export const notFound = (detail) => new Refusal(404, 'not_found', detail);

const titles = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict', 412: 'Precondition Failed', 415: 'Unsupported Media Type', 422: 'Unprocessable Content', 429: 'Too Many Requests', 500: 'Internal Server Error' };

export function sendProblem(response, refusal) {
  const body = {
    type: `urn:tocsin:problem:${refusal.code}`, title: titles[refusal.status] ?? 'Error', status: refusal.status, detail: refusal.detail, code: refusal.code,
    request_id: randomBytes(6).toString('hex'), ...(refusal.errors ? { errors: refusal.errors } : {}),
  };
  response.writeHead(refusal.status, { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...refusal.headers });
  response.end(JSON.stringify(body));
}

export async function readBody(request, known) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  if (text === '') {
    if (known && known.length > 0) throw new Refusal(400, 'invalid_json', 'The body must be a JSON object.');
    return {};
  }
  if (!/^application\/(json|merge-patch\+json)/.test(request.headers['content-type'] ?? '')) throw new Refusal(415, 'unsupported_media_type', 'The body must be application/json.');
  let body;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, 'invalid_json', `The body is not JSON: ${error.message}`);
  }
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw new Refusal(400, 'invalid_json', 'The body must be a JSON object.');
  const unknown = Object.keys(body).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Refusal(422, 'validation_failed', `${unknown.length} field(s) unknown.`, { errors: unknown.map((name) => ({ pointer: `/${name}`, code: 'unknown_field', message: `There is no field "${name}" here.` })) });
  }
  return body;
}

export function text(body, name, { max = 1024, optional = false } = {}) {
  const value = body[name];
  if (value === undefined && optional) return undefined;
  if (typeof value !== 'string') throw invalid(`/${name}`, 'invalid_type', `${name} must be a text.`);
  if (Buffer.byteLength(value) > max) throw invalid(`/${name}`, 'too_long', `${name} has at most ${max} bytes.`);
  return value;
}

// routes: [method, pattern, scope, queryNames, handler]. A handler gets a context and returns {status, json | text, headers} or undefined
// when it has written the response itself.
export function makeRouter(routes) {
  const table = routes.map(([method, pattern, scope, query, run]) => ({ method, parts: pattern.split('/'), scope, query, run }));
  return (method, path) => {
    const have = path.split('/');
    let allowed = [];
    let best = null;
    for (const route of table) {
      if (route.parts.length !== have.length) continue;
      const params = {};
      let literal = 0;
      const fits = route.parts.every((part, i) => {
        if (part.startsWith('{')) {
          params[part.slice(1, -1)] = decodeURIComponent(have[i]);
          return have[i] !== '';
        }
        literal += 1;
        return part === have[i];
      });
      if (!fits) continue;
      if (route.method !== method) allowed.push(route.method);
      else if (!best || literal > best.literal) best = { route, params, literal };
    }
    if (best) return best;
    if (allowed.length > 0) throw new Refusal(405, 'method_not_allowed', `This path knows ${allowed.join(', ')}.`, { headers: { Allow: allowed.join(', ') } });
    throw notFound('There is nothing at this path. The API begins at /api/v1.');
  };
}
