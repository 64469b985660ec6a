/**
 * A key holder on a database of its own, with a clock that the test moves, and the registrar's and client's half of a mint. Everything
 * goes through the key holder's HTTP routes, as from the processes it serves.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { openCheckpoint, type AuditLeaf } from '#audit';
import { concat, frame, fromBase64Url, labels, toBase64Url } from '#contracts';
import type { Handle, PolicyDocument } from '#contracts';
import { parameterSet } from '#he';
import type { ParameterSetName } from '#he';
import { createLogger, FixedClock, generateSigningKey, Secret } from '#platform';
import type { ServiceAnswer, ServiceRequest, SigningKey } from '#platform';
import { defaultPolicy } from '#policy';
import type { PinnedKeyHolder, SelectorJson } from '#pseudonyms';
import {
  generateClientKey,
  importClientSigner,
  kidOf,
  openReason,
  renewMessage,
  subjectOf,
  ticketIssuer,
  wrapTicket,
} from '#tickets';
import { issueTicket } from '#tickets';
import type { ClientSigner, TicketIssuer } from '#tickets';
import { createPrivateKey } from 'node:crypto';
import { initSecrets } from '../../apps/keyholder/src/keys/secrets-folder.js';
import { readPin } from '../../apps/keyholder/src/keys/pin.js';
import type { KeyholderPin } from '../../apps/keyholder/src/keys/pin.js';
import { autoUnseal } from '../../apps/keyholder/src/sealing/auto-unseal.js';
import type { BudgetSettings } from '../../apps/keyholder/src/budgets/budgets.service.js';
import type { ShadowBudget } from '../../apps/keyholder/src/shadow/shadow-reports.service.js';
import { Upkeep } from '../../apps/keyholder/src/upkeep/upkeep.service.js';
import { startKeyholder } from '../../apps/keyholder/src/start.js';
import { soundEntries, storedLog, trustIn } from './keyholder-log.js';
import type { Certified } from '../../apps/ctl/src/certificates/authority.js';
import { TestCertificates } from '../fakes/certificates.js';
import { LogWitness } from '../fakes/log-witness.js';
import { TestPeople } from '../fakes/people.js';
import { createDatabase } from '../servers/database.js';
import type { TestDatabase } from '../servers/database.js';

export interface WorldOptions {
  readonly parameterSet?: ParameterSetName;
  readonly cohortsPerBlock?: number;
  readonly cohortSlots?: number;
  readonly auditDeadlineMs?: number;
  readonly budgets?: Partial<BudgetSettings>;
  readonly breakGlassPerDay?: number;
  readonly shadow?: Partial<ShadowBudget>;
  readonly limits?: Partial<PolicyDocument['limits']>;
  /** Other members of the first policy, besides the limits. */
  readonly policy?: Partial<PolicyDocument>;
}

export interface Member {
  readonly handle: Handle;
  readonly holder: SigningKey;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly selector: SelectorJson;
}

/** A wrapped ticket, ready to be sent as often as one likes. */
export interface Redemption {
  readonly wrapped: Uint8Array;
  readonly subject: Uint8Array;
  readonly reasonKey: Uint8Array;
  readonly salt: Uint8Array;
  readonly uri: string;
  readonly key: ClientSigner;
}

const pkcs8 = (key: SigningKey): Uint8Array =>
  new Uint8Array(createPrivateKey(key.toPem()).export({ format: 'der', type: 'pkcs8' }));
const octetStream = 'application/octet-stream';
/** Out of the way, but where a test says so. */
const generous: BudgetSettings = {
  mintsPerMinute: 1e6,
  renewalsPerMinute: 1e6,
  enrolmentsPerMinute: 1e6,
  actsPerDay: 1e6,
  selectorsPerEpoch: 1e9,
  decisionsPerEpoch: 1e6,
};

