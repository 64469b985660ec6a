/**
 * Trees that must not be opened, brought to the key holder of a running service by somebody who has the correlator's token, and at last
 * its keys and the witness's too. Honest epochs go on in between, and nothing of them is lost.
 */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { NymtallyClient } from '#client-sdk';
import { digestOf, signRequest } from '#approvals';
import type { PersonSigner } from '#approvals';
import { toBase64Url } from '#contracts';
import { generateSigningKey } from '#platform';
import type { SigningKey } from '#platform';
import { attestationMessage, treeHeader, treeRoot, tally as tallySchema, writeDecision } from '#tallies';
import type { Tally, TreeHeader } from '#tallies';
import { newRequest } from '../../../apps/ctl/src/approvals/make-request.js';
import { readRegistry } from '../../../apps/ctl/src/approvals/shown-requests.js';
import type { Certified } from '../../../apps/ctl/src/certificates/authority.js';
import { demoPeopleDocument } from '../../../apps/ctl/src/stack/demo-people.js';
import type { Answer, Provider } from './provider.js';
import { expectProblem, expectRefusal } from './shapes.js';

interface Tree {
  readonly header: TreeHeader;
  readonly tallies: Tally[];
  readonly ciphertexts: Uint8Array[];
}
interface Signers {
  readonly correlator?: SigningKey;
  readonly witness?: SigningKey;
  readonly witnessId?: string;
}

