import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configTable } from './config-table.js';
import type { ConfigError } from './define-config.js';
import { defineConfig } from './define-config.js';
import { bool, filePath, int, list, named, oneOf, optional, port, refusedInProduction, required, text, url } from './field.js';
import { secretFile } from './secret-file.js';

const config = defineConfig('DEMO', {
  settings: {
    port: port(7403),
    answersPerDay: int(10_000, 'budget of answers', { min: 1 }),
    verbose: bool(false, 'say more'),
    name: text(required, 'name of this process'),
    databaseUrl: url('postgresql://app:hunter2@localhost/demo', 'the database'),
    redisUrl: named('REDIS_URL', optional(url(required, 'queue store'))),
    dataFolder: filePath('data', 'where files go'),
    scheme: oneOf(['real', 'plain'], 'real', 'arithmetic | scheme'),
    peers: list([], 'addresses'),
    fast: refusedInProduction(bool(false, 'skip waits'), (on) => (on ? 'must be false' : undefined)),
  },
  secrets: { sealedKey: secretFile('sealed key'), spare: optional(secretFile('second key')) },
});

describe('defineConfig', () => {
  let folder: string;
  let env: Record<string, string>;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'config-'));
    writeFileSync(path.join(folder, 'key'), 'correct horse\n');
    writeFileSync(path.join(folder, 'empty'), '');
    env = { DEMO_NAME: 'one', DEMO_SEALED_KEY_FILE: path.join(folder, 'key') };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const problemsOf = (more: Record<string, string>): string[] => {
    try {
      config.read({ ...env, ...more });
      return [];
    } catch (error) {
      return (error as ConfigError).problems.map(({ key, problem }) => `${key} ${problem}`);
    }
  };

  it('gives typed values from defaults and the environment', () => {
    const { settings, secrets } = config.read({
      ...env,
      DEMO_ANSWERS_PER_DAY: '7',
      DEMO_VERBOSE: 'true',
      DEMO_PEERS: 'a, b,,c',
      OTHER: 'x',
    });
    const typed: { port: number; verbose: boolean; scheme: 'real' | 'plain'; redisUrl: string | undefined } = settings;
    expect(typed).toMatchObject({
      port: 7403,
      answersPerDay: 7,
      verbose: true,
      scheme: 'real',
      peers: ['a', 'b', 'c'],
      redisUrl: undefined,
    });
    expect(settings.dataFolder).toBe('data');
    expect(secrets.sealedKey.text()).toBe('correct horse');
    expect(secrets.sealedKey.bytes()).toHaveLength(14);
    expect(secrets.spare).toBeUndefined();
  });

  it('reports every wrong key at once, by key and never by value', () => {
    const wrong = {
      DEMO_PORT: '70000',
      DEMO_ANSWERS_PER_DAY: '0',
      DEMO_VERBOSE: 'maybe',
      REDIS_URL: 'not a url',
      DEMO_SCHEME: 'secretscheme',
    };
    const problems = problemsOf(wrong);
    expect(problems).toEqual([
      'DEMO_PORT must be a whole number from 0 to 65535',
      'DEMO_ANSWERS_PER_DAY must be a whole number of at least 1',
      'DEMO_VERBOSE must be true or false',
      'REDIS_URL must be an absolute URL',
      'DEMO_SCHEME must be one of real, plain',
    ]);
    for (const value of Object.values(wrong).filter((value) => value !== '0')) expect(problems.join()).not.toContain(value);
  });

  it('fails on unknown keys with our prefix and leaves other keys alone', () => {
    expect(problemsOf({ DEMO_PROT: '1', OTHER_PROT: '1', DEMOCRACY: '1' })).toEqual(['DEMO_PROT is not a setting']);
  });

  it('sends a secret given directly to a file', () => {
    expect(problemsOf({ DEMO_SPARE: 'hunter2' })).toEqual(['DEMO_SPARE is a secret: put it into a file and set DEMO_SPARE_FILE']);
  });

  it('treats an empty variable as unset', () => {
    expect(problemsOf({ DEMO_NAME: '' })).toEqual(['DEMO_NAME is required']);
    expect(problemsOf({ DEMO_PORT: '' })).toEqual([]);
  });

  it.each([
    ['missing', 'names a file that does not exist'],
    ['empty', 'names an empty file'],
    ['.', 'names a file that cannot be read'],
  ])('refuses a secret file that is %s', (file, problem) => {
    expect(problemsOf({ DEMO_SPARE_FILE: path.join(folder, file) })).toEqual([`DEMO_SPARE_FILE ${problem}`]);
  });

  it('refuses in production what only tests may set', () => {
    expect(problemsOf({ DEMO_FAST: 'true' })).toEqual([]);
    expect(problemsOf({ DEMO_FAST: 'true', NODE_ENV: 'production' })).toEqual(['DEMO_FAST must be false in production']);
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([]);
  });

  it('never prints a secret or a password', () => {
    const { settings, secrets } = config.read({ ...env, DEMO_DATABASE_URL: 'postgresql://app:s3same@db/demo' });
    const printed = [
      inspect({ settings, secrets }, { depth: 9, showHidden: true }),
      JSON.stringify({ settings, secrets }),
      `${secrets.sealedKey}`,
    ].join();
    expect(printed).toContain('[secret]');
    expect(printed).not.toContain('s3same');
    expect(printed).not.toContain('correct horse');
    expect(settings.databaseUrl).toBe('postgresql://app:s3same@db/demo');
    expect(config.describe(env).find(({ key }) => key === 'DEMO_DATABASE_URL')).toMatchObject({
      value: 'postgresql://app:[secret]@localhost/demo',
      source: 'default',
    });
  });

  it('describes a broken configuration instead of throwing', () => {
    const rows = config.describe({ DEMO_PORT: 'x', DEMO_NOPE: '1' });
    expect(rows.find(({ key }) => key === 'DEMO_PORT')).toMatchObject({
      value: '',
      problem: 'must be a whole number from 0 to 65535',
    });
    expect(rows.find(({ key }) => key === 'DEMO_SEALED_KEY_FILE')).toMatchObject({
      required: true,
      source: 'unset',
      problem: 'is required',
    });
    expect(rows.at(-1)).toMatchObject({ key: 'DEMO_NOPE', problem: 'is not a setting' });
  });

  it('makes a documentation table from the same fields', () => {
    const table = configTable(config);
    expect(table).toContain('| `DEMO_PORT` | port | `7403` | port to listen on |');
    expect(table).toContain('| `DEMO_NAME` | text | required | name of this process |');
    expect(table).toContain('| `REDIS_URL` | URL | unset | queue store |');
    expect(table).toContain('arithmetic \\| scheme');
  });
});