export class World {
  readonly clock = new FixedClock('2026-11-02T12:00:00Z'); // day 20759, day 29 of a period: renewal is open
  readonly ticketKey = generateSigningKey();
  readonly correlator = generateSigningKey();
  readonly witness = generateSigningKey();
  readonly sealKey = new Uint8Array(randomBytes(32));
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'keyholder-'));
  readonly logWitness = new LogWitness();
  pin!: KeyholderPin;
  database!: TestDatabase;
  issuer!: TicketIssuer;
  app!: NestFastifyApplication;
  /** Where the process listens now. */
  url = '';
  certificates!: TestCertificates;
  people!: TestPeople;

  /** `operator-1` of the people. */
  get operator(): SigningKey {
    return this.people.of('operator-1').key;
  }

  sql!: pg.Client;

  private constructor(private readonly options: WorldOptions) {}

  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    world.database = await createDatabase('keyholder');
    world.certificates = await TestCertificates.open();
    world.people = await TestPeople.open();
    world.pin = await initSecrets(path.join(world.folder, 'secrets'), options.parameterSet ?? 'plain-n2048', { mode: 'auto' });
    world.issuer = await ticketIssuer({
      keyHolderId: world.pin.keyHolderId,
      signingKey: pkcs8(world.ticketKey),
      sealKey: world.sealKey,
    });
    world.logWitness.witnesses(world.pin.keyHolderId, world.pin.rootKey);
    await world.logWitness.start();
    await world.writeFiles();
    world.sql = new pg.Client({ connectionString: world.database.superUrl });
    await world.sql.connect();
    world.app = await world.start();
    return world;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.logWitness.close();
    await this.certificates.close();
    await this.sql.end();
    await this.database.drop();
    rmSync(this.folder, { recursive: true });
  }

  /** Stops the process without warning its database, and starts another. */
  async restart(): Promise<void> {
    await this.app.close();
    this.app = await this.start();
  }

  async start(): Promise<NestFastifyApplication> {
    const file = (name: string) => path.join(this.folder, name);
    const { parameterSet: set = 'plain-n2048', cohortsPerBlock = 8, cohortSlots } = this.options;
    const { barrier, ceremony } = await autoUnseal(file('secrets'), false);
    const app = await startKeyholder({
      unsealed: { barrier, ceremony, mode: 'auto', shares: [] },
      settings: {
        port: 0,
        host: '127.0.0.1',
        databaseUrl: this.database.urlFor('keyholder'),
        policyDir: this.folder,
        attestersFile: file('attesters.json'),
        peopleFile: file('people.json'),
        breakGlassPerDay: this.options.breakGlassPerDay ?? 3,
        shadowBudget: 10,
        shadowEpsilon: 100,
        ...this.options.shadow,
        ticketKeysFile: file('ticket-keys.json'),
        logWitnessesFile: file('log-witnesses.json'),
        auditDeadlineMs: this.options.auditDeadlineMs ?? 2_000,
        secretsDir: file('secrets'),
        unseal: 'auto',
        parameterSet: set,
        cohortsPerBlock,
        cohortSlots,
        ...this.certificates.files('keyholder'),
        ...generous,
        ...this.options.budgets,
        threads: 1,
        clockOffsetDays: 0,
        logLevel: 'error',
      },
      secrets: {
        sealKey: new Secret(toBase64Url(this.sealKey)),
        metricsToken: undefined,
      },
      production: false,
      logger: createLogger({ app: 'keyholder', level: 'error' }),
      clock: this.clock,
    });
    this.url = await app.getHttpAdapter().getInstance().listen({ host: '127.0.0.1', port: 0 });
    return app;
  }

  /** An empty one in place of the one that is lost. The process must not run. */
  async replaceDatabase(): Promise<void> {
    await this.sql.end();
    await this.database.drop();
    this.database = await createDatabase('keyholder');
    this.sql = new pg.Client({ connectionString: this.database.superUrl });
    await this.sql.connect();
  }

  /** The database server's side of a crash: every session of the key holder's role is gone. */
  async killConnections(): Promise<void> {
    await this.sql.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'keyholder'`,
    );
  }

  /** What the key holder does by itself when its clock has moved. */
  upkeep(): Promise<void> {
    return this.app.get(Upkeep, { strict: false }).run();
  }

  /** A member of the service: the registrar's handle, the client's holder key, enrolled. */
  async enrol(): Promise<Member> {
    const member = { handle: new Uint8Array(randomBytes(16)) as Handle, holder: generateSigningKey() };
    const { status } = await this.enrolAs(member);
    if (status !== 200) throw new Error(`enrolment was answered ${status}`);
    return member;
  }

  enrolAs({ handle, holder }: Member, proof?: Uint8Array): Promise<Answer> {
    const signed = holder.sign(frame(labels.enrol, this.pin.keyHolderId, holder.publicKey));
    const body = { handle: toBase64Url(handle), holderKey: toBase64Url(holder.publicKey), proof: toBase64Url(proof ?? signed) };
    return this.post('/v1/handles', body, 'registrar');
  }

  dayList = async () => JSON.parse((await this.get('/v1/day-list')).text);

  ticketFor = ({ handle }: Member, day = this.clock.today()): Promise<Uint8Array> => issueTicket(this.issuer, handle, day);

  /** What a client makes of a ticket; `change` spoils it on the way. */
  async redemption(
    { holder }: Pick<Member, 'holder'>,
    ticket: Uint8Array,
    change: { subject?: Uint8Array; redeem?: Uint8Array; to?: { kid: string; key: string }; jti?: Uint8Array } = {},
  ): Promise<Redemption> {
    const { pkcs8: secret, spki } = await generateClientKey('Ed25519');
    const key = await importClientSigner(secret, spki);
    const salt = new Uint8Array(randomBytes(16));
    const uri = `mimi://provider.example/p/${randomBytes(16).toString('hex').slice(0, 26)}`;
    const subject = await subjectOf(salt, uri, spki);
    const redeem =
      change.redeem ?? holder.sign(frame(labels.redeem, change.jti ?? ticket.subarray(9, 25), change.subject ?? subject));
    const to = change.to ?? (await this.dayList()).body.hpke;
    return { ...(await wrapTicket(to, ticket, redeem, subject)), subject, salt, uri, key };
  }

  /** One whole mint of a fresh ticket. */
  async mintFor(member: Member): Promise<{ answer: Answer; redemption: Redemption }> {
    const redemption = await this.redemption(member, await this.ticketFor(member));
    return { answer: await this.mint(redemption), redemption };
  }

  mint({ wrapped, subject }: Pick<Redemption, 'wrapped' | 'subject'>): Promise<Answer> {
    return this.post('/v1/mints', { wrapped: toBase64Url(wrapped), subject: toBase64Url(subject) }, 'nyms');
  }

  async renew(selector: SelectorJson, redemption: Redemption, period: number, change: object = {}): Promise<Answer> {
    const { salt, uri, key } = redemption;
    const signature = toBase64Url(await key.sign(renewMessage(uri, period)));
    const body = { selector, salt: toBase64Url(salt), uri, publicKey: toBase64Url(key.spki), period, signature, ...change };
    return this.post('/v1/renewals', body, 'nyms');
  }

  /** What others check selectors against. */
  get pinned(): PinnedKeyHolder {
    const { keyHolderId, parameterSet: set, selectorKeys } = this.pin;
    const selectorKeyOf = (epoch: number) => selectorKeys.find(({ keyEpoch }) => keyEpoch === epoch)?.key;
    return { keyHolderId, parameterSet: set, selectorBytes: parameterSet(set).selectorBytes, selectorKeyOf };
  }

  /** The pin as the key holder has it now. */
  readPin(): void {
    this.pin = readPin(readFileSync(path.join(this.folder, 'secrets', 'keyholder-public.json'), 'utf8'));
  }

  /** What the client reads in a refusal. */
  reason({ text }: Answer, { reasonKey }: Pick<Redemption, 'reasonKey'>): Promise<string | undefined> {
    return openReason(reasonKey, fromBase64Url(JSON.parse(text).sealedReason));
  }

  /** The whole log, once it is cosigned to its end; checked against its checkpoints, the root key and the log witness. */
  async audit(): Promise<AuditLeaf[]> {
    const [row] = await this.rows('SELECT generation FROM keyholder.state');
    const trust = trustIn(this.pin, this.logWitness, row?.['generation'] as number);
    for (const until = performance.now() + 20_000; ;) {
      const log = await storedLog(this.sql);
      const newest = log.checkpoints.at(-1);
      if (newest !== undefined) {
        const entries = await soundEntries(log, trust);
        if (openCheckpoint(newest, trust).checkpoint.size === entries.length) return entries;
      }
      if (performance.now() > until) throw new Error('the log is not cosigned to its end');
      await wait(20);
    }
  }

  async rows(query: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.sql.query(query, values)).rows;
  }

  /** As one of our processes, with its certificate. */
  request(as: Certified, url: string, request: ServiceRequest = {}): Promise<ServiceAnswer> {
    return this.certificates.client(as, 'keyholder', this.url).request(url, request);
  }

  async post(url: string, payload: object, as: Certified): Promise<Answer> {
    const response = await this.request(as, url, { type: 'application/json', body: JSON.stringify(payload) });
    return answer(response.status, await response.text());
  }

  async send(url: string, body: Uint8Array, as: Certified): Promise<Answer> {
    const response = await this.request(as, url, { type: octetStream, body });
    return answer(response.status, await response.text());
  }

  async get(url: string, as: Certified = 'nyms', headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const response = await this.request(as, url, { headers });
    return answer(response.status, await response.text());
  }

  /** Puts an approved policy into the folder that the key holder watches. */
  install(document: PolicyDocument): void {
    const file = path.join(this.folder, `policy-${document.version}.json`);
    writeFileSync(file, JSON.stringify(this.people.policy(document)));
  }

  private async writeFiles(): Promise<void> {
    const write = (name: string, value: unknown) => writeFileSync(path.join(this.folder, name), JSON.stringify(value));
    const base = defaultPolicy({ domain: 'provider.example', audience: 'https://provider.example' });
    const document = {
      ...base,
      parameterSet: this.options.parameterSet ?? 'plain-n2048',
      limits: { ...base.limits, ...this.options.limits },
      ...this.options.policy,
    };
    this.install(document);
    write('people.json', this.people.document);
    const attester = (id: string, { publicKey: key }: SigningKey) => ({ id, key: toBase64Url(key) });
    write('attesters.json', {
      correlators: [attester('correlator-1', this.correlator)],
      witnesses: [attester('witness-1', this.witness)],
      needed: 1,
    });
    write('log-witnesses.json', { needed: 1, witnesses: [this.logWitness.pinned] });
    const { publicKey } = this.ticketKey;
    write('ticket-keys.json', [{ kid: await kidOf(publicKey), key: toBase64Url(publicKey) }]);
  }
}

const answer = (status: number, text: string): Answer => ({
  status,
  text,
  get selector(): SelectorJson {
    if (status !== 200) throw new Error(`no selector, but an answer ${status}`);
    return JSON.parse(text);
  },
});

/** A ticket with some bytes changed and signed again, or not. */
export function altered(ticket: Uint8Array, at: number, bytes: Uint8Array, signer?: SigningKey): Uint8Array {
  const head = Uint8Array.from(ticket.subarray(0, ticket.length - 64));
  head.set(bytes, at);
  return concat(head, signer ? signer.sign(frame(labels.ticket, head)) : ticket.subarray(ticket.length - 64));
}
