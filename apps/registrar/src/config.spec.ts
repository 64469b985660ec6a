import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { config } from './config.js';

describe('the configuration of the registrar', () => {
  let folder: string;
  let env: Record<string, string>;

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'registrar-config-'));
    const file = path.join(folder, 'secret');
    writeFileSync(file, 'x');
    env = {
      REGISTRAR_DATABASE_URL: 'postgresql://registrar:hunter2@127.0.0.1/registrar',
      REGISTRAR_POLICY_DIR: folder,
      REGISTRAR_PEOPLE_FILE: file,
      REGISTRAR_JWKS_URL: 'https://id.example/jwks.json',
      REGISTRAR_TOKEN_ISSUER: 'https://id.example',
      REGISTRAR_TOKEN_AUDIENCE: 'https://accounts.example',
      REGISTRAR_KEYHOLDER_URL: 'https://127.0.0.1:7403',
      REGISTRAR_APPEAL_URL: 'https://help.example/appeal',
      REGISTRAR_TICKET_KEY_FILE: file,
      REGISTRAR_SEAL_KEY_FILE: file,
      REGISTRAR_TLS_CERT_FILE: file,
      REGISTRAR_TLS_KEY_FILE: file,
      REGISTRAR_TLS_CA_FILE: file,
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is complete with these keys, in production too', () => {
    expect(config.read({ ...env, NODE_ENV: 'production' }).settings).toMatchObject({ port: 7401, host: '127.0.0.1' });
  });

  it('takes the identity provider’s keys over http from this machine only, and never in production', () => {
    const local = { ...env, REGISTRAR_JWKS_URL: 'http://127.0.0.1:7406/.well-known/jwks.json' };
    expect(config.read(local).settings.jwksUrl).toContain('7406');
    expect(() => config.read({ ...local, NODE_ENV: 'production' })).toThrow('REGISTRAR_JWKS_URL must be https in production');
    for (const address of ['http://id.example/jwks.json', 'file:///etc/jwks.json'])
      expect(() => config.read({ ...env, REGISTRAR_JWKS_URL: address })).toThrow('REGISTRAR_JWKS_URL must be https');
  });

  it('calls the key holder over TLS only', () => {
    const plain = { ...env, REGISTRAR_KEYHOLDER_URL: 'http://127.0.0.1:7403' };
    expect(() => config.read(plain)).toThrow('REGISTRAR_KEYHOLDER_URL must be https');
  });

  it('refuses a moved clock in production', () => {
    const moved = { ...env, REGISTRAR_CLOCK_OFFSET_DAYS: '1' };
    expect(config.read(moved).settings.clockOffsetDays).toBe(1);
    expect(() => config.read({ ...moved, NODE_ENV: 'production' })).toThrow('REGISTRAR_CLOCK_OFFSET_DAYS must be 0');
  });

  it('does not show the password of the database', () => {
    const row = config.describe(env).find(({ key }) => key === 'REGISTRAR_DATABASE_URL');
    expect(row?.value).toBe('postgresql://registrar:[secret]@127.0.0.1/registrar');
  });
});
