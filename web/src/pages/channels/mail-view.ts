// A mail's HTML made fit for a frame without scripts, styles and addresses: the policy of the pages, which the frame inherits, allows no style in
// markup, so the few that a notice has become attributes, and a link looks like one and leads nowhere. What is not known is left out. Safety does
// not hang on this reading: the frame is sandboxed and the policy holds in it.
const kept = new Set(['b', 'br', 'code', 'div', 'em', 'h1', 'h2', 'h3', 'hr', 'i', 'li', 'ol', 'p', 'pre', 'span', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'u', 'ul']);
const empty = new Set(['br', 'hr']);
const skipped = new Set(['head', 'title', 'script', 'style', 'noscript', 'template', 'iframe', 'object', 'svg']);
const attributes = ['align', 'valign'];

const kToken = /<!--[\s\S]*?(?:-->|$)|<![^>]*>|<(\/?)([a-z][a-z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|[^<]+|</gi;
const kAttribute = /([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const kLink = '<u><font color="#0969da">';

// "color:#b42318;font-size:120%" as attributes of a font.
function fontOf(style: string): string {
  const value = (name: string, shape: string) => new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*(${shape})\\s*(?:;|$)`, 'i').exec(style)?.[1];
  const color = value('color', '#[0-9a-f]{3,8}|[a-z]+');
  const face = value('font-family', '[\\w, -]+');
  const isLarge = parseInt(value('font-size', '\\d+%') ?? '100', 10) > 110;
  const said = [...(color ? [`color="${color}"`] : []), ...(face ? [`face="${face}"`] : []), ...(isLarge ? ['size="4"'] : [])];
  return said.length > 0 ? `<font ${said.join(' ')}>` : '';
}

function startTag(name: string, written: string): { open: string; close: string } {
  if (name === 'a') return { open: kLink, close: '</font></u>' };
  const values = new Map([...written.matchAll(kAttribute)].map((one) => [one[1]!.toLowerCase(), one[2] ?? one[3] ?? one[4] ?? '']));
  const font = fontOf(values.get('style') ?? '');
  if (!kept.has(name)) return { open: font, close: font ? '</font>' : '' };
  const own = attributes.filter((one) => /^[a-z]+$/i.test(values.get(one) ?? '')).map((one) => ` ${one}="${values.get(one)}"`).join('');
  return { open: `<${name}${own}>${font}`, close: `${font ? '</font>' : ''}</${name}>` };
}

export function mailDocument(html: string): string {
  const open: { name: string; close: string }[] = [];
  let out = '';
  let skipping = '';
  for (const [whole, slash, tag, written] of html.matchAll(kToken)) {
    const name = tag?.toLowerCase() ?? '';
    if (skipping) {
      if (slash && name === skipping) skipping = '';
    } else if (!name) {
      out += whole.startsWith('<!') ? '' : whole.replace(/</g, '&lt;').replace(/>/g, '&gt;');
    } else if (slash) {
      const at = open.map((one) => one.name).lastIndexOf(name);
      if (at >= 0) for (const one of open.splice(at).reverse()) out += one.close;
    } else if (skipped.has(name)) {
      if (!written!.endsWith('/')) skipping = name;
    } else if (empty.has(name)) {
      out += `<${name}>`;
    } else {
      const made = startTag(name, written ?? '');
      out += made.open;
      open.push({ name, close: made.close });
    }
  }
  return `<!doctype html><meta charset="utf-8">${out}${open.reverse().map((one) => one.close).join('')}`;
}
