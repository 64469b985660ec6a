/** A request whose body does not end, over a plain socket: who answers it, answers before having all of it. */
import { connect } from 'node:net';
import type { Answer } from './provider.js';

/** @param head lines of the request, without their ends. @returns the answer; rejects when the connection ends without a whole one */
export function unfinished(url: string, head: readonly string[], body: string): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${[...head, `Host: ${hostname}`].join('\r\n')}\r\n\r\n${body}`),
    );
    socket.setEncoding('utf8');
    socket.on('data', (data) => {
      text += String(data);
      const answer = wholeAnswer(text);
      if (!answer) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`it ended after ${JSON.stringify(text)}`)));
  });
}

function wholeAnswer(text: string): Answer | undefined {
  const [head, ...rest] = text.split('\r\n\r\n');
  const [status, ...lines] = (head as string).split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
  const body = rest.join('\r\n\r\n');
  if (Buffer.byteLength(body) < Number(headers.get('content-length') ?? Infinity)) return undefined;
  return { status: Number(status?.split(' ')[1]), headers, text: body };
}
