/** Policy files that must not be followed, put into the folder of a running service: every process goes on with the one it has. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DAY_MS } from '#contracts';
import type { ApprovedPolicy, PolicyDocument } from '#contracts';
import { generateSigningKey } from '#platform';
import { approvePolicy } from '#policy';
import type { Signers } from '#policy';
import { folders } from '../../../apps/ctl/src/stack/app-specs.js';
import type { NamedKey } from '../../../apps/ctl/src/stack/keys.js';
import { peopleFile, peopleOf } from '../../../apps/ctl/src/stack/policy-files.js';
import type { Provider } from './provider.js';

const followers = ['registrar', 'nyms', 'correlator', 'witness', 'keyholder'] as const;

export function badPolicies(provider: () => Provider): void {
  describe('a policy', () => {
    beforeAll(() => provider().closeEpoch()); // so that there is a last tree, whatever ran before
    const file = (version: number) => path.join(provider().stack.dataDir, 'policy', `policy-${version}.json`);
    const signers = (by: readonly NamedKey[] = provider().stack.keys.operators): Signers => {
      const { config, policy } = folders(provider().stack.dataDir);
      const people = peopleOf(path.join(config, peopleFile), policy).newest;
      const [author, ...approvers] = by;
      return { people, author: author!, approvers, expiresAt: new Date(Date.now() + DAY_MS) };
    };
    const operator = () => provider().stack.keys.operators[0]!;
    const next = (change: Partial<PolicyDocument> = {}): PolicyDocument => {
      const live = provider().stack.policy();
      return { ...live, version: live.version + 50, ...change };
    };

    it.each<[string, string, () => ApprovedPolicy | string]>([
      ['under which sums could overflow', 'bounds', () => approvePolicy(next({ capPerHubAndPseudonym: 2_000_000 }), signers())],
      ['that nobody approved', 'unapproved', () => ({ ...approvePolicy(next(), signers()), approvals: [] })],
      ['that its author approved', 'unapproved', () => approvePolicy(next(), signers([operator(), operator()]))],
      [
        'that a stranger approved',
        'unapproved',
        () => approvePolicy(next(), signers([operator(), { id: 'operator-2', key: generateSigningKey(), file: '' }])),
      ],
      [
        'that was changed afterwards',
        'unapproved',
        () => ({ ...approvePolicy(next(), signers()), document: next({ minPseudonyms: 2 }) }),
      ],
      [
        'that lets one hub decide alone, unsaid',
        'bounds',
        () => approvePolicy(next({ negative: { f: 0, clip: 1, threshold: 1 } }), signers()),
      ],
      ['with a member nobody knows', 'malformed', () => JSON.stringify({ ...approvePolicy(next(), signers()), more: 1 })],
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
      const { document } = JSON.parse(original) as ApprovedPolicy;
      writeFileSync(file(version), JSON.stringify(approvePolicy({ ...document, minPseudonyms: 7 }, signers())));
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
