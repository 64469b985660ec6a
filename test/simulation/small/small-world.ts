/** Plays a script on real databases and writes down what has happened. What the services made of it is compared in checks.ts. */
import { fromSelectorJson, toSelectorJson } from '#pseudonyms';
import type { Selector } from '#pseudonyms';
import type { PolicyDocument } from '#contracts';
import type { Member, Redemption } from '../../integration/keyholder-minting-world.js';
import type { Ground } from './ground.js';
import { hubCount } from './ground.js';
import { History } from '../judge/history.js';
import type { ToldSet } from '../judge/history.js';
import { decidedEpochs, expectedCommended, expectedStandings } from '../judge/judged.js';
import type { Judged } from '../judge/judged.js';
import { Oracle } from '../judge/oracle.js';
import { openCorrelator, openIntake, openWitness } from './processes.js';
import type { Correlator, Intake, Witness } from './processes.js';
import type { Death, Operation, Script, Step } from './operations.js';
import { changed } from './small-policy.js';
import { SmallHubs } from './small-hubs.js';

/** Rounds after which a world that still has work is stuck. */
const mostRounds = 12;

export class SmallWorld implements Judged {
  readonly history: History;
  readonly oracle: Oracle;
  private readonly members: Member[] = [];
  /** As the clients remember them, in the order of the history's. */
  private readonly held: { readonly selector: Selector; readonly redemption: Redemption }[] = [];
  private readonly hubs: SmallHubs;
  private intake: Intake;
  private correlator: Correlator;
  private witness: Witness;

  private constructor(
    readonly ground: Ground,
    policy: PolicyDocument,
  ) {
    this.history = new History(policy);
    this.oracle = new Oracle(this.history);
    this.hubs = new SmallHubs(ground, this.history);
    this.intake = openIntake(ground);
    this.correlator = openCorrelator(ground);
    this.witness = openWitness(ground);
  }

  nyms = <R extends object>(query: string, values: unknown[] = []): Promise<R[]> => this.ground.nyms<R>(query, values);
  keyholder = <R extends object>(query: string, values: unknown[] = []): Promise<R[]> =>
    this.ground.keyholderRows<R>(query, values);
  get rootKey(): Uint8Array {
    return this.ground.world.pin.rootKey;
  }
  handles = (): Promise<Uint8Array[]> => Promise.resolve(this.members.map(({ handle }) => handle));

  static async begin(ground: Ground, { accounts, minPseudonyms }: Script): Promise<SmallWorld> {
    const world = new SmallWorld(ground, await ground.clear(minPseudonyms));
    await Promise.all(accounts.map(() => world.enrol()));
    const wanted = accounts.flatMap((pseudonyms, account) => Array.from({ length: pseudonyms }, () => account));
    await Promise.all(wanted.map((account) => world.mint(account, false)));
    return world;
  }

  async end(): Promise<void> {
    await Promise.all([this.intake.close(), this.correlator.close(), this.witness.close()]);
  }

  async play(operation: Operation): Promise<void> {
    switch (operation.op) {
      case 'enrol':
        return this.enrol();
      case 'mint':
        return this.mint(operation.account % this.members.length, operation.lost);
      case 'push':
        return this.push(operation);
      case 'forge':
        return this.hubs.forge(operation, this.uriAt(operation.about));
      case 'replay':
        return this.replay(operation);
      case 'take-back':
        return this.takeBack(operation);
      case 'rule':
        await this.correlator.weighing.drain(); // a moderator sees what is weighed
        return this.hubs.rule(operation, this.intake);
      case 'reinstate':
        return this.reinstate(operation.account);
      case 'policy':
        this.history.policy = changed(this.history.policy, operation.change, operation.hub % hubCount);
        return this.ground.install(this.history.policy);
      case 'step':
        return this.step(operation);
      case 'keyholder-dies':
        return this.decideWithDyingKeyholder(operation.death);
      case 'restart':
        return this.restart();
      case 'epoch':
        await this.correlator.closing.close();
        await this.noteClosed();
        return this.settle();
    }
  }

