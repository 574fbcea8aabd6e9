import { expect, test } from 'vitest';
import { probeCommand, probeFlags } from './code-forms';

test('a definition becomes the flags of one probe', () => {
  expect(probeFlags({ request: { send: 'PING\r\n', expect: '+PONG' }, tls: 'direct', timeout: '5s', assert: ['response_time < 200ms'] })).toEqual([
    "--send 'PING\\r\\n'", '--expect +PONG', '--tls', "--assert 'response_time < 200ms'", '--timeout 5s',
  ]);
});

test('STARTTLS and the end of a connection are said', () => {
  expect(probeFlags({ preset: 'submission', tls: 'starttls' })).toEqual(['--preset submission', '--starttls smtp']);
  expect(probeFlags({ tls: { mode: 'starttls', protocol: 'imap', verify: false } })).toEqual(['--starttls imap', '--no-verify']);
  expect(probeFlags({ close: 'quiet' })).toEqual(['--close quiet']);
  expect(probeFlags({ source: '192.0.2.10', resolver: ['192.0.2.53:53'], proxy: 'socks5://p:1080' })).toEqual(['--source 192.0.2.10', '--resolver 192.0.2.53:53', '--proxy socks5://p:1080']);
});

test('all that is asked of TLS and of addresses is said', () => {
  const tls = { mode: 'direct', ca_file: '/etc/my ca.pem', certificate_file: '/c.pem', key_file: '/k.pem', alpn: ['h2', 'http/1.1'], min_version: '1.3' };
  expect(probeFlags({ tls })).toEqual(['--tls', "--ca-file '/etc/my ca.pem'", '--certificate-file /c.pem', '--key-file /k.pem', '--alpn h2', '--alpn http/1.1', '--min-version 1.3']);
  expect(probeFlags({ ip_family: 'auto' })).toEqual(['--auto']);
  expect(probeFlags({ ip_family: 'all' })).toEqual(['--all-addresses']);
});

// What stands in a definition may come from anybody; pasted into a shell it must stay one word.
test('quotes and commands in values stay text', () => {
  expect(probeCommand('a.example.com:1', { request: { send: "'; rm -rf ~ #" } })).toBe("tocsin probe a.example.com:1 --send ''\\''; rm -rf ~ #'");
  expect(probeCommand('$(id):1', {})).toBe("tocsin probe '$(id):1'");
});

test('a dialogue is told as a whole', () => {
  expect(probeFlags({ request: [{ expect: '220' }, { send: 'EHLO x\\r\\n' }] })).toEqual([`--request '[{"expect":"220"},{"send":"EHLO x\\\\r\\\\n"}]'`]);
  expect(probeFlags({ request: [{ expect: { regex: '^2', refuse: ['^5'] } }] })).toEqual([`--request '[{"expect":{"regex":"^2","refuse":["^5"]}}]'`]);
});

test('bytes that are not shown cannot be told, the way there can', () => {
  const config = {
    preset: 'redis', request: [{ send: { hidden: 12 } }, { expect: '+OK' }], assert: ['response_data contains "+OK"'], tls: 'direct',
    ip_family: 'ipv6', source: '192.0.2.10', resolver: ['192.0.2.53:53'], proxy: 'socks5://p:1080',
  };
  expect(probeFlags(config)).toEqual(['--tls', '--source 192.0.2.10', '--resolver 192.0.2.53:53', '--proxy socks5://p:1080', '-6']);
  expect(probeCommand('a:1', { request: [{ send: { hidden: 12 } }] })).toBe('# without what the monitor sends, which is hidden\ntocsin probe a:1');
});
