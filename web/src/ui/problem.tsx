// What went wrong, with what to do: title, detail, the fields, the request id to quote, and a second try.
import type { ApiProblem } from '../api/problem';
import { Button } from './button';
import { Icon } from './icon';
import { ui } from './words';

export function problemTitle(problem: ApiProblem): string {
  return problem.isNetwork && problem.code === 'network' ? ui.t('unreachable') : problem.title || ui.t('failed');
}
export function problemText(problem: ApiProblem): string {
  return problem.isNetwork && problem.code === 'network' ? ui.t('unreachable_text') : problem.detail;
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
