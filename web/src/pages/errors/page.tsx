// What each error means and what to do about it: docs/errors.md, brought along so that the answer is here when the network is not.
import { useEffect, useRef } from 'preact/hooks';
import text from '../../../../docs/errors.md?raw';
import type { PageProps } from '../../router/page';
import { href } from '../../router/router';
import { codeParts, readCatalogue } from './catalogue';
import './style.css';
import { words } from './words';

const all = readCatalogue(text);

function Marked({ text: line }: { text: string }) {
  return <>{codeParts(line).map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>;
}

export default function ErrorsPage({ params }: PageProps) {
  const chosen = params['code'];
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.scrollIntoView({ block: 'start' });
    heading.current?.focus({ preventScroll: true });
  }, [chosen]);
  const known = all.some((one) => one.code === chosen);
  return (
    <div class="page stack er">
      <h1>{words.t('title')}</h1>
      {chosen && !known && <p role="status">{words.t('unknown', { code: chosen })}</p>}
      <p class="muted">{words.t('lead')}</p>
      <div class="er-list" lang="en">
        {all.map((one) => (
          <section key={one.code} class={`panel padded${one.code === chosen ? ' er-chosen' : ''}`}>
            <h2 ref={one.code === chosen ? heading : undefined} tabIndex={-1}>
              <a href={href(`/errors/${one.code}`)}><code>{one.code}</code></a>
            </h2>
            {one.paragraphs.map((line) => <p key={line}><Marked text={line} /></p>)}
            <ul>{one.points.map((line) => <li key={line}><Marked text={line} /></li>)}</ul>
          </section>
        ))}
      </div>
    </div>
  );
}
