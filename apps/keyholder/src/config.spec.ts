import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '#platform';
import { config, readInitConfig } from './config.js';

describe('configuration of the key holder', () => {
  let folder: string;
  let env: Record<string, string>;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'config-'));
    const secret = path.join(folder, 'secret');
    writeFileSync(secret, 'x'.repeat(32));
    env = {
      KEYHOLDER_SECRETS_DIR: folder,
      KEYHOLDER_DATABASE_URL: 'postgresql://keyholder:pass@localhost/k',
      KEYHOLDER_POLICY_DIR: folder,
      KEYHOLDER_ATTESTERS_FILE: folder,
      KEYHOLDER_TICKET_KEYS_FILE: folder,
      KEYHOLDER_LOG_WITNESSES_FILE: folder,
      KEYHOLDER_SEAL_KEY_FILE: secret,
      KEYHOLDER_PEOPLE_FILE: folder,
      KEYHOLDER_TLS_CERT_FILE: secret,
      KEYHOLDER_TLS_KEY_FILE: secret,
      KEYHOLDER_TLS_CA_FILE: secret,
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has the port, set and block of the protocol by default', () => {
    expect(config.read(env).settings).toMatchObject({
      port: 7403,
      host: '127.0.0.1',
      parameterSet: 'n2048-q50-t20',
      cohortsPerBlock: 8,
      cohortSlots: undefined,
    });
  });

  it('refuses in production what is for tests', () => {
    const wrong = {
      NODE_ENV: 'production',
      KEYHOLDER_PARAMETER_SET: 'plain-n2048',
      KEYHOLDER_COHORT_SLOTS: '64',
      KEYHOLDER_CLOCK_OFFSET_DAYS: '1',
    };
    expect(config.read({ ...env, ...wrong, NODE_ENV: 'test' }).settings.cohortSlots).toBe(64);
    expect(() => config.read({ ...env, ...wrong })).toThrow(ConfigError);
    for (const key of ['PARAMETER_SET', 'COHORT_SLOTS', 'CLOCK_OFFSET_DAYS']) {
      expect(() => config.read({ ...env, ...wrong })).toThrow(`KEYHOLDER_${key} must be`);
    }
  });

  it('prints no secret and no password', () => {
    expect(JSON.stringify(config.read(env))).not.toMatch(/xxxx|pass/);
  });

  it('lets init run where only a folder and a parameter set are known', () => {
    const found = readInitConfig({
      KEYHOLDER_SECRETS_DIR: folder,
      KEYHOLDER_SEAL_KEY_FILE: '/not/made/yet',
      KEYHOLDER_PORT: 'x',
    });
    expect(found).toEqual({ secretsDir: folder, unseal: 'shares', parameterSet: 'n2048-q50-t20' });
    expect(() => readInitConfig({})).toThrow('KEYHOLDER_SECRETS_DIR is required');
    expect(() => readInitConfig({ ...env, NODE_ENV: 'production', KEYHOLDER_UNSEAL: 'auto' })).toThrow('must be shares');
    expect(() => readInitConfig({ ...env, NODE_ENV: 'production', KEYHOLDER_PARAMETER_SET: 'plain-n2048' })).toThrow(
      'must be an encrypted set',
    );
  });
});
