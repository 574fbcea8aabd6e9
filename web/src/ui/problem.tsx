// What went wrong, with what to do: title, detail, the fields, the request id to quote, and a second try.
import { asProblem, type ApiProblem } from '../api/problem';
import { Button } from './button';
import { Icon } from './icon';
import { toast } from './toast';
import { ui } from './words';

export function problemTitle(problem: ApiProblem): string {
  return problem.isNetwork && problem.code === 'network' ? ui.t('unreachable') : problem.title || ui.t('failed');
}
export function problemText(problem: ApiProblem): string {
  return problem.isNetwork && problem.code === 'network' ? ui.t('unreachable_text') : problem.detail;
}

// Of what was asked for in passing: there is no place on the page for its trouble.
export function toastProblem(error: unknown): void {
  const problem = asProblem(error);
  toast(`${problemTitle(problem)}: ${problemText(problem)}`, { bad: true });
}

export function ProblemPanel({ problem, retry }: { problem: ApiProblem; retry?: () => void }) {
  return (
    <div class="problem" role="alert">
      <Icon name="warning" size={18} />
      <div class="grow">
        <strong>{problemTitle(problem)}</strong>
        <p>{problemText(problem)}</p>
        {problem.errors.length > 0 && (
          <ul class="problem-fields">
            {problem.errors.map((error) => (
              <li key={error.pointer + error.code}>
                <code>{error.pointer}</code> {error.message} {error.hint}
              </li>
            ))}
          </ul>
        )}
        {problem.requestId && <p class="meta mono">{ui.t('request_id', { id: problem.requestId })}</p>}
      </div>
      {retry && (
        <Button icon="run" onClick={retry}>
          {ui.t('retry')}
        </Button>
      )}
    </div>
  );
}
