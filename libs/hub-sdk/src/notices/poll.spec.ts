import { describe, expect, it } from '@jest/globals';
import { StreamRefused, StreamUnavailable } from '../errors.js';
import type { Notice } from './notice.js';
import { poll } from './poll.js';
import type { PollOptions } from './poll.js';
import { signedSet, verifier } from './provider.fixture.js';
import { RecentNotices } from './seen-notices.js';

interface Asked {
  readonly body: {
    maxEvents: number;
    returnImmediately: boolean;
    ack?: string[];
    setErrs?: Record<string, { err: string }>;
  };
  readonly headers: Headers;
}

/** A provider that answers in turn, and with nothing afterwards. */
function polling(answers: readonly (object | number | Error)[], more: Partial<PollOptions> = {}) {
  const asked: Asked[] = [];
  const stop = new AbortController();
  const left = [...answers];
  const options: PollOptions = {
    endpoint: 'https://nyms.provider.example/v1/streams/poll/s1',
    tokens: { token: async () => 'token', forget: () => undefined },
    verifier: verifier(),
    seen: new RecentNotices(),
    signal: stop.signal,
    random: () => 0,
    wait: async () => undefined,
    fetch: (async (_url: URL, init: RequestInit) => {
      asked.push({ body: JSON.parse(String(init.body)) as Asked['body'], headers: new Headers(init.headers) });
      const answer = left.shift();
      if (answer instanceof Error) throw answer;
      if (typeof answer === 'number') return new Response('{}', { status: answer });
      if (answer === undefined) stop.abort();
      return Response.json(answer ?? { sets: {} });
    }) as typeof fetch,
    ...more,
  };
  return { asked, stop, options };
}
const sets = async (...jtis: string[]) => ({
  sets: Object.fromEntries(await Promise.all(jtis.map(async (jti) => [jti, await signedSet({ claims: { jti } })] as const))),
});
async function all(options: PollOptions): Promise<string[]> {
  const seen: string[] = [];
  for await (const { jti } of poll(options)) seen.push(jti);
  return seen;
}

describe('polling', () => {
  it('shows each notice, and acknowledges it once the loop has dealt with it', async () => {
    const { asked, options } = polling([await sets('a', 'b'), await sets('c')]);
    expect(await all(options)).toEqual(['a', 'b', 'c']);
    expect(asked.map(({ body }) => body)).toEqual([
      { maxEvents: 100, returnImmediately: false },
      { maxEvents: 100, returnImmediately: false, ack: ['a', 'b'] },
      { maxEvents: 100, returnImmediately: false, ack: ['c'] },
    ]);
    expect(asked[0]!.headers.get('authorization')).toBe('Bearer token');
  });

  it('does not acknowledge what the loop was left with, and acknowledges what came before', async () => {
    const { asked, options } = polling([await sets('a', 'b')]);
    for await (const notice of poll(options)) if (notice.jti === 'b') break;
    expect(asked.at(-1)!.body).toEqual({ maxEvents: 0, returnImmediately: true, ack: ['a'] });
  });

  it('acknowledges what was dealt with when it is called off', async () => {
    const { asked, stop, options } = polling([await sets('a', 'b')]);
    const shown: Notice[] = [];
    for await (const notice of poll(options)) {
      shown.push(notice);
      stop.abort();
    }
    expect(shown.map(({ jti }) => jti)).toEqual(['a']);
    expect(asked.at(-1)!.body).toEqual({ maxEvents: 0, returnImmediately: true, ack: ['a'] });
  });

  it('tells of what it does not take, in its language, and shows the rest', async () => {
    const wrong = await signedSet({ claims: { jti: 'w', aud: 'https://other.example' } });
    const { sets: good } = await sets('a');
    const { asked, options } = polling([{ sets: { w: wrong, x: good['a'], ...good } }]);
    expect(await all(options)).toEqual(['a']);
    expect(asked[1]!.body).toMatchObject({
      ack: ['a'],
      setErrs: { w: { err: 'invalid_audience' }, x: { err: 'invalid_request' } },
    });
    expect(asked[1]!.headers.get('content-language')).toBe('en');
    expect(asked[0]!.headers.get('content-language')).toBeNull();
  });

  it('shows a notice once, however often it comes after a lost acknowledgement', async () => {
    const { asked, options } = polling([await sets('a'), new TypeError('fetch failed'), await sets('a', 'b')]);
    expect(await all(options)).toEqual(['a', 'b']);
    expect(asked[2]!.body.ack).toEqual(['a']); // asked again with what is still owed
    expect(asked[3]!.body.ack).toEqual(['a', 'b']);
  });

  it('goes on after what passes by itself, and ends on a refusal', async () => {
    const faults: unknown[] = [];
    const { options } = polling([503, 429, { no: 'sets' }, await sets('a'), 403], {
      onFault: (error) => void faults.push(error),
    });
    await expect(all(options)).rejects.toBeInstanceOf(StreamRefused);
    expect(faults).toEqual(Array(3).fill(expect.any(StreamUnavailable)));
  });

  it('can ask just once', async () => {
    const first = { ...(await sets('a')), moreAvailable: true };
    const { asked, options } = polling([first, await sets('b')], { once: true });
    expect(await all(options)).toEqual(['a', 'b']);
    expect(asked.map(({ body }) => body.returnImmediately)).toEqual([true, true, true]);
    expect(asked.at(-1)!.body).toMatchObject({ maxEvents: 0, ack: ['b'] });
    await expect(all(polling([503], { once: true }).options)).rejects.toBeInstanceOf(StreamUnavailable);
  });
});
