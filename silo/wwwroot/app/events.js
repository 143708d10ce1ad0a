// Reads server-sent events from the body of an answer.

/** Each event as `{ event, data }`, as it comes. */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    yield* blocks.map(parse).filter(({ data }) => data !== undefined);
  }
}

function parse(block) {
  const found = { event: 'message', data: undefined };
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^(event|data): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') found.event = value;
    if (field === 'data') found.data = found.data === undefined ? value : `${found.data}\n${value}`;
  }
  return found;
}
