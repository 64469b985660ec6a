import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkPolicy, defaultPolicy } from '#policy';
import { generateSigningKey } from '#platform';
import { demoPolicy, hubEntryOf } from './demo-policy.js';
import { installedVersions, installPolicyFile, readPolicyFile } from './policy-files.js';

const policy = (version: number) => ({
  document: defaultPolicy({ version, domain: 'p.example', audience: 'https://p.example' }),
  signatures: [],
});

describe('policy files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-policy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('come back as they were installed, in the order of their versions', () => {
    for (const version of [10, 9, 1]) installPolicyFile(folder, policy(version));
    expect(installedVersions(folder)).toEqual([1, 9, 10]);
    expect(readPolicyFile(folder, 9)).toEqual(policy(9));
  });

  it('are never replaced', () => {
    installPolicyFile(folder, policy(1));
    expect(() => installPolicyFile(folder, policy(1))).toThrow(/version 1 is installed already/);
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
    const keys = { hubs, moderators: [named('moderator-1')] } as unknown as Parameters<typeof demoPolicy>[0];
    expect(checkPolicy(demoPolicy(keys, 'p.example', 'n2048-q50-t20'), { production: false })).toEqual([]);
    expect(hubEntryOf(hubs[0]!).keys[0]).not.toHaveProperty('d');
  });
});