  /** Everything runs until nobody has anything to do. */
  async settle(): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      if (round > 0) await this.restart(); // nothing is lost, and nobody waits any more
      await this.correlator.weighing.drain();
      await this.witness.inspecting.inspectNext();
      await this.correlator.pipeline.advance();
      await this.witness.attesting.attestNext();
      await this.correlator.pipeline.advance();
      if (!(await this.hasWork())) return;
    }
    if (this.history.epochs.at(-1) === this.history.policy) throw new Error('there is still work, and nobody does it');
  }

  private async hasWork(): Promise<boolean> {
    const { correlator, witness } = this;
    return (
      (await correlator.weighing.hasWork()) ||
      (await witness.inspecting.hasOpenEpoch()) ||
      (await witness.attesting.hasOpenTree()) ||
      (await correlator.pipeline.hasOpenEpoch())
    );
  }

  /** Whatever stands in the database as closed is closed, whether or not whoever asked for it heard so. */
  async noteClosed(): Promise<void> {
    const rows = await this.nyms('SELECT epoch FROM tallies.manifests ORDER BY epoch');
    while (this.history.newest < rows.length) this.history.closed();
  }

  private async enrol(): Promise<void> {
    this.members.push(await this.ground.world.enrol());
  }

  private async mint(account: number, lost: boolean): Promise<void> {
    const member = this.members[account]!;
    const { world, pin } = this.ground;
    const { answer, redemption } = await world.mintFor(member);
    const again = lost ? await world.mint(redemption) : answer;
    if (again.status !== answer.status) throw new Error(`a mint was answered ${answer.status}, then ${again.status}`);
    const expected = await this.mayMint(account);
    if ((answer.status === 200) !== expected) throw new Error(`a mint was answered ${answer.status}`);
    if (answer.status !== 200) return;
    const first = fromSelectorJson(answer.selector, pin.selectorBytes);
    const selector = fromSelectorJson(again.selector, pin.selectorBytes);
    if (Buffer.compare(first.selectorId, selector.selectorId) !== 0) throw new Error('one ticket gave two selectors');
    const { uri, salt, key } = redemption;
    const written = await this.intake.pseudonyms.add({
      uri,
      salt,
      clientUri: uri.replace('/p/', '/d/') + '/1',
      spki: key.spki,
      selector,
    });
    if (written !== 'written') throw new Error(`a pseudonym was not stored: ${written}`);
    this.history.pseudonyms.push({ uri, account, cohort: selector.cohort });
    this.held.push({ selector, redemption });
  }

  /** Suspended ones get none, others up to the free number, and up to the most with a positive standing. */
  private async mayMint(account: number): Promise<boolean> {
    const { freePseudonyms, maxPseudonyms } = this.history.policy.limits;
    const live = this.history.pseudonyms.filter((one) => one.account === account).length;
    const { suspended, reinstated } = await expectedStandings(this);
    if (suspended.has(account) || live >= maxPseudonyms) return false;
    const extra = freePseudonyms * reinstated.filter((one) => one === account).length;
    return live < freePseudonyms + extra || (await expectedCommended(this)).has(account);
  }

  /** Blindly, by a pseudonym of it; the same statement comes twice. */
  private async reinstate(place: number): Promise<void> {
    const suspended = [...(await expectedStandings(this)).suspended];
    const account = suspended.length > 0 ? suspended[place % suspended.length]! : place % this.members.length;
    const { selector, redemption } = this.held[this.history.pseudonyms.findIndex((one) => one.account === account)] ?? {};
    if (!selector || !redemption) return;
    const after = (await decidedEpochs(this, 'negative')).at(-1) ?? 0;
    await this.hubs.reinstate(toSelectorJson(selector), redemption);
    this.history.reinstatements.push({ account, after });
  }

  private uriAt(about: number): string {
    const { pseudonyms } = this.history;
    return pseudonyms[about % (pseudonyms.length + 1)]?.uri ?? 'mimi://provider.example/p/nobody-knows-this-one';
  }

  private async push({ hubs, about, kind, death }: Extract<Operation, { op: 'push' }>): Promise<void> {
    const uri = this.uriAt(about);
    for (let hub = 0; hub < hubCount; hub++) {
      if ((hubs & (1 << hub)) === 0) continue;
      const set = await this.hubs.make(hub, uri, kind);
      await this.deliver(set, death);
    }
  }

  /** The first SET of a jti stays, whatever comes later. */
  private async replay({ set: at, other }: Extract<Operation, { op: 'replay' }>): Promise<void> {
    const told = this.history.sets[at % (this.history.sets.length || 1)];
    if (!told) return;
    const again = other ? await this.hubs.make(told.hub, this.uriAt(at), 'hub-ban', { jti: told.jti }) : told;
    await this.deliver(again);
  }

  private async takeBack({ set: at, by, foreign }: Extract<Operation, { op: 'take-back' }>): Promise<void> {
    const named = this.history.sets[at % (this.history.sets.length || 1)];
    if (!named) return;
    const hub = foreign ? (named.hub + 1) % hubCount : named.hub;
    await this.deliver(await this.hubs.make(hub, named.uri, by, { names: named.jti }));
  }

  /** As a hub does: again, until it is told that the SET is stored. */
  private async deliver(set: ToldSet | undefined, death?: Death): Promise<void> {
    if (!set) return;
    if (death) {
      const dying = openIntake(this.ground, death);
      await this.hubs.push(set, dying).catch(() => undefined);
      await dying.close();
    }
    await this.hubs.push(set, this.intake);
  }

  private async restart(): Promise<void> {
    await this.correlator.close();
    await this.witness.close();
    this.correlator = openCorrelator(this.ground);
    this.witness = openWitness(this.ground);
  }

  private async step({ step, twice, death }: Extract<Operation, { op: 'step' }>): Promise<void> {
    const first = openCorrelator(this.ground, death);
    const watching = openWitness(this.ground, death);
    const run = runStep(step, first, watching);
    const dying = death ? run.catch(() => undefined) : run;
    if (twice !== 'together') await dying;
    const again = twice === 'no' ? undefined : runStep(step, this.correlator, this.witness);
    await Promise.all([dying, again]);
    await first.close();
    await watching.close();
    await this.noteClosed();
  }

  private async decideWithDyingKeyholder(death: Death): Promise<void> {
    await this.ground.doomKeyholder(death);
    const correlator = openCorrelator(this.ground);
    await correlator.pipeline.advance();
    await correlator.close();
    await this.ground.restartKeyholder();
  }
}

/** What the sweepers and jobs of the processes run. */
async function runStep(step: Step, correlator: Correlator, witness: Witness): Promise<unknown> {
  switch (step) {
    case 'weigh':
      return correlator.weighing.drain();
    case 'close':
      return correlator.closing.close();
    case 'inspect':
      return witness.inspecting.inspectNext();
    case 'tally':
      return correlator.tallying.tallyNext();
    case 'attest':
      return witness.attesting.attestNext();
    case 'decide':
      return correlator.deciding.decideNext();
    case 'advance':
      return correlator.pipeline.advance();
  }
}
