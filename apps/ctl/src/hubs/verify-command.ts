/**
 * `ctl hub verify`: a sign of life of a hub's transmitter when its operator has mended it, not at the next daily one (SSF 1.0 §8.1.4). nyms asks;
 * this has it asked again, and looks at what came of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type pg from 'pg';
import type { HubEntry } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { onDatabase } from '../command/database.js';
import { livePolicy } from '../policy/policy-draft.js';
import { StackError } from '../stack/stack-error.js';

const LOOK_MS = 250;

type Outcome = 'answered' | 'asked' | 'not-asked';

export function addVerifyCommand(hub: Command, { session: open, print, exitWith }: Context): void {
  hub
    .command('verify <origin>')
    .description("ask a hub's transmitter for a verification event now, and wait for it; exit code 1 when none comes")
    .option('--wait <seconds>', 'at most; nyms asks within a quarter of a minute', Number, 60)
    .addHelpText('after', example('hub verify https://hub.example'))
    .action(async (origin: string, { wait }: { wait: number }, command: Command) => {
      const session = open(command);
      requireVerifiable(
        origin,
        livePolicy(session.policyDir).document.hubs.find(({ id }) => id === origin),
      );
      const outcome = await onDatabase(session, 'nyms', (client) => askedAgain(client, origin, wait * 1_000));
      print(told(origin, outcome, wait));
      if (outcome !== 'answered') exitWith(1);
    });
}

function requireVerifiable(origin: string, entry: HubEntry | undefined): void {
  if (!entry) throw new StackError(`${origin} is not in the live policy`, '`ctl hub list` shows its hubs');
  if (entry.transmitter?.verificationUrl === undefined)
    throw new StackError(`${origin} has no verification address`, 'put one into its entry: `ctl hub add … --verification-url`');
  if (entry.status === 'suspended')
    throw new StackError(`${origin} is suspended`, 'nyms asks no suspended hub; `ctl hub resume`');
}

/** What was asked for before counts no more, and what was answered neither. */
const forget = 'UPDATE polling.streams SET asked_state = NULL, asked_until = NULL, answered_jti = NULL WHERE hub = $1';
const look = `
  SELECT CASE WHEN answered_jti IS NOT NULL THEN 'answered' WHEN asked_state IS NOT NULL THEN 'asked' ELSE 'not-asked' END AS outcome
  FROM polling.streams WHERE hub = $1`;

async function askedAgain(client: pg.Client, hub: string, waitMs: number): Promise<Outcome> {
  await client.query(forget, [hub]);
  for (const end = performance.now() + waitMs; ; await sleep(LOOK_MS)) {
    const { rows } = await client.query<{ outcome: Outcome }>(look, [hub]);
    const outcome = rows[0]?.outcome ?? 'not-asked';
    if (outcome === 'answered' || performance.now() >= end) return outcome;
  }
}

function told(hub: string, outcome: Outcome, wait: number): string {
  switch (outcome) {
    case 'answered':
      return `${hub} has answered: its verification event came, with the state it was asked for`;
    case 'asked':
      return `${hub} was asked, and no event with that state has come in ${wait} s; it may still: nyms waits an hour, then says hub-unverified`;
    case 'not-asked':
      return `nyms has not asked ${hub} in ${wait} s; it does within a quarter of a minute when it is up: \`ctl doctor\``;
  }
}
