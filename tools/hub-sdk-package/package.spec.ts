/** The package as a hub's programmer gets it: packed, installed without a network beside jose and zod, type-checked and run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildPackage } from './build.ts';
import { reachedFrom } from './module-graph.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-package-'));
const built = path.join(folder, 'built');
const consumer = path.join(folder, 'node_modules', '@nymtally', 'hub-sdk');

/** Any npm: the one that runs this, or the one on PATH. */
const npm = (...args: string[]) => {
  const script = process.env['npm_execpath'];
  const [command, before] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const quiet = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', `--cache=${path.join(folder, 'cache')}`];
  return execFileSync(command, [...before, ...args, ...quiet, '--loglevel=error'], { cwd: folder, encoding: 'utf8' });
};

let tarball: string;
beforeAll(() => {
  buildPackage(root, built);
  writeFileSync(path.join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const packed = [built, ...['jose', 'zod'].map((name) => path.join(root, 'node_modules', name))].map((from) =>
    npm('pack', from).trim().split('\n').at(-1)!,
  );
  tarball = path.join(folder, packed[0]!);
  npm('install', ...packed.map((file) => `./${file}`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const modules = path.join(consumer, 'lib');
const entry = 'hub-sdk/index.js';
const read = (file: string) => readFileSync(path.join(modules, file), 'utf8');
const ownOf = (reached: ReadonlySet<string>) => [...reached].filter((name) => name.endsWith('.js'));
const othersOf = (reached: ReadonlySet<string>) => [...reached].filter((name) => !name.endsWith('.js')).sort();

describe('the package @nymtally/hub-sdk', () => {
  it('depends on jose and zod, from the versions of the workspace on, and on nothing else', () => {
    const own = JSON.parse(readFileSync(path.join(consumer, 'package.json'), 'utf8')) as Record<string, unknown>;
    const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(own['dependencies']).toEqual({ jose: dependencies['jose'], zod: `^${dependencies['zod']}` });
    expect(own).toMatchObject({ type: 'module', sideEffects: false });
    expect(own).not.toHaveProperty('scripts');
    expect(readdirSync(consumer).sort()).toEqual(['LICENSE', 'README.md', 'lib', 'package.json']);
  });

  it('can be published as it is packed: for everybody, in the version of the workspace, modules with their types and nothing else', () => {
    const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n').sort();
    const inLib = readdirSync(path.join(built, 'lib'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.\w+$/.test(file),
    );
    const whole = ['LICENSE', 'README.md', 'package.json', ...inLib.map((file) => `lib/${file.split(path.sep).join('/')}`)];
    expect(listed).toEqual(whole.map((file) => `package/${file}`).sort());
    expect(inLib.filter((file) => !/(?<!\.spec|\.fixture)(\.d\.ts|\.js)$/.test(file))).toEqual([]);
    const stems = (ending: string) => inLib.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
    expect(stems('.js').sort()).toEqual(stems('.d.ts').sort());
    const packed = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' })) as Record<
      string,
      unknown
    >;
    const { version, license } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(packed).toMatchObject({ name: '@nymtally/hub-sdk', version, license, publishConfig: { access: 'public' } });
    expect(packed).not.toHaveProperty('private');
  });

  it('loads nothing of Node with its entry, and one thing when a proof is asked for', () => {
    expect(othersOf(reachedFrom(entry, read))).toEqual(['jose', 'zod']);
    expect(othersOf(reachedFrom(entry, read, { withLater: true }))).toEqual(['jose', 'node:crypto', 'zod']);
  });

  it('leaves out what is not imported: signing alone has no streams, no notices and no client', () => {
    const whole = ownOf(reachedFrom(entry, read));
    const signing = ownOf(reachedFrom(entry, read, { names: ['signSet'] }));
    expect(signing.filter((file) => !file.startsWith('contracts/')).sort()).toEqual([entry, 'hub-sdk/signed-set.js']);
    expect(whole.filter((file) => /\/(streams|notices|questions)\//.test(file)).length).toBeGreaterThan(5);
    const reachable = ownOf(reachedFrom(entry, read, { withLater: true }));
    const present = readdirSync(modules, { recursive: true, encoding: 'utf8' }).map((file) => file.split(path.sep).join('/'));
    const withCode = present.filter((file) => file.endsWith('.js') && !/^export {};$/m.test(read(file)));
    expect(reachable.sort()).toEqual(withCode.sort());
  });

  it('type-checks in a program of a hub, as Node resolves it and as bundlers do, and then runs', () => {
    writeFileSync(
      path.join(folder, 'hub.ts'),
      `import { AskedStates, HubClient, NoticeVerifier, pushReceiver, RecentNotices, signSet } from '@nymtally/hub-sdk';
import type { HubSigningKey, Notice } from '@nymtally/hub-sdk';
import { exportJWK, generateKeyPair, jwtVerify } from 'jose';

const { privateKey, publicKey } = await generateKeyPair('EdDSA');
const key: HubSigningKey = { kid: 'k1', alg: 'EdDSA', privateKey };
const hub = 'https://hub.example';
const audience = 'https://provider.example';
const uri = 'mimi://provider.example/p/abc';
const type = 'urn:nymtally:signal:kick';
const { token } = await signSet(key, { issuer: hub, audience, uri, type, payload: { by: 'hub' }, issuedAt: new Date() });
const { payload } = await jwtVerify(token, publicKey, { issuer: hub, audience });
const seen: string[] = [];
const client = new HubClient({
  hub,
  audience,
  nyms: 'https://nyms.example',
  key,
  fetch: (async (_url: unknown, init?: RequestInit) => {
    seen.push(String(init?.method));
    return new Response(null, { status: 202 });
  }) as typeof fetch,
});
await client.ban(uri, { by: 'hub', permanent: true });
const verifier = new NoticeVerifier({ issuer: audience, audience: hub, keys: async () => publicKey });
const onNotice = (notice: Notice): void => {
  switch (notice.kind) {
    case 'revoked':
    case 'disabled':
    case 'enabled':
      return void notice.pseudonym;
    case 'verification':
      return void notice.state;
    case 'stream-updated':
      return void notice.status;
    case 'other':
      return void notice.type;
  }
};
const receive = pushReceiver({ verifier, seen: new RecentNotices(), states: new AskedStates(), onNotice });
const { status } = await receive(new Request(hub, { method: 'POST', body: 'x' }));
const { kty } = await exportJWK(publicKey);
console.log(JSON.stringify({ kty, iss: payload.iss, seen, status }));
`,
    );
    const options = {
      compilerOptions: {
        module: 'nodenext',
        target: 'ES2022',
        lib: ['ES2024', 'DOM', 'DOM.Iterable'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: false,
      },
      files: ['hub.ts'],
    };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(options));
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const typeCheck = (...more: string[]) =>
      execFileSync(process.execPath, [tsc, '-p', folder, ...more], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    typeCheck('--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler');
    typeCheck();
    const said = execFileSync(process.execPath, [path.join(folder, 'hub.js')], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual({ kty: 'OKP', iss: 'https://hub.example', seen: ['POST'], status: 400 });
  });
});
