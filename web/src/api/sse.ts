// Reading text/event-stream from a fetch body: used for the live feed and for a probe's phases. EventSource cannot send headers or POST, and
// does not say why it failed.

export interface ServerEvent {
  event: string;
  data: string;
  id: string | undefined;
}

// A parser fed with text in any pieces; `take` hears each whole event, `retry` each wish for another pause between connections.
export function eventParser(take: (event: ServerEvent) => void, retry: (ms: number) => void = () => {}): (text: string) => void {
  let rest = '';
  let event = '';
  let data: string[] = [];
  let id: string | undefined;
  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) take({ event: event || 'message', data: data.join('\n'), id });
      event = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id') id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retry(Number(value));
  };
  return (text) => {
    const all = rest + text;
    // A CR at the very end may be half of a CRLF: it waits for the next piece.
    const usable = all.endsWith('\r') ? all.slice(0, -1) : all;
    const lines = usable.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + all.slice(usable.length);
    for (const one of lines) line(one);
  };
}

export async function readEvents(
  response: Response,
  take: (event: ServerEvent) => void,
  heard: () => void = () => {},
  retry?: (ms: number) => void,
): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const feed = eventParser(take, retry);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      feed(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
