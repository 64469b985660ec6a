import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { toBase64Url } from '#contracts';
import { generateSigningKey } from '#platform';
import { policyDigest } from '#policy';
import {
  DecisionsWorld,
  handleText,
  hubId,
  reportAll,
  type Pseudonym,
  type Report,
  type Sent,
} from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';

/** Six hubs with 240 of 640 (the clip) each: after the two largest, 960 of the threshold's 960. */
const reporting = [0, 1, 2, 3, 4, 5];
const crossing = (pseudonyms: readonly Pseudonym[]): Report[] => reportAll(pseudonyms.slice(0, 1), reporting, 240);
const below = (pseudonyms: readonly Pseudonym[]): Report[] => reportAll(pseudonyms.slice(0, 1), reporting, 239);

const statusOf = ({ status }: Sent) => status;
const rowsOf = (world: DecisionsWorld, table: string) => world.base.rows(`SELECT * FROM keyholder.${table}`);

describe('a decision', () => {
  let world: DecisionsWorld;
  let abuser: { member: Member; pseudonyms: Pseudonym[] };
  let other: { member: Member; pseudonyms: Pseudonym[] };
  beforeAll(async () => {
    world = await DecisionsWorld.open();
    [abuser, other] = [await world.member(4), await world.member(4)];
  });
  afterAll(() => world.close());

  it('suspends the account that crosses and no other, in one batch, once', async () => {
    const tree = await world.tree(1, [...crossing(abuser.pseudonyms), ...below(other.pseudonyms)]);
    const submitted = world.attest(tree);
    const answer = await world.submit(submitted, tree.ciphertexts);
    expect(answer).toMatchObject({ status: 200, text: JSON.stringify({ outcome: 'decided', epoch: 1 }) });
    expect((await world.releases()).suspend).toEqual([handleText(abuser.member)]);
    expect([await world.mayMint(abuser.member), await world.mayMint(other.member)]).toEqual([false, true]);

    const before = [await rowsOf(world, 'standings'), await rowsOf(world, 'release_batches'), await world.audit()];
    expect(await world.submit(submitted, tree.ciphertexts)).toEqual(answer);
    expect([await rowsOf(world, 'standings'), await rowsOf(world, 'release_batches'), await world.audit()]).toEqual(before);
  });

  it('adds up over pseudonyms, cohorts and the hubs of an operator', async () => {
    // a quarter of what crosses, on each of the four pseudonyms
    const { member, pseudonyms } = await world.member(4);
    const spread = pseudonyms.flatMap((pseudonym) => reporting.map((hub) => ({ pseudonym, hub, total: 60 })));
    expect(statusOf(await world.decide(2, spread))).toBe(200);
    expect((await world.releases()).suspend).toContain(handleText(member));
  });

  it('stays when its signals are gone: only a reinstatement ends it', async () => {
    expect(statusOf(await world.decide(3, below(other.pseudonyms)))).toBe(200);
    expect(await world.mayMint(abuser.member)).toBe(false);
  });

  it('decides nothing when the tree has no tally, and says so', async () => {
    const answer = await world.decide(4, [], { newPseudonyms: 0 });
    expect(answer).toMatchObject({ status: 200, text: JSON.stringify({ outcome: 'waiting', epoch: 4 }) });
  });

  it('marks accounts that pass the positive threshold, and unmarks them when they do not', async () => {
    const commended = reportAll(other.pseudonyms.slice(0, 1), [0, 1, 2, 3], 32);
    expect(statusOf(await world.decide(1, commended, { side: 'positive', since: 0 }))).toBe(200);
    const flagged = "SELECT encode(handle, 'hex') AS handle FROM keyholder.handles WHERE commended";
    expect(await world.base.rows(flagged)).toEqual([{ handle: Buffer.from(other.member.handle).toString('hex') }]);
    const fewer = reportAll(other.pseudonyms.slice(0, 1), [0, 1, 2], 15);
    expect(statusOf(await world.decide(2, fewer, { side: 'positive', since: 1 }))).toBe(200);
    expect(await world.base.rows(flagged)).toEqual([]);
  });

  it('has a row in the signed log that tells counts and no subject', async () => {
    const log = await world.audit();
    expect(log.filter(({ type }) => type === 'decided').map(({ epoch, side }) => [epoch, side])).toEqual([
      [1, 'negative'],
      [2, 'negative'],
      [3, 'negative'],
      [1, 'positive'],
      [2, 'positive'],
    ]);
    const text = JSON.stringify(log);
    for (const { member } of [abuser, other]) expect(text).not.toContain(handleText(member));
  });
});

