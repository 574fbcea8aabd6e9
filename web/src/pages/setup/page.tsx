// First run: one screen makes the first account, signs in, checks the first target while one watches, and keeps it as a monitor.
import { useEffect, useState } from 'preact/hooks';
import { getSetup, postSetup } from '../../api/calls';
import { asProblem, type ApiProblem } from '../../api/problem';
import { useFocusOnceDrawn } from '../../lib/focus';
import { readTarget, type TargetReading } from '../../lib/target';
import type { PageProps } from '../../router/page';
import { go, href } from '../../router/router';
import { enterChecked, kNotKept } from '../../store/session';
import { Bare } from '../../ui/bare';
import { Button } from '../../ui/button';
import { PasswordField, TextField } from '../../ui/field';
import { ProblemPanel } from '../../ui/problem';
import { TargetField, type TargetWords } from '../../ui/target-field';
import { ui } from '../../ui/words';
import { FirstCheck } from './first-check';
import './style.css';
import { CannotKeep, keepsCookies } from '../sign-in/cannot-keep';
import { words } from './words';

const kPasswordBytesMin = 10;
const kPasswordBytesMax = 1024;

// The server itself, as the browser reached it: it surely listens.
function suggestion(): string {
  const port = location.port || (location.protocol === 'https:' ? '443' : '80');
  return `${location.hostname}:${port}`;
}

function targetProblem(reading: TargetReading): string | undefined {
  if (reading.is === 'no_port') return words.t('no_port');
  return reading.is === 'bad' ? words.t(`bad_${reading.why}`) : undefined;
}
function targetWords(): TargetWords {
  return {
    label: words.t('watch'), help: words.t('watch_help'), problem: targetProblem, overTls: words.t('over_tls'),
    whichPort: (host) => words.t('which_port', { host }), simplified: (target) => words.t('simplified', { target }),
  };
}

function passwordProblem(password: string): string | undefined {
  const bytes = new TextEncoder().encode(password).length;
  if (bytes < kPasswordBytesMin) return words.t('password_short');
  return bytes > kPasswordBytesMax ? words.t('password_long') : undefined;
}

function Closed() {
  return (
    <Bare title={words.t('title')}>
      <div class="stack">
        <p>{words.t('closed')}</p>
        <a class="button primary large" href={href('/sign-in')}>
          {words.t('to_sign_in')}
        </a>
      </div>
    </Bare>
  );
}

export default function Setup({ params }: PageProps) {
  const [stage, setStage] = useState<'asking' | 'form' | 'closed' | 'check'>('asking');
  const [user, setUser] = useState('admin');
  const [password, setPassword] = useState('');
  const [target, setTarget] = useState(suggestion);
  const [sent, setSent] = useState(false);
  const [passwordLeft, setPasswordLeft] = useState(false);
  const [busy, setBusy] = useState(false);
  const [hasAccount, setHasAccount] = useState(false);
  const focusOn = useFocusOnceDrawn();
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const ask = () => {
    setProblem(null);
    getSetup().then((state) => setStage(state.open ? 'form' : 'closed'), (error: unknown) => { setProblem(asProblem(error)); setStage('form'); });
  };
  useEffect(ask, []);

  const reading = readTarget(target);
  const errors = {
    user: user.trim() === '' ? words.t('user_missing') : problem?.at('/user'),
    password: passwordProblem(password) ?? problem?.at('/password'),
    target: targetProblem(reading),
  };
  const submit = async (withTarget: boolean) => {
    setSent(true);
    if (busy) return;
    const wantsCheck = withTarget && reading.is !== 'empty';
    const wrong = [!hasAccount && errors.user, !hasAccount && passwordProblem(password), wantsCheck && errors.target].some(Boolean);
    if (wrong) {
      focusOn(() => document.querySelector<HTMLElement>('[aria-invalid=true]'));
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      if (!hasAccount) {
        const session = await postSetup(params['token'] ?? '', user.trim(), password);
        setHasAccount(true);
        await enterChecked(session);
      }
      if (wantsCheck) setStage('check');
      else go('/', { replace: true });
    } catch (error) {
      const known = asProblem(error);
      if (known.status === 409) setStage('closed');
      else setProblem(known);
    } finally {
      setBusy(false);
    }
  };

  // Before the link is used up: an account that nobody can use from here helps nobody.
  if (!keepsCookies() || problem?.code === kNotKept) return <Bare title={words.t('title')}><CannotKeep /></Bare>;
  if (stage === 'closed') return <Closed />;
  if (stage === 'check' && reading.is === 'target') return <FirstCheck target={reading.target} tls={reading.tls} onOther={() => setStage('form')} />;
  if (stage === 'asking') return <Bare title={words.t('title')} lead={words.t('lead')}><div aria-busy="true" /></Bare>;
  const badToken = problem?.status === 403;
  return (
    <Bare title={words.t('title')} lead={words.t('lead')}>
      <form
        class="stack setup-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(true);
        }}
      >
        {badToken && <p class="setup-refused" role="alert">{words.t('bad_token')}</p>}
        {problem && !badToken && problem.errors.length === 0 && <ProblemPanel problem={problem} retry={ask} />}
        {!hasAccount && (
          <>
            <TextField label={words.t('user')} value={user} onValue={setUser} name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required error={sent ? errors.user : undefined} />
            <PasswordField label={words.t('password')} value={password} onValue={(next) => { setPassword(next); setPasswordLeft(false); }} name="new-password" autocomplete="new-password" required
              help={words.t('password_help')} error={sent || (passwordLeft && password !== '') ? errors.password : undefined} onBlur={() => setPasswordLeft(true)} />
          </>
        )}
        <TargetField value={target} onValue={setTarget} words={targetWords()} error={sent ? errors.target : undefined} />
        <Button kind="primary large" type="submit" disabled={busy}>
          {busy ? words.t('busy') : words.t('submit')}
        </Button>
        <button type="button" class="link-button" disabled={busy} onClick={() => void submit(false)}>
          {hasAccount ? words.t('later') : words.t('skip')}
        </button>
        <p class="visually-hidden" role="status">{busy ? ui.t('loading') : ''}</p>
      </form>
    </Bare>
  );
}
