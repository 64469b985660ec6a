/** `ctl case …`: the remedies, and the evidence of one act, kept with the case, and checked from files alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { digestOf, openAnswer, requestText } from '#approvals';
import { parseLeaf } from '#audit';
import type { AuditLeaf } from '#audit';
import { fromBase64Url } from '#contracts';
import { AuditFolder } from '../audit/audit-folder.js';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { StackError } from '../stack/stack-error.js';
import { caseFile, judgeCase } from './case-file.js';
import type { CaseFile, OpenSalt } from './case-file.js';
import { personAt } from './person.js';
import type { Person } from './person.js';
import { addProposalsCommand } from './proposals-command.js';
import { addRemediesCommand } from './remedies-command.js';
import { deskOf } from './request-commands.js';
import { readRegistry, requestOf } from './shown-requests.js';

interface VerifyOptions {
  readonly as?: string;
  readonly peopleDigest?: string;
}

const saltAnswer = z.object({ salt: z.string() });

export function addCaseCommands(program: Command, context: Context): void {
  const cases = program.command('case').description('what can be done, and the evidence of one act that took approvals');
  addRemediesCommand(cases, context);
  addProposalsCommand(cases, context);
  cases
    .command('export <id> <file>')
    .description('write the request, its approvals and the registry they are judged by')
    .option('--as <id>', 'who asks, of the registry of people (default: CTL_PERSON_ID)')
    .addHelpText('after', example('case export 5lMJx0aQ case.json --as auditor-1'))
    .action(async (id: string, file: string, { as }: { as?: string }, command: Command) => {
      const desk = deskOf(context, command, as);
      const entry = requestOf(await desk.requests(), id);
      const people = await desk.peopleOf(entry.request);
      const written = { v: 1, people: people.document, entry };
      writeFileSync(context.session(command).path(file), `${JSON.stringify(written, undefined, 2)}\n`);
      context.print(`${digestOf(entry.request)} is in ${file}`);
    });

  cases
    .command('verify <file> <log>')
    .description(
      'check a case file against an exported log; exit code 1 when it does not hold. Check the log itself with `ctl audit verify`',
    )
    .option(
      '--people-digest <digest>',
      'of the registry it is judged by, as you hold it: the first from whoever appointed its people, a later one from the case that made it',
    )
    .option('--as <id>', 'an auditor, whose seal key opens what the entry is about')
    .addHelpText(
      'after',
      example(
        'audit verify log',
        'case verify case.json log --people-digest 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU --as auditor-1',
      ),
    )
    .action(async (file: string, folder: string, { as, peopleDigest }: VerifyOptions, command: Command) => {
      const session = context.session(command);
      const read = readCase(session.path(file));
      const auditor = as === undefined ? undefined : personAt(session, as);
      const logs = await logsIn(new AuditFolder(session.path(folder)));
      context.print(`${requestText(read.entry.request, readRegistry(read.people))}\n`);
      const openSalt = auditor && saltOpener(auditor, read);
      const findings = await judgeCase(read, { logs, heldDigest: peopleDigest, openSalt });
      for (const { ok, text } of findings) context.print(`${ok ? '✓' : '✗'} ${text}`);
      if (!findings.every(({ ok }) => ok)) context.exitWith(1);
    });
}

const saltOpener =
  (auditor: Person, { entry }: CaseFile): OpenSalt =>
  async (id, sealed) => {
    if (id !== auditor.id) return undefined;
    const opened = saltAnswer.safeParse(await openAnswer(auditor.sealKey(), fromBase64Url(digestOf(entry.request)), sealed));
    return opened.success ? opened.data.salt : undefined;
  };

/** Of every generation that was exported: an act stays where it was written. */
const logsIn = (folder: AuditFolder): Promise<AuditLeaf[][]> => Promise.all([folder, ...folder.earlier()].map(leavesOf));

async function leavesOf(folder: AuditFolder): Promise<AuditLeaf[]> {
  const leaves: AuditLeaf[] = [];
  for await (const bytes of folder.leaves()) {
    const leaf = parseLeaf(bytes);
    if (!leaf) throw new StackError('the log holds what is no entry', '`ctl audit verify` says where');
    leaves.push(leaf);
  }
  return leaves;
}

function readCase(file: string): CaseFile {
  try {
    return caseFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new StackError(`${file} is no case file`, 'write one with `ctl case export`');
  }
}