describe('what is refused without consequence', () => {
  let world: DecisionsWorld;
  let pseudonyms: Pseudonym[];
  const refusals: Sent[] = [];
  beforeAll(async () => {
    world = await DecisionsWorld.open();
    pseudonyms = (await world.member(4)).pseudonyms;
    expect(statusOf(await world.decide(5, below(pseudonyms), { since: 0 }))).toBe(200);
  });
  afterAll(() => world.close());

  async function refused(answer: Promise<Sent>): Promise<void> {
    const sent = await answer;
    expect(sent.status).toBe(403);
    refusals.push(sent);
    expect((await rowsOf(world, 'state'))[0]).toMatchObject({ frozen: false });
    expect(await world.base.rows('SELECT DISTINCT epoch FROM keyholder.opened_tallies')).toEqual([{ epoch: 5 }]);
  }

  it('a tree nobody attested, or somebody unknown', async () => {
    const tree = await world.tree(6, crossing(pseudonyms), { since: 5 });
    const stranger = generateSigningKey();
    const submit = (by: Parameters<DecisionsWorld['attest']>[1]) => world.submit(world.attest(tree, by), tree.ciphertexts);
    await refused(submit({ correlator: stranger }));
    await refused(submit({ witnesses: {} }));
    await refused(submit({ witnesses: { 'witness-1': stranger } }));
    await refused(submit({ witnesses: { 'witness-1': world.base.correlator } }));
    await refused(submit({ witnesses: { 'witness-2': world.base.witness } }));
  });

  it('one witness standing twice', async () => {
    const tree = await world.tree(6, crossing(pseudonyms), { since: 5 });
    const header = world.attest(tree);
    await refused(world.submit({ ...header, witnesses: [...header.witnesses, ...header.witnesses] }, tree.ciphertexts));
  });

  it('a leaf missing, added or changed after the signatures', async () => {
    const tree = await world.tree(6, crossing(pseudonyms), { since: 5 });
    const header = world.attest(tree);
    const without = {
      ...header,
      header: { ...header.header, leaves: header.tallies.length - 1 },
      tallies: header.tallies.slice(1),
    };
    await refused(world.submit(without, tree.ciphertexts.slice(1)));
    await refused(world.submit({ ...header, tallies: header.tallies.slice(1) }, tree.ciphertexts.slice(1)));
    const lied = header.tallies.map((tally, i) => (i === 0 ? { ...tally, hub: hubId(9) } : tally));
    await refused(world.submit({ ...header, tallies: lied.sort((a, b) => a.cohort - b.cohort) }, tree.ciphertexts));
  });

  it('a header that is no header, and bodies of other lengths', async () => {
    const tree = await world.tree(6, crossing(pseudonyms), { since: 5 });
    const send = (bytes: Uint8Array) => world.send('/v1/decisions', Buffer.from(bytes), 'correlator');
    await refused(send(new Uint8Array()));
    await refused(send(Uint8Array.of(0, 0, 0, 2, 123, 125)));
    await refused(send(Uint8Array.of(255, 255, 255, 255, 1)));
    await refused(send(randomBytes(5_000)));
    await refused(world.submit({ ...world.attest(tree), witnesses: [] }, []));
  });

  it('an epoch that is not newer, and one made before the last decision', async () => {
    await refused(world.decide(4, crossing(pseudonyms), { since: 3 }));
    await refused(world.decide(6, crossing(pseudonyms), { since: 0 }));
    await refused(world.decide(6, crossing(pseudonyms), { since: 6 }));
  });

  it('a policy that nobody signed or that is older than the live one', async () => {
    const unknown = (header: { policyDigest: string }) => (header.policyDigest = toBase64Url(randomBytes(32)));
    await refused(world.decide(6, crossing(pseudonyms), { since: 5, change: unknown }));
    const older = policyDigest(world.document);
    world.document = { ...world.document, version: 2 };
    world.base.install(world.document);
    const old = (header: { policyDigest: string }) => (header.policyDigest = toBase64Url(older));
    await refused(world.decide(6, crossing(pseudonyms), { since: 5, change: old }));
  });

  it('a submission by anybody but the correlator', async () => {
    const tree = await world.tree(6, crossing(pseudonyms), { since: 5 });
    for (const as of ['registrar', 'nyms', 'witness', 'ctl'] as const) {
      const { status, text } = await world.send('/v1/decisions', Buffer.from(tree.ciphertexts[0] as Uint8Array), as);
      expect([status, text.includes('answer-refused')]).toEqual([as === 'witness' ? 401 : 403, false]);
    }
  });

  it('looks the same in size and shape whatever the reason, and is counted in the log', async () => {
    expect(new Set(refusals.map(({ text }) => text.length)).size).toBe(1);
    expect(new Set(refusals.map(({ text }) => Object.keys(JSON.parse(text)).join())).size).toBe(1);
    await world.base.restart();
    const counts = (await world.audit())
      .filter(({ type }) => type === 'refused')
      .map(({ counts: one }) => one as Record<string, number>);
    const total = (kind: string) => counts.reduce((sum, one) => sum + (one[kind] ?? 0), 0);
    expect(total('unattested')).toBeGreaterThanOrEqual(6);
    expect([total('malformed') > 0, total('old-epoch'), total('old-policy')]).toEqual([true, 3, 2]);
  });

  it('and the honest tree of that epoch is decided all the same', async () => {
    expect(statusOf(await world.decide(6, crossing(pseudonyms), { since: 5 }))).toBe(200);
  });
});

