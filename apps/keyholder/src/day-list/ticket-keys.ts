/** The registrar's ticket keys that the key holder accepts, newest first (TICKET_KEYS_FILE). Public, pinned in the configuration. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesOf, toBase64Url } from '#contracts';
import { kidOf } from '#tickets';
import type { TicketKey } from '#tickets';

const ticketKeysFile = z
  .array(z.strictObject({ kid: z.string().length(11), key: bytesOf(32) }))
  .min(1)
  .max(32);

/** @throws Error naming the fault, never a value. */
export async function readTicketKeys(file: string): Promise<readonly [TicketKey, ...TicketKey[]]> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error('ticket keys file: cannot be read as JSON');
  }
  const parsed = ticketKeysFile.safeParse(value);
  if (!parsed.success) throw new Error(`ticket keys file: ${parsed.error.issues[0]?.path.join('.')} does not fit`);
  for (const { kid, key } of parsed.data) {
    if ((await kidOf(key)) !== kid) throw new Error('ticket keys file: a kid does not name its key');
  }
  const [newest, ...older] = parsed.data.map(({ kid, key }) => ({ kid, key: toBase64Url(key) }));
  return [newest!, ...older];
}
