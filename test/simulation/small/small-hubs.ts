/** Hubs, a moderator and an operator of a small world: they sign, and what nyms has answered for is written down. */
import { randomBytes, sign } from 'node:crypto';
import { canonicalBytes, frame, labels, toBase64Url } from '#contracts';
import type { SignalStatement } from '#contracts';
import { hubOf } from '#policy';
import type { SelectorJson } from '#pseudonyms';
import { HubKeys, SetRefused, verifySet } from '#signals';
import type { VerifiedSet } from '#signals';
import type { Redemption } from '../../integration/keyholder-minting-world.js';
import type { Ground } from './ground.js';
import { hubCount } from './ground.js';
import type { History, ToldSet } from '../judge/history.js';
import { eventOf, signedSet } from '../judge/signals.js';
import type { Told } from '../judge/signals.js';
import type { Forgery, Operation } from './operations.js';
import type { Intake } from './processes.js';

interface Sent extends ToldSet {
  readonly token: string;
}

export class SmallHubs {
  private serial = 0;

  constructor(
    private readonly ground: Ground,
    private readonly history: History,
  ) {}

  async make(hub: number, uri: string, kind: Told, more: { names?: string; jti?: string } = {}): Promise<Sent> {
    const { names, jti = `set-${++this.serial}` } = more;
    const token = this.token(hub, jti, uri, eventOf(kind, uri, names));
    return { hub, jti, uri, kind, token, ...(names !== undefined && { names }) };
  }

  /** Until nyms says that it is stored. What nyms refuses was never said. */
  async push(set: ToldSet, intake: Intake): Promise<void> {
    const verified = await this.verify((set as Sent).token);
    if (!verified) return;
    const stored = await intake.signals.store(verified, this.ground.clock.today());
    const known = this.history.find(set.hub, set.jti);
    if (known && stored !== 'replayed') throw new Error('a replayed SET was stored again');
    if (!known) this.history.sets.push(set);
  }

  async forge({ hub, how }: { hub: number; how: Forgery }, uri: string): Promise<void> {
    const token = this.token(hub, `forged-${++this.serial}`, uri, eventOf('verified', uri), how);
    if (await this.verify(token)) throw new Error(`a forged SET was taken: ${how}`);
  }

  async rule({ set: at, ruling, again }: Extract<Operation, { op: 'rule' }>, intake: Intake): Promise<void> {
    const set = await this.heldSet(at);
    if (!set) return;
    const statement: SignalStatement = {
      v: 1,
      id: randomBytes(16).toString('base64url'),
      by: 'mod-1',
      case: 'case-1',
      reason: 'looked at',
      day: this.ground.clock.today(),
      type: `${ruling}-signal`,
      hub: this.history.hubId(set.hub),
      jti: set.jti,
    };
    const signature = toBase64Url(this.ground.moderator.sign(frame(labels.statement, canonicalBytes(statement))));
    const decided = await intake.signals.decide({ statement, signature });
    if (again && (await intake.signals.decide({ statement, signature })) !== decided) throw new Error('a ruling was taken once');
    const before = this.history.rulings.some((one) => one.set === set);
    if (decided === 'decided' && before) throw new Error('a second ruling on one signal was taken');
    if (decided === 'decided') this.history.rulings.push({ set, ruling });
  }

  /** An operator's word about the account behind a pseudonym; it is taken once, however often it comes. */
  async reinstate(selector: SelectorJson, { uri, salt, key }: Redemption): Promise<void> {
    const { operator, clock } = this.ground.world;
    const id = randomBytes(16).toString('base64url');
    const statement = {
      v: 1,
      id,
      by: 'operator-1',
      case: 'case-1',
      reason: 'appeal upheld',
      day: clock.today(),
      type: 'reinstate',
      uri,
    };
    const signature = toBase64Url(operator.sign(frame(labels.statement, canonicalBytes(statement))));
    const body = { statement, signature, selector, salt: toBase64Url(salt), publicKey: toBase64Url(key.spki) };
    for (const time of ['first', 'second']) {
      const { status } = await this.ground.world.post('/v1/acts', body, 'nyms');
      if (status !== 200) throw new Error(`a reinstatement was answered ${status} the ${time} time`);
    }
  }

  /** One that waits for a moderator, as far as the service knows; else any. */
  private async heldSet(at: number): Promise<ToldSet | undefined> {
    const rows = await this.ground.nyms<{ jti: string }>(`SELECT jti FROM signals.sets WHERE state = 'held'`);
    const waiting = this.history.sets.filter(({ jti }) => rows.some((row) => row.jti === jti));
    const { sets } = this.history;
    return waiting.length > 0 ? waiting[at % waiting.length] : sets[at % (sets.length || 1)];
  }

  private async verify(token: string): Promise<VerifiedSet | undefined> {
    const keys = new HubKeys();
    const { policy } = this.history;
    try {
      return await verifySet(token, {
        audience: policy.audience,
        now: this.ground.clock.now(),
        hubOf: (issuer) => hubOf(policy, issuer),
        keyOf: (hub, kid) => keys.keyOf(hub, kid),
      });
    } catch (error) {
      if (error instanceof SetRefused) return undefined;
      throw error;
    }
  }

  private token(hub: number, jti: string, uri: string, event: readonly [string, object], how?: Forgery): string {
    const { policy } = this.history;
    const seconds = Math.floor(this.ground.clock.now().getTime() / 1_000);
    const signer = this.ground.hubKeys[how === 'other-key' ? (hub + 1) % hubCount : hub]!;
    const content = {
      hub: this.history.hubId(hub),
      audience: how === 'other-audience' ? 'https://elsewhere.example' : policy.audience,
      kid: 'k',
      jti,
      uri,
      issuedAt: how === 'future' ? seconds + 3_600 : seconds,
      event,
    };
    return signedSet(content, (input) => sign(null, input, signer.privateKey));
  }
}
