import { describe, expect, it } from '@jest/globals';
import { Problem } from '#contracts';
import type { PollRequest } from '#contracts';
import { SetRefused } from '#signals';
import { HubPoll } from './hub-poll.js';
import type { HubPollParts } from './hub-poll.js';
import { PollFailed } from './poll-request.js';
import type { Polled } from './poll-request.js';

const sets = (...jtis: string[]): Polled => ({ sets: jtis.map((jti) => [jti, `token-${jti}`]), moreAvailable: false });
const nothing = sets();

/** A poll whose transmitter answers as it is told, on a clock that stands still unless moved. */
function pollOf(answers: (Polled | PollFailed)[], more: Partial<HubPollParts> = {}) {
  const requests: (PollRequest & { timeoutMs: number })[] = [];
  const taken: string[] = [];
  const failures: string[] = [];
  const clock = { nowMs: 0 };
  const poll = new HubPoll({
    poll: async (request, timeoutMs) => {
      requests.push({ ...request, timeoutMs });
      const answer = answers.shift() ?? nothing;
      if (answer instanceof PollFailed) throw answer;
      return answer;
    },
    take: async (jti) => void taken.push(jti),
    turnMs: () => 0,
    wait: async () => undefined,
    failed: (reason) => void failures.push(reason),
    answered: () => undefined,
    monotonicMs: () => clock.nowMs,
    random: () => 0.5,
    ...more,
  });
  return { poll, requests, taken, failures, clock };
}

