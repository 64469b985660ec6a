import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { toBase64Url } from '#contracts';
import { parameterSets, plainSum, plainSumSlots, type ParameterSetName } from '#he';
import type { Tally } from '#tallies';
import { createSecretScheme } from '../../apps/keyholder/src/secret-key/index.js';
import { addTo, addToAllOfC0, delta, set } from '../he/surgery.js';
import { DecisionsWorld, handleText, hubId, reportAll, type Pseudonym, type Tree } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';

const sha256 = (bytes: Uint8Array) => toBase64Url(createHash('sha256').update(bytes).digest());

let world: DecisionsWorld;
let account: { member: Member; pseudonyms: Pseudonym[] };
/** A case that gets as far as opening uses up its epoch: the digests it brought are noted for ever. */
let epoch: number;

/** One cohort, so that the six hubs make six tallies. */
async function open(parameterSet: ParameterSetName): Promise<void> {
  world = await DecisionsWorld.open({}, { parameterSet, cohortsPerBlock: 1 });
  account = await world.member(2);
  epoch = 0;
}
const crossing = () => reportAll(account.pseudonyms.slice(0, 1), [0, 1, 2, 3, 4, 5], 240);
const isFrozen = async () => (await world.base.rows('SELECT frozen FROM keyholder.state'))[0]?.['frozen'];
const unfreeze = () => world.unfreeze();

/** Submits a tree that correlator and witness have both signed, although it is impossible. */
async function frozenBy(change: (tree: Tree) => void | Promise<void>, at = ++epoch): Promise<unknown> {
  const tree = await world.tree(at, crossing(), { since: 0 });
  await change(tree);
  const answer = await world.submit(world.attest(tree), tree.ciphertexts);
  expect([answer.status, Object.keys(JSON.parse(answer.text)), JSON.parse(answer.text).type]).toEqual([
    403,
    ['type', 'title', 'status', 'sealedReason'],
    '/errors/answer-refused',
  ]);
  expect([await isFrozen(), await world.mayMint(account.member)]).toEqual([true, true]);
  const honest = await world.decide(at + 1, crossing(), { since: 0 });
  expect([honest.status, JSON.parse(honest.text).type]).toEqual([409, '/errors/decisions-frozen']);
  const row = (await world.audit()).at(-1);
  expect(row).toMatchObject({ type: 'frozen', epoch: at, side: 'negative' });
  await unfreeze();
  return row?.['fault'];
}

const first = (tree: Tree) => tree.tallies[0] as Tally;
/** What the leaf of the first tally says instead. */
const lie = (own: Partial<Tally>) => (tree: Tree) => void (tree.tallies[0] = { ...first(tree), ...own });
/** What lies in the place of the first ciphertext, with its own digest in the leaf. */
const forge = (made: (honest: Uint8Array) => Uint8Array | Promise<Uint8Array>) => async (tree: Tree) => {
  const bytes = await made(tree.ciphertexts[0] as Uint8Array);
  tree.ciphertexts[0] = bytes;
  lie({ ciphertext: sha256(bytes) })(tree);
};

