/**
 * Correlator and witness on a real nyms database, each with its own role: pseudonyms with signed selectors, hubs that sign SETs, a policy
 * folder, and the decision side of a key holder (tallies-keyholder.ts), so that a test compares what was folded with what it meant.
 */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { canonicalBytes, frame, labels, toBase64Url, type EventType, type PolicyDocument, type Side } from '#contracts';
import { openScheme, parameterSet, type EvaluationScheme, type ParameterSetName } from '#he';
import { createPool, FixedClock, generateSigningKey, type SigningKey } from '#platform';
import { defaultPolicy, pinnedPeople, PolicyStore } from '#policy';
import { selectorMessage } from '#pseudonyms';
import { decisionHashOf, setHashOf } from '#signals';
import type { KeyHolderPin } from '#tallies';
import { signSet } from '#hub-sdk';
import { createSecretScheme, type SecretScheme } from '../../apps/keyholder/src/secret-key/index.js';
import { TestPeople } from '../fakes/people.js';
import { createDatabase, type TestDatabase } from '../servers/database.js';
import { TalliesKeyholder } from './tallies-keyholder.js';

export interface Pseudonym {
  readonly uri: string;
  readonly salt: Uint8Array;
  readonly spki: Uint8Array;
  readonly subject: Uint8Array;
  readonly cohort: number;
  readonly slot: number;
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
export const hubId = (i: number) => `https://hub-${i}.example`;
const audience = 'https://provider.example';

export class TalliesWorld {
  readonly clock = new FixedClock('2026-11-02T12:00:00Z'); // day 20759
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'tallies-'));
  readonly correlatorKey = generateSigningKey();
  readonly witnessKey = generateSigningKey();
  readonly selectorKey = generateSigningKey();
  readonly moderatorKey = generateSigningKey();
  people!: TestPeople;
  private readonly hubKeys: KeyObject[] = [];
  readonly stores: PolicyStore[] = [];
  private serial = 0;

  readonly keyholder: TalliesKeyholder;

  private constructor(
    readonly database: TestDatabase,
    /** As nyms writes. */
    readonly nyms: pg.Pool,
    readonly secret: SecretScheme,
    readonly scheme: EvaluationScheme,
    readonly pin: KeyHolderPin,
    public policy: PolicyDocument,
  ) {
    this.keyholder = new TalliesKeyholder(pin, secret, this);
  }

  /** What was last submitted to the key holder for a side: `cohort hub` → totals by slot. */
  totals(side: Side = 'negative'): ReturnType<TalliesKeyholder['totals']> {
    return this.keyholder.totals(side);
  }

  static async open(setName: ParameterSetName = 'plain-n2048', hubs = 3): Promise<TalliesWorld> {
    const database = await createDatabase('nyms');
    const nyms = createPool({ url: database.urlFor('nyms'), max: 4 });
    nyms.on('error', () => undefined);
    const secret = await createSecretScheme(setName);
    const scheme = await openScheme(setName, { threads: 2 });
    const pairs = Array.from({ length: hubs }, () => generateKeyPairSync('ed25519'));
    const base = defaultPolicy({
      domain: 'provider.example',
      audience,
      hubs: pairs.map(({ publicKey }, i) => ({
        id: hubId(i),
        operator: `operator-${i}`,
        trust: 100,
        since: '2025-01-01',
        status: 'active',
        keys: [{ ...(publicKey.export({ format: 'jwk' }) as { kty: string }), kid: `k${i}`, alg: 'EdDSA' }],
        revokedKids: [],
      })),
    });
    const policy: PolicyDocument = {
      ...base,
      parameterSet: setName,
      minPseudonyms: 1,
      windowEpochs: 4,
      decay: { scale: 16, table: [16, 12, 8, 4] },
      positive: { ...base.positive, everyEpochs: 1 },
      hold: [{ hubVerified: false, reasons: ['other'] }],
      newOperatorDays: 0,
    };
    const selectorKey = generateSigningKey();
    const pin: KeyHolderPin = {
      keyHolderId: 'kh-test',
      parameterSet: setName,
      selectorKeyOf: (keyEpoch) => (keyEpoch === 1 ? selectorKey.publicKey : undefined),
      selectorBytes: parameterSet(setName).selectorBytes,
    };
    const world = new TalliesWorld(database, nyms, secret, scheme, pin, policy);
    Object.assign(world, { selectorKey });
    world.hubKeys.push(...pairs.map(({ privateKey }) => privateKey));
    world.policy = { ...policy, moderators: [{ id: 'mod-1', key: toBase64Url(world.moderatorKey.publicKey) }] };
    mkdirSync(path.join(world.folder, 'policy'));
    world.people = await TestPeople.open();
    writeFileSync(path.join(world.folder, 'people.json'), JSON.stringify(world.people.document));
    world.install(world.policy);
    return world;
  }

  async close(): Promise<void> {
    for (const store of this.stores) store.close();
    await Promise.all([this.secret.close(), this.scheme.close(), this.nyms.end()]);
    await this.database.drop();
    rmSync(this.folder, { recursive: true });
  }

  /** Has a policy approved and puts it into the folder; every store sees it at once, or each when it next looks. */
  install(policy: PolicyDocument, seen: 'at once' | 'later' = 'at once'): void {
    this.policy = policy;
    const approved = this.people.policy(policy);
    writeFileSync(path.join(this.folder, 'policy', `policy-${policy.version}.json`), JSON.stringify(approved));
    if (seen === 'at once') for (const store of this.stores) store.look();
  }

  openPolicies(): PolicyStore {
    const people = pinnedPeople(path.join(this.folder, 'people.json'));
    const store = new PolicyStore({ folder: path.join(this.folder, 'policy'), people, production: false }).open();
    this.stores.push(store);
    return store;
  }

  /** A pseudonym with a selector of this period in this place; stored as nyms does. */
  async mint(cohort: number, slot: number, { period = 691, store = true } = {}): Promise<Pseudonym> {
    const uri = `mimi://provider.example/p/${randomBytes(13).toString('hex')}`;
    const salt = new Uint8Array(randomBytes(16));
    const spki = new Uint8Array(generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }));
    const subject = sha256(frame(labels.subject, salt, uri, sha256(spki)));
    const pseudonym = { uri, salt, spki, subject, cohort, slot };
    if (store) await this.storePseudonym(pseudonym, period);
    return pseudonym;
  }

  async storePseudonym({ uri, salt, spki, subject, ...rest }: Pseudonym, period = 691): Promise<void> {
    await this.nyms.query(
      'INSERT INTO pseudonyms.pseudonyms (uri, subject, salt, spki, expiry_day) VALUES ($1, $2, $3, $4, 20900)',
      [uri, subject, salt, spki],
    );
    await this.addSelector({ uri, salt, spki, subject, ...rest }, period);
  }

  /** One more selector of a pseudonym: `change` spoils it after it was signed. */
  async addSelector(
    pseudonym: Pseudonym,
    period: number,
    change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
  ): Promise<void> {
    const { uri, subject, cohort, slot } = pseudonym;
    const bytes = await this.secret.encryptSelector(slot);
    const selectorId = new Uint8Array(randomBytes(16)) as never;
    const selector = { selectorId, keyEpoch: 1, cohort, period, expiryDay: 20_900, subject, bytes };
    const signature = this.selectorKey.sign(selectorMessage(this.pin, selector));
    await this.nyms.query(
      `INSERT INTO pseudonyms.selectors (selector_id, uri, key_epoch, cohort, period, expiry_day, bytes, signature)
       VALUES ($1, $2, 1, $3, $4, 20900, $5, $6)`,
      [selectorId, uri, cohort, period, change(bytes), signature],
    );
  }

  /** A signed SET, stored as nyms does. @returns its jti */
  async signal(
    hub: number,
    uri: string,
    type: EventType,
    payload: object,
    { jti = `set-${++this.serial}`, signer = hub } = {},
  ): Promise<string> {
    const key = { kid: `k${hub}`, alg: 'EdDSA' as const, privateKey: this.hubKeys[signer] as KeyObject };
    const content = { issuer: hubId(hub), audience, uri, type, payload, issuedAt: this.clock.now(), jti };
    const { token } = await signSet(key, content);
    const names = 'jti' in payload ? payload.jti : null;
    await this.nyms.query(
      `INSERT INTO signals.sets (id, hub, jti, uri, event_type, names, token, set_hash, jwk, received_day)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [randomBytes(16), hubId(hub), jti, uri, type, names, token, setHashOf(token), {}, this.clock.today()],
    );
    return jti;
  }

  /** A moderator's decision, stored as nyms does. */
  async decide(
    type: 'release-signal' | 'reject-signal',
    hub: number,
    jti: string,
    key: SigningKey = this.moderatorKey,
  ): Promise<void> {
    const id = randomBytes(16).toString('base64url');
    const statement = {
      v: 1 as const,
      id,
      by: 'mod-1',
      case: 'c-1',
      reason: 'seen',
      day: this.clock.today(),
      type,
      hub: hubId(hub),
      jti,
    };
    const signature = toBase64Url(key.sign(frame(labels.statement, canonicalBytes(statement))));
    await this.nyms.query(
      'INSERT INTO signals.decisions (statement_id, hub, jti, body, signature, decision_hash) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, hubId(hub), jti, statement, signature, decisionHashOf(statement)],
    );
  }

  async stateOf(jti: string): Promise<string | undefined> {
    const { rows } = await this.nyms.query<{ state: string }>('SELECT state::text AS state FROM signals.sets WHERE jti = $1', [
      jti,
    ]);
    return rows[0]?.state;
  }

  /** Files for the real processes. */
  file(name: string, content: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }
}

export const pemOf = (key: SigningKey): string =>
  createPrivateKey(key.toPem()).export({ format: 'pem', type: 'pkcs8' }).toString();
export const publicText = (key: SigningKey): string => toBase64Url(key.publicKey);
