/** Policy files that must not be followed, put into the folder of a running service: every process goes on with the one it has. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { PolicyDocument, SignedPolicy } from '#contracts';
import { generateSigningKey } from '#platform';
import { signPolicy } from '#policy';
import type { Provider } from './provider.js';

const followers = ['registrar', 'nyms', 'correlator', 'witness', 'keyholder'] as const;

export function badPolicies(provider: () => Provider): void {
  describe('a policy', () => {
    const file = (version: number) => path.join(provider().stack.dataDir, 'policy', `policy-${version}.json`);
    const operator = () => {
      const { id, key } = provider().stack.keys.operators[0]!;
      return { operator: id, key };
    };
    const next = (change: Partial<PolicyDocument> = {}): PolicyDocument => {
      const live = provider().stack.policy();
      return { ...live, version: live.version + 50, ...change };
    };

    it.each<[string, string, () => SignedPolicy | string]>([
      ['under which sums could overflow', 'bounds', () => signPolicy(next({ capPerHubAndPseudonym: 2_000_000 }), [operator()])],
      ['that nobody signed', 'unsigned', () => ({ document: next(), signatures: [] })],
      ['that a stranger signed', 'unsigned', () => signPolicy(next(), [{ ...operator(), key: generateSigningKey() }])],
      [
        'that was changed afterwards',
        'unsigned',
        () => ({ ...signPolicy(next(), [operator()]), document: next({ minPseudonyms: 2 }) }),
      ],
      [
        'that lets one hub decide alone, unsaid',
        'bounds',
        () => signPolicy(next({ negative: { f: 0, clip: 1, threshold: 1 } }), [operator()]),
      ],
      ['with a member nobody knows', 'malformed', () => JSON.stringify({ ...signPolicy(next(), [operator()]), more: 1 })],
      ['that is no JSON', 'unreadable', () => '{'],
    ])('%s is refused by all (%s), and nothing stops', async (_, reason, content) => {
      const { version } = next();
      const written = content();
      const refusals = (name: (typeof followers)[number]) =>
        provider()
          .log(name)
          .filter((line) => line.event === 'policy-refused' && line.reason === reason).length;
      const before = followers.map(refusals);
      writeFileSync(file(version), typeof written === 'string' ? written : JSON.stringify(written));
      for (const [at, name] of followers.entries()) {
        await provider().until(async () => refusals(name) > before[at]!);
      }
      const { policyDigest } = await lastTree();
      await provider().closeEpoch();
      expect((await lastTree()).policyDigest).toBe(policyDigest);
      rmSync(file(version));
    });

    const lastTree = async () => {
      const [row] = await provider().rows<{ header: { policyDigest: string } }>(
        'nyms',
        'SELECT header FROM tallies.trees ORDER BY epoch DESC LIMIT 1',
      );
      return row!.header;
    };

    it('that is followed stays as it was when its file is written anew', async () => {
      const { version } = provider().stack.policy();
      const { policyDigest } = await lastTree();
      const original = readFileSync(file(version), 'utf8');
      const { document } = JSON.parse(original) as SignedPolicy;
      writeFileSync(file(version), JSON.stringify(signPolicy({ ...document, minPseudonyms: 7 }, [operator()])));
      for (const name of followers) {
        await provider().until(async () =>
          provider()
            .log(name)
            .some(({ reason }) => reason === 'changed'),
        );
      }
      await provider().closeEpoch();
      expect((await lastTree()).policyDigest).toBe(policyDigest);
      writeFileSync(file(version), original);
    });
  });
}
