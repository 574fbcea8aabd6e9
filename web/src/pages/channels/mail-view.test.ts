import { expect, test } from 'vitest';
import { mailDocument } from './mail-view';

const of = (html: string) => mailDocument(html).replace('<!doctype html><meta charset="utf-8">', '');

// A notice must look in the preview as it looks in a mail program.
test('what a notice has is kept, styles as attributes', () =>
  expect(of('<!doctype html>\n<html><body style="font-family:sans-serif"><p style="font-size:120%"><strong style="color:#b42318">DOWN: a &lt;b&gt; &amp; &quot;c&quot;</strong></p><table><tr><th align="left" valign="top">T</th><td>x</td></tr></table></body></html>')).toBe(
    '\n<font face="sans-serif"><p><font size="4"><strong><font color="#b42318">DOWN: a &lt;b&gt; &amp; &quot;c&quot;</font></strong></font></p><table><tr><th align="left" valign="top">T</th><td>x</td></tr></table></font>',
  ));
test('a link leads nowhere', () => expect(of('<a href="https://x.example.com/?a=1">there</a>')).toBe('<u><font color="#0969da">there</font></u>'));

// Whatever a mail may hold, the frame gets no script, no address, no form and no style.
test.each([
  ['<script>alert(1)</script>x', 'x'],
  ['<img src=x onerror="alert(1)">x', 'x'],
  ['<p onclick=\'alert(1)\' align="x\'y">x</p>', '<p>x</p>'],
  ['<style>p{}</style><svg onload="a()"><p>y</p></svg>x', 'x'],
  ['<head><meta http-equiv="refresh" content="0;url=https://e/"></head>x', 'x'],
  ['<form action="https://e/"><input name=a>x</form>', 'x'],
  ['<p style="background:url(https://e/);color:red">x</p>', '<p><font color="red">x</font></p>'],
  ['<p style="color:red&quot; onload=&quot;a">x</p>', '<p>x</p>'],
  ['a < b <<p>x', 'a &lt; b &lt;<p>x</p>'],
  ['<!-- <p>y -->x<br/></p>', 'x<br>'],
  ['<b><i>x</b>y', '<b><i>x</i></b>y'],
  ['<script>never closed', ''],
])('%s', (html, wanted) => expect(of(html)).toBe(wanted));