describe('the poll of a hub', () => {
  it('asks at once at first, acknowledges what it has taken, and then lets the transmitter wait', async () => {
    const { poll, requests, taken } = pollOf([sets('a', 'b'), nothing, nothing]);
    expect([await poll.once(), await poll.once(), await poll.once()]).toEqual([0, 0, 2_000]);
    expect(requests.map(({ ack, returnImmediately }) => ({ ack, returnImmediately }))).toEqual([
      { ack: undefined, returnImmediately: true },
      { ack: ['a', 'b'], returnImmediately: true },
      { ack: undefined, returnImmediately: false },
    ]);
    expect(taken).toEqual(['a', 'b']);
  });

  it('does not let a transmitter keep both busy that has more and sends none', async () => {
    const { poll } = pollOf([{ ...nothing, moreAvailable: true }]);
    expect(await poll.once()).toBe(2_000);
  });

  it('goes on at once while more is there', async () => {
    const { poll, requests } = pollOf([{ ...sets('a'), moreAvailable: true }, sets('b'), nothing]);
    expect([await poll.once(), await poll.once()]).toEqual([0, 0]);
    await poll.once();
    expect(requests.map(({ ack }) => ack)).toEqual([undefined, ['a'], ['b']]);
  });

  it('says the same again until a poll with it was answered', async () => {
    const { poll, requests } = pollOf([sets('a'), new PollFailed('no-answer'), new PollFailed('busy'), nothing, nothing]);
    for (let i = 0; i < 5; i++) await poll.once();
    expect(requests.map(({ ack }) => ack)).toEqual([undefined, ['a'], ['a'], ['a'], undefined]);
  });

  it('acknowledges a SET that comes again, and says why it refuses another', async () => {
    const take = async (jti: string) => {
      if (jti === 'bad') throw new SetRefused('authentication_failed', 'the signature does not fit');
    };
    const odd: Polled = {
      sets: [
        ['a', 't'],
        ['bad', 't'],
        ['odd', 7],
      ],
      moreAvailable: false,
    };
    const { poll, requests } = pollOf([odd, sets('a'), nothing], { take });
    for (let i = 0; i < 3; i++) await poll.once();
    expect(requests.map(({ ack, setErrs }) => ({ ack, setErrs }))).toEqual([
      { ack: undefined, setErrs: undefined },
      {
        ack: ['a'],
        setErrs: {
          bad: { err: 'authentication_failed', description: 'the signature does not fit' },
          odd: { err: 'invalid_request', description: 'not a compact JWS of three parts' },
        },
      },
      { ack: ['a'], setErrs: undefined },
    ]);
  });

  it.each([
    ['the keys of the hub cannot be had', new Problem('service-unavailable', { retryAfterMs: 30_000 }), 30_000],
    ['the database is away', new Error('connection refused'), 1_000],
  ])('neither acknowledges nor refuses while %s, and waits', async (_, error, least) => {
    let isAway = true;
    const take = async (jti: string) => {
      if (isAway && jti === 'a') throw error;
    };
    const { poll, requests, failures } = pollOf([sets('a', 'b'), sets('a'), nothing], { take });
    expect(await poll.once()).toBeGreaterThanOrEqual(least);
    isAway = false;
    expect(await poll.once()).toBe(0);
    await poll.once();
    expect(requests.map(({ ack, setErrs }) => ({ ack, setErrs }))).toEqual([
      { ack: undefined, setErrs: undefined },
      { ack: ['b'], setErrs: undefined },
      { ack: ['a'], setErrs: undefined },
    ]);
    expect(failures).toEqual(['unavailable']);
  });

  it('waits longer after each failure, never shorter than it is told, and begins anew after an answer', async () => {
    const { poll } = pollOf([
      ...Array.from({ length: 12 }, () => new PollFailed('no-answer')),
      new PollFailed('busy', 600_000),
      nothing,
      new PollFailed('refused'),
    ]);
    const waits: number[] = [];
    for (let i = 0; i < 15; i++) waits.push(await poll.once());
    expect(waits.slice(0, 4)).toEqual([1_500, 3_000, 6_000, 12_000]);
    expect(waits.slice(10, 13)).toEqual([225_000, 225_000, 600_000]);
    expect(waits[14]).toBe(1_500);
  });

  it('asks for fewer at a time where so many are too large together, and for more again', async () => {
    const { poll, requests, failures } = pollOf([new PollFailed('too-large'), new PollFailed('too-large'), nothing, nothing]);
    for (let i = 0; i < 4; i++) await poll.once();
    expect(requests.map(({ maxEvents }) => maxEvents)).toEqual([1_000, 500, 250, 500]);
    expect(failures).toEqual([]);
  });

  it('counts an answer that stays too large as a failure', async () => {
    const { poll, failures } = pollOf(Array.from({ length: 20 }, () => new PollFailed('too-large')));
    const waits: number[] = [];
    for (let i = 0; i < 11; i++) waits.push(await poll.once());
    expect(failures).toEqual(['too-large', 'too-large']);
    expect(waits.at(-1)).toBeGreaterThan(0);
  });

  it('takes a long poll without an answer for silence, and asks at once whether anybody is there', async () => {
    const { poll, requests, failures, clock } = pollOf([nothing, new PollFailed('no-answer'), new PollFailed('no-answer')]);
    await poll.once();
    const waiting = poll.once();
    clock.nowMs += 45_000;
    expect(await waiting).toBe(0);
    expect(await poll.once()).toBeGreaterThan(0);
    expect(requests.map(({ returnImmediately }) => returnImmediately)).toEqual([true, false, true]);
    expect(failures).toEqual(['no-answer']);
  });

  it('keeps to the limit of the hub, and loses nothing over it', async () => {
    let tokens = 3;
    const waits: number[] = [];
    const { poll, taken } = pollOf([sets('a', 'b', 'c', 'd', 'e')], {
      turnMs: () => (tokens-- > 0 ? 0 : 20),
      wait: async (ms) => {
        waits.push(ms);
        tokens = 1;
      },
    });
    await poll.once();
    expect(taken).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(waits).toEqual([20, 20]);
  });

  it('has a bounded number of SETs under way', async () => {
    let now = 0;
    let most = 0;
    const take = async () => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    };
    const { poll, requests } = pollOf([sets(...Array.from({ length: 5_000 }, (_, i) => `j${i}`)), nothing], { take });
    await poll.once();
    await poll.once();
    expect(most).toBeLessThanOrEqual(128);
    expect(requests[1]!.ack).toHaveLength(5_000);
  });
});
