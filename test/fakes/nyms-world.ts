/** A nyms process on a real PostgreSQL database and a real port, with a fake key holder, hubs, moderators and clients around it. */
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import * as x509 from '@peculiar/x509';
import type pg from 'pg';
import { canonicalBytes, frame, fromBase64Url, labels, toBase64Url } from '#contracts';
import type { HubEntry, PolicyDocument, Signed, Statement } from '#contracts';
import { HubClient } from '#hub-sdk';
import type { HubClientOptions } from '#hub-sdk';
import { createLogger, createPool, FixedClock, generateSigningKey } from '#platform';
import type { SigningKey } from '#platform';
import { defaultPolicy, PolicyStore } from '#policy';
import type { HubKeysOptions } from '#signals';
import { generateClientKey, importClientSigner, possessionMessage } from '#tickets';
import type { ClientKeyType, ClientSigner } from '#tickets';
import { config } from '../../apps/nyms/src/config.js';
import { startNyms } from '../../apps/nyms/src/start.js';
import type { StartOptions } from '../../apps/nyms/src/start.js';
import { createDatabase } from '../servers/database.js';
import { NymsKeyholder } from './nyms-keyholder.js';
import { TestPeople } from './people.js';
import { setKeysPem, StreamIssuer } from './stream-issuer.js';

export const DOMAIN = 'provider.example';
export const AUDIENCE = 'https://provider.example';
/** As hubs know it, and what status lists are called by; the world listens elsewhere, and leads its hub clients there. */
export const PUBLIC_URL = 'https://nyms.provider.example';
/** Day 10 of a 30-day period, at noon. */
const START = '2026-10-14T12:00:00Z';

export interface TestHub {
  readonly entry: HubEntry;
  readonly key: SigningKey;
}

export interface Redeemer {
  readonly signer: ClientSigner;
  readonly body: Record<string, string>;
}

export interface NymsWorldOptions {
  readonly redisUrl?: string | undefined;
  readonly policy?: Partial<PolicyDocument>;
  readonly hubKeys?: HubKeysOptions;
  /** How pushes find and believe receivers. */
  readonly push?: StartOptions['push'];
  /** How pollers find and believe transmitters of hubs. */
  readonly outside?: StartOptions['outside'];
  /** What transmitters of hubs ask of nyms, by hub. */
  readonly hubTokens?: Readonly<Record<string, string>>;
  /** Pause between looks at what is due; an hour by default, so that tests look themselves. */
  readonly tickMs?: number;
}

export function testHub(name: string, more: Partial<HubEntry> = {}): TestHub {
  const key = generateSigningKey();
  const jwk = { kid: `${name}-1`, alg: 'EdDSA' as const, kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.publicKey) };
  const entry = {
    id: `https://${name}.example`,
    operator: name,
    trust: 100,
    since: '2026-01-01',
    status: 'active',
    keys: [jwk],
    revokedKids: [],
  };
  return { key, entry: { ...(entry as HubEntry), ...more } };
}

export type NymsWorld = Awaited<ReturnType<typeof startNymsWorld>>;

