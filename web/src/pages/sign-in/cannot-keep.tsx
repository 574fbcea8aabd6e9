// Where no browser keeps the session's cookie (Secure, and for this host alone): plain http from elsewhere than the reader's own computer, or
// cookies refused altogether. Said before a password is typed, with the ways that work; never a sign-in that silently comes to nothing.
import { Icon } from '../../ui/icon';
import { CodeBlock } from '../../ui/code';
import { words } from './words';

// localhost and 127.0.0.1 count as secure.
export const keepsCookies = (): boolean => globalThis.isSecureContext;

export function tunnel(host: string, port: string): string {
  return `ssh -N -L ${port}:${host}:${port} ${host}`;
}

export function CannotKeep() {
  const http = !keepsCookies();
  const port = location.port || '80';
  const local = `http://127.0.0.1:${port}${location.pathname}${location.hash}`;
  return (
    <div class="stack" role="alert">
      <p class="row"><Icon name="warning" size={18} /> <strong class="grow">{words.t('cannot_title')}</strong></p>
      {http ? (
        <>
          <p>{words.t('cannot_http', { origin: location.origin })}</p>
          <h2>{words.t('cannot_proxy')}</h2>
          <p>{words.t('cannot_proxy_text')}</p>
          <h2>{words.t('cannot_tunnel')}</h2>
          <p>{words.t('cannot_tunnel_text')}</p>
          <CodeBlock label="ssh" text={tunnel(location.hostname, port)} />
          <p>{words.t('cannot_then')} <a href={local} class="break">{local}</a></p>
        </>
      ) : <p>{words.t('cannot_cookies', { origin: location.origin })}</p>}
    </div>
  );
}
