import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { People } from '#approvals';
import { generateSigningKey, isUsablePublicKey } from '#platform';
import { approvePolicy, checkPolicy, defaultPolicy } from '#policy';
import { demoPeople, demoPeopleDocument } from './demo-people.js';
import type { DemoPerson } from './demo-people.js';
import { demoPolicy, hubEntryOf } from './demo-policy.js';
import { installedVersions, installPolicyFile, readPolicyFile } from './policy-files.js';
import { SecretFolder } from './secret-folder.js';

let people: readonly DemoPerson[];
const policy = (version: number) =>
  approvePolicy(defaultPolicy({ version, domain: 'p.example', audience: 'https://p.example' }), {
    people: People.read(demoPeopleDocument(people), isUsablePublicKey),
    author: people.find(({ id }) => id === 'operator-1')!,
    approvers: people.filter(({ id }) => id === 'operator-2'),
    expiresAt: new Date('2100-01-01T00:00:00Z'),
  });

describe('policy files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-policy-'));
    people = await demoPeople(new SecretFolder(path.join(folder, 'keys')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('come back as they were installed, in the order of their versions', () => {
    const ninth = policy(9);
    for (const one of [policy(10), ninth, policy(1)]) installPolicyFile(folder, one);
    expect(installedVersions(folder)).toEqual([1, 9, 10]);
    expect(readPolicyFile(folder, 9)).toEqual(ninth);
  });

  it('are never replaced', () => {
    installPolicyFile(folder, policy(1));
    expect(() => installPolicyFile(folder, policy(1))).toThrow(/policy-1\.json is installed already/);
  });

  it('that are broken are named in one line', () => {
    writeFileSync(path.join(folder, 'policy-1.json'), '{');
    expect(() => readPolicyFile(folder, 1)).toThrow(/policy-1\.json cannot be read/);
  });
});

describe('the policy of a service on one machine', () => {
  it('keeps every bound but those for production', () => {
    const named = (id: string) => ({ id, key: generateSigningKey(), file: '' });
    const hubs = ['https://a.example', 'https://b.example'].map((id) => ({
      ...named(id),
      kid: id,
      operator: new URL(id).hostname,
    }));
    const keys = {
      hubs,
      ownHubKey: named('own-hub'),
      sandboxKey: named('sandbox'),
      moderators: [named('moderator-1')],
    } as unknown as Parameters<typeof demoPolicy>[0];
    expect(checkPolicy(demoPolicy(keys, 'p.example', 'n2048-q50-t20'), { production: false })).toEqual([]);
    expect(hubEntryOf(hubs[0]!).keys[0]).not.toHaveProperty('d');
  });
});