export async function startNymsWorld(options: NymsWorldOptions = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nyms-world-'));
  const database = await createDatabase('nyms');
  const pool = createPool({ url: database.superUrl, max: 2 });
  const clock = new FixedClock(START);
  const keyholder = await NymsKeyholder.start();
  keyholder.day = clock.today();
  const people = await TestPeople.open();
  const { key: operator } = people.of('operator-1');
  const [moderator, answerKey] = [generateSigningKey(), generateSigningKey()];
  const hubs = { one: testHub('one'), two: testHub('two'), suspended: testHub('suspended', { status: 'suspended' }) };
  const file = (name: string, content: string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  let version = 0;
  const writePolicy = (more: Partial<PolicyDocument>) => {
    version += 1;
    const moderators = [{ id: 'mod', key: toBase64Url(moderator.publicKey) }];
    const basics = {
      version,
      domain: DOMAIN,
      audience: AUDIENCE,
      hubs: Object.values(hubs).map(({ entry }) => entry),
      moderators,
    };
    const document = { ...defaultPolicy(basics), parameterSet: 'plain-n2048', ...options.policy, ...more };
    file(`policy-${version}.json`, JSON.stringify(people.policy(document)));
  };
  writePolicy({});
  const issuer = await StreamIssuer.start(clock, PUBLIC_URL);
  const authority = await certificateAuthority(clock.now());
  const certificate = keyholder.certificates.files('nyms');
  const env = {
    NYMS_PORT: '0',
    NYMS_DATABASE_URL: database.urlFor('nyms'),
    ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : { NYMS_QUEUE_DATABASE_URL: database.urlFor('queue') }),
    NYMS_POLICY_DIR: folder,
    NYMS_PEOPLE_FILE: file('people.json', JSON.stringify(people.document)),
    NYMS_KEYHOLDER_URL: keyholder.url,
    NYMS_KEYHOLDER_PIN_FILE: file('keyholder-public.json', keyholder.pin()),
    NYMS_ENFORCEMENT_TICK_MS: String(options.tickMs ?? 3_600_000),
    NYMS_CREDENTIAL_KEY_FILE: file('credential.key', authority.key),
    NYMS_CREDENTIAL_CERT_FILE: file('credential.crt', authority.certificate),
    NYMS_STATUS_PUBLISH_SECONDS: '3600',
    NYMS_ANSWER_KEY_FILE: file('answer.key', answerKey.toPem()),
    NYMS_PUBLIC_URL: PUBLIC_URL,
    NYMS_STREAM_JWKS_URL: issuer.jwksUrl,
    NYMS_STREAM_TOKEN_ISSUER: issuer.issuer,
    NYMS_STREAM_TOKEN_AUDIENCE: PUBLIC_URL,
    NYMS_SET_KEYS_FILE: file('set-keys.pem', setKeysPem),
    NYMS_STREAM_SEAL_KEY_FILE: file('stream-seal-key', toBase64Url(Uint8Array.from(randomBytes(32)))),
    ...(options.hubTokens && { NYMS_HUB_TOKENS_FILE: file('hub-tokens.json', JSON.stringify(options.hubTokens)) }),
    NYMS_TLS_CERT_FILE: certificate.tlsCertFile,
    NYMS_TLS_KEY_FILE: certificate.tlsKeyFile,
    NYMS_TLS_CA_FILE: certificate.tlsCaFile,
  };
  const lines: string[] = [];
  const apps: NestFastifyApplication[] = [];
  const start = async (more: Readonly<Record<string, string>> = {}) => {
    const logger = createLogger({ app: 'nyms', destination: { write: (line: string) => void lines.push(line) } });
    const { hubKeys, outside, push } = options;
    const app = await startNyms({
      ...config.read({ ...env, ...more }),
      production: false,
      logger,
      clock,
      ...(hubKeys && { hubKeys }),
      ...(outside && { outside }),
      push,
    });
    await app.listen(0, '127.0.0.1');
    apps.push(app);
    return { app, url: await app.getUrl() };
  };
  const { app, url } = await start();
  const sign = <S extends Statement>(key: SigningKey, statement: S): Signed<S> => ({
    statement,
    signature: toBase64Url(key.sign(frame(labels.statement, canonicalBytes(statement)))),
  });

  return {
    app,
    url,
    clock,
    keyholder,
    issuer,
    hubs,
    lines,
    pool,
    database,
    authority,
    answerKey,
    keys: { operator, moderator },
    file,
    start,
    /** A JSON request; `body` of another kind goes as it is. */
    async call(
      method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
      where: string,
      more: { body?: unknown; headers?: Record<string, string> } = {},
    ) {
      const { body, headers } = more;
      const response = await fetch(url + where, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, text, headers: response.headers, body: parsed(text) };
    },
    /** What a client sends to redeem; the ticket is whatever bytes. */
    async redeemer(
      keyType: ClientKeyType = 'Ed25519',
      uri = `mimi://${DOMAIN}/p/${nameOf()}`,
      clientUri = clientOf(uri),
    ): Promise<Redeemer> {
      const { pkcs8, spki } = await generateClientKey(keyType);
      const signer = await importClientSigner(pkcs8, spki);
      const proof = toBase64Url(await signer.sign(await possessionMessage(uri, clientUri, spki)));
      const random = (length: number) => toBase64Url(Uint8Array.from(randomBytes(length)));
      return {
        signer,
        body: { wrapped: random(300), uri, salt: random(16), clientUri, publicKey: toBase64Url(spki), proof },
      };
    },
    hubClient: ({ entry, key }: TestHub, more: Partial<HubClientOptions> = {}) =>
      new HubClient({
        hub: entry.id,
        audience: AUDIENCE,
        nyms: url,
        key: { kid: entry.keys[0]!.kid, alg: 'EdDSA', privateKey: createPrivateKey(key.toPem()) },
        now: () => clock.now(),
        retry: { attempts: 1 },
        fetch: (input, init) => fetch(String(input instanceof Request ? input.url : input).replace(PUBLIC_URL, url), init),
        ...more,
      }),
    /** `id` makes it one of a kind; fields replace what it says. */
    statement: <T extends Statement['type']>(type: T, more: object, key = moderator) =>
      sign(key, {
        v: 1,
        id: toBase64Url(Uint8Array.from(randomBytes(16))),
        by: 'mod',
        case: 'c-1',
        reason: '',
        day: clock.today(),
        type,
        ...more,
      } as unknown as Statement),
    setPolicy(more: Partial<PolicyDocument>) {
      writePolicy(more);
      for (const one of apps) one.get(PolicyStore).look();
    },
    query: async <R extends pg.QueryResultRow>(sql: string, values: unknown[] = []) => (await pool.query<R>(sql, values)).rows,
    async stop() {
      for (const one of apps) await one.close();
      await pool.end();
      await database.drop();
      await keyholder.stop();
      await issuer.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

const clientOf = (uri: string): string => `mimi://${DOMAIN}/d/${uri.split('/').at(-1)}/${nameOf()}`;
const nameOf = (): string => Array.from(randomBytes(26), (byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]).join('');

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function certificateAuthority(now: Date): Promise<{ key: string; certificate: string }> {
  const signing = generateSigningKey();
  const pkcs8 = createPrivateKey(signing.toPem()).export({ format: 'der', type: 'pkcs8' });
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  const raw = Buffer.concat([fromHex('302a300506032b6570032100'), signing.publicKey]);
  const publicKey = await webcrypto.subtle.importKey('spki', raw, 'Ed25519', true, ['verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=test CA',
    keys: { privateKey, publicKey } as CryptoKeyPair,
    signingAlgorithm: { name: 'Ed25519' },
    notBefore: new Date(now.getTime() - 86_400_000),
    notAfter: new Date(now.getTime() + 3_650 * 86_400_000),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return { key: signing.toPem(), certificate: certificate.toString('pem') };
}

const fromHex = (hex: string): Buffer => Buffer.from(hex, 'hex');
/** For specs that change a byte of what was sent. */
export const flipped = (base64url: string): string => {
  const bytes = fromBase64Url(base64url);
  bytes[bytes.length - 1]! ^= 1;
  return toBase64Url(bytes);
};
