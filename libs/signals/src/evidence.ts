/**
 * The MIMI AbuseReport that a report may carry (mimi-protocol-06; protocol.md §4): about the SET's own pseudonym, or it is none. Pure.
 * It is what the hub shows; whether a message said so, is on the hub's word.
 */
import { fromBase64Url } from '#contracts';
import { decodeAbuseReport, MimiRefused } from '#mimi';
import type { AbuseReport } from '#mimi';

/** @param uri `sub_id` of the SET. @param payload that fits its event type. @returns undefined when it carries none */
export function readEvidence(uri: string, payload: object): AbuseReport | 'malformed' | undefined {
  const { abuseReport } = payload as { abuseReport?: unknown };
  if (typeof abuseReport !== 'string') return undefined;
  try {
    const report = decodeAbuseReport(fromBase64Url(abuseReport));
    return report.allegedAbuserUri === uri ? report : 'malformed';
  } catch (error) {
    if (error instanceof MimiRefused || error instanceof RangeError) return 'malformed';
    throw error;
  }
}

/** Each frank once, one character a byte: a window may hold many. */
export const franksOf = ({ messages }: AbuseReport): string[] => [
  ...new Set(messages.map(({ frank }) => Buffer.from(frank.serverFrank).toString('latin1'))),
];
