/** `ctl keyholder …` and `ctl audit`: what an operator may ask of the key holder. Its log holds counts and digests. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { auditEntries, auditEntry, dayOf, fromBase64Url, isoDay, toBase64Url } from '#contracts';
import type { UnfreezeStatement } from '#contracts';
import { verifyAudit } from '#policy';
import type { AuditEntry } from '#policy';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { callService } from '../command/service-call.js';
import type { Session } from '../command/session.js';
import { readToken, signStatement } from '../command/signed.js';
import { livePolicy } from '../policy/policy-draft.js';
import { StackError } from '../stack/stack-error.js';
import { auditLine, faultLine } from './audit-lines.js';

export function addKeyholderCommands(program: Command, { session: open, print, now, exitWith }: Context): void {
  const keyholder = program.command('keyholder').description('the process with the decryption key');
  keyholder
    .command('unfreeze')
    .description('let it decide again, after a completely attested tally failed a check')
    .requiredOption('--case <id>', 'the incident this belongs to')
    .option('--reason <text>', 'what was found', '')
    .addHelpText('after', example('keyholder unfreeze --case incident-7 --reason "witness key was copied, replaced"'))
    .action(async (options: { case: string; reason: string }, command: Command) => {
      const session = open(command);
      const body = signStatement<UnfreezeStatement>(session.operator(), { type: 'unfreeze', ...options }, dayOf(now()));
      await callService({
        service: 'key holder',
        via: session.client('keyholder'),
        url: `${session.url('keyholder')}/v1/unfreeze`,
        body,
        answer: z.unknown(),
      });
      print('decisions go on');
    });

  program
    .command('audit')
    .description("the key holder's log, every row checked: signatures, and that none is missing")
    .option('--remember <file>', 'check on from the last row of this file, and keep the new last one there')
    .option('--json', 'one row a line')
    .addHelpText('after', example('audit', 'audit --remember audit.json'))
    .action(async (options: { remember?: string; json?: true }, command: Command) => {
      const session = open(command);
      const file = options.remember && session.path(options.remember);
      const before = file && existsSync(file) ? remembered(file) : undefined;
      const entries = await fetchAudit(session, before?.sequence ?? 0, now());
      const fault = verifyAudit(entries, rootKey(session.keyholderPinFile), before);
      for (const entry of entries)
        print(options.json ? JSON.stringify({ sequence: entry.sequence, ...entry.body }) : auditLine(entry, isoDay));
      print(
        fault
          ? faultLine(fault)
          : `${entries.length} rows${before ? ` after row ${before.sequence}` : ''}, all signed, none missing`,
      );
      if (fault) return exitWith(1);
      const last = entries.at(-1);
      if (file && last)
        writeFileSync(
          file,
          JSON.stringify({ ...last, previous: toBase64Url(last.previous), signature: toBase64Url(last.signature) }),
        );
    });
}

async function fetchAudit(session: Session, after: number, now: Date): Promise<AuditEntry[]> {
  const { audience } = livePolicy(session.policyDir).document;
  const all: AuditEntry[] = [];
  for (;;) {
    const url = `${session.url('keyholder')}/v1/audit?after=${all.at(-1)?.sequence ?? after}`;
    const token = await readToken(session.operator(), audience, now);
    const { entries } = await callService({
      service: 'key holder',
      via: session.client('keyholder'),
      url,
      token,
      answer: auditEntries,
    });
    all.push(...entries);
    if (entries.length === 0) return all;
  }
}

function rootKey(pinFile: string): Uint8Array {
  try {
    return fromBase64Url((JSON.parse(readFileSync(pinFile, 'utf8')) as { rootKey: string }).rootKey);
  } catch {
    throw new StackError(`${pinFile} is no pin of a key holder`, 'run `npm start` first, or set CTL_KEYHOLDER_PIN_FILE');
  }
}

function remembered(file: string): AuditEntry {
  try {
    return auditEntry.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new StackError(`${file} holds no row of the log`, 'remove it to check from the first row on');
  }
}
