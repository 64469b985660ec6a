/** `ctl stream` in rows. Pure. */
import { isoDay, isoSecond } from '#contracts';
import type { Cell } from '../command/table.js';

export interface StreamLine {
  readonly hub: string;
  readonly method: string;
  readonly status: string;
  /** hub or transmitter */
  readonly by: string;
  readonly subjects: number;
  readonly waiting: number;
  readonly dead: number;
  readonly failures: number;
  readonly lastFailure: string | null;
  readonly nextAttemptAt: Date | null;
}

export interface LogLine {
  readonly day: number;
  readonly jti: string;
  readonly event: string;
  readonly outcome: string;
  readonly err: string | null;
}

export const streamHead = ['hub', 'by', 'status', 'subjects', 'waiting', 'dead', 'endpoint'] as const;
export const logHead = ['day', 'event', 'outcome', 'error', 'jti'] as const;

export const streamRow = (line: StreamLine): readonly Cell[] => [
  line.hub,
  line.method,
  line.status === 'enabled' || line.by === 'hub' ? line.status : `${line.status} (by us)`,
  line.subjects,
  line.waiting,
  line.dead,
  endpointOf(line),
];

export const logRow = ({ day, jti, event, outcome, err }: LogLine): readonly Cell[] => [
  isoDay(day),
  event.slice(event.lastIndexOf('/') + 1),
  outcome,
  err ?? '',
  jti,
];

function endpointOf({ method, failures, lastFailure, nextAttemptAt }: StreamLine): string {
  if (method === 'poll') return 'asks itself';
  if (failures === 0) return 'well';
  const times = failures === 1 ? 'once' : `${failures} times`;
  return `failed ${times} (${lastFailure ?? ''}), next ${nextAttemptAt ? isoSecond(nextAttemptAt) : 'now'}`;
}
