/**
 * Plays the scenario against a running service, over HTTP only, and judges the outcome by the plan (world.ts, signals-plan.ts) and
 * the plain twin. The order of acts is the issue's: mint, commend, report, enforce, reinstate, abuse again.
 */
import type { Stack } from '../stack/stack.js';
import { constants } from './constants.js';
import { closeAndDecide, closeEpoch } from './epochs.js';
import { Hubs } from './hub-side.js';
import type { Sent } from './hub-side.js';
import { awaitNotices, awaitRevocation, heardOf, inactive, suspendedPeople } from './observe.js';
import { inParallel } from './parallel.js';
import { enrolEverybody, expectMinted, joinRooms, mintEverything } from './people.js';
import type { Person, Steps } from './people.js';
import { SeededRandom } from './random.js';
import type { ReferenceHubs } from './reference-hubs.js';
import { storedSignals } from './stored-signals.js';
import { reinstate } from './reinstate.js';
import type { Missed, ScenarioReport } from './report.js';
import { planCommendations, planNoise, planRelapse, planReports } from './signals-plan.js';
import type { PlannedSignal } from './signals-plan.js';
import { Twin } from './twin-run.js';
import { planWorld } from './world.js';
import type { WorldSize } from './world.js';

export interface Played {
  readonly report: ScenarioReport;
  readonly missed: readonly Missed[];
}