export function badDecisions(provider: () => Provider): void {
  describe('a tree', () => {
    let good: NymtallyClient;
    let uris: string[];
    let honest: Tree;
    const stranger = generateSigningKey();

    const reportBy = async (hubs: readonly number[], about: readonly string[]) => {
      for (const uri of about) for (const hub of hubs) await provider().tell(hub, uri);
    };
    const lastDecided = async () => {
      const rows = await provider().rows<{ epoch: number }>(
        'keyholder',
        `SELECT max(epoch) AS epoch FROM keyholder.decided_trees WHERE side = 'negative' AND outcome = 'decided'`,
      );
      return rows[0]!.epoch;
    };
    const isFrozen = async () => (await provider().rows('keyholder', 'SELECT 1 FROM keyholder.state WHERE frozen')).length === 1;

    beforeAll(async () => {
      good = await provider().person(2);
      uris = await provider().mint(good, 2);
      await reportBy([0, 1], uris);
      const { epoch } = await provider().closeEpoch();
      honest = await treeOf(epoch);
    });

    async function treeOf(epoch: number): Promise<Tree> {
      const at = [epoch, 'negative'];
      const [tree] = await provider().rows<{ header: unknown }>(
        'nyms',
        'SELECT header FROM tallies.trees WHERE epoch = $1 AND side = $2',
        at,
      );
      const leaves = await provider().rows<{ leaf: unknown; ciphertext: Buffer }>(
        'nyms',
        'SELECT leaf, ciphertext FROM tallies.leaves WHERE epoch = $1 AND side = $2 ORDER BY position',
        at,
      );
      return {
        header: treeHeader.parse(tree!.header),
        tallies: leaves.map(({ leaf }) => tallySchema.parse(leaf)),
        ciphertexts: leaves.map(({ ciphertext }) => ciphertext),
      };
    }

    /** The honest tree as one of the next epoch. */
    const nextEpoch = async (change: Partial<TreeHeader> = {}): Promise<Tree> => {
      const since = await lastDecided();
      return { ...honest, header: { ...honest.header, epoch: since + 1, since, manifestRoot: digest(), ...change } };
    };
    const digest = () => toBase64Url(randomBytes(32));

    function signed({ header, tallies }: Tree, by: Signers = {}) {
      const { keys } = provider().stack;
      const message = attestationMessage(header, treeRoot(header, tallies));
      const signature = (key: SigningKey) => toBase64Url(key.sign(message));
      const { correlator = keys.correlator.key, witness = keys.witness.key, witnessId = keys.witness.id } = by;
      return {
        header,
        tallies,
        correlator: { id: keys.correlator.id, signature: signature(correlator) },
        witnesses: [{ id: witnessId, signature: signature(witness) }],
      };
    }

    async function submit(header: ReturnType<typeof signed>, ciphertexts: readonly Uint8Array[]): Promise<Answer> {
      const chunks: Uint8Array[] = [];
      for await (const chunk of writeDecision(header, ciphertexts)) chunks.push(chunk);
      return send(Buffer.concat(chunks));
    }
    const send = (body: Uint8Array, as: Certified | undefined = 'correlator') =>
      provider().call('keyholder', '/v1/decisions', {
        as,
        headers: { 'content-type': 'application/octet-stream' },
        body,
      });

    it('that nobody, or only one side, or a stranger has attested is refused', async () => {
      const tree = await nextEpoch();
      const by: Signers[] = [
        { correlator: stranger },
        { witness: stranger },
        { witness: provider().stack.keys.correlator.key },
        { witnessId: 'witness-2' },
        { witness: stranger, witnessId: 'witness-2' },
      ];
      for (const signers of by) expectRefusal(await submit(signed(tree, signers), tree.ciphertexts));
      expectRefusal(await submit({ ...signed(tree), witnesses: [] }, tree.ciphertexts));
    });

    it('with which the witness disagrees is refused: it signed another one', async () => {
      const tree = await nextEpoch();
      const seen = signed({ ...tree, header: { ...tree.header, newPseudonyms: tree.header.newPseudonyms + 1 } });
      expectRefusal(await submit({ ...signed(tree), witnesses: seen.witnesses }, tree.ciphertexts));
    });

    it('with a leaf missing, changed or standing twice, or with bytes that nobody attested is refused', async () => {
      const tree = await nextEpoch();
      const whole = signed(tree);
      const [first, ...rest] = tree.tallies as [Tally, ...Tally[]];
      const shorter = { ...whole, header: { ...tree.header, leaves: rest.length }, tallies: rest };
      expectRefusal(await submit(shorter, tree.ciphertexts.slice(1)));
      expectRefusal(await submit({ ...whole, tallies: rest }, tree.ciphertexts.slice(1)));
      expectRefusal(
        await submit({ ...whole, tallies: [{ ...first, weightSum: first.weightSum + 1 }, ...rest] }, tree.ciphertexts),
      );
      expectRefusal(await submit({ ...whole, tallies: [first, first, ...rest.slice(1)] }, tree.ciphertexts));
      const moved = tree.ciphertexts.map((bytes) => Uint8Array.from(bytes));
      moved[0]!.copyWithin(8 + 4, 8); // every sum one slot further
      expectRefusal(await submit(whole, moved));
    });

    it('that is cut, has more behind it, or is none at all is refused', async () => {
      const tree = await nextEpoch();
      const whole = signed(tree);
      expectRefusal(await submit(whole, tree.ciphertexts.slice(0, -1)));
      expectRefusal(await submit(whole, [...tree.ciphertexts, tree.ciphertexts[0]!]));
      expectRefusal(await submit(whole, [...tree.ciphertexts.slice(0, -1), tree.ciphertexts.at(-1)!.subarray(1)]));
      for (const body of ['', 'x', '\0\0\0\u0002{}', '\0\0\0\u0004null', '\u007f'.repeat(64)])
        expectRefusal(await send(Buffer.from(body)));
    });

    it('of an old epoch, made before the last decision, or under an old or unknown policy is refused', async () => {
      await provider().closeEpoch();
      await reportBy([0, 1], uris);
      const { epoch } = await provider().closeEpoch();
      const olds: Tree[] = [
        await nextEpoch({ since: epoch - 1 }),
        await nextEpoch({ epoch: epoch + 5, since: 0 }),
        await nextEpoch({ policyDigest: digest() }),
      ];
      for (const tree of olds) expectRefusal(await submit(signed(tree), tree.ciphertexts));
      const before = await nextEpoch({ policyDigest: (await treeOf(epoch)).header.policyDigest });
      await provider().install((document) => ({ ...document, weights: { ...document.weights, kick: 3 } }));
      expectRefusal(await submit(signed(before), before.ciphertexts));
    });

    it('is taken from the correlator only', async () => {
      const body = Buffer.from('');
      for (const as of ['registrar', 'nyms', 'ctl', 'keyholder'] as const)
        expectProblem(await send(body, as), 403, 'not-permitted');
      const headers = { authorization: `Bearer ${'guessed'.repeat(8)}`, 'content-type': 'application/octet-stream' };
      const stranger = await provider().call('keyholder', '/v1/decisions', { headers, body });
      expectProblem(stranger, 401, 'not-authenticated');
    });

    it('of all these has opened nothing and frozen nothing: the next honest epoch is decided, and counts what came', async () => {
      expect(await isFrozen()).toBe(false);
      const abuser = await provider().person(1);
      const [uri] = await provider().mint(abuser, 1);
      await reportBy([0, 1, 2, 3], [uri!]);
      expect((await provider().closeEpoch()).state).toBe('decided');
      await provider().until(async () => (await abuser.standing()).standing === 'suspended');
      expect((await good.standing()).standing).toBe('active');
    });

    it('that is completely attested and impossible looks refused like all others, and freezes decisions until an operator signs', async () => {
      const { stack } = provider();
      const last = await lastDecided();
      const { policyDigest } = (await treeOf(last)).header;
      const live = await nextEpoch({ policyDigest, epoch: last + 100 }); // no honest tree will ever have this number
      const [first, ...rest] = live.tallies as [Tally, ...Tally[]];
      const impossible = {
        ...live,
        tallies: [{ ...first, weightSum: first.weightSum + 1, squareSum: first.squareSum * 2 }, ...rest],
      };
      expectRefusal(await submit(signed(impossible), impossible.ciphertexts));
      expect(await isFrozen()).toBe(true);

      const late = await provider().person(1);
      const [uri] = await provider().mint(late, 1);
      await reportBy([0, 1, 2, 3], [uri!]);
      const { epoch } = JSON.parse((await provider().call('correlator', '/v1/epochs', { as: 'ctl' })).text) as { epoch: number };
      await provider().until(async () =>
        provider()
          .log('correlator')
          .some(({ reason }) => reason === 'frozen'),
      );

      const people = readRegistry(demoPeopleDocument(stack.keys.people));
      const person = (id: string) => stack.keys.people.find((one) => one.id === id)!;
      const options = { case: 'case-1', reason: 'looked into it', expires: '1' };
      const request = newRequest('unfreeze', {}, options, { requester: 'operator-1', people, now: new Date() });
      const post = (route: string, body: unknown) => provider().json('keyholder', `/v1/requests${route}`, body, 'ctl');
      const at = `/${digestOf(request)}`;
      const approve = (by: PersonSigner) => post(`${at}/approvals`, signRequest('approval', request, by));
      const execute = (by: string) => post(`${at}/execution`, { signature: signRequest('execution', request, person(by)) });
      const made = (by: PersonSigner) => post('', { request, signature: signRequest('request', request, by) });
      expectRefusal(await made(person('operator-2')));
      expectRefusal(await made({ id: 'operator-1', key: stranger }));
      expect((await made(person('operator-1'))).status).toBe(200);
      expectRefusal(await execute('operator-1'));
      for (const by of [person('operator-1'), person('lead-1'), { id: 'operator-2', key: stranger }])
        expectRefusal(await approve(by));
      expect((await approve(person('operator-2'))).status).toBe(204);
      expectRefusal(await execute('operator-2'));
      expect(await isFrozen()).toBe(true);
      expect((await execute('operator-1')).status).toBe(200);
      expectRefusal(await execute('operator-1'));
      await provider().until(async () => (await late.standing()).standing === 'suspended');
      expect(await lastDecided()).toBeGreaterThanOrEqual(epoch);
    });
  });
}
