/**
 * Ten thousand requests that are refused for different reasons, mixed and many at a time: the same answer, the same size, and times that
 * overlap. Of one route, time tells the reasons apart hardly better than a coin; routes differ in what it takes to send a request, which its
 * sender knows. The distributions are printed.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { digestOf, signRequest } from '#approvals';
import { canonicalBytes, frame, labels, toBase64Url } from '#contracts';
import { generateSigningKey, shuffled, type SigningKey } from '#platform';
import type { DecisionHeader } from '#tallies';
import { renewMessage } from '#tickets';
import { BAND_MS } from '../../apps/keyholder/src/answers/refusal.interceptor.js';
import { attestTree, decisionBody } from './keyholder-decisions-trees.js';
import { DecisionsWorld, reportAll } from './keyholder-decisions-world.js';
import { altered } from './keyholder-minting-world.js';
import { RequestDesk, shown } from './keyholder-requests-world.js';
import type { Certified } from '../../apps/ctl/src/certificates/authority.js';

jest.setTimeout(240_000);

const most = 10_000;
const atOnce = 48;
/** A busy machine may slow one kind for a while; what a reason takes, it takes in each of them. */
const rounds = 4;
/** What a threshold on the time may be better than a coin, in the round where it is least. */
const mostAdvantage = 0.25;

interface Prepared {
  readonly as: Certified;
  readonly url: string;
  readonly type: string;
  readonly body: string | Uint8Array;
}
interface Answered {
  /** Place among all answers. */
  readonly number: number;
  readonly kind: string;
  /** And who sends it: that is known without any clock. */
  readonly route: string;
  readonly ms: number;
  /** All of it that an observer sees, without what differs by design: the sealed reason and the date. */
  readonly seen: string;
}

