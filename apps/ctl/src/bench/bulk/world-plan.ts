/**
 * A large world as numbers and bytes: accounts, their pseudonyms, and positions given as the key holder gives them, a random slot of a
 * cohort drawn without regard to the account. What a person would have (keys, addresses) is random here; nobody ever uses it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { EXPIRY_WEEKS, expiryDay, frame, labels, periodOf } from '#contracts';
import { SeededRandom } from '../../scenario/random.js';

export interface WorldSize {
  readonly accounts: number;
  readonly perAccount: number;
  /** First free cohort number of the key holder. */
  readonly firstCohort: number;
  readonly domain: string;
  /** Days since 1970-01-01. */
  readonly today: number;
  readonly seed: number;
}

export interface Position {
  readonly cohort: number;
  readonly slot: number;
}

/** Bytes of all pseudonyms behind each other: 160,000 objects with five buffers each would be most of the benchmark's memory. */
export interface WorldPlan {
  readonly size: WorldSize;
  readonly period: number;
  readonly cohorts: readonly number[];
  /** 16 bytes each */
  readonly handles: Buffer;
  /** 32 bytes each */
  readonly holderKeys: Buffer;
  readonly uris: readonly string[];
  /** 16 bytes each */
  readonly salts: Buffer;
  /** Ed25519 public keys of the clients, 32 bytes each */
  readonly keys: Buffer;
  /** Of pseudonym i of account ⌊i / perAccount⌋. */
  readonly positions: readonly Position[];
  readonly expiryDays: readonly number[];
}

export const slotsOfCohort = 2_048;
/** A cohort closes when a sixteenth is left (protocol.md §2, cohort-rules of the key holder); nine tenths are taken on average here. */
const mostTaken = slotsOfCohort - slotsOfCohort / 16;
const meanTaken = 0.9 * slotsOfCohort;
const nameLetters = 'abcdefghijklmnopqrstuvwxyz234567';
const nameLength = 26;
/** DER in front of an Ed25519 public key (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export function planWorld(size: WorldSize): WorldPlan {
  const { accounts, perAccount, firstCohort, domain, today, seed } = size;
  const count = accounts * perAccount;
  const random = new SeededRandom(seed);
  const cohorts = Array.from({ length: Math.ceil(count / meanTaken) }, (_, i) => firstCohort + i);
  const period = periodOf(today);
  return {
    size,
    period,
    cohorts,
    handles: randomBytes(16 * accounts),
    holderKeys: randomBytes(32 * accounts),
    uris: Array.from({ length: count }, () => `mimi://${domain}/p/${randomName()}`),
    salts: randomBytes(16 * count),
    keys: randomBytes(32 * count),
    positions: drawPositions(size, cohorts, random),
    expiryDays: Array.from({ length: count }, () =>
      expiryDay(period, random.between({ least: EXPIRY_WEEKS.least, most: EXPIRY_WEEKS.most })),
    ),
  };
}

const randomName = (): string => [...randomBytes(nameLength)].map((byte) => nameLetters[byte & 31]).join('');

function drawPositions({ accounts, perAccount }: WorldSize, cohorts: readonly number[], random: SeededRandom): Position[] {
  const slots = Array.from({ length: slotsOfCohort }, (_, slot) => slot);
  const free = new Map(cohorts.map((cohort) => [cohort, random.shuffled(slots).slice(0, mostTaken)]));
  return Array.from({ length: accounts }).flatMap(() => {
    const own = new Map<number, number>();
    return Array.from({ length: perAccount }, () => {
      let cohort = random.pick(cohorts);
      while (!own.has(cohort) && free.get(cohort)?.length === 0) cohort = random.pick(cohorts);
      const slot = own.get(cohort) ?? (free.get(cohort)?.pop() as number);
      own.set(cohort, slot);
      return { cohort, slot };
    });
  });
}

export const saltOf = ({ salts }: WorldPlan, i: number): Buffer => salts.subarray(16 * i, 16 * (i + 1));
export const handleOf = ({ handles }: WorldPlan, account: number): Buffer => handles.subarray(16 * account, 16 * (account + 1));
export const holderKeyOf = ({ holderKeys }: WorldPlan, account: number): Buffer =>
  holderKeys.subarray(32 * account, 32 * (account + 1));
/** SubjectPublicKeyInfo, DER */
export const spkiOf = ({ keys }: WorldPlan, i: number): Buffer =>
  Buffer.concat([spkiPrefix, keys.subarray(32 * i, 32 * (i + 1))]);
/** 32 bytes; see `subjectOf` of libs/tickets, which is asynchronous for browsers. A spec compares the two. */
export const subjectOfPlan = (plan: WorldPlan, i: number): Buffer =>
  sha256(frame(labels.subject, saltOf(plan, i), plan.uris[i] as string, sha256(spkiOf(plan, i))));

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
