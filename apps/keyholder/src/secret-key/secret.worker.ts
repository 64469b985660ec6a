/**
 * Worker thread of the secret side: one SEAL instance with the secret key. Any exception ends the thread (`serve`) and takes the
 * instance, key included, with it.
 */
import { openSession, parameterSet, serve, type Answer } from '#he';
import { workerData } from 'node:worker_threads';
import createSeal from 'node-seal';
import { generateKey, SealSecret } from './seal-secret.js';
import { frameSecret, readSecret } from './secret-frame.js';
import type { SecretMethods, SecretWorkerData } from './secret-methods.js';
import { selfTest } from './self-test.js';

const calibrationSelectors = 32;

const { setName, secret: frame } = workerData as SecretWorkerData;
const set = parameterSet(setName);
if (set.kind !== 'bfv') throw new Error('not a BFV set');
const session = await openSession(createSeal, set);
const secret = frame && takeKey(frame);

serve<SecretMethods>(setName, {
  generate: () => {
    const key = generateKey(session);
    const freshBudgetBits = new SealSecret(session, key, 0).calibrate(calibrationSelectors);
    // A key noisier than its set is none; fresh noise strays by one bit at most.
    if (freshBudgetBits < session.set.freshBudgetBits - 1) throw new Error('fresh noise budget below that of the set');
    const made = frameSecret({ setName, freshBudgetBits, key });
    key.fill(0);
    return answer(made, [made.buffer]);
  },
  encrypt: (slots) => {
    const { selectorBytes } = session.set;
    const all = new Uint8Array(slots.length * selectorBytes);
    slots.forEach((slot, i) => all.set(withKey().encrypt(slot), i * selectorBytes));
    return answer(all, [all.buffer]);
  },
  open: (selectors) => answer(Int32Array.from(selectors, (bytes) => withKey().slotOf(bytes) ?? -1)),
  openSum: ({ bytes, bound }) => {
    const opened = withKey().openSum(bytes, bound);
    return answer(opened, typeof opened === 'string' ? [] : [opened.buffer]);
  },
  selfTest: (squareSum) => answer(selfTest(session, withKey(), squareSum)),
});

function takeKey(bytes: Uint8Array): SealSecret {
  const { key, freshBudgetBits } = readSecret(bytes, setName);
  const taken = new SealSecret(session, key, freshBudgetBits);
  bytes.fill(0);
  return taken;
}

function withKey(): SealSecret {
  if (!secret) throw new Error('this worker has no key');
  return secret;
}

function answer<T>(value: T, transfer: ArrayBuffer[] = []): Answer<T> {
  return { value, transfer };
}