const quantile = (sorted: readonly number[], share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
/** How much better than a coin a threshold on the time tells one kind from others: the largest distance of the distributions. */
function advantage(own: readonly number[], others: readonly number[]): number {
  const times = [...own.map((ms) => [ms, 1 / own.length] as const), ...others.map((ms) => [ms, -1 / others.length] as const)];
  let [sum, largest] = [0, 0];
  for (const [, step] of times.sort(([a], [b]) => a - b)) largest = Math.max(largest, Math.abs((sum += step)));
  return largest;
}

describe('refusals, mixed', () => {
  let world: DecisionsWorld;
  const kinds = new Map<string, Prepared>();
  const answers: Answered[] = [];

  beforeAll(async () => {
    world = await DecisionsWorld.open();
    const { base } = world;
    const json = (kind: string, as: Certified, url: string, body: object) =>
      kinds.set(kind, { as, url, type: 'application/json', body: JSON.stringify(body) });
    const mint = (kind: string, { wrapped, subject }: { wrapped: Uint8Array; subject: Uint8Array }) =>
      json(kind, 'nyms', '/v1/mints', { wrapped: toBase64Url(wrapped), subject: toBase64Url(subject) });
    const member = await base.enrol();
    const ticket = () => base.ticketFor(member);
    const good = await base.redemption(member, await ticket());
    mint('a mint of random bytes', { wrapped: new Uint8Array(randomBytes(good.wrapped.length)), subject: good.subject });
    mint('a mint with a flipped bit', { ...good, wrapped: good.wrapped.map((byte, i) => (i === 60 ? byte ^ 1 : byte)) });
    mint('a mint for another subject', { ...good, subject: new Uint8Array(32) });
    mint('an expired ticket', await base.redemption(member, await base.ticketFor(member, base.clock.today() - 8)));
    const forged = altered(await ticket(), 9, new Uint8Array(randomBytes(16)), generateSigningKey());
    mint('a forged ticket', await base.redemption(member, forged));
    const once = await ticket();
    expect((await base.mint(await base.redemption(member, once))).status).toBe(200);
    mint('a spent ticket', await base.redemption(member, once));
    const suspended = await base.enrol();
    await base.sql.query('INSERT INTO keyholder.force_times VALUES (1, $1)', [base.clock.now()]);
    const standing = `INSERT INTO keyholder.standings (handle, kind, since_day, force) VALUES ($1, 'full', $2, 1)`;
    await base.sql.query(standing, [suspended.handle, base.clock.today()]);
    mint('a suspended account', await base.redemption(suspended, await base.ticketFor(suspended)));

    const { answer, redemption } = await base.mintFor(member);
    const { selector } = answer;
    const opening = { salt: toBase64Url(redemption.salt), uri: redemption.uri, publicKey: toBase64Url(redemption.key.spki) };
    const renewal = async (period: number, signed = period) => ({
      ...{ selector, ...opening, period },
      signature: toBase64Url(await redemption.key.sign(renewMessage(redemption.uri, signed))),
    });
    json('a renewal signed for another period', 'nyms', '/v1/renewals', await renewal(selector.period + 1, selector.period));
    json('a renewal of two periods on', 'nyms', '/v1/renewals', await renewal(selector.period + 2));

    const desk = new RequestDesk(base);
    const request = desk.request('key-rotation', { what: 'scheme' }, { requester: 'lead-1' });
    expect((await desk.make(request)).status).toBe(200);
    const execution = (digest: string) => `/v1/requests/${digest}/execution`;
    const signature = signRequest('execution', request, base.people.of('lead-1'));
    json('an execution of no request', 'ctl', execution(toBase64Url(randomBytes(32))), { signature });
    json('an execution that nobody approved', 'ctl', execution(digestOf(request)), { signature });

    const approvals = (digest: string) => `/v1/requests/${digest}/approvals`;
    const approving = signRequest('approval', request, base.people.of('lead-2'));
    json('an approval of no request', 'ctl', approvals(toBase64Url(randomBytes(32))), approving);
    json('an approval by the requester', 'ctl', approvals(digestOf(request)), {
      ...signRequest('approval', request, base.people.of('lead-1')),
    });
    json('an approval that another has signed', 'ctl', approvals(digestOf(request)), {
      ...signRequest('approval', request, base.people.of('lead-3')),
      person: 'lead-2',
    });

    const [named, stranger] = (await world.member(2)).pseudonyms;
    const breakGlass = desk.request('break-glass', { uri: named!.redemption.uri as never });
    await desk.approved(breakGlass, 'lead-2', 'lead-3');
    const unapproved = desk.request('break-glass', { uri: named!.redemption.uri as never });
    await desk.approved(unapproved, 'lead-2');
    const openingOf = (of: typeof breakGlass, pseudonym = named!) => ({
      signature: signRequest('execution', of, base.people.of('lead-1')),
      pseudonym: shown(pseudonym),
    });
    json('a break-glass on another pseudonym', 'nyms', execution(digestOf(breakGlass)), openingOf(breakGlass, stranger));
    json('a break-glass that one approved', 'nyms', execution(digestOf(unapproved)), openingOf(unapproved));

    const act = (kind: string, signer: SigningKey, pseudonym = named!) => {
      const id = toBase64Url(randomBytes(16));
      const common = { v: 1, id, by: 'mod-0', case: 'case-1', reason: 'test', day: base.clock.today() };
      const statement = { ...common, type: 'suspend', uri: named!.redemption.uri };
      const signed = toBase64Url(signer.sign(frame(labels.statement, canonicalBytes(statement))));
      json(kind, 'nyms', '/v1/acts', { statement, signature: signed, ...shown(pseudonym) });
    };
    act('an act that no moderator signed', generateSigningKey());
    act('an act on another pseudonym', world.moderators[0]!, stranger);

    const tree = (kind: string, header: DecisionHeader, ciphertexts: readonly Uint8Array[]) =>
      kinds.set(kind, {
        as: 'correlator',
        url: '/v1/decisions',
        type: 'application/octet-stream',
        body: new Uint8Array(decisionBody(header, ciphertexts)),
      });
    const { header, tallies, ciphertexts } = await world.tree(1, reportAll((await world.member(1)).pseudonyms, [0, 1, 2], 160));
    const attested = (change: object) => world.attest({ header: { ...header, ...change }, tallies, ciphertexts });
    const witnesses = { 'witness-1': generateSigningKey() };
    tree(
      'a tree that nobody attested',
      attestTree({ header, tallies, ciphertexts }, { ...{ correlator: base.correlator }, witnesses }),
      ciphertexts,
    );
    tree('a tree of another epoch', attested({ epoch: 3, since: 2 }), ciphertexts);
    tree('a tree by another policy', attested({ policyDigest: toBase64Url(randomBytes(32)) }), ciphertexts);
  });
  afterAll(() => world.close());

  const send = async (kind: string, number = -1): Promise<Answered> => {
    const { as, url, type, body } = kinds.get(kind)!;
    const begun = performance.now();
    const response = await world.base.request(as, url, { type, body });
    const text = await response.text();
    const ms = performance.now() - begun;
    const { sealedReason, ...rest } = JSON.parse(text) as { sealedReason: string };
    return {
      number,
      kind,
      route: `${as} ${url.replace(/[\w-]{43}/, ':digest')}`,
      ms,
      seen: JSON.stringify([response.status, text.length, sealedReason.length, rest]),
    };
  };

  it(`${most} of them are answered alike, ${atOnce} at a time`, async () => {
    const names = [...kinds.keys()];
    for (const name of names) await send(name); // the first of each kind warms up
    const order = shuffled(Array.from({ length: most }, (_, i) => names[i % names.length]!));
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let kind = order.pop(); kind !== undefined; kind = order.pop()) answers.push(await send(kind, order.length));
      }),
    );
    expect(answers).toHaveLength(most);
    const [shape, ...others] = new Set(answers.map(({ seen }) => seen));
    expect(others).toEqual([]);
    const problem = { type: '/errors/answer-refused', title: 'No answer for this request', status: 403 };
    expect(JSON.parse(shape!)).toEqual([403, expect.any(Number), 64, problem]);
  });

  it('take times that overlap, whatever the reason', () => {
    const rows = [...kinds.keys()].map((kind) => {
      const { route } = answers.find((one) => one.kind === kind)!;
      const times = (isOne: (one: Answered) => boolean) =>
        answers.flatMap((one) => (isOne(one) ? [one.ms] : [])).sort((a, b) => a - b);
      const own = times((one) => one.kind === kind);
      const [least, low, median, high] = [0, 0.05, 0.5, 0.95].map((share) => quantile(own, share)) as [
        number,
        number,
        number,
        number,
      ];
      const inRound = (round: number) => {
        const isIn = ({ number }: Answered) => Math.floor((number * rounds) / most) === round;
        const others = times((one) => isIn(one) && one.route === route && one.kind !== kind);
        return advantage(
          times((one) => isIn(one) && one.kind === kind),
          others,
        );
      };
      const advantages = Array.from({ length: rounds }, (_, round) => inRound(round));
      return { kind, count: own.length, least, low, median, high, advantage: Math.min(...advantages) };
    });
    const lines = rows.map(({ kind, count, advantage, ...times }) =>
      [kind.padEnd(36), count, ...Object.values(times).map((ms) => ms.toFixed(0)), advantage.toFixed(3)].join('  '),
    );
    process.stderr.write(
      `refusals, ms: count, least, 5 %, median, 95 %, least advantage of a round on its route\n${lines.join('\n')}\n`,
    );
    for (const { kind, least } of rows) expect([kind, least >= BAND_MS - 5]).toEqual([kind, true]);
    for (const one of rows) for (const other of rows) expect(one.low).toBeLessThanOrEqual(other.high);
    for (const { kind, advantage } of rows) expect([kind, advantage < mostAdvantage]).toEqual([kind, true]);
  });
});