describe('an epoch with too few new pseudonyms', () => {
  let world: DecisionsWorld;
  beforeAll(async () => (world = await DecisionsWorld.open({ minPseudonyms: 5 })));
  afterAll(() => world.close());

  it('waits, opens nothing, and the next epoch decides for both', async () => {
    const { member, pseudonyms } = await world.member(2);
    const waiting = { since: 0, newPseudonyms: 4 };
    const tree = await world.tree(1, crossing(pseudonyms), waiting);
    const submitted = world.attest(tree);
    for (let again = 0; again < 2; again++) {
      expect(await world.submit(submitted, tree.ciphertexts)).toMatchObject({
        text: JSON.stringify({ outcome: 'waiting', epoch: 1 }),
      });
    }
    expect(await rowsOf(world, 'opened_tallies')).toEqual([]);
    expect((await world.audit()).filter(({ type }) => type === 'waiting')).toHaveLength(1);
    expect(await world.mayMint(member)).toBe(true);
    expect(statusOf(await world.decide(2, crossing(pseudonyms), { since: 0, newPseudonyms: 5 }))).toBe(200);
    expect(await world.mayMint(member)).toBe(false);
  });
});

describe('a crash between two steps', () => {
  let world: DecisionsWorld;
  let account: { member: Member; pseudonyms: Pseudonym[] };
  beforeAll(async () => {
    world = await DecisionsWorld.open();
    account = await world.member(3);
  });
  afterAll(() => world.close());

  it('of the sender half-way: the same tree again is decided, as if nothing had been', async () => {
    const tree = await world.tree(1, crossing(account.pseudonyms));
    const submitted = world.attest(tree);
    const half = tree.ciphertexts.slice(0, 3);
    expect(statusOf(await world.submit(submitted, half))).toBe(403);
    expect(await rowsOf(world, 'opened_tallies')).toHaveLength(tree.tallies.length); // noted before the first was opened
    expect(await rowsOf(world, 'standings')).toEqual([]);
    await world.base.restart();
    expect(statusOf(await world.submit(submitted, tree.ciphertexts))).toBe(200);
    expect((await world.releases()).suspend).toEqual([handleText(account.member)]);
  });

  it('of the key holder after its decision: the same answer, nothing twice', async () => {
    const tree = await world.tree(2, crossing(account.pseudonyms));
    const submitted = world.attest(tree);
    const first = await world.submit(submitted, tree.ciphertexts);
    const before = await rowsOf(world, 'standings');
    await world.base.restart();
    expect(await world.submit(submitted, tree.ciphertexts)).toEqual(first);
    expect(await rowsOf(world, 'standings')).toEqual(before);
  });

  it('does not let another tree in: bytes that were not attested are turned away, and nothing freezes', async () => {
    const tree = await world.tree(3, crossing(account.pseudonyms));
    const other = await world.tree(3, below(account.pseudonyms));
    expect(statusOf(await world.submit(world.attest(tree), other.ciphertexts))).toBe(403);
    expect(statusOf(await world.submit(world.attest(tree), [...tree.ciphertexts, tree.ciphertexts[0] as Uint8Array]))).toBe(403);
    expect((await rowsOf(world, 'state'))[0]).toMatchObject({ frozen: false });
    expect(statusOf(await world.submit(world.attest(tree), tree.ciphertexts))).toBe(200);
  });
});
