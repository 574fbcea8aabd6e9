// Bytes from outside, in forms that can be looked at without harm: every control character, every invisible one and every one that turns the
// direction of text is written as an escape. What comes out is put into the page as text only.

export type ByteForm = 'text' | 'hex' | 'base64' | 'json';

export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

const named: Record<number, string> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');
const harmful = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;

// Valid UTF-8 is shown as characters, any other byte as \xHH. A line ends after its \n, which stays visible.
export function visibleText(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const out: string[] = [];
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i]!;
    const size = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    let char: string | null = null;
    if (size > 0 && i + size <= bytes.length) {
      try {
        char = decoder.decode(bytes.subarray(i, i + size));
      } catch {
        char = null;
      }
    }
    if (char === null) {
      out.push(`\\x${hex(byte, 2)}`);
      i += 1;
      continue;
    }
    const code = char.codePointAt(0)!;
    if (named[code] !== undefined) out.push(code === 10 ? '\\n\n' : named[code]);
    else if (code < 0x80 && (code < 32 || code === 127)) out.push(`\\x${hex(code, 2)}`);
    else out.push(harmful.test(char) ? `\\u{${hex(code, 4)}}` : char);
    i += size;
  }
  return out.join('').replace(/\n$/, '');
}

const kRow = 16;
// Offset, sixteen bytes in two groups, and what of them is plain ASCII.
export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += kRow) {
    const row = Array.from(bytes.subarray(at, at + kRow));
    const cells = row.map((one) => hex(one, 2));
    const left = cells.slice(0, 8).join(' ');
    const right = cells.slice(8).join(' ');
    const ascii = row.map((one) => (one >= 32 && one < 127 ? String.fromCharCode(one) : '·')).join('');
    rows.push(`${hex(at, 6)}  ${left.padEnd(23)}  ${right.padEnd(23)}  ${ascii}`);
  }
  return rows.join('\n');
}

// The bytes as indented JSON, or null when they are none. Only an object or a list counts: a bare 220 is a greeting.
export function asJson(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value !== 'object' || value === null) return null;
    return visibleText(new TextEncoder().encode(JSON.stringify(value, null, 2))).replaceAll('\\n\n', '\n').replaceAll('\\\\', '\\');
  } catch {
    return null;
  }
}

export function lines64(base64: string): string {
  return base64.replace(/.{76}(?=.)/g, '$&\n');
}

// JSON when it is JSON, text when it is mostly text, else hex.
export function bestForm(bytes: Uint8Array): ByteForm {
  if (asJson(bytes) !== null) return 'json';
  let odd = 0;
  for (const byte of bytes) if (byte < 9 || (byte > 13 && byte < 32) || byte === 127 || byte >= 0xf8) odd += 1;
  return odd * 10 > bytes.length ? 'hex' : 'text';
}
