// ApiProblem: everything that can go wrong with a call, as one error with the fields of problem+json. What never reached the server
// (offline, stopped server) has status 0 and code "network".
import type { FieldProblem, Problem } from './types';

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors: FieldProblem[];
  readonly retryAfterSeconds: number | null;

  constructor(problem: Partial<Problem> & { status: number; code: string }, retryAfterSeconds: number | null = null) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title ?? '';
    this.detail = problem.detail ?? '';
    this.requestId = problem.request_id ?? '';
    this.errors = problem.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }

  // The message of one field, by its pointer ("/target").
  at(pointer: string): string | undefined {
    const found = this.errors.find((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`));
    return found && (found.hint ? `${found.message} ${found.hint}` : found.message);
  }

  get isNetwork(): boolean {
    return this.status === 0;
  }
}

export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({ status: 0, code: 'page_error', title: 'Page error', detail: error instanceof Error ? error.message : String(error) });
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const after = Number(response.headers.get('Retry-After'));
  const retry = Number.isFinite(after) && after > 0 ? after : null;
  if (response.headers.get('Content-Type')?.includes('json')) {
    const body: unknown = await response.json().catch(() => null);
    if (body && typeof body === 'object' && 'code' in body) {
      return new ApiProblem({ ...(body as Problem), status: response.status }, retry);
    }
  }
  return new ApiProblem({ status: response.status, code: `http_${response.status}`, title: response.statusText }, retry);
}