export interface Play {
  readonly stack: Stack;
  readonly reference: ReferenceHubs;
  readonly size: WorldSize;
  /** How often a scenario was begun on this data: a killed one left accounts and signals that are not judged. */
  readonly begun: number;
  readonly rootFingerprint: string;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/** Throws when the service refuses what it must not refuse, or an epoch is not decided. */
export async function playScenario(play: Play): Promise<Played> {
  const { stack, reference, size, begun, rootFingerprint, steps, signal } = play;
  const started = performance.now();
  const world = planWorld(size);
  const hubs = new Hubs(stack, reference);
  const random = new SeededRandom(size.seed ^ 0xbeef);
  const twin = new Twin(world, stack.policy());
  const sent: Sent = { sent: 0, replayed: 0, retracted: 0 };
  let counted = 0;

  if (begun > 1) await closeEpoch(stack); // what the killed run pushed is counted now, apart from this run
  const people = await enrolEverybody(world, stack, { rootFingerprint, begun }, steps);
  await mintEverything(people, size.seed, steps);
  await joinRooms(people, reference, steps);
  const strangers = Array.from(
    { length: constants.unknownPseudonymSignals },
    (_, i) => `mimi://${stack.policy().domain}/p/stranger-${begun}-${i}`,
  );
  const uriOf = ({ about }: PlannedSignal) => (about ? people[about.account]!.uris[about.pseudonym]! : random.pick(strangers));
  const epoch = async (label: string, signals: readonly PlannedSignal[]) => {
    signal.throwIfAborted();
    await hubs.push(signals, uriOf, sent, steps(label, signals.length));
    const state = await closeAndDecide(stack);
    counted += state.counted;
    twin.decide(state.epoch, signals);
    await heardOf(stack);
  };

  await epoch('commendations pushed', [...planCommendations(world), ...planNoise(world, random)]);
  const more = await askForMore(people, steps('beyond the free number', people.filter(wantsMore).length));

  const reports = planReports(world);
  const half = Math.ceil(reports.length / 2);
  await epoch('signals pushed, first day', reports.slice(0, half));
  await epoch('signals pushed, second day', reports.slice(half));
  const suspended = await suspendedPeople(people, steps, 'standings asked');
  await awaitRevocation(
    [...suspended].flatMap((person) => person.uris),
    hubs,
  );

  const first = suspended.values().next().value;
  const relapsed = first ? await relapse(first) : false;
  const last = await suspendedPeople(people, steps, 'standings asked again');
  await awaitRevocation(
    [...last].flatMap((person) => person.uris),
    hubs,
  );
  await awaitNotices(
    [...last].flatMap((person) => person.uris),
    reference,
  );
  const all = people.flatMap((person) => person.uris);
  const told = await reference.toldOf();
  const gone = await inactive(all, hubs, steps, 'pseudonyms asked for');

  const abusers = people.filter(isAbuser);
  const mine = [...last].flatMap((person) => person.uris);
  const revoked = mine.filter((uri) => gone.has(uri)).length;
  const states = await storedSignals(stack, [...all, ...strangers]);
  return {
    missed: abusers.filter((person) => !last.has(person)).map((person) => twin.missed(person.plan)),
    report: {
      accounts: people.length,
      pseudonyms: all.length,
      hubs: world.hubs.length,
      epochs: twin.epochs,
      signalsSent: sent.sent,
      signalsAccepted: states.accepted,
      signalsCounted: counted,
      signalsReplayed: sent.replayed,
      signalsIgnored: states.ignored,
      signalsRetracted: states.retracted,
      signalsHeld: states.held,
      abusers: abusers.length,
      abusersSuspended: abusers.filter((person) => last.has(person)).length,
      honest: people.length - abusers.length,
      honestSuspended: [...last].filter((person) => !isAbuser(person)).length,
      honestSuspendedWithoutTrim: [...twin.suspendedWithoutTrim].filter((index) => !isAbuser(people[index]!)).length,
      pseudonymsOfSuspended: mine.length,
      pseudonymsRevoked: revoked,
      wronglyRevoked: gone.size - revoked,
      noticesReceived: mine.filter((uri) => told.has(uri)).length,
      noticesAboutOthers: all.filter((uri) => told.has(uri)).length - mine.filter((uri) => told.has(uri)).length,
      ...more,
      reinstatedAndSuspendedAgain: relapsed ? 1 : 0,
      twinDisagreements: people.filter((person) => last.has(person) !== twin.suspended.has(person.plan.index)).length,
      seed: size.seed,
      seconds: (performance.now() - started) / 1000,
    },
  };

  /** Reinstated, good for three epochs, then abuses in eight reporting hubs: suspended again exactly then? */
  async function relapse(person: Person): Promise<boolean> {
    await reinstate(stack, person.uris[0]!);
    for (let good = 0; good < constants.goodEpochs; good++) {
      await epoch(`a quiet day (${good + 1})`, planNoise(world, random));
      if (good === 0) twin.reinstated(person.plan.index);
      if (await person.isSuspended()) return false;
    }
    await person.takeTickets(constants.relapsePseudonyms);
    for (let i = 0; i < constants.relapsePseudonyms; i++) {
      const { uri } = expectMinted(await person.redeem());
      person.uris.push(uri);
      await reference.join(i, uri);
    }
    await epoch('abuse again', [...planRelapse(world, person.plan, person.uris.length), ...planNoise(world, random)]);
    return person.isSuspended();
  }
}

const isAbuser = (person: Person): boolean => person.plan.kind === 'abuser';
const wantsMore = ({ plan }: Person): boolean => plan.kind === 'commended' || plan.kind === 'uncommended';

/** One ticket and one attempt more for everybody who already has the free number. */
async function askForMore(people: readonly Person[], step: () => void) {
  const counts = { commended: 0, commendedGivenMore: 0, uncommended: 0, uncommendedRefused: 0 };
  await inParallel(people.filter(wantsMore), 8, async (person) => {
    await person.takeTickets(1);
    const outcome = await person.redeem();
    if (outcome.outcome === 'minted') person.uris.push(outcome.pseudonym.uri);
    if (person.plan.kind === 'commended') {
      counts.commended++;
      if (outcome.outcome === 'minted') counts.commendedGivenMore++;
    } else {
      counts.uncommended++;
      if (outcome.outcome === 'refused' && outcome.reason === 'standing-needed') counts.uncommendedRefused++;
    }
    step();
  });
  return counts;
}
