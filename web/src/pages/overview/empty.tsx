// Nothing to show: because nothing is watched yet (three doors), or because the search hides it all (which part of it hides how much).
import { useEffect, useState } from 'preact/hooks';
import { listPresets } from '../../api/calls';
import type { Preset } from '../../api/types';
import { href } from '../../router/router';
import { fitsAll, parseQuery } from '../../store/query';
import type { Row } from '../../store/monitors';
import { CodeBlock } from '../../ui/code';
import { Empty } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { words } from './words';

const kYaml = `version: 1
monitors:
  redis:
    target: 10.0.0.5:6379`;
const kCli = `tocsin probe db.example.com:5432
tocsin probe mail.example.com:25 -v`;

export function NothingYet() {
  const [presets, setPresets] = useState<Preset[]>([]);
  useEffect(() => {
    listPresets().then((page) => setPresets(page.data.filter((one) => !one.more)), () => {});
  }, []);
  return (
    <section class="ov-nothing">
      <h2>{words.t('none_title')}</h2>
      <p class="muted">{words.t('none_text')}</p>
      <div class="ov-doors">
        <div class="panel padded ov-door">
          <h3><Icon name="plus" /> {words.t('door_add')}</h3>
          <p class="muted">{words.t('door_add_text')}</p>
          <div class="ov-presets">
            {presets.map((one) => (
              <a class="button" key={one.id} href={href('/monitors/new', { preset: one.id })}>
                {one.name} <span class="muted num">{one.port}</span>
              </a>
            ))}
            <a class="button" href={href('/monitors/new')}>
              {words.t('other_port')}
            </a>
          </div>
        </div>
        <div class="panel padded ov-door">
          <h3><Icon name="code" /> {words.t('door_config')}</h3>
          <p class="muted">{words.t('door_config_text')}</p>
          <CodeBlock text={kYaml} label="YAML" />
        </div>
        <div class="panel padded ov-door">
          <h3><Icon name="terminal" /> {words.t('door_cli')}</h3>
          <p class="muted">{words.t('door_cli_text')}</p>
          <CodeBlock text={kCli} label="CLI" />
        </div>
      </div>
    </section>
  );
}

export function NoMatch({ query, rows, onQuery }: { query: string; rows: ReadonlyMap<string, Row>; onQuery: (query: string) => void }) {
  const terms = parseQuery(query);
  const without = terms.map((term) => {
    const fits = fitsAll(terms.filter((one) => one !== term));
    let n = 0;
    for (const row of rows.values()) if (fits(row)) n += 1;
    return { term: term.text, rest: terms.filter((one) => one !== term).map((one) => one.text).join(' '), n };
  });
  return (
    <Empty title={words.t('no_match')} text={words.t('no_match_text', { query })}>
      {terms.length > 1 && (
        <ul class="stack">
          {without.filter((one) => one.n > 0).map((one) => (
            <li key={one.term} class="row wrap">
              {words.t('no_match_without', { term: one.term, n: one.n })}
              <button type="button" class="link-button" onClick={() => onQuery(one.rest)}>
                {words.t('remove_term', { term: one.term })}
              </button>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="button" onClick={() => onQuery('')}>
        {words.t('clear')}
      </button>
    </Empty>
  );
}
