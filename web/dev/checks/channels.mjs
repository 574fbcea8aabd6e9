// The channels page: adding one of each kind, what becomes of secrets, tests, previews, deleting, a project's channel, two people at once.
const kHook = 'https://key:canary-4711@hooks.example.org/canary-4711';
const looks = { light: {}, dark: { scheme: 'dark' }, small: { width: 360, height: 720 }, tablet: { width: 768, height: 900 }, wide: { width: 1440, height: 900 } };
const card = (page, id) => page.locator(`.ch-card[data-id="${id}"]`);

export const channelChecks = {
  'channels: the first one, a webhook, with a test': async ({ open, expect, axe }) => {
    const { page, fake } = await open({ monitors: 0, hash: '#/channels' });
    await page.getByText('Nobody is told yet').waitFor();
    await axe(page, 'no channels');
    await page.getByRole('link', { name: /Webhook/ }).click();
    await page.getByRole('heading', { name: 'Add a webhook' }).waitFor();
    await page.getByText('monitor.down').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('2 fields need attention').waitFor();
    await axe(page, 'empty webhook');
    expect('the summary has the focus', await page.evaluate(() => document.activeElement?.classList.contains('problem')));
    await page.getByRole('link', { name: 'A webhook needs an address.' }).click();
    await page.keyboard.type(kHook);
    await page.getByRole('button', { name: 'Make one' }).click();
    await page.getByText('Copy it to the receiver now').waitFor();
    await page.getByRole('button', { name: 'Add a header' }).click();
    await page.getByLabel('Header 1: name').fill('X-Key');
    await page.getByLabel('Header 1: value').fill('canary-4711');
    await page.getByLabel('Reminder').uncheck();
    await page.getByLabel('Name', { exact: true }).fill('Ops room');
    await page.getByRole('button', { name: 'Save and send a test' }).click();
    await card(page, 'ops-room').getByText('The test arrived').waitFor();
    await card(page, 'ops-room').getByText('204 No Content').waitFor();
    await axe(page, 'one channel');
    const made = fake.world.channels[0];
    expect('as it was entered', made.webhook.secret_set && made.webhook.headers.join() === 'X-Key' && !made.send.includes('reminder') && made.send.includes('down'), JSON.stringify(made));
    expect('no secret is in the page', !(await page.content()).includes('canary-4711'));
    await card(page, 'ops-room').getByRole('link', { name: 'Edit' }).click();
    await page.getByText('https://hooks.example.org/… (the rest is kept secret)').waitFor();
    expect('nor in the form', !(await page.evaluate(() => [...document.querySelectorAll('input')].map((one) => one.value).join())).includes('canary'));
  },
  'channels: e-mail by keyboard only, Ctrl+Enter saves': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 20, hash: '#/channels?add=email' });
    await page.getByRole('heading', { name: 'Add an e-mail channel' }).waitFor();
    await page.getByLabel('To', { exact: true }).focus();
    await page.keyboard.type('a@example.com');
    await page.keyboard.press('Enter');
    await page.keyboard.type('b@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type('tocsin@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type('mail.example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('T');
    expect('the port follows the encryption', (await page.getByLabel('Port').inputValue()) === '465', await page.getByLabel('Port').inputValue());
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type('Night shift');
    await page.keyboard.press('Control+Enter');
    await card(page, 'night-shift').waitFor();
    const made = fake.world.channels.find((one) => one.id === 'night-shift');
    expect('as it was entered', made.email.to.join() === 'a@example.com,b@example.com' && made.email.smtp.security === 'tls' && made.email.smtp.port === 465 && !made.email.smtp.password_set, JSON.stringify(made));
  },
  'channels: a moved destination wants its secrets again': async ({ open, expect, axe }) => {
    const { page, fake } = await open({ monitors: 20, hash: '#/channels?edit=mail' });
    await page.getByText('Set, and never shown').waitFor();
    await page.getByLabel('Server', { exact: true }).fill('evil.example.com');
    await page.getByText('Its destination has changed').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('One field needs attention').waitFor();
    await axe(page, 'secret wanted');
    expect('nothing was sent', fake.world.refused.every((one) => one.includes('/session')), fake.world.refused.join());
    await page.getByLabel('Password', { exact: true }).fill('again');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await card(page, 'mail').getByText('through evil.example.com:587').waitFor();
    await page.goto(`${fake.address}/#/channels?edit=archive`);
    await page.getByRole('button', { name: 'Replace' }).first().click();
    await page.keyboard.type('https://other.example.com/x');
    await page.locator('#ch_headers_X-Key').waitFor();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('Will be removed by saving').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await card(page, 'archive').getByText('https://other.example.com/…').waitFor();
    expect('the header is gone', fake.world.channels.find((one) => one.id === 'archive').webhook.headers.length === 0);
  },
  'channels: somebody else was quicker': async ({ open, expect, axe }) => {
    const { page, fake } = await open({ monitors: 20, hash: '#/channels?edit=archive' });
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    const other = fake.world.channels.find((one) => one.id === 'archive');
    Object.assign(other, { name: 'Theirs', version: 7 });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody else has changed this channel').waitFor();
    await axe(page, 'changed meanwhile');
    expect('the input stays', (await page.getByLabel('Name', { exact: true }).inputValue()) === 'Mine');
    await page.getByRole('button', { name: 'Drop mine' }).click();
    await page.waitForFunction(() => document.querySelector('#ch_name')?.value === 'Theirs');
    await page.getByLabel('Name', { exact: true }).fill('Mine again');
    Object.assign(other, { version: 8 });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await card(page, 'archive').getByRole('heading', { name: 'Mine again' }).waitFor();
    await card(page, 'archive').getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Left alone');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Go back to it' }).click();
    await page.getByText('These are your unsaved changes').waitFor();
    expect('what was typed is there', (await page.getByLabel('Name', { exact: true }).inputValue()) === 'Left alone');
    await page.getByRole('button', { name: 'Discard them' }).click();
    expect('and can be discarded', (await page.getByLabel('Name', { exact: true }).inputValue()) === 'Mine again');
  },
  'channels: tests, previews, users, deleting': async ({ open, expect, axe }) => {
    const { page, fake } = await open({ monitors: 30, hash: '#/channels' });
    await card(page, 'mail').getByRole('button', { name: 'Send a test' }).click();
    await card(page, 'mail').getByText('535 5.7.8 authentication failed').nth(1).waitFor();
    await axe(page, 'a failed test');
    const menu = async (id, item) => { await card(page, id).getByRole('button', { name: /More actions/ }).click(); await page.getByRole('menuitem', { name: item }).click(); };
    await menu('mail', 'Preview');
    const frame = page.frameLocator('iframe.ch-mail');
    await frame.getByText('DOWN: Redis sessions').waitFor();
    expect('the frame has no rights', (await page.locator('iframe.ch-mail').getAttribute('sandbox')) === '');
    expect('its colour is shown', (await frame.locator('font[color="#b42318"]').count()) === 1);
    await page.getByLabel('Event').selectOption({ label: 'Recovered' });
    await frame.getByText('RECOVERED: Redis sessions').waitFor();
    await axe(page, 'preview of a mail');
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.getByText('Target: 127.0.0.1:6379').waitFor();
    await page.keyboard.press('Escape');
    await menu('archive', 'As code');
    await page.getByText('${env:ARCHIVE_URL}').waitFor();
    await axe(page, 'as code');
    await page.keyboard.press('Escape');
    const mine = fake.world.monitors.filter((one) => one.config.channels?.includes('mail'));
    await menu('mail', 'Delete');
    await page.getByText('Monitors still use Team mail').waitFor();
    await page.getByRole('link', { name: mine[0].name }).waitFor();
    expect('every monitor is named', (await page.locator('.ch-users li').count()) === mine.length);
    expect('there is no way to delete it', (await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).count()) === 0);
    await axe(page, 'in use');
    await page.keyboard.press('Escape');
    await card(page, 'ops').getByRole('button', { name: /Used by \d+ monitors/ }).click();
    await page.getByText('monitors in the files of a project').waitFor();
    await page.keyboard.press('Escape');
    await menu('archive', 'Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Archive is deleted').waitFor();
    await card(page, 'archive').waitFor({ state: 'detached' });
    expect('it is gone', !fake.world.channels.some((one) => one.id === 'archive'));
  },
  'channels: a project’s channel can be read and tested, not changed': async ({ open, expect, axe }) => {
    const { page } = await open({ monitors: 20, hash: '#/channels' });
    await card(page, 'ops').getByText('shop.yaml, line 4').waitFor();
    await card(page, 'ops').getByRole('link', { name: 'Details' }).click();
    await page.getByText('changed in shop.yaml, line 4').waitFor();
    expect('no saving', (await page.getByRole('button', { name: /^Save/ }).count()) === 0);
    expect('all fields are off', (await page.locator('form input:not(:disabled), form .ch-secret button').count()) === 0);
    await axe(page, 'a project’s channel');
    await page.goto((await page.url()).replace(/edit=.*/, 'edit=nobody'));
    await page.getByText('There is no channel nobody').waitFor();
  },
  'channels: hostile texts stay texts': async ({ open, expect }) => {
    const { page, fake } = await open({ monitors: 20, hash: '#/channels' });
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const mail = fake.world.channels.find((one) => one.id === 'mail');
    mail.name = evil;
    mail.health.last_result = evil;
    await page.route('**/channels/preview', (route) => route.fulfill({ json: { subject: evil, text: evil, html: `<html><head><meta http-equiv="refresh" content="0;url=https://evil.example.com/"></head><body style="background:url(https://evil.example.com/)">${evil}<a href="javascript:document.title=3" style="x">click</a><form action="https://evil.example.com/"><input name="p"></form><svg onload="document.title=4"></svg></body></html>` } }));
    await page.reload();
    await card(page, 'mail').getByRole('link', { name: 'Edit' }).click();
    const frame = page.frameLocator('iframe.ch-mail');
    await frame.getByText('click').waitFor();
    const html = await page.locator('iframe.ch-mail').getAttribute('srcdoc');
    expect('nothing dangerous is left of a mail', !/<(script|img|a|form|input|svg|meta http)|on\w+=|javascript:|evil\.example/i.test(html), html);
    expect('no script ran', /Tocsin/.test(await page.title()), await page.title());
  },
  'channels: axe in every look and language': async ({ open, axe, expect }) => {
    for (const [name, look] of Object.entries(looks)) {
      for (const language of name === 'small' ? ['en-GB', 'ru-RU', 'ja-JP'] : ['en-GB']) {
        const { page, fake } = await open({ monitors: 30, hash: '#/channels', look: { ...look, language } });
        for (const hash of ['#/channels', '#/channels?add=webhook', '#/channels?edit=mail']) {
          await page.goto(`${fake.address}/${hash}`);
          await page.locator(hash === '#/channels' ? '.ch-card' : 'form.ch').first().waitFor();
          await page.waitForTimeout(150);
          await axe(page, `${hash} ${name} ${language}`);
          expect(`${hash} ${name} ${language} does not scroll sideways`, await page.evaluate(() => document.querySelector('.main').scrollWidth <= document.querySelector('.main').clientWidth));
        }
      }
    }
  },
};