describe('a completely attested tree that is impossible freezes decisions', () => {
  beforeAll(() => open('plain-n2048'));
  afterAll(() => world.close());

  const twin = parameterSets['plain-n2048'];
  const withSlots = (change: (slots: Uint32Array, used: number) => void) =>
    forge((honest) => {
      const slots = plainSumSlots(twin, honest);
      change(
        slots,
        slots.findIndex((value) => value > 0),
      );
      return plainSum(twin, slots);
    });

  it.each([
    [
      'parameter-set',
      'of another parameter set',
      (tree: Tree) => void Object.assign(tree.header, { parameterSet: 'n2048-q50-t20' }),
    ],
    [
      'cohort',
      'of a cohort that does not exist',
      (tree: Tree) => tree.tallies.forEach((tally) => Object.assign(tally, { cohort: 77 })),
    ],
    ['key-epoch', 'of another key epoch', (tree: Tree) => tree.tallies.forEach((tally) => Object.assign(tally, { keyEpoch: 2 }))],
    [
      'hub',
      'of a hub that the policy does not name',
      (tree: Tree) => void Object.assign(tree.tallies.at(-1) as Tally, { hub: hubId(99) }),
    ],
    ['weight-sum', 'with a total over the cap', lie({ weightSum: 641 })],
    ['square-sum', 'with a square sum that no totals have', lie({ squareSum: 240 ** 2 - 1 })],
    ['weight-sum', 'with slots that do not add up', lie({ weightSum: 241, squareSum: 241 ** 2 })],
    ['weight-sum', 'with slots that add up to more than was attested', withSlots((slots, used) => void (slots[used]! += 1))],
    ['slot-maximum', 'with a slot above its possible maximum', withSlots((slots, used) => void (slots[used] = 641))],
    [
      'unheld-slot',
      'with a slot that nobody holds',
      withSlots((slots, used) => slots.copyWithin((used + 1) % 2048, used, used + 1).fill(0, used, used + 1)),
    ],
    ['bytes', 'with bytes that are no sum', forge((honest) => honest.with(0, 0))],
  ])('(%s) %s', async (fault, _, change) => {
    expect(await frozenBy(change)).toBe(fault);
  });

  it('(second-digest) with another ciphertext for a tally that was opened before', async () => {
    const at = ++epoch;
    expect(
      await frozenBy(
        withSlots((slots, used) => void (slots[used]! += 1)),
        at,
      ),
    ).toBe('weight-sum');
    expect(await frozenBy(() => undefined, at)).toBe('second-digest');
  });

  it('(other-root) for an epoch that is decided', async () => {
    const at = ++epoch;
    const tree = await world.tree(at, reportAll(account.pseudonyms.slice(1), [0], 10), { since: 0 });
    expect(await world.submit(world.attest(tree), tree.ciphertexts)).toMatchObject({ status: 200 });
    const other = await world.tree(at, reportAll(account.pseudonyms.slice(1), [0], 11), { since: 0 });
    expect(await world.submit(world.attest(other), other.ciphertexts)).toMatchObject({ status: 403 });
    expect(await isFrozen()).toBe(true);
    // what was decided before is answered as before
    expect(await world.submit(world.attest(tree), tree.ciphertexts)).toMatchObject({ status: 200 });
    await unfreeze();
  });

  it('until people have approved that they go on', async () => {
    await world.base.sql.query('UPDATE keyholder.state SET frozen = true');
    await unfreeze();
    expect(await isFrozen()).toBe(false);
    await expect(unfreeze()).rejects.toThrow('403'); // nothing is frozen: no approval may lie ready for the next time
  });

  it('and stays frozen over a restart', async () => {
    await world.base.sql.query('UPDATE keyholder.state SET frozen = true');
    await world.base.restart();
    expect(await world.decide(epoch + 1, crossing(), { since: epoch })).toMatchObject({ status: 409 });
    await unfreeze();
  });
});

describe('forged ciphertexts under real encryption', () => {
  beforeAll(() => open('n2048-q50-t20'), 60_000);
  afterAll(() => world.close());

  // The two queries of protocol.md §5: c0 three eighths of Δ from the rounding boundary, c1 ± Δ/4. test/he shows that they would work.
  const findsOnes = (honest: Uint8Array) => addToAllOfC0(addTo(honest, 1, 0, delta / 4n), (3n * delta) / 8n);
  const findsMinusOnes = (honest: Uint8Array) =>
    addToAllOfC0(addTo(honest, 1, 0, set.coeffModulus - delta / 4n), (3n * delta) / 8n);

  it('of the two-query key recovery are refused, frozen and logged, each of them', async () => {
    expect(await frozenBy(forge(findsOnes))).toBe('noise');
    expect(await frozenBy(forge(findsMinusOnes))).toBe('noise');
  });

  it('cannot come one after the other in one epoch, even when both are attested', async () => {
    const at = ++epoch;
    expect(await frozenBy(forge(findsOnes), at)).toBe('noise');
    expect(await frozenBy(forge(findsMinusOnes), at)).toBe('second-digest');
  });

  it('that move a coefficient by Δ, or so little that slots and sum stay right, are refused', async () => {
    expect(['noise', 'weight-sum', 'slot-maximum']).toContain(await frozenBy(forge((honest) => addTo(honest, 1, 0, delta))));
    expect(await frozenBy(forge((honest) => addTo(honest, 1, 0, delta / 4096n)))).toBe('noise');
  });

  it('under the key of another key holder are refused', async () => {
    const other = await createSecretScheme('n2048-q50-t20');
    try {
      const made = async () => {
        const fold = await world.scheme.openFold();
        await fold.add({ selectors: (await other.encryptSelector(3)).slice(), terms: [[{ hub: 0, weight: 240 }]] });
        return (await fold.finish()).get(0) as Uint8Array;
      };
      expect(await frozenBy(forge(made))).toBe('noise');
    } finally {
      await other.close();
    }
  });

  it('of correlator alone never get that far: bytes that nobody attested are not opened', async () => {
    const tree = await world.tree(++epoch, crossing(), { since: 0 });
    const header = world.attest(tree);
    tree.ciphertexts[0] = findsOnes(tree.ciphertexts[0] as Uint8Array);
    expect(await world.submit(header, tree.ciphertexts)).toMatchObject({ status: 403 });
    expect(await isFrozen()).toBe(false);
  });

  it('leave the honest tree as it was: it is decided, and the account suspended', async () => {
    expect(await world.decide(++epoch, crossing(), { since: 0 })).toMatchObject({ status: 200 });
    expect((await world.releases()).suspend).toEqual([handleText(account.member)]);
  });
});
