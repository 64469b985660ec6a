/** What is no request of ours at all, sent to all five processes: a problem of the table, and nobody falls over. */
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { problems } from '#contracts';
import { appNames } from '../../../apps/ctl/src/stack/app-specs.js';
import type { AppName } from '../../../apps/ctl/src/stack/app-specs.js';
import type { Answer, Provider } from './provider.js';
import { refusalShape, tellsTooMuch } from './shapes.js';

/** A route of each that takes JSON. */
const jsonRoutes: Record<AppName, readonly [route: string, as: 'nyms' | 'ctl' | undefined]> = {
  registrar: ['/v1/tickets', undefined],
  nyms: ['/v1/pseudonyms', undefined],
  keyholder: ['/v1/mints', 'nyms'],
  correlator: ['/v1/epochs', 'ctl'],
  witness: ['/v1/anything', undefined],
};
const bodies: readonly (string | Uint8Array)[] = [
  '{',
  'null',
  '[]',
  '"text"',
  '{"__proto__":{"wrapped":"x"},"constructor":1}',
  `{"wrapped":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  '{"wrapped":"\u0000"}',
  `{"wrapped":"${'A'.repeat(20_000)}"}`,
  Uint8Array.of(0xff, 0xfe, 0, 0x7b),
];
const raw = [
  'GET\r\n\r\n',
  'POST /v1/signals HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
  `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`,
  'GET /%00%ff%2e%2e/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
];

export function garbage(provider: () => Provider): void {
  describe.each(appNames)('to %s', (name) => {
    const [route, as] = jsonRoutes[name];
    const headers = { 'content-type': 'application/json' };

    it('bodies that are no JSON, or none of ours, get a problem', async () => {
      for (const body of bodies) {
        const { status } = await provider().call(name, route, { as, headers, body });
        if (name === 'correlator') continue; // it closes an epoch, whatever stands in the body
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
    });

    it('routes, methods and parameters that are not there get a problem', async () => {
      const asked: [string, string][] = [
        ['GET', '/'],
        ['DELETE', route],
        ['PUT', '/health/live'],
        ['GET', '/v1/../../etc/passwd'],
        ['GET', `/v1/${'x'.repeat(4_000)}`],
        ['GET', '/v1/epochs/-1'],
        ['GET', '/v1/epochs/9e99'],
        ['GET', '/v1/pseudonyms/%E0%A4%A/status'],
        ['GET', '/v1/audit/entries?from=-1'],
        ['GET', '/errors/none-of-ours'],
      ];
      for (const [method, path] of asked) {
        const { status } = await provider().call(name, path, { as, method, headers: name === 'witness' ? {} : headers });
        expect([method, path, status >= 400 && status < 500]).toEqual([method, path, true]);
      }
    });

    it('bytes that are no HTTP get an answer or an end, and the process goes on', async () => {
      for (const bytes of raw) {
        const text = await exchange(provider().stack.urls[name], bytes);
        expect(text).not.toMatch(tellsTooMuch);
      }
      expect(await provider().stack.processes[name].answers('/health/ready')).toBe(200);
    });
  });
}

/** What comes back until the connection ends. */
function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    socket.setEncoding('latin1');
    socket.on('data', (data) => (text += String(data)));
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
  });
}

/** After everything else: looks through every answer there was. */
export function answersSayNoMore(provider: () => Provider): void {
  describe('of all the answers that were no success', () => {
    const answers = (): readonly { to: string; answer: Answer }[] => provider().refusals;

    it('each is a problem of the table or an error of RFC 8935, and none shows a stack, a path or a library', () => {
      expect(answers().length).toBeGreaterThan(200);
      const titles = Object.values(problems).map(({ title }) => title);
      for (const { to, answer } of answers()) {
        const { sealedReason, ...body } = JSON.parse(answer.text) as { title?: string; err?: string; sealedReason?: string };
        expect([to, answer.status < 500, titles.includes(body.title ?? '') || body.err !== undefined]).toEqual([to, true, true]);
        const words = answer.text.replace(sealedReason ?? '', ''); // random: now and then it spells the name of a library
        expect([to, tellsTooMuch.exec(words)?.[0]]).toEqual([to, undefined]);
      }
    });

    it('those that come from the key holder’s refusals are all of one size and shape', () => {
      const refused = answers().filter(({ answer }) => answer.text.includes('answer-refused'));
      const shapes = (ofNyms: boolean) =>
        new Set(
          refused
            .filter(({ to }) => to.includes('nyms') === ofNyms)
            .map(({ answer }) => JSON.stringify({ ...refusalShape(answer) })),
        );
      expect(refused.length).toBeGreaterThan(50);
      expect([shapes(true).size, shapes(false).size]).toEqual([1, 1]);
    });
  });
}
