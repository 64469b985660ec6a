/** What the one-shot modes are told on standard input: people, passphrases, files. Read once, never kept, never logged. */
import { z } from 'zod';
import { shareFile } from '#contracts';

/** A part of a file name too. */
const person = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a person is named by letters, digits, . _ -');
const passphrase = z.string().min(1).max(1_024);

const ceremony = z
  .strictObject({
    mode: z.literal('shares'),
    threshold: z.int().min(2),
    people: z.array(z.strictObject({ person, passphrase })).min(2).max(255),
    /** where the share files go, one per person */
    sharesDir: z.string().min(1),
  })
  .refine(({ threshold, people }) => threshold <= people.length, 'the threshold is above the number of people')
  .refine(
    ({ people }) => new Set(people.map((each) => each.person.toLowerCase())).size === people.length,
    'two people have one name',
  );
export type CeremonyRequest = z.output<typeof ceremony>;

export const initRequest = z.union([z.strictObject({ mode: z.literal('auto') }), ceremony]);
export type InitRequest = z.output<typeof initRequest>;

const lockedShare = z.strictObject({ file: shareFile, passphrase });
export type LockedShare = z.output<typeof lockedShare>;
export const rekeyRequest = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('begin'), old: z.array(lockedShare).min(1).max(255), ceremony }),
  z.strictObject({ phase: z.literal('confirm'), shares: z.array(lockedShare).min(1).max(255) }),
  z.strictObject({ phase: z.literal('cancel') }),
]);
export type RekeyRequest = z.output<typeof rekeyRequest>;

/** @throws Error in one line, without a value */
export async function readRequest<S extends z.ZodType>(schema: S, input: AsyncIterable<Uint8Array>): Promise<z.output<S>> {
  const parts: Uint8Array[] = [];
  for await (const part of input) parts.push(part);
  const bytes = Buffer.concat(parts);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Error('standard input holds no JSON: run `ctl keys`, which writes it');
  } finally {
    for (const part of [...parts, bytes]) part.fill(0);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`standard input does not fit at ${issue?.path.join('.') || 'its top'}: ${wordsOf(issue)}`);
}

/** Our own words only: others could repeat a value. */
const wordsOf = (issue: z.core.$ZodIssue | undefined): string =>
  issue?.code === 'custom' || issue?.code === 'invalid_format' ? issue.message : (issue?.code ?? 'unknown');
