/** The seed of this run's choices; the service's own randomness is its system's. Set NYMTALLY_TEST_SEED to choose again. */
export const seed = Number(process.env['NYMTALLY_TEST_SEED'] ?? Date.now() % 1_000_000_007);

/** `npm run test:linkage` plays larger worlds than `npm test`. */
export const isFull = process.env['NYMTALLY_TEST_FULL'] === '1';

/** One line for whoever reads the run, without Jest's frame around it. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);
