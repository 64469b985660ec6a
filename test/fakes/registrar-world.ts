/** One or more registrars on a real PostgreSQL database, with a fake key holder and an identity provider of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type pg from 'pg';
import { toBase64Url } from '#contracts';
import type { PolicyDocument } from '#contracts';
import { createLogger, createPool, FixedClock, generateSigningKey, Secret } from '#platform';
import { defaultPolicy, PolicyStore } from '#policy';
import { generateSigningKey as newHolderKey, importSigner, randomBytes, signEnrolment } from '#tickets';
import type { Signer } from '#tickets';
import { ReleasePoller } from '../../apps/registrar/src/releases/release-poller.js';
import { startRegistrar } from '../../apps/registrar/src/start.js';
import { createDatabase } from '../servers/database.js';
import { FakeKeyholder } from './keyholder-server.js';
import { TestPeople } from './people.js';

const audience = 'https://accounts.example';

export type RegistrarWorld = Awaited<ReturnType<typeof startRegistrarWorld>>;

export async function startRegistrarWorld() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'registrar-world-'));
  const database = await createDatabase('registrar');
  const pool = createPool({ url: database.superUrl, max: 2 });
  const clock = new FixedClock('2026-05-04T12:00:00Z');
  const people = await TestPeople.open();
  const ticketKey = generateSigningKey();
  const keyholder = await FakeKeyholder.start(ticketKey.publicKey, () => clock.today());
  const provider = await identityProvider();
  const policyFile = (version: number) => path.join(folder, `policy-${version}.json`);
  const writePolicy = (version: number, limits: Partial<PolicyDocument['limits']>) => {
    const document = defaultPolicy({ version, domain: 'provider.example', audience: 'https://nyms.example' });
    const changed = { ...document, limits: { ...document.limits, ...limits } };
    writeFileSync(policyFile(version), JSON.stringify(people.policy(changed)));
  };
  writePolicy(1, {});
  const peopleFile = path.join(folder, 'people.json');
  writeFileSync(peopleFile, JSON.stringify(people.document));
  const apps: NestFastifyApplication[] = [];
  const lines: string[] = [];

  const start = async () => {
    const app = await startRegistrar({
      settings: {
        port: 0,
        host: '127.0.0.1',
        databaseUrl: database.urlFor('registrar'),
        policyDir: folder,
        peopleFile,
        jwksUrl: provider.jwksUrl,
        tokenIssuer: provider.issuer,
        tokenAudience: audience,
        keyholderUrl: keyholder.url,
        ...keyholder.certificates.files('registrar'),
        appealUrl: 'https://help.example/appeal',
        releasePollMs: 3_600_000,
        clockOffsetDays: 0,
        logLevel: 'info',
      },
      secrets: {
        ticketKey: new Secret(ticketKey.toPem()),
        sealKey: new Secret(toBase64Url(randomBytes(32))),
        contactKey: new Secret(toBase64Url(randomBytes(32))),
        metricsToken: undefined,
      },
      production: false,
      logger: createLogger({ app: 'registrar', destination: { write: (line: string) => void lines.push(line) } }),
      clock,
    });
    apps.push(app);
    return app;
  };
  const app = await start();

  const call = async (
    method: 'GET' | 'POST',
    url: string,
    { token, body, on = app }: { token?: string; body?: unknown; on?: NestFastifyApplication } = {},
  ) => {
    const response = await on.inject({
      method,
      url,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(body !== undefined && { payload: body as object }),
    });
    return { status: response.statusCode, body: response.json() as Record<string, unknown>, headers: response.headers };
  };
  const enrolmentOf = async (holder: Signer) => ({
    holderKey: toBase64Url(holder.publicKey),
    proof: toBase64Url(await signEnrolment(holder, keyholder.keyHolderId)),
  });

  return {
    app,
    clock,
    keyholder,
    lines,
    provider,
    ticketKey,
    start,
    call,
    enrolmentOf,
    newHolder: async () => importSigner(await newHolderKey()),
    /** An access token; `claims` replace what it says. */
    token: provider.mint,
    /** Enrols a fresh account and gives its token and handle. */
    async enrolled(subject: string) {
      const token = await provider.mint(subject);
      const body = await enrolmentOf(await importSigner(await newHolderKey()));
      const { status } = await call('POST', '/v1/enrolment', { token, body });
      if (status !== 200) throw new Error(`enrolment answered ${status}`);
      const [row] = (await pool.query<{ handle: Buffer }>('SELECT handle FROM registrar.accounts WHERE subject = $1', [subject]))
        .rows;
      return { token, handle: new Uint8Array(row!.handle) };
    },
    setLimits(version: number, limits: Partial<PolicyDocument['limits']>) {
      writePolicy(version, limits);
      for (const one of apps) one.get(PolicyStore).look();
    },
    applyReleases: (on = app) => on.get(ReleasePoller).applyAll(),
    query: async <R extends pg.QueryResultRow>(sql: string, values: unknown[] = []) => (await pool.query<R>(sql, values)).rows,
    /** A connection of one's own; `release()` it. */
    connect: () => pool.connect(),
    /** Resolves once so many sessions of this database wait for a lock. */
    async waiting(sessions: number) {
      for (const end = performance.now() + 30_000; performance.now() < end;) {
        const { rows } = await pool.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        if (rows[0]!.n >= sessions) return;
      }
      throw new Error(`there are never ${sessions} sessions that wait for a lock`);
    },
    async stop() {
      for (const one of apps) await one.close();
      await pool.end();
      await database.drop();
      await keyholder.stop();
      provider.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** JWKS over http on the loopback interface, and tokens its key signs. */
async function identityProvider() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'EdDSA', use: 'sig' }] };
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jwks)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const now = new Date('2026-05-04T12:00:00Z').getTime() / 1_000;
  return {
    issuer,
    jwksUrl: `${issuer}/jwks.json`,
    /** Long-lived: the clock of these tests moves by days. */
    mint: (subject: string, claims: Record<string, unknown> = {}) =>
      new SignJWT({ iss: issuer, aud: audience, sub: subject, iat: now, exp: now + 90 * 86_400, ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'one', typ: 'at+jwt' })
        .sign(privateKey),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
