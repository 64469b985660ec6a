/** docs/examples/hub.ts as a newcomer runs it: as a process, against a running service, with a demo hub's key and with what goes wrong. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventTypes } from '#contracts';
import { childEnvironment } from '../../apps/ctl/src/config.js';
import { root } from '../../apps/ctl/src/stack/root.js';
import { Provider } from './bad-input/provider.js';

jest.setTimeout(300_000);

const nowhere = 'http://127.0.0.1:1';

describe('the example of the hub guide', () => {
  let provider: Provider;
  beforeAll(async () => {
    provider = await Provider.start((document) => document);
  });
  afterAll(() => provider?.stop());

  const run = async (...args: string[]) => {
    const env = childEnvironment();
    const command = [path.join(root, 'docs', 'examples', 'hub.ts'), ...args];
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, command, { cwd: root, env });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  };
  /** As the first demo hub of this service; options that follow win. */
  const asHub = (...args: string[]) => {
    const { keys, urls } = provider.stack;
    return run('--nyms', urls.nyms, '--tokens', `${urls.issuer}/token`, '--key', keys.hubs[0]!.file, ...args);
  };

  it('reports, sends again, takes back, bans, unbans and asks, subscribes, is pushed to and polls: each step shows its answer', async () => {
    const [uri] = await provider.mint(await provider.person(1), 1);
    const { code, output } = await asHub(uri!);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output.match(/POST \/v1\/signals → \d+/g)).toEqual(Array(6).fill('POST /v1/signals → 202'));
    expect(output.match(/→ [45]\d\d|no answer/g)).toBeNull();
    expect(output).toMatch(/^ {3}active$/m);
    expect(output).toMatch(/^ {3}active by the lists$/m);
    expect(output.match(/verified: the stream lives/g)).toHaveLength(2); // by push, by poll

    const stored = await provider.rows<{ jti: string; event_type: string; names: string | null }>(
      'nyms',
      'SELECT jti, event_type, names FROM signals.sets WHERE uri = $1 ORDER BY event_type',
      [uri],
    );
    const [, jti] = /keep its jti to take it back: (\S+)/.exec(output)!;
    expect(stored).toEqual([
      { jti, event_type: eventTypes.abuseReport, names: null }, // once, though it was sent twice
      { jti: expect.any(String), event_type: eventTypes.ban, names: null },
      { jti: expect.any(String), event_type: eventTypes.ban, names: null },
      { jti: expect.any(String), event_type: eventTypes.retract, names: jti },
      { jti: expect.any(String), event_type: eventTypes.unban, names: expect.any(String) },
    ]);
  });

  it('has the same answers as a sandbox, with a key of its own: all is in the manifest, and nothing counts', async () => {
    const [uri] = await provider.mint(await provider.person(1), 1);
    await provider.closeEpoch(); // what was said before is apart
    const { id } = provider.stack.policy().hubs.find(({ sandbox }) => sandbox)!;
    const { code, output } = await asHub('--hub', id, '--key', provider.stack.keys.sandboxKey.file, uri!);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output.match(/POST \/v1\/signals → \d+/g)).toEqual(Array(6).fill('POST /v1/signals → 202'));
    const { epoch, signals, counted } = await provider.closeEpoch();
    expect({ signals, counted }).toEqual({ signals: 5, counted: 0 });
    expect(await provider.rows('nyms', 'SELECT DISTINCT hub, state::text FROM signals.sets WHERE uri = $1', [uri])).toEqual([
      { hub: id, state: 'ignored' },
    ]);
    const leaves = await provider.rows('nyms', 'SELECT leaf::text FROM tallies.leaves WHERE epoch = $1', [epoch]);
    expect(JSON.stringify(leaves)).toContain(provider.stack.keys.hubs[0]!.id); // its ban of before
    expect(JSON.stringify(leaves)).not.toContain(id);
  });

  it('needs no pseudonym to begin with: one that nobody has gets the same answers', async () => {
    const { code, output } = await asHub();
    expect(output.match(/→ [45]\d\d|no answer/g)).toBeNull();
    expect(code).toBe(0);
    expect(output).toContain('not active: unknown, expired or revoked');
  });

  it.each([
    ['no service', 1, ['--nyms', nowhere], 'nyms does not answer', 'npm start -- --empty'],
    ['an unknown hub', 1, ['--hub', 'https://nobody.example'], 'invalid_issuer', 'check --hub'],
    ['another provider', 1, ['--audience', 'https://other.example'], 'invalid_audience', 'check --audience'],
    ['a key the policy does not know', 1, ['--kid', 'other'], 'authentication_failed', 'check --key and --kid'],
    ['no authorization server', 1, ['--tokens', `${nowhere}/token`], 'no access token', 'check --tokens'],
    ['another process', 1, ['--nyms', 'registrar'], 'http_404', 'is --nyms the address of nyms?'],
    ['a key that is not there', 1, ['--key', 'no-such.pem'], 'cannot be read (ENOENT)', 'npm start -- --empty'],
    ['a file that is no key', 1, ['--key', 'package.json'], 'holds no private key', 'openssl genpkey'],
    ['no pseudonym', 2, ['alice'], 'alice is no pseudonym', 'write mimi://'],
    ['no address', 2, ['--nyms', 'nyms'], '--nyms nyms is no address', 'write it whole'],
    ['an unknown option', 2, ['--nope'], "Unknown option '--nope'", 'see --help'],
  ])('says in two lines what is wrong and the mend: %s', async (_what, code, args, words, mend) => {
    const given = args.map((word) => (word === 'registrar' ? provider.stack.urls.registrar : word));
    const answer = await asHub(...given);
    const [fault, remedy, ...more] = answer.output.split('\n').slice(-3);
    expect(answer.code).toBe(code);
    expect(fault).toMatch(/^hub-example: /);
    expect(fault).toContain(words);
    expect(remedy).toMatch(/^→ /);
    expect(remedy).toContain(mend);
    expect(more).toEqual(['']);
    expect(answer.output).not.toMatch(/\n {4}at /);
  });

  it('explains itself, behind the task runner too', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      path.join(root, 'scripts', 'task.mjs'),
      'hub-example',
      '--help',
    ]);
    expect(stdout).toContain('Usage: node scripts/task.mjs hub-example');
    expect(await run('--help')).toEqual({ code: 0, output: stdout });
  });
});
