// Signing in: as a page, or over the page that was open when the session ended.
import { useState } from 'preact/hooks';
import { signIn } from '../../api/calls';
import { asProblem, type ApiProblem } from '../../api/problem';
import { formatDuration } from '../../i18n/format';
import { nowMs } from '../../store/clock';
import { checkSession, enterChecked, kNotKept } from '../../store/session';
import { Bare } from '../../ui/bare';
import { Dialog } from '../../ui/dialog';
import { PasswordField, TextField } from '../../ui/field';
import { ProblemPanel } from '../../ui/problem';
import { ui } from '../../ui/words';
import { CannotKeep, keepsCookies } from './cannot-keep';
import { words } from './words';

export function SignInForm() {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [waitUntil, setWaitUntil] = useState(0);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await enterChecked(await signIn(user, password));
    } catch (error) {
      const known = asProblem(error);
      setProblem(known);
      if (known.retryAfterSeconds) setWaitUntil(Date.now() + known.retryAfterSeconds * 1000);
    } finally {
      setBusy(false);
    }
  };
  if (!keepsCookies() || problem?.code === kNotKept) return <CannotKeep />;
  const left = waitUntil - nowMs.value;
  const wrong = problem?.status === 401 ? words.t('wrong') : undefined;
  return (
    <form class="stack" onSubmit={submit}>
      <TextField label={words.t('user')} value={user} onValue={setUser} autocomplete="username" autocapitalize="none" spellcheck={false} required />
      <PasswordField label={words.t('password')} value={password} onValue={setPassword} autocomplete="current-password" required error={wrong} />
      <div role="status" aria-live="polite">{left > 0 && <p>{words.t('wait', { time: formatDuration(left) })}</p>}</div>
      {problem && problem.status !== 401 && problem.status !== 429 && <ProblemPanel problem={problem} />}
      <button type="submit" class="button primary large" disabled={busy || left > 0}>
        {busy ? words.t('busy') : words.t('submit')}
      </button>
    </form>
  );
}

export function SignInPage() {
  return (
    <Bare title={words.t('title')}>
      <SignInForm />
    </Bare>
  );
}

export function SignInDialog() {
  return (
    <Dialog title={words.t('title')} mustAnswer onClose={() => {}}>
      <div class="stack">
        <p>{ui.t('session_ended')}</p>
        <SignInForm />
      </div>
    </Dialog>
  );
}

export function SetupNotice() {
  return (
    <Bare title={words.t('first_title')}>
      <div class="stack">
        <p>{words.t('first_text')}</p>
        <p>{words.t('first_where')}</p>
        <pre class="code-block">{`${location.origin}${location.pathname}#/setup/…`}</pre>
        <button type="button" class="button" onClick={() => void checkSession()}>
          {words.t('first_again')}
        </button>
      </div>
    </Bare>
  );
}
